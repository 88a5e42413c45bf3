// SPDX-License-Identifier: Apache-2.0
// A loop of the C client is turned with the GIL. Where it must wait for a lock of the C client's then, it lets go of
// the GIL meanwhile: who has the lock may want that, for a message of the log. So it is where a node wants another
// log-in, which the thread that tends the cluster is told under the lock that it has while it works. The linker wraps
// the function (setup.py).
#include "client/loops.h"

#include <pthread.h>

static _Thread_local bool turning;

void slot_turn(Slot *slot)
{
    turning = true;
    uv_run(&slot->uv, UV_RUN_NOWAIT);
    turning = false;
}

int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);

#ifndef __APPLE__  // whose linker cannot wrap

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (!turning) {
        return __real_pthread_mutex_lock(mutex);
    }
    if (pthread_mutex_trylock(mutex) == 0) {
        return 0;
    }
    turning = false;
    PyThreadState *thread = PyEval_SaveThread();
    int result = __real_pthread_mutex_lock(mutex);
    PyEval_RestoreThread(thread);
    turning = true;
    return result;
}

#endif
