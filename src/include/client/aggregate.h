// SPDX-License-Identifier: Apache-2.0
// An aggregation: the nodes send what a function in Lua made of their records, and the same function, in this process,
// makes the result of it. The C client brings both together; its Lua is ours (script.h).
#ifndef AGGREGATE_H
#define AGGREGATE_H

#include "client/client.h"
#include "client/sink.h"

#include <aerospike/as_query.h>

typedef struct Aggregation Aggregation;

// Let the C client use our Lua; once.
void aggregation_prepare(void);

// Have the query call a function, with the elements of a list, which is taken over. NULL where memory ran out. The
// query must be destroyed before the aggregation is.
Aggregation *aggregation_new(as_query *query, const char *module, const char *function, as_list *arguments);
void aggregation_free(Aggregation *aggregation);  // NULL is fine

// Whether the sink has got a value of it.
bool aggregation_has_given(const Aggregation *aggregation);

// Carry it out. Every value goes to the sink as the one bin of a record, lists and maps packed.
as_status aggregation_run(Aggregation *aggregation, Connection *connection, as_error *err,
                          const as_policy_query *policy, as_query *query, Sink *sink);

#endif
