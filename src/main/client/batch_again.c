// SPDX-License-Identifier: Apache-2.0
// The C client tries what is left of an asynchronous batch again by a command for each node, and writes the length of
// their keys into the command that failed. A server refuses what it then gets. Here each has its own length, before it
// is sent. Where the linker wraps nothing (macOS), such rows fail with the code 4.
#include <aerospike/as_command.h>
#include <aerospike/as_event_internal.h>
#include <citrusleaf/cf_byte_order.h>
#include <string.h>

void __real_as_event_command_schedule(as_event_command *cmd);
void __wrap_as_event_command_schedule(as_event_command *cmd);

static uint32_t number_at(const uint8_t *place)
{
    uint32_t number;
    memcpy(&number, place, sizeof number);
    return cf_swap_from_be32(number);
}

// Of a message whose first field, after that of a filter, is the batch, to its end.
static void write_length(uint8_t *message, uint32_t size)
{
    uint8_t *field = message + AS_HEADER_SIZE;
    if (field[sizeof(uint32_t)] == AS_FIELD_FILTER) {
        field += sizeof(uint32_t) + number_at(field);
    }
    uint32_t length = cf_swap_to_be32(size - (uint32_t)(field - message) - (uint32_t)sizeof(uint32_t));
    memcpy(field, &length, sizeof length);
}

// It is called from outside its file by those commands alone.
void __wrap_as_event_command_schedule(as_event_command *cmd)
{
    if (cmd->ubuf == NULL) {
        write_length(cmd->buf, cmd->write_len);
    } else {
        write_length(cmd->ubuf, cmd->ubuf_size);
        as_error err;
        size_t size = as_command_compress_max_size(cmd->ubuf_size);
        if (as_command_compress(&err, cmd->ubuf, cmd->ubuf_size, cmd->buf, &size) == AEROSPIKE_OK) {
            cmd->write_len = (uint32_t)size;
        }
    }
    __real_as_event_command_schedule(cmd);
}
