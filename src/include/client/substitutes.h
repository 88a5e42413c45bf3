// SPDX-License-Identifier: Apache-2.0
// Threads for the C client's pool, in the place of those that stand still because nobody takes their records: without
// them some runs that stand still would hold up all others, and batches, for ever and without a word.
#ifndef SUBSTITUTES_H
#define SUBSTITUTES_H

#include <aerospike/as_thread_pool.h>
#include <pthread.h>
#include <stdbool.h>

typedef struct Substitutes {
    pthread_mutex_t lock;
    as_thread_pool *pool;
    pthread_t *threads;  // those of the pool, and then these; NULL while there are none
    uint32_t count;
    uint32_t standing;
} Substitutes;

void substitutes_init(Substitutes *substitutes);

// A thread of the pool stands still, or goes on.
void substitutes_stand(Substitutes *substitutes, as_thread_pool *pool, bool stands);

// Hand them over to their pool, which is about to be closed, and ends them with its own. Nobody runs any more.
void substitutes_end(Substitutes *substitutes);

#endif
