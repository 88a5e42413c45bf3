// SPDX-License-Identifier: Apache-2.0
// Commands on one record: reads, writes, removals and lists of operations.
#pragma once

#include "store/store.hpp"

namespace embedded {

// Carry out one request; the answer goes to the end of `out`.
void record_command(Store &store, const Request &request, Bytes &out);

}  // namespace embedded
