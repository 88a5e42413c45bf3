// SPDX-License-Identifier: Apache-2.0
// What a Request (aerospike._plan) asks for, for those who run it to a sink of their own.
#ifndef QUERY_REQUEST_H
#define QUERY_REQUEST_H

#include "client/query_run.h"

// 0, or -1 with an exception. The request's callback is not looked at.
int query_run_read(const Settings *settings, PyObject *request, QueryRun *run);

#endif
