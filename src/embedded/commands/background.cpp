// SPDX-License-Identifier: Apache-2.0
#include "commands/background.hpp"

#include <algorithm>
#include <random>

#include "commands/job.hpp"
#include "commands/permission.hpp"
#include "commands/record_command.hpp"
#include "index/selection.hpp"
#include "wire/wire.hpp"

namespace embedded {

namespace {

constexpr size_t kPieceRecords = 64;  // worked on before others have their turn
constexpr size_t kPiecePartitions = 256;
constexpr uint32_t kPiecesPerSecond = 100;  // where a job is throttled
constexpr uint8_t kUdfBackground = 2;  // of the field udf_op

uint64_t number_field(const Request &request, FieldType type, int width) {
    View field = request.field(type);
    return field.size() == static_cast<size_t>(width) ? read_number(field.data(), width) : 0;
}

uint64_t random_id() {
    thread_local std::mt19937_64 source{std::random_device{}()};
    return source();
}

class RecordsJob : public BackgroundJob {
  public:
    RecordsJob(Session &session, Namespace &ns, std::optional<uint16_t> set, RecordSelection selection,
               const Request &request, Accounts::Running running)
        : session_(session), ns_(ns), set_(set), selection_(std::move(selection)), kept_(request),
          running_(std::move(running)) {
        kept_.request.info3 |= info3::update_only;  // of those that are gone meanwhile none comes to be
        uint64_t id = number_field(request, FieldType::task_id, 8);
        facts_.id = id == 0 ? random_id() : id;
        facts_.ns = ns.name();
        facts_.set = request.field(FieldType::set);
        facts_.type = request.has(FieldType::udf_op) ? "background-udf" : "background-ops";
        facts_.per_second = static_cast<uint32_t>(number_field(request, FieldType::records_per_second, 4));
        facts_.socket_timeout = static_cast<uint32_t>(number_field(request, FieldType::socket_timeout, 4));
        facts_.started = now_nanoseconds();
    }

    std::optional<uint64_t> run() override {
        session_.server.cluster.refresh();
        size_t most = facts_.per_second == 0
                          ? kPieceRecords
                          : std::clamp<size_t>(facts_.per_second / kPiecesPerSecond, 1, kPieceRecords);
        size_t worked = 0, looked = 0;
        bool more = true;
        for (int64_t until = now_nanoseconds() + kTurn; more && worked < most && now_nanoseconds() < until;) {
            if (next_ < found_.size()) {
                work_on(found_[next_++]);
                worked++;
            } else if (partition_ < kPartitions && looked++ < kPiecePartitions) {
                find(partition_++);
            } else {
                more = false;
            }
        }
        facts_.progress = static_cast<uint32_t>(partition_ * 10000 / kPartitions);
        if (partition_ == kPartitions && next_ == found_.size()) {
            return std::nullopt;
        }
        facts_.throttled += facts_.per_second == 0 ? 0 : worked;
        return facts_.per_second == 0 ? 0 : worked * 1000 / facts_.per_second;
    }

  private:
    struct Found {
        Digest digest;
        uint16_t set;
        bool operator<(const Found &other) const { return DigestLess()(digest, other.digest); }
    };

    // The records of a partition, each once, before any of them is worked on: what that makes of their values leads to
    // none of them again. Those of other nodes are theirs to work on.
    void find(size_t id) {
        found_.clear();
        next_ = 0;
        if (!session_.server.cluster.masters(session_.node.place, id)) {
            return;
        }
        RecordSelection::Place place;
        Partition::Locked partition = ns_.lock(id);
        selection_.walk(partition, place, [this](const IndexEntry &entry, const Record &record) {
            if (!set_ || record.set == *set_) {
                found_.push_back({entry.digest, record.set});
            }
            return true;
        });
        std::sort(found_.begin(), found_.end());
        auto same = [](const Found &a, const Found &b) { return a.digest == b.digest; };
        found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
    }

    void work_on(const Found &one) {
        Request &request = kept_.request;
        Bytes set = set_ ? Bytes() : ns_.set_name(one.set);
        if (!set_) {
            request.set_field(FieldType::set, set);
        }
        request.set_field(FieldType::digest, {one.digest.data(), one.digest.size()});
        answer_.clear();
        Reply reply(answer_);
        switch (record_message(session_, request, reply)) {
        case Status::ok:
            facts_.succeeded++;
            break;
        case Status::filtered_out:
            facts_.filtered++;
            break;
        default:
            facts_.failed++;
        }
    }

    Session session_;
    Namespace &ns_;
    std::optional<uint16_t> set_;  // nullopt: all
    RecordSelection selection_;
    KeptRequest kept_;
    Accounts::Running running_;  // counts towards its user's quota
    size_t partition_ = 0;  // the next one to look into
    std::vector<Found> found_;  // in the one before
    size_t next_ = 0;  // of them
    Bytes answer_;
};

// What a job may be asked for, whatever the records.
Status check(const Request &request) {
    if (request.has(FieldType::filter) && parse_filter(request.field(FieldType::filter)) == nullptr) {
        return Status::parameter;
    }
    if (request.has(FieldType::udf_op)) {  // the function is looked for when a record is at hand
        return Status::ok;
    }
    return writes_alone(request) ? Status::ok : Status::parameter;
}

Status start(Session &session, const Request &request) {
    Accounts::Running running;
    Status permitted = permit_query(session, request, running);
    if (permitted != Status::ok) {
        return permitted;
    }
    Namespace *ns = session.server.store.find(request.field(FieldType::ns));
    if (ns == nullptr) {
        return Status::namespace_not_found;
    }
    RecordSelection selection;
    Status status = RecordSelection::read(*ns, request, selection);
    status = status == Status::ok ? check(request) : status;
    if (status != Status::ok) {
        return status;
    }
    std::optional<uint16_t> set;
    if (!request.field(FieldType::set).empty()) {
        set = ns->set_find(request.field(FieldType::set));
        if (!set) {
            return Status::not_found;
        }
    }
    auto job = std::make_unique<RecordsJob>(session, *ns, set, std::move(selection), request, std::move(running));
    return session.node.jobs.start(std::move(job)) ? Status::ok : Status::parameter;
}

}  // namespace

bool is_background(const Request &request) {
    View udf = request.field(FieldType::udf_op);
    return (request.info2 & info2::write) != 0 || (udf.size() == 1 && udf[0] == kUdfBackground);
}

void background_command(Session &session, const Request &request, Bytes &out) {
    Status status = start(session, request);
    Reply reply(out);
    reply.fail(status);
    reply.info3(status == Status::ok ? info3::last : 0);
    reply.finish();
}

}  // namespace embedded
