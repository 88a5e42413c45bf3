// SPDX-License-Identifier: Apache-2.0
#include "client/sink.h"

#include "client/condition.h"

enum { PATIENCE = 100 };  // milliseconds: a consumer that takes longer may take any time

void sink_wait(Sink *sink, pthread_cond_t *room, pthread_mutex_t *lock, bool *stands)
{
    if (*stands) {
        pthread_cond_wait(room, lock);
    } else if (!condition_wait(room, lock, PATIENCE)) {
        *stands = true;
        sink->stands(sink, true);
    }
}

void sink_go_on(Sink *sink, bool stands)
{
    if (stands) {
        sink->stands(sink, false);
    }
}
