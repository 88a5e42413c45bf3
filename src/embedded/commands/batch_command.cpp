// SPDX-License-Identifier: Apache-2.0
#include "commands/batch_command.hpp"

#include "commands/permission.hpp"
#include "commands/record_command.hpp"

namespace embedded {

namespace {

// None are no batch.
bool well_formed(Batch batch) {
    bool good = batch.left() > 0;
    while (good && batch.left() > 0) {
        good = batch.next();
    }
    return good;
}

// Is it what a client asks for, rather than a failure?
bool expected(Status status) {
    return status == Status::ok || status == Status::not_found || status == Status::filtered_out;
}

}  // namespace

BatchJob::BatchJob(Session &session, const Request &request)
    : session_(session), field_(request.field(FieldType::batch)), filter_(request.field(FieldType::filter)),
      batch_(field_, request.has(FieldType::filter) ? std::optional<View>(filter_) : std::nullopt),
      compress_((request.info1 & info1::compress_response) != 0), deadline_(deadline_of(request)) {
    if (!well_formed(batch_)) {
        batch_ = Batch({}, {});
        status_ = Status::parameter;
    }
    session_.node.waiting += field_.size();
}

BatchJob::~BatchJob() {
    session_.node.waiting -= field_.size();
}

// Whether the request that was read last waits for its node, for a while yet.
bool BatchJob::must_wait(Reach found) {
    if (found == Reach::served || found == Reach::unavailable || now_nanoseconds() >= deadline_) {
        return false;
    }
    retry_ = now_nanoseconds() + kTransactionRetry;
    return true;
}

// A write that no other copy confirms is carried out all the same.
Status BatchJob::carry_out(Reach found, Reply &reply) {
    bool reached = found == Reach::served || found == Reach::unconfirmed;
    Status refused = found == Reach::unavailable ? Status::cluster : Status::timeout;
    Status status = reached ? permit_record(session_, batch_.request()) : refused;
    if (status != Status::ok) {
        reply.fail(status);
        return status;
    }
    status = record_message(session_, batch_.request(), reply);
    if (status == Status::ok && found == Reach::unconfirmed) {
        status = Status::timeout;
        reply.fail(status);
    }
    return status;
}

// False: it waits.
bool BatchJob::answer_next(Reply &reply) {
    if (!waiting_) {
        batch_.next();
    }
    Reach found = find_reach(session_, batch_.request());
    waiting_ = must_wait(found);
    if (waiting_) {
        return false;
    }
    reply.next();
    reply.index(batch_.index());
    Status status = carry_out(found, reply);
    if (!batch_.respond_all() && !expected(status)) {
        status_ = status;
    }
    return true;
}

bool BatchJob::produce(Bytes &out) {
    Reply reply(out);
    int64_t until = now_nanoseconds() + kTurn;
    bool long_enough = false;
    while ((waiting_ || batch_.left() > 0) && out.size() - reply.frame_begin() < kPiece && !long_enough) {
        bool waits = !answer_next(reply);
        long_enough = waits || (batch_.request().has(FieldType::udf_module) && now_nanoseconds() > until);
    }
    bool more = waiting_ || batch_.left() > 0;
    if (waiting_ && !reply.begun()) {
        out.resize(reply.frame_begin());
        return true;
    }
    if (!more) {
        reply.next();
        reply.fail(status_);
        reply.info3(info3::last);
    }
    reply.finish();
    if (compress_) {
        deflate_frame(out, reply.frame_begin());
    }
    return more;
}

}  // namespace embedded
