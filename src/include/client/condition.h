// SPDX-License-Identifier: Apache-2.0
// Waits for a condition that go by a clock which nobody sets; macOS has no conditions for it, but a wait for so long.
#ifndef CONDITION_H
#define CONDITION_H

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

static inline void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

// For less than a second. False: so many milliseconds have passed.
static inline bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, long milliseconds)
{
#ifdef __APPLE__
    struct timespec time = {0, milliseconds * 1000000};
    return pthread_cond_timedwait_relative_np(condition, lock, &time) == 0;
#else
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += milliseconds * 1000000;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return pthread_cond_timedwait(condition, lock, &time) == 0;
#endif
}

#endif
