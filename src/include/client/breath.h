// SPDX-License-Identifier: Apache-2.0
// Long work with the GIL lets other threads run in between, so that none waits for more than a millisecond or two.
#ifndef BREATH_H
#define BREATH_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <sched.h>
#include <stdint.h>
#include <time.h>

typedef struct Breath {
    uint64_t since;  // in nanoseconds; 0: not yet
    unsigned count;
} Breath;

static inline uint64_t breath_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// After each piece of work. Any Python code may run meanwhile.
static inline void breathe(Breath *breath)
{
    enum { PIECES = 16, LONG = 1000000 };
    if (++breath->count % PIECES != 0) {
        return;
    }
    uint64_t now = breath_now();
    if (breath->since == 0) {
        breath->since = now;
    } else if (now - breath->since > LONG) {
        Py_BEGIN_ALLOW_THREADS
        sched_yield();
        Py_END_ALLOW_THREADS
        breath->since = breath_now();
    }
}

#endif
