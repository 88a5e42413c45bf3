// SPDX-License-Identifier: Apache-2.0
// Scans and queries: records of some partitions, all of them or those that an index leads to, a piece at a time.
#pragma once

#include <memory>
#include <vector>

#include "commands/aggregation.hpp"
#include "commands/job.hpp"
#include "commands/server.hpp"
#include "index/selection.hpp"

namespace embedded {

// Each frame of the answer has some records, or some of what a function made of them.
class QueryJob : public Job {
  public:
    // Reads what it needs of the request, whose bytes may go away afterwards.
    QueryJob(Session &session, const Request &request);

    bool produce(Bytes &out) override;
    uint64_t pause() const override { return pause_; }  // for records per second

  private:
    struct Range {
        uint16_t partition;
        RecordSelection::Place place;
    };

    Status read_plan(Server &server, const Request &request);
    Status read_filter(const Request &request);
    void read_limits(const Request &request);
    Status read_partitions(const Request &request);
    Status read_bins(const Request &request);
    bool partition_piece(Range &range, Reply &reply);
    void aggregate(Range &range, Reply &reply);
    bool wanted(const Digest &digest, const Record &record) const;
    bool has_wanted_bins(const Record &record) const;
    void give(const IndexEntry &entry, const Record &record, Reply &reply);
    void describe(const IndexEntry &entry, const Record &record, Reply &reply);
    void tell_unavailable(size_t partition, Reply &reply);
    bool is_early();
    void finish(Reply &reply);

    ClusterNode &node_;
    Namespace *ns_ = nullptr;
    Status status_ = Status::ok;
    std::optional<uint16_t> set_;
    bool set_unknown_ = false;
    bool no_bins_ = false, compress_ = false;
    std::vector<Bytes> bins_;
    std::unique_ptr<KeptRequest> projection_;  // whose operations stand for bins
    ExpressionPointer filter_;
    std::unique_ptr<Aggregation> aggregation_;
    std::optional<Value> failure_;  // of its function
    bool told_late_ = false;
    RecordSelection selection_;
    std::vector<Range> ranges_;
    size_t at_ = 0;
    uint64_t left_ = 0;  // records that may still be given
    uint32_t per_second_ = 0;
    uint64_t pause_ = 0;
    Accounts::Running running_;  // counts towards its user's quota
};

}  // namespace embedded
