// SPDX-License-Identifier: Apache-2.0
// The result codes that the server puts on the wire.
#pragma once

#include <cstdint>

namespace embedded {

enum class Status : uint8_t {
    ok = 0,
    server = 1,
    not_found = 2,
    generation = 3,
    parameter = 4,
    record_exists = 5,
    bin_exists = 6,
    cluster_change = 7,
    server_full = 8,
    timeout = 9,
    always_forbidden = 10,
    cluster = 11,
    incompatible_type = 12,
    record_too_big = 13,
    record_busy = 14,
    scan_aborted = 15,
    unsupported_feature = 16,
    bin_not_found = 17,
    device_overload = 18,
    key_mismatch = 19,
    namespace_not_found = 20,
    bin_name = 21,
    forbidden = 22,
    element_not_found = 23,
    element_exists = 24,
    enterprise_only = 25,
    not_applicable = 26,
    filtered_out = 27,
    lost_conflict = 28,
    invalid_encoding = 29,
    query_end = 50,
    security_not_supported = 51,
    security_not_enabled = 52,
    udf = 100,
    geo_invalid = 160,
    index_found = 200,
    index_not_found = 201,
    index_not_readable = 203,
    query_aborted = 210,
};

}  // namespace embedded
