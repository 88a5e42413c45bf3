// SPDX-License-Identifier: Apache-2.0
#include "client/spread.h"

#include <aerospike/aerospike_info.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_sleep.h>
#include <citrusleaf/alloc.h>
#include <citrusleaf/cf_clock.h>

// ---- names ----

const char *spread_name(Command *command, const char *what, PyObject *value, const char *ends)
{
    State *state = command_state(command);
    const char *text = text_from_py(state, what, value);
    if (text == NULL || keep_object(&command->keep, value) < 0) {
        return NULL;
    }
    if (strpbrk(text, "\t\n") != NULL || strpbrk(text, ends) != NULL) {
        error_param(state,
                    "%s must have neither a tab nor a newline nor any of '%s', which no info command can carry: %R",
                    what, ends, value);
        return NULL;
    }
    return text;
}

// ---- the wait ----

enum { FIRST_PAUSE = 2, LONGEST_PAUSE = 128 };  // ms

static Heard node_heard(Command *command, aerospike *as, as_node *node, const Spread *spread)
{
    char text[SPREAD_TEXT], *answer = NULL;
    spread->ask(command, node, text);
    as_status status = aerospike_info_node(as, &command->err, &command->policy.info, node, text, &answer);
    Heard heard = spread->judge(command, status, answer == NULL ? "" : answer);
    cf_free(answer);
    return heard;
}

static Heard nodes_heard(Command *command, aerospike *as, const Spread *spread)
{
    as_nodes *nodes = as_nodes_reserve(as->cluster);
    Heard heard = nodes->size == 0 ? NOT_YET : HEARD;
    for (uint32_t i = 0; i < nodes->size && heard == HEARD; i++) {
        heard = node_heard(command, as, nodes->array[i], spread);
    }
    as_nodes_release(nodes);
    return heard;
}

static uint64_t time_allowed(const Command *command, const Spread *spread)
{
    uint32_t timeout = command->policy.info.timeout;
    if (spread->most != 0) {
        return spread->most;
    }
    return timeout == 0 ? UINT64_MAX : timeout < spread->least ? spread->least : timeout;
}

int spread_wait(Command *command, const Spread *spread, const char *name)
{
    State *state = command_state(command);
    uint64_t start = cf_getms(), allowed = time_allowed(command, spread);
    uint32_t pause = 0;
    for (;;) {
        Heard heard;
        Py_BEGIN_ALLOW_THREADS
        as_sleep(pause);
        heard = nodes_heard(command, command->connection->as, spread);
        Py_END_ALLOW_THREADS
        if (heard == HEARD) {
            return 0;
        }
        if (heard == REFUSED) {
            error_raise(state, &command->err);
            return -1;
        }
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
        if (cf_getms() - start >= allowed) {
            as_status code = spread->code == AEROSPIKE_OK ? AEROSPIKE_ERR_TIMEOUT : spread->code;
            return error_set(state, code, "%s '%s' %s within %llu ms", spread->what, name, spread->late,
                             (unsigned long long)allowed);
        }
        pause = pause == 0 ? FIRST_PAUSE : pause < LONGEST_PAUSE ? 2 * pause : pause;
    }
}
