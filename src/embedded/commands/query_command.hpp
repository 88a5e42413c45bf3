// SPDX-License-Identifier: Apache-2.0
// Scans, and queries by primary index: records of some partitions, produced a piece at a time.
#pragma once

#include <memory>
#include <vector>

#include "commands/job.hpp"
#include "commands/server.hpp"
#include "expression/expression.hpp"

namespace embedded {

// Each frame of the answer has some records.
class QueryJob : public Job {
  public:
    // Reads what it needs of the request, whose bytes may go away afterwards.
    QueryJob(Session &session, const Request &request);

    bool produce(Bytes &out) override;
    uint64_t pause() const override { return pause_; }  // for records per second

  private:
    struct Range {
        uint16_t partition;
        bool resumed;
        Digest after;
    };

    Status read_plan(Store &store, const Request &request);
    Status read_partitions(const Request &request);
    Status read_bins(const Request &request);
    bool partition_piece(Range &range, Reply &reply);
    bool wanted(const Digest &digest, const Record &record) const;
    bool has_wanted_bins(const Record &record) const;
    void give(const Digest &digest, const Record &record, Reply &reply);
    void finish(Reply &reply);

    Namespace *ns_ = nullptr;
    Status status_ = Status::ok;
    std::optional<uint16_t> set_;
    bool set_unknown_ = false;
    bool no_bins_ = false, compress_ = false;
    std::vector<Bytes> bins_;
    ExpressionPointer filter_;
    std::vector<Range> ranges_;
    size_t at_ = 0;
    uint64_t left_ = 0;  // records that may still be given
    uint32_t per_second_ = 0;
    uint64_t pause_ = 0;
};

}  // namespace embedded
