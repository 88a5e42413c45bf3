// SPDX-License-Identifier: Apache-2.0
// Where a node takes the token of the C client's log-in no more, it says so when a connection is opened: nothing was
// sent on it, and the C client's own thread logs in anew. What was refused so may be sent again, soon.
// connecting.c waits so for all commands. Where the linker cannot wrap, commands do it that were refused as a whole.
#ifndef LOGIN_H
#define LOGIN_H

#include <aerospike/as_status.h>
#include <citrusleaf/cf_clock.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { LOGIN_PATIENCE = 1000, LOGIN_PAUSE = 10 };  // milliseconds

// Whether to send again what ended so, after a pause. *since is 0 at first, then when it was refused first.
static inline bool login_awaited(as_status status, uint64_t *since)
{
    const struct timespec pause = {.tv_nsec = LOGIN_PAUSE * 1000000};
    if (status != AEROSPIKE_EXPIRED_SESSION) {
        return false;
    }
    *since = *since == 0 ? cf_getms() : *since;
    if (cf_getms() - *since >= LOGIN_PATIENCE) {
        return false;
    }
    nanosleep(&pause, NULL);
    return true;
}

#endif
