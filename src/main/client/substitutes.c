// SPDX-License-Identifier: Apache-2.0
#include "client/substitutes.h"

#include <citrusleaf/alloc.h>
#include <string.h>

// What a thread of the C client's pool does, until the pool is closed.
extern void *as_thread_worker(void *pool);

void substitutes_init(Substitutes *substitutes)
{
    pthread_mutex_init(&substitutes->lock, NULL);
}

// One more, with its place in the array that the pool gets in the end: then nothing may fail. Where there is none to be
// had, the others of the pool go on alone.
static void add(Substitutes *substitutes)
{
    const as_thread_pool *pool = substitutes->pool;
    uint32_t count = pool->thread_size + substitutes->count;
    pthread_t *threads = cf_realloc(substitutes->threads, (count + 1) * sizeof *threads);
    if (threads == NULL) {
        return;
    }
    if (substitutes->threads == NULL) {
        memcpy(threads, pool->threads, count * sizeof *threads);
    }
    substitutes->threads = threads;
    if (pthread_create(&threads[count], NULL, as_thread_worker, substitutes->pool) == 0) {
        substitutes->count++;
    }
}

void substitutes_stand(Substitutes *substitutes, as_thread_pool *pool, bool stands)
{
    pthread_mutex_lock(&substitutes->lock);
    substitutes->pool = pool;
    substitutes->standing += stands ? 1 : -1;
    if (substitutes->standing > substitutes->count) {
        add(substitutes);
    }
    pthread_mutex_unlock(&substitutes->lock);
}

void substitutes_end(Substitutes *substitutes)
{
    if (substitutes->threads != NULL) {
        as_thread_pool *pool = substitutes->pool;
        cf_free(pool->threads);
        pool->threads = substitutes->threads;
        pool->thread_size += substitutes->count;
    }
    pthread_mutex_destroy(&substitutes->lock);
}
