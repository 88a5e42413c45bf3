// SPDX-License-Identifier: Apache-2.0
// Commands on a record whose node is gone, before anybody has noticed: they wait for it, until their time is over.
#pragma once

#include <memory>

#include "commands/job.hpp"
#include "commands/server.hpp"

namespace embedded {

// What a request on one record meets. One without a proper digest is served: it gets its error.
inline Reach find_reach(const Session &session, const Request &request) {
    Cluster &cluster = session.server.cluster;
    if (cluster.calm()) {
        return Reach::served;
    }
    View bytes = request.field(FieldType::digest);
    if (bytes.size() != kDigestSize) {
        return Reach::served;
    }
    Digest digest;
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    bool writes = (request.info2 & info2::write) != 0 || request.has(FieldType::udf_module);
    Reach found = cluster.reach(session.node.place, partition_of(digest), writes);
    bool confirmed = found == Reach::unconfirmed && (request.info3 & info3::commit_master) != 0;
    return confirmed ? Reach::served : found;
}

// How long a request that says nothing about it may take, and after how long what was not answered is tried again; both
// in nanoseconds, as measured.
constexpr int64_t kTransactionMost = 1'000'000'000, kTransactionRetry = 1'002'000'000;

// From when on a request is too late.
inline int64_t deadline_of(const Request &request) {
    constexpr int64_t kMillisecond = 1'000'000;
    return now_nanoseconds() + (request.timeout == 0 ? kTransactionMost : request.timeout * kMillisecond);
}

// Milliseconds until the first of two times, one at the least.
inline uint64_t milliseconds_until(int64_t one, int64_t other) {
    constexpr int64_t kMillisecond = 1'000'000;
    return static_cast<uint64_t>(std::max<int64_t>(1, (std::min(one, other) - now_nanoseconds()) / kMillisecond + 1));
}

// Whether a request has to wait now; null: it was answered, at the end of `out`.
std::unique_ptr<Job> reach_record(Session &session, const Request &request, Bytes &out);

}  // namespace embedded
