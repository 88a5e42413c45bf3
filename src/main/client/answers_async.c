// SPDX-License-Identifier: Apache-2.0
// What event loops read, looked over before the C client's functions that read it: those for one record it hands over
// by name, so that the linker wraps them (setup.py), that for batches has no name elsewhere, and is put behind ours
// where a batch begins.
#include "client/answers.h"
#include "client/block.h"
#include "client/connecting_async.h"

#include <aerospike/as_async.h>
#include <stdatomic.h>

#ifndef __APPLE__  // whose linker cannot wrap

// Whether the answer is in order; else the command has ended, and its connection is closed.
static bool is_answer(as_event_command *cmd, bool several)
{
    const char *wrong = answer_check(cmd->buf + cmd->pos, cmd->len - cmd->pos, several);
    if (wrong != NULL) {
        as_error err;
        answer_malformed(&err, cmd->node, wrong);
        as_event_parse_error(cmd, &err);
    }
    return wrong == NULL;
}

// The functions that read one answer: true, for the command has ended.
#define READS_ONE(name)                                                                                                \
    bool __real_##name(as_event_command *cmd);                                                                         \
    bool __wrap_##name(as_event_command *cmd);                                                                         \
    bool __wrap_##name(as_event_command *cmd)                                                                          \
    {                                                                                                                  \
        return !is_answer(cmd, false) || __real_##name(cmd);                                                           \
    }

as_status __real_as_event_command_execute(as_event_command *cmd, as_error *err);
as_status __wrap_as_event_command_execute(as_event_command *cmd, as_error *err);

READS_ONE(as_event_command_parse_header)
READS_ONE(as_event_command_parse_result)
READS_ONE(as_event_command_parse_deadline)

// It takes the beginning of what was read for the message, though of what was compressed a head comes first.
bool __real_as_event_command_parse_success_failure(as_event_command *cmd);
bool __wrap_as_event_command_parse_success_failure(as_event_command *cmd);
bool __wrap_as_event_command_parse_success_failure(as_event_command *cmd)
{
    cmd->len -= cmd->pos;
    memmove(cmd->buf, cmd->buf + cmd->pos, cmd->len);
    cmd->pos = 0;
    return !is_answer(cmd, false) || __real_as_event_command_parse_success_failure(cmd);
}

// The one function of the C client's that reads batches, from the first on.
static _Atomic(as_event_parse_results_fn) batch_reader;

static bool batch_read(as_event_command *cmd)
{
    if (!is_answer(cmd, true)) {
        return true;
    }
    Block block = {.of_batch = true};
    block_begin(&block);
    bool ended = atomic_load(&batch_reader)(cmd);
    block_end();
    return ended;
}

// Of a batch whose answer came too late the C client would read the rest, to keep the connection: by a function that
// nothing can stand before, so that it is closed.
as_status __wrap_as_event_command_execute(as_event_command *cmd, as_error *err)
{
    tries_hold(cmd->udata);
    if (cmd->type == AS_ASYNC_TYPE_BATCH && cmd->parse_results != batch_read) {
        atomic_store(&batch_reader, cmd->parse_results);
        cmd->parse_results = batch_read;
        cmd->timeout_delay = 0;
    }
    return __real_as_event_command_execute(cmd, err);
}

#endif
