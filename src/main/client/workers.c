// SPDX-License-Identifier: Apache-2.0
// The C client asks several nodes at once on threads of its own. What they try is noted where the thread notes that
// hands them their work, by two functions that the linker wraps (setup.py).
#include "client/trace.h"

#include <aerospike/as_partition_tracker.h>
#include <aerospike/as_thread_pool.h>
#include <stdlib.h>

int __real_as_thread_pool_queue_task(as_thread_pool *pool, as_task_fn function, void *argument);
int __wrap_as_thread_pool_queue_task(as_thread_pool *pool, as_task_fn function, void *argument);
as_status __real_as_partition_tracker_assign(as_partition_tracker *tracker, as_cluster *cluster, const char *ns,
                                             as_error *err);
as_status __wrap_as_partition_tracker_assign(as_partition_tracker *tracker, as_cluster *cluster, const char *ns,
                                             as_error *err);

#ifndef __APPLE__  // whose linker cannot wrap

typedef struct Work {
    as_task_fn function;
    void *argument;
    Trace *trace;
} Work;

static void carry_out(void *argument)
{
    Work work = *(Work *)argument;
    free(argument);
    Trace *former = trace_begin(work.trace);
    work.function(work.argument);
    trace_end(former);
    trace_release(work.trace);
}

int __wrap_as_thread_pool_queue_task(as_thread_pool *pool, as_task_fn function, void *argument)
{
    Trace *trace = trace_current();
    Work *work = trace == NULL ? NULL : malloc(sizeof *work);
    if (work == NULL) {  // or memory ran out: then it is not seen
        return __real_as_thread_pool_queue_task(pool, function, argument);
    }
    *work = (Work){function, argument, trace_retain(trace)};
    int result = __real_as_thread_pool_queue_task(pool, carry_out, work);
    if (result != 0) {
        trace_release(trace);
        free(work);
    }
    return result;
}

// A scan or query shares out to nodes what partitions are left, and again what has failed; each of these commands is a
// first try by itself.
as_status __wrap_as_partition_tracker_assign(as_partition_tracker *tracker, as_cluster *cluster, const char *ns,
                                             as_error *err)
{
    as_status status = __real_as_partition_tracker_assign(tracker, cluster, ns, err);
    if (status == AEROSPIKE_OK && tracker->iteration > 1) {
        trace_rest_again(tracker->node_parts.size);
    }
    return status;
}

#endif
