// SPDX-License-Identifier: Apache-2.0
// What nodes answer to commands on records, looked over before the C client reads it. That takes every length and count
// in an answer on trust, and copies or walks to wherever they point: a node that lies, or a proxy that mixes up bytes,
// would end the process. All its commands hand over the function that reads their answers, by two functions of the C
// client's, which the linker wraps (setup.py): that function is then asked after this one. What is malformed is an
// error of the client's, and closes the connection.
//
// A frame is one message, or several. Of several the C client goes over what a message's result does not lead it to
// read, and takes what follows for the next message: so there must be nothing.
#include "client/answers.h"

#include "client/block.h"

#include <aerospike/as_command.h>
#include <aerospike/as_node.h>
#include <aerospike/as_proto.h>

enum { DETAILS_DEPTH_MOST = 32, GEOJSON_HEAD = 3, GEOJSON_CELL = 8, OP_HEAD = 4 };

// ---- the parts of a message; each function says what is wrong, NULL: nothing ----

bool answer_part(Msgpack *in, Msgpack *part)
{
    uint64_t size;
    if (!msgpack_number(in, sizeof(uint32_t), &size) || size > msgpack_left(in)) {
        return false;
    }
    *part = (Msgpack){in->at, in->at + size};
    in->at += size;
    return true;
}

static const char *value_check(uint8_t type, Msgpack value)
{
    size_t size = msgpack_left(&value);
    uint64_t cells = 0;
    switch (type) {
    case AS_BYTES_INTEGER:  // the C client reads 8 bytes of negative ones
        return size == 8 || size == 0 || (size < 8 && *value.at < 0x80) ? NULL : "an integer's length";
    case AS_BYTES_DOUBLE:
        return size == 8 ? NULL : "a float's length";
    case AS_BYTES_BOOL:
        return size == 1 ? NULL : "a bool's length";
    case AS_BYTES_GEOJSON:
        value.at += size > 0;  // flags
        return msgpack_number(&value, 2, &cells) && GEOJSON_HEAD + cells * GEOJSON_CELL <= size ? NULL
                                                                                                : "a region's length";
    default:
        return NULL;
    }
}

// The C client calls itself for each level of what it does not know.
static bool details_are_shallow(Msgpack in)
{
    uint64_t pending[DETAILS_DEPTH_MOST] = {1}, number = 0;
    for (int depth = 0; depth >= 0;) {
        if (pending[depth] == 0) {
            depth--;
            continue;
        }
        pending[depth]--;
        MsgpackType type = msgpack_head(&in, &number);
        uint64_t bytes = type == MSGPACK_IS_BYTES ? number : type == MSGPACK_IS_EXT ? number + 1 : 0;
        if (type <= MSGPACK_IS_BAD || bytes > msgpack_left(&in)) {
            return false;
        }
        in.at += bytes;
        if (type >= MSGPACK_IS_LIST) {
            if (++depth == DETAILS_DEPTH_MOST) {
                return false;
            }
            pending[depth] = type == MSGPACK_IS_MAP ? 2 * number : number;
        }
    }
    return true;
}

static const char *field_check(Msgpack field)
{
    if (msgpack_left(&field) == 0) {
        return "a field's length";
    }
    uint8_t type = *field.at++;
    size_t size = msgpack_left(&field);
    switch (type) {
    case AS_FIELD_KEY:
        if (size == 0) {
            return "a key's length";
        }
        type = *field.at++;
        return value_check(type, field);
    case AS_FIELD_DIGEST:
        return size == AS_DIGEST_VALUE_SIZE ? NULL : "a digest's length";
    case AS_FIELD_BVAL_ARRAY:
        return size >= sizeof(uint64_t) ? NULL : "the length of an index's value";
    case AS_FIELD_ERROR_DETAILS:
        return size == 0 || details_are_shallow(field) ? NULL : "an error's details";
    default:
        return NULL;
    }
}

static const char *op_check(Msgpack op)
{
    if (msgpack_left(&op) < OP_HEAD || op.at[3] > msgpack_left(&op) - OP_HEAD) {
        return "a bin's length";
    }
    uint8_t type = op.at[1];
    op.at += OP_HEAD + op.at[3];  // with the bin's name
    return value_check(type, op);
}

static const char *parts_check(Msgpack *in, unsigned fields, unsigned ops)
{
    Msgpack part;
    const char *wrong = NULL;
    for (; wrong == NULL && fields > 0; fields--) {
        wrong = answer_part(in, &part) ? field_check(part) : "the length of fields";
    }
    for (; wrong == NULL && ops > 0; ops--) {
        wrong = answer_part(in, &part) ? op_check(part) : "the length of bins";
    }
    return wrong;
}

