// SPDX-License-Identifier: Apache-2.0
#include "commands/query_command.hpp"

#include <algorithm>
#include <limits>

#include "expression/record_view.hpp"
#include "wire/wire.hpp"

namespace embedded {

QueryJob::QueryJob(Session &session, const Request &request) {
    status_ = read_plan(session.server.store, request);
}

Status QueryJob::read_plan(Store &store, const Request &request) {
    ns_ = store.find(request.field(FieldType::ns));
    if (ns_ == nullptr) {
        return Status::namespace_not_found;
    }
    if (request.has(FieldType::udf_op)) {
        return Status::unsupported_feature;
    }
    if (request.has(FieldType::index_range)) {
        return Status::index_not_found;
    }
    bool somewhere = request.has(FieldType::partitions) || request.has(FieldType::digests);
    // a client of old waits for a word of each partition
    if ((request.info3 & info3::partition_done) == 0 || !somewhere) {
        return Status::unsupported_feature;
    }
    if (request.has(FieldType::set) && !request.field(FieldType::set).empty()) {
        set_ = ns_->set_find(request.field(FieldType::set));
        set_unknown_ = !set_;
    }
    if (request.has(FieldType::filter)) {
        filter_ = parse_filter(request.field(FieldType::filter));
        if (filter_ == nullptr) {
            return Status::parameter;
        }
    }
    no_bins_ = (request.info1 & info1::no_bin_data) != 0;
    compress_ = (request.info1 & info1::compress_response) != 0;
    left_ = std::numeric_limits<uint64_t>::max();
    View most = request.field(FieldType::max_records);
    if (most.size() == sizeof(uint64_t) && read_number(most.data(), 8) > 0) {
        left_ = read_number(most.data(), 8);
    }
    View rate = request.field(FieldType::records_per_second);
    if (rate.size() == sizeof(uint32_t)) {
        per_second_ = static_cast<uint32_t>(read_number(rate.data(), 4));
    }
    Status status = read_bins(request);
    return status == Status::ok ? read_partitions(request) : status;
}

// Partitions from their start, and partitions from after a digest; their numbers are little-endian.
Status QueryJob::read_partitions(const Request &request) {
    View whole = request.field(FieldType::partitions), digests = request.field(FieldType::digests);
    if (whole.size() % 2 != 0 || digests.size() % kDigestSize != 0) {
        return Status::parameter;
    }
    for (; !whole.empty(); whole.remove_prefix(2)) {
        auto id = static_cast<uint16_t>(static_cast<uint8_t>(whole[0]) | static_cast<uint8_t>(whole[1]) << 8);
        if (id >= kPartitions) {
            return Status::parameter;
        }
        ranges_.push_back({id, false, {}});
    }
    for (; !digests.empty(); digests.remove_prefix(kDigestSize)) {
        Digest after;
        std::copy_n(digests.begin(), kDigestSize, after.begin());
        ranges_.push_back({static_cast<uint16_t>(partition_of(after)), true, after});
    }
    return Status::ok;
}

// Names as a list of their own, or as read operations.
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
    for (const Op &op : request.ops) {
        if (op.type != OpType::read) {
            return Status::unsupported_feature;
        }
        bins_.emplace_back(op.name);
    }
    return Status::ok;
}

bool QueryJob::wanted(const Digest &digest, const Record &record) const {
    if ((set_ && record.set != *set_) || !has_wanted_bins(record)) {
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

void QueryJob::give(const Digest &digest, const Record &record, Reply &reply) {
    reply.next();
    reply.record(record.generation, record.void_time);
    reply.field(FieldType::ns, ns_->name());
    reply.field(FieldType::digest, {digest.data(), digest.size()});
    if (record.set != 0) {
        reply.field(FieldType::set, ns_->set_name(record.set));
    }
    if (record.key_size > 0) {
        reply.field(FieldType::key, record.key());
    }
    if (!no_bins_ && bins_.empty()) {
        reply.ops(record.bin_count, record.bins());
    }
    for (const Bytes &name : bins_) {
        auto bin = no_bins_ ? std::nullopt : find_bin(record.bins(), name);
        if (bin) {
            reply.op(OpType::read, bin->name, bin->particle, bin->value);
        }
    }
}

// From the highest digest down. False when the partition has nothing more to give.
bool QueryJob::partition_piece(Range &range, Reply &reply) {
    Partition::Locked partition = ns_->lock(range.partition);
    Digest after = range.after;
    bool whole =
        partition.visit_below(range.resumed ? &after : nullptr, [&](const Digest &digest, const Record &record) {
            if (!wanted(digest, record)) {
                return true;
            }
            give(digest, record, reply);
            range.resumed = true;
            range.after = digest;
            return --left_ > 0 && per_second_ == 0 && reply.bytes().size() < kPiece;
        });
    pause_ = !whole && per_second_ > 0 ? std::max<uint64_t>(1, 1000 / per_second_) : 0;
    return !whole;
}

void QueryJob::finish(Reply &reply) {
    reply.next();
    reply.fail(status_);
    reply.info3(info3::last);
}

bool QueryJob::produce(Bytes &out) {
    Reply reply(out);
    pause_ = 0;
    bool more = status_ == Status::ok && !set_unknown_ && left_ > 0 && at_ < ranges_.size();
    bool paused = false;
    while (more && !paused) {
        paused = partition_piece(ranges_[at_], reply);
        at_ += paused ? 0 : 1;
        more = left_ > 0 && at_ < ranges_.size();
    }
    if (!more) {
        finish(reply);
    }
    reply.finish();
    if (compress_) {
        deflate_frame(out, reply.frame_begin());
    }
    return more;
}

}  // namespace embedded
