// SPDX-License-Identifier: Apache-2.0
// Batches: commands on single records, many in one request. Each is carried out, whatever came of those before it.
#pragma once

#include "commands/reach.hpp"
#include "wire/batch.hpp"

namespace embedded {

// Each frame of the answer has some records; what is malformed is refused before any of it is carried out.
class BatchJob : public Job {
  public:
    // Copies what it needs of the request, whose bytes may go away afterwards.
    BatchJob(Session &session, const Request &request);
    BatchJob(const BatchJob &) = delete;
    BatchJob &operator=(const BatchJob &) = delete;
    ~BatchJob() override;

    bool produce(Bytes &out) override;
    uint64_t pause() const override { return waiting_ ? milliseconds_until(deadline_, retry_) : 0; }

  private:
    bool must_wait(Reach found);
    Status carry_out(Reach found, Reply &reply);
    bool answer_next(Reply &reply);

    Session &session_;
    Bytes field_, filter_;
    Batch batch_;
    Status status_ = Status::ok;  // of the whole
    bool compress_;
    bool waiting_ = false;  // for the node of the request that was read last
    int64_t deadline_, retry_ = 0;
};

}  // namespace embedded
