// SPDX-License-Identifier: Apache-2.0
// What info commands change on all nodes: one node is told, and tells the others. Names as info commands carry them,
// and the wait until every node has heard.
#ifndef SPREAD_H
#define SPREAD_H

#include "client/command.h"

#include <aerospike/as_node.h>

// A text for an info command, as which the C client has room, and what it says beside our names.
enum { SPREAD_TEXT = 16384, SPREAD_WORDS = 256 };

// The text of a name, which the command keeps. An info command is a line of fields: what has a tab, a newline or one of
// `ends`, which would end its field, is refused, before any I/O. NULL with an exception that calls it `what`.
const char *spread_name(Command *command, const char *what, PyObject *value, const char *ends);

typedef enum Heard { HEARD, NOT_YET, REFUSED } Heard;

// Whether a node could not be asked, which may pass.
static inline bool spread_unreachable(as_status status)
{
    return status < AEROSPIKE_OK || status == AEROSPIKE_ERR_TIMEOUT || status == AEROSPIKE_ERR_CLUSTER ||
           status == AEROSPIKE_EXPIRED_SESSION;
}

typedef struct Spread {
    // The info command that asks a node.
    void (*ask)(const Command *command, const as_node *node, char text[SPREAD_TEXT]);
    // What the node says: an answer, or a status with command->err.
    Heard (*judge)(const Command *command, as_status status, const char *answer);
    const char *what, *late;  // the error when time is up: "WHAT 'name' LATE"
    uint32_t least;  // ms to wait at the least, where the info policy's timeout is shorter
    uint32_t most;  // ms to wait at the most, whatever the policy says; 0: no such limit
    as_status code;  // of the error; 0: a timeout
} Spread;

// Ask all nodes until each has heard: every few milliseconds, for the time of the info policy (0: without end). The
// caller has the GIL, which is let go while nodes are asked; signals are looked after. 0, or -1 with an exception.
int spread_wait(Command *command, const Spread *spread, const char *name);

#endif
