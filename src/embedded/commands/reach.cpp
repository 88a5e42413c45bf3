// SPDX-License-Identifier: Apache-2.0
#include "commands/reach.hpp"

#include "commands/record_command.hpp"

namespace embedded {

namespace {

void refuse(Status status, Bytes &out) {
    Reply reply(out);
    reply.fail(status);
    reply.finish();
}

// A write that its master has carried out has its answer already, which it gets when all copies are confirmed.
class WaitingRecord : public Job {
  public:
    WaitingRecord(Session &session, const Request &request, Bytes answer)
        : session_(session), kept_(request), answer_(std::move(answer)), deadline_(deadline_of(request)) {}

    bool produce(Bytes &out) override {
        int64_t now = now_nanoseconds();
        if (now >= deadline_) {
            refuse(Status::timeout, out);
            return false;
        }
        if (now < retry_ || find_reach(session_, kept_.request) != Reach::served) {
            retry_ += now < retry_ ? 0 : kTransactionRetry;
            return true;
        }
        if (answer_.empty()) {
            record_command(session_, kept_.request, out);
        }
        out += answer_;
        return false;
    }

    uint64_t pause() const override { return milliseconds_until(deadline_, retry_); }

  private:
    Session &session_;
    KeptRequest kept_;
    Bytes answer_;
    int64_t deadline_, retry_ = now_nanoseconds() + kTransactionRetry;
};

}  // namespace

std::unique_ptr<Job> reach_record(Session &session, const Request &request, Bytes &out) {
    switch (find_reach(session, request)) {
    case Reach::served:
        record_command(session, request, out);
        break;
    case Reach::unavailable:
        refuse(Status::cluster, out);
        break;
    case Reach::unconfirmed: {
        Bytes answer;
        if (record_command(session, request, answer) == Status::ok) {
            return std::make_unique<WaitingRecord>(session, request, std::move(answer));
        }
        out += answer;
        break;
    }
    case Reach::unanswered:
        return std::make_unique<WaitingRecord>(session, request, Bytes());
    }
    return nullptr;
}

}  // namespace embedded
