// SPDX-License-Identifier: Apache-2.0
// aerospike_helpers.metrics.MetricsPolicy as the C client's.
#ifndef METRICS_H
#define METRICS_H

#include "state.h"

#include <aerospike/as_metrics.h>

// The C client shifts 64 bits by latency_shift.
enum { METRICS_SHIFT_MOST = 63 };

// Write the fields of a MetricsPolicy over those of *out, which is initialised. `what` names the argument. Its
// listeners, a new reference, go to *listeners, which stays where there are none; NULL: there must be none. 0 or -1.
int metrics_policy_from_py(State *state, PyObject *policy, const char *what, as_metrics_policy *out,
                           PyObject **listeners);

#endif