// Whether the C client, in a frame of several messages, goes over all parts of this one.
static bool parts_are_read(const as_msg *msg, unsigned fields, unsigned ops)
{
    if ((msg->info3 & AS_MSG_INFO3_PARTITION_DONE) != 0) {
        return fields == 0 && ops == 0;
    }
    return ops == 0 || msg->result_code == AEROSPIKE_OK || msg->result_code == AEROSPIKE_ERR_UDF;
}

static const char *message_check(Msgpack *in, bool several, bool *last)
{
    as_msg msg;
    if (msgpack_left(in) < sizeof msg) {
        return "a message's length";
    }
    memcpy(&msg, in->at, sizeof msg);
    in->at += sizeof msg;
    unsigned fields = cf_swap_from_be16(msg.n_fields), ops = cf_swap_from_be16(msg.n_ops);
    *last = !several || (msg.info3 & AS_MSG_INFO3_LAST) != 0;
    if (!*last && !parts_are_read(&msg, fields, ops)) {
        return "what goes with a result";
    }
    return parts_check(in, fields, ops);
}

const char *answer_check(const uint8_t *bytes, size_t size, bool several)
{
    Msgpack in = {bytes, bytes + size};
    const char *wrong = NULL;
    bool last = false;
    while (wrong == NULL && !last && (msgpack_left(&in) > 0 || !several)) {
        wrong = message_check(&in, several, &last);
    }
    return wrong;
}

as_status answer_malformed(as_error *err, as_node *node, const char *wrong)
{
    const char *of = node == NULL ? "" : " of ";  // the C client adds who it was, where it knows no node yet
    const char *who = node == NULL ? "" : as_node_get_address_string(node);
    return as_error_update(err, AEROSPIKE_ERR_CLIENT, "Malformed answer%s%s: %s", of, who, wrong);
}

// ---- before the C client reads ----

#ifndef __APPLE__  // whose linker cannot wrap

// Which function reads the answers of the command under way on this thread; a batch that is split begins others.
static _Thread_local as_parse_results_fn reader;

static as_status answer_read(as_error *err, as_command *cmd, as_node *node, uint8_t *bytes, size_t size)
{
    bool several = cmd->node != NULL;
    const char *wrong = answer_check(bytes, size, several);
    if (wrong != NULL) {
        return answer_malformed(err, node, wrong);
    }
    return several ? block_read(reader, err, cmd, node, bytes, size) : reader(err, cmd, node, bytes, size);
}

static as_parse_results_fn reader_begin(as_command *cmd)
{
    as_parse_results_fn former = reader;
    if (cmd->parse_results_fn != answer_read) {  // else one wrapped function was called by another
        reader = cmd->parse_results_fn;
        cmd->parse_results_fn = answer_read;
    }
    return former;
}

static void reader_end(as_command *cmd, as_parse_results_fn former)
{
    cmd->parse_results_fn = reader;
    reader = former;
}

as_status __real_as_command_execute(as_command *cmd, as_error *err);
as_status __wrap_as_command_execute(as_command *cmd, as_error *err);
as_status __real_as_command_send(as_command *cmd, as_error *err, uint32_t compress, as_write_fn write, void *data);
as_status __wrap_as_command_send(as_command *cmd, as_error *err, uint32_t compress, as_write_fn write, void *data);
as_status __real_as_proto_parse(as_error *err, as_proto *proto);
as_status __wrap_as_proto_parse(as_error *err, as_proto *proto);
as_status __real_as_proto_decompress(as_error *err, uint8_t *to, size_t room, uint8_t *from, size_t size);
as_status __wrap_as_proto_decompress(as_error *err, uint8_t *to, size_t room, uint8_t *from, size_t size);

as_status __wrap_as_command_execute(as_command *cmd, as_error *err)
{
    as_parse_results_fn former = reader_begin(cmd);
    as_status status = __real_as_command_execute(cmd, err);
    reader_end(cmd, former);
    return status;
}

as_status __wrap_as_command_send(as_command *cmd, as_error *err, uint32_t compress, as_write_fn write, void *data)
{
    as_parse_results_fn former = reader_begin(cmd);
    as_status status = __real_as_command_send(cmd, err, compress, write, data);
    reader_end(cmd, former);
    return status;
}

// A compressed frame begins with the size of what is in it.
as_status __wrap_as_proto_parse(as_error *err, as_proto *proto)
{
    as_status status = __real_as_proto_parse(err, proto);
    bool cut = proto->type == AS_COMPRESSED_MESSAGE_TYPE && proto->sz <= sizeof(uint64_t);
    return status == AEROSPIKE_OK && cut ? as_proto_size_error(err, proto->sz) : status;
}

as_status __wrap_as_proto_decompress(as_error *err, uint8_t *to, size_t room, uint8_t *from, size_t size)
{
    return room < sizeof(as_proto) ? as_proto_size_error(err, room)
                                   : __real_as_proto_decompress(err, to, room, from, size);
}

#endif
