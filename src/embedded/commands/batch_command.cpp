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
      compress_((request.info1 & info1::compress_response) != 0) {
    if (!well_formed(batch_)) {
        batch_ = Batch({}, {});
        status_ = Status::parameter;
    }
    session_.node.waiting += field_.size();
}

BatchJob::~BatchJob() {
    session_.node.waiting -= field_.size();
}

void BatchJob::answer_next(Reply &reply) {
    batch_.next();
    reply.next();
    reply.index(batch_.index());
    Status status = permit_record(session_, batch_.request());
    if (status == Status::ok) {
        status = record_message(session_, batch_.request(), reply);
    } else {
        reply.fail(status);
    }
    if (!batch_.respond_all() && !expected(status)) {
        status_ = status;
    }
}

bool BatchJob::produce(Bytes &out) {
    Reply reply(out);
    int64_t until = now_nanoseconds() + kTurn;
    bool long_enough = false;
    while (batch_.left() > 0 && out.size() - reply.frame_begin() < kPiece && !long_enough) {
        answer_next(reply);
        long_enough = batch_.request().has(FieldType::udf_module) && now_nanoseconds() > until;
    }
    bool more = batch_.left() > 0;
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
