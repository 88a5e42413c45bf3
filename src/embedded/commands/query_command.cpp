// SPDX-License-Identifier: Apache-2.0
#include "commands/query_command.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "commands/permission.hpp"
#include "commands/record_command.hpp"
#include "expression/record_view.hpp"
#include "wire/wire.hpp"

namespace embedded {

QueryJob::QueryJob(Session &session, const Request &request) : node_(session.node) {
    node_.server.cluster.refresh();
    status_ = permit_query(session, request, running_);
    if (status_ == Status::ok) {
        status_ = read_plan(session.server, request);
    }
}

Status QueryJob::read_plan(Server &server, const Request &request) {
    ns_ = server.store.find(request.field(FieldType::ns));
    if (ns_ == nullptr) {
        return Status::namespace_not_found;
    }
    Status status = Aggregation::read(server.scripts, request, aggregation_);
    if (status != Status::ok) {
        return status;
    }
    bool somewhere = request.has(FieldType::partitions) || request.has(FieldType::digests);
    // a client of old waits for a word of each partition
    if (aggregation_ == nullptr && ((request.info3 & info3::partition_done) == 0 || !somewhere)) {
        return Status::unsupported_feature;
    }
    if (request.has(FieldType::set) && !request.field(FieldType::set).empty()) {
        set_ = ns_->set_find(request.field(FieldType::set));
        set_unknown_ = !set_;
    }
    no_bins_ = (request.info1 & info1::no_bin_data) != 0;
    compress_ = (request.info1 & info1::compress_response) != 0;
    read_limits(request);
    status = RecordSelection::read(*ns_, request, selection_);
    for (auto read : {&QueryJob::read_filter, &QueryJob::read_bins, &QueryJob::read_partitions}) {
        status = status == Status::ok ? (this->*read)(request) : status;
    }
    return status;
}

Status QueryJob::read_filter(const Request &request) {
    if (!request.has(FieldType::filter)) {
        return Status::ok;
    }
    filter_ = parse_filter(request.field(FieldType::filter));
    return filter_ != nullptr ? Status::ok : Status::parameter;
}

void QueryJob::read_limits(const Request &request) {
    left_ = std::numeric_limits<uint64_t>::max();
    View most = request.field(FieldType::max_records);
    if (most.size() == sizeof(uint64_t) && read_number(most.data(), 8) > 0) {
        left_ = read_number(most.data(), 8);
    }
    View rate = request.field(FieldType::records_per_second);
    if (rate.size() == sizeof(uint32_t)) {
        per_second_ = static_cast<uint32_t>(read_number(rate.data(), 4));
    }
}

namespace {

uint64_t little_endian(View bytes) {
    uint64_t number = 0;
    for (size_t i = bytes.size(); i > 0; i--) {
        number = number << 8 | static_cast<uint8_t>(bytes[i - 1]);
    }
    return number;
}

}  // namespace

// Partitions from their start, and partitions from after a digest, by an index from after a key and a digest. Numbers
// are little-endian.
Status QueryJob::read_partitions(const Request &request) {
    View whole = request.field(FieldType::partitions), digests = request.field(FieldType::digests);
    View keys = request.field(FieldType::index_keys);
    size_t key_size = selection_.by_index() ? sizeof(int64_t) : 0;
    if (whole.size() % 2 != 0 || digests.size() % kDigestSize != 0 ||
        keys.size() < digests.size() / kDigestSize * key_size) {
        return Status::parameter;
    }
    for (size_t id = 0; aggregation_ != nullptr && id < kPartitions; id++) {
        if (node_.server.cluster.masters(node_.place, id)) {
            ranges_.push_back({static_cast<uint16_t>(id), {}});
        }
    }
    for (; !whole.empty(); whole.remove_prefix(2)) {
        auto id = static_cast<uint16_t>(little_endian(whole.substr(0, 2)));
        if (id >= kPartitions) {
            return Status::parameter;
        }
        ranges_.push_back({id, {}});
    }
    for (; !digests.empty(); digests.remove_prefix(kDigestSize)) {
        IndexEntry after{static_cast<int64_t>(little_endian(keys.substr(0, key_size))), {}};
        keys.remove_prefix(key_size);
        std::copy_n(digests.begin(), kDigestSize, after.digest.begin());
        ranges_.push_back({static_cast<uint16_t>(partition_of(after.digest)), {after, {}}});
    }
    auto before = [](const Range &a, const Range &b) { return a.partition < b.partition; };
    std::stable_sort(ranges_.begin(), ranges_.end(), before);
    return Status::ok;
}

// Names as a list of their own, or as read operations; or operations that are more than names.
Status QueryJob::read_bins(const Request &request) {
    View names = request.field(FieldType::query_bins);
    if (!names.empty()) {
        names.remove_prefix(1);  // how many
    }
    while (!names.empty()) {
        auto size = static_cast<uint8_t>(names[0]);
        if (names.size() < size + 1u) {
            return Status::parameter;
        }
        bins_.emplace_back(names.substr(1, size));
        names.remove_prefix(size + 1u);
    }
    if (!only_read(request.ops)) {
        return Status::unsupported_feature;
    }
    bool respond_all = (request.info2 & info2::respond_all) != 0;
    auto is_name = [](const Op &op) { return op.type == OpType::read && !op.name.empty(); };
    if (!std::all_of(request.ops.begin(), request.ops.end(), is_name) || (respond_all && !request.ops.empty())) {
        projection_ = std::make_unique<KeptRequest>(request);
        return Status::ok;
    }
    for (const Op &op : request.ops) {
        bins_.emplace_back(op.name);
    }
    return Status::ok;
}

bool QueryJob::wanted(const Digest &digest, const Record &record) const {
    if (set_ && record.set != *set_) {
        return false;
    }
    if (filter_ == nullptr) {
        return true;
    }
    Bytes set = ns_->set_name(record.set);
    return matches(*filter_, StoredView(digest, &record, set)) == Truth::yes;
}

// A record that has none of the bins that are asked for is left out.
bool QueryJob::has_wanted_bins(const Record &record) const {
    auto has = [&record](const Bytes &name) { return find_bin(record.bins(), name).has_value(); };
    return no_bins_ || bins_.empty() || std::any_of(bins_.begin(), bins_.end(), has);
}

void QueryJob::describe(const IndexEntry &entry, const Record &record, Reply &reply) {
    reply.next();
    reply.record(record.generation, record.void_time);
    reply.field(FieldType::ns, ns_->name());
    reply.field(FieldType::digest, {entry.digest.data(), entry.digest.size()});
    if (record.set != 0) {
        reply.field(FieldType::set, ns_->set_name(record.set));
    }
    if (record.key_size > 0) {
        reply.field(FieldType::key, record.key());
    }
    if (selection_.by_index()) {
        Bytes key;
        append_number(key, static_cast<uint64_t>(entry.key), 8);
        std::reverse(key.begin(), key.end());
        reply.field(FieldType::index_keys, key);
    }
}

// A record is left out where an operation fails.
void QueryJob::give(const IndexEntry &entry, const Record &record, Reply &reply) {
    if (projection_ != nullptr && !no_bins_) {
        Bytes bytes;
        Reply made(bytes);
        if (project_record(*ns_, entry.digest, record, projection_->request, made)) {
            describe(entry, record, reply);
            reply.ops(made.op_count(), made.contents());
        }
        return;
    }
    if (!has_wanted_bins(record)) {
        return;
    }
    describe(entry, record, reply);
    if (!no_bins_ && bins_.empty()) {
        tell_bins(record, reply);
    }
    for (const Bytes &name : bins_) {
        auto bin = no_bins_ ? std::nullopt : find_bin(record.bins(), name);
        if (bin) {
            reply.op(OpType::read, bin->name, bin->particle, bin->value);
        }
    }
}

// A partition of which another node is master now; a client asks for it there.
void QueryJob::tell_unavailable(size_t partition, Reply &reply) {
    reply.next();
    reply.record(static_cast<uint32_t>(partition), 0);
    reply.fail(Status::cluster);
    reply.info3(info3::partition_done);
}

// False when the partition has nothing more to give. What is left out at last counts as given, as on a server: it may
// end a query that wants so many records.
bool QueryJob::partition_piece(Range &range, Reply &reply) {
    if (aggregation_ != nullptr) {
        aggregate(range, reply);
        return false;
    }
    if (!range.place.last && !node_.server.cluster.masters(node_.place, range.partition)) {
        tell_unavailable(range.partition, reply);
        return false;
    }
    Partition::Locked partition = ns_->lock(range.partition);
    bool whole = selection_.walk(partition, range.place, [&](const IndexEntry &entry, const Record &record) {
        if (!wanted(entry.digest, record)) {
            return true;
        }
        give(entry, record, reply);
        return --left_ > 0 && per_second_ == 0 && reply.bytes().size() < kPiece;
    });
    pause_ = !whole && per_second_ > 0 ? std::max<uint64_t>(1, 1000 / per_second_) : 0;
    return !whole;
}

// A function is called once for the partition; where it fails the query ends.
void QueryJob::aggregate(Range &range, Reply &reply) {
    Partition::Locked partition = ns_->lock(range.partition);
    std::vector<Aggregation::Item> items;
    selection_.walk(partition, range.place, [&](const IndexEntry &entry, const Record &record) {
        if (wanted(entry.digest, record)) {
            items.push_back({entry.digest, &record});
        }
        return true;
    });
    failure_ = items.empty() ? std::nullopt : aggregation_->run(*ns_, items, reply);
    if (failure_) {
        at_ = ranges_.size();
    }
}

// A client that aggregates runs the function, too, and a real server takes so long that what the client finds wrong by
// itself comes first. So what is wrong here is told a moment later.
bool QueryJob::is_early() {
    bool wrong = failure_ || status_ != Status::ok;
    return aggregation_ != nullptr && wrong && !std::exchange(told_late_, true);
}

void QueryJob::finish(Reply &reply) {
    if (failure_) {
        reply.next();
        reply.value(OpType::read, "FAILURE", *failure_);
    }
    reply.next();
    reply.fail(status_);
    reply.info3(info3::last);
}

bool QueryJob::produce(Bytes &out) {
    Reply reply(out);
    pause_ = 0;
    node_.server.cluster.refresh();
    bool more = status_ == Status::ok && !set_unknown_ && left_ > 0 && at_ < ranges_.size();
    bool paused = false;
    int64_t until = now_nanoseconds() + kTurn;
    while (more && !paused) {
        paused = partition_piece(ranges_[at_], reply);
        at_ += paused ? 0 : 1;
        more = left_ > 0 && at_ < ranges_.size();
        paused = paused || (aggregation_ != nullptr && (reply.bytes().size() > kPiece || now_nanoseconds() > until));
    }
    if (status_ == Status::ok && selection_.lost()) {
        status_ = Status::index_not_found;
        more = false;
    }
    if (!more && is_early()) {
        constexpr uint64_t kMoment = 20;
        pause_ = kMoment;
        more = true;
    } else if (!more) {
        finish(reply);
    }
    if (!reply.begun()) {  // a turn of functions that gave nothing
        out.resize(reply.frame_begin());
        return true;
    }
    reply.finish();
    if (compress_) {
        deflate_frame(out, reply.frame_begin());
    }
    return more;
}

}  // namespace embedded
