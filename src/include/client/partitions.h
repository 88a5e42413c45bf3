// SPDX-License-Identifier: Apache-2.0
// How far each partition was read: a plan holds it as a capsule between its runs, and shows it as a dict.
#ifndef PARTITIONS_H
#define PARTITIONS_H

#include "client/client.h"

#include <aerospike/as_partition_filter.h>

enum { PARTITIONS = 4096 };

// Where a run begins: a new capsule, of what a partition_filter says (a dict; None: everything), or `former`, another
// capsule, where that is of the same partitions; another range is ParamError. NULL with an exception.
PyObject *partitions_from_py(const Settings *settings, PyObject *filter, PyObject *former);

// A copy of what a capsule holds, for a run to write to. NULL with an exception.
as_partitions_status *partitions_copy(PyObject *capsule);

// The capsule takes over what a run has written. 0 or -1.
int partitions_replace(PyObject *capsule, as_partitions_status *status);

// {'done': bool, 'retry': bool, id: (id, init, retry, digest, bval)}
PyObject *partitions_to_py(PyObject *capsule);
PyObject *partitions_done(PyObject *capsule);

#endif
