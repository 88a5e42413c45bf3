// SPDX-License-Identifier: Apache-2.0
// Every frame that a node sends, but for those that event loops read, comes in by one function of the C client's, the
// head first; every request goes out by another. The linker wraps both (setup.py). What the C client would take on
// trust is looked over here, as soon as it is there: administration, the log-in, and the text by which the C client
// itself learns of the cluster. Messages on records are looked over in answers.c.
#include "client/answers.h"

#include <aerospike/as_admin.h>
#include <aerospike/as_command.h>
#include <aerospike/as_proto.h>
#include <aerospike/as_socket.h>

#ifndef __APPLE__  // whose linker cannot wrap

// Of administration: where the number of fields stands. What grows on a stack.
enum { ADMIN_FIELDS = 11, GROWTH_MOST = 1 << 20 };

// What is read next on this thread. All zero: the head of a frame.
typedef struct Stage {
    uint64_t size;  // of a body
    uint8_t type;  // of its frame
    uint8_t fields;  // of a log-in
    bool is_login;
    bool asked;  // there is something in the request
    size_t largest, growth;  // of the bodies of administration
} Stage;

static _Thread_local Stage stage;

// The C client takes more of its stack for each body that is larger than all before.
static bool admin_fits(size_t size)
{
    if (size > stage.largest && size <= AS_STACK_BUF_SIZE) {
        stage.largest = size;
        stage.growth += size;
    }
    return size > 0 && stage.growth <= GROWTH_MOST;
}

static const char *head_check(const uint8_t *bytes)
{
    as_proto proto;
    memcpy(&proto, bytes, sizeof proto);
    as_proto_swap_from_be(&proto);
    stage.type = proto.sz > 0 ? proto.type : 0;
    stage.size = proto.sz;
    if (proto.type == AS_INFO_MESSAGE_TYPE && proto.sz == 0 && stage.asked) {
        return "nothing";  // the C client reads it all the same
    }
    return proto.type != AS_ADMIN_MESSAGE_TYPE || admin_fits(proto.sz) ? NULL : "a frame's size";
}

// A result, behind which a log-in has fields.
static const char *result_check(const uint8_t *bytes, bool is_login)
{
    as_proto proto;
    memcpy(&proto, bytes, sizeof proto);
    as_proto_swap_from_be(&proto);
    uint64_t fields_size = proto.sz - (ADMIN_HEAD - sizeof proto);
    if (proto.version != AS_PROTO_VERSION || proto.type != AS_ADMIN_MESSAGE_TYPE) {
        return "a frame's kind";
    }
    if (proto.sz < ADMIN_HEAD - sizeof proto || (fields_size > 0 && !is_login)) {
        return "a frame's size";
    }
    stage = (Stage){
        .type = fields_size > 0 ? proto.type : 0, .size = fields_size, .fields = bytes[ADMIN_FIELDS], .is_login = true};
    return NULL;
}

static const char *body_check(const uint8_t *bytes, size_t size, bool is_own)
{
    Stage now = stage;
    stage.type = 0;
    if (size != now.size) {
        return NULL;  // the C client refuses it
    }
    if (now.type == AS_ADMIN_MESSAGE_TYPE) {
        Msgpack in = {bytes, bytes + size};
        return now.is_login ? answer_check_login(in, now.fields) : answer_check_admin(in);
    }
    return now.type == AS_INFO_MESSAGE_TYPE && is_own ? answer_check_info((const char *)bytes, size) : NULL;
}

as_status __real_as_socket_write_deadline(as_error *err, as_socket *socket, as_node *node, uint8_t *bytes, size_t size,
                                          uint32_t timeout, uint64_t deadline);
as_status __wrap_as_socket_write_deadline(as_error *err, as_socket *socket, as_node *node, uint8_t *bytes, size_t size,
                                          uint32_t timeout, uint64_t deadline);
as_status __real_as_socket_read_deadline(as_error *err, as_socket *socket, as_node *node, uint8_t *bytes, size_t size,
                                         uint32_t timeout, uint64_t deadline, as_socket_context *context);
as_status __wrap_as_socket_read_deadline(as_error *err, as_socket *socket, as_node *node, uint8_t *bytes, size_t size,
                                         uint32_t timeout, uint64_t deadline, as_socket_context *context);

as_status __wrap_as_socket_write_deadline(as_error *err, as_socket *socket, as_node *node, uint8_t *bytes, size_t size,
                                          uint32_t timeout, uint64_t deadline)
{
    stage = (Stage){.asked = size > sizeof(as_proto)};
    return __real_as_socket_write_deadline(err, socket, node, bytes, size, timeout, deadline);
}

as_status __wrap_as_socket_read_deadline(as_error *err, as_socket *socket, as_node *node, uint8_t *bytes, size_t size,
                                         uint32_t timeout, uint64_t deadline, as_socket_context *context)
{
    as_status status = __real_as_socket_read_deadline(err, socket, node, bytes, size, timeout, deadline, context);
    if (status != AEROSPIKE_OK) {
        return status;
    }
    // What the C client asks for itself: of a node that it does not know yet, and on the connection of its own thread.
    bool is_own = node == NULL || socket == &node->info_socket;
    const char *wrong = stage.type != 0            ? body_check(bytes, size, is_own)
                        : size == sizeof(as_proto) ? head_check(bytes)
                        : size == ADMIN_HEAD       ? result_check(bytes, node == NULL)
                                                   : NULL;
    return wrong == NULL ? status : answer_malformed(err, node, wrong);
}

#endif
