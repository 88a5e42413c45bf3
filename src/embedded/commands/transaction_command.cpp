// SPDX-License-Identifier: Apache-2.0
#include "commands/transaction_command.hpp"

#include <algorithm>

#include "wire/msgpack.hpp"
#include "wire/wire.hpp"

namespace embedded {

namespace {

constexpr size_t kVersionSize = 7;
constexpr uint8_t kEnds = info4::verify_read | info4::roll_forward | info4::roll_back;

// Numbers of transactions are little-endian on the wire. nullopt: there is none of that size.
std::optional<uint64_t> number_of(const Request &request, FieldType type, size_t size) {
    View field = request.field(type);
    if (field.size() != size) {
        return std::nullopt;
    }
    Bytes reversed(field.rbegin(), field.rend());
    return read_number(reversed.data(), static_cast<int>(size));
}

Bytes little_endian(uint64_t number, int size) {
    Bytes bytes;
    append_number(bytes, number, size);
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

std::optional<uint64_t> transaction_of(const Request &request) {
    return number_of(request, FieldType::transaction, sizeof(uint64_t));
}

// Another one after each write, for records that follow each other under one digest.
uint64_t version_of(const Record &record) {
    constexpr uint64_t kMost = (uint64_t(1) << (8 * kVersionSize)) - 1;
    return (static_cast<uint64_t>(record.last_update) << 16 | record.generation) & kMost;
}

bool is_version(const Record *record, uint64_t version) {
    return record != nullptr && version_of(*record) == version;
}

// ---- the monitor ----

bool read_digest(const Value &value, std::vector<Digest> &out) {
    if (!value.is(Type::blob) || value.blob().bytes.size() != kDigestSize) {
        return false;
    }
    std::copy(value.blob().bytes.begin(), value.blob().bytes.end(), out.emplace_back().begin());
    return true;
}

// Digests as the value of an operation on a list: [code, a digest or a list of them, ...].
bool read_written(View payload, std::vector<Digest> &out) {
    Value call;
    if (!unpack_all(payload, call) || !call.is(Type::list) || call.list().items.size() < 2) {
        return false;
    }
    const Value &given = call.list().items[1];
    if (!given.is(Type::list)) {
        return read_digest(given, out);
    }
    const auto &digests = given.list().items;
    return std::all_of(digests.begin(), digests.end(), [&out](const Value &one) { return read_digest(one, out); });
}

bool read_telling(const Request &request, Transactions::Telling &out) {
    out.seconds = request.ttl;
    for (const Op &op : request.ops) {
        if (op.name == "id" && op.type == OpType::write && op.value.size() == sizeof(uint64_t)) {
            out.begun = read_number(op.value.data(), sizeof(uint64_t));
        } else if (op.name != "keyds" || op.type != OpType::cdt_modify || !read_written(op.value, out.written)) {
            return false;
        }
    }
    return !out.written.empty();
}

bool marks_commit(const Request &request) {
    return request.ops.size() == 1 && request.ops[0].name == "fwd" && request.ops[0].type == OpType::write;
}

// ---- the end ----

Status verify_command(Partition::Locked &partition, const Digest &digest, const Request &request) {
    auto version = number_of(request, FieldType::record_version, kVersionSize);
    if (!version) {
        return Status::parameter;
    }
    if (partition.provisional(digest) != nullptr) {
        return Status::mrt_blocked;
    }
    return is_version(partition.find(digest), *version) ? Status::ok : Status::mrt_version_mismatch;
}

Status roll_command(Namespace &ns, Partition::Locked &partition, const Digest &digest, const Request &request) {
    auto transaction = transaction_of(request);
    if (!transaction) {
        return Status::parameter;
    }
    const Provisional *provisional = partition.provisional(digest);
    if (provisional == nullptr || provisional->transaction != *transaction) {
        return Status::ok;  // there is nothing left to do
    }
    bool forward = (request.info4 & info4::roll_forward) != 0;
    bool committed = ns.transactions().fate(*transaction) == Transactions::Fate::stands;
    if (forward != committed) {
        return forward ? Status::parameter : Status::mrt_committed;
    }
    partition.roll(digest, forward);
    return Status::ok;
}

}  // namespace

bool is_transactional(const Request &request) {
    return request.has(FieldType::transaction) || (request.info4 & kEnds) != 0 ||
           request.field(FieldType::set) == kMonitorSet;
}

Status monitor_command(Namespace &ns, const Digest &digest, const Request &request, Reply &reply) {
    if ((request.info2 & info2::write) == 0) {
        return Status::forbidden;
    }
    if ((request.info2 & info2::remove) != 0) {
        return ns.transactions().end(digest);
    }
    if (marks_commit(request)) {
        return ns.transactions().commit(digest);
    }
    Transactions::Telling telling{};
    if (!read_telling(request, telling)) {
        return Status::forbidden;
    }
    uint32_t deadline = 0;
    Status status = ns.transactions().tell(digest, telling, deadline);
    if (status == Status::ok) {
        reply.field(FieldType::transaction_deadline, little_endian(deadline, sizeof deadline));
    }
    return status;
}

bool ends_transaction(const Request &request) {
    return (request.info4 & kEnds) != 0;
}

Status ending_command(Namespace &ns, Partition::Locked &partition, const Digest &digest, const Request &request) {
    bool verifies = (request.info4 & info4::verify_read) != 0;
    return verifies ? verify_command(partition, digest, request) : roll_command(ns, partition, digest, request);
}

Part::Part(Namespace &ns, Partition::Locked &partition, const Digest &digest, const Request &request)
    : ns_(ns), partition_(partition), digest_(digest), request_(request), transaction_(transaction_of(request)),
      record_(partition.find(digest)) {}

Status Part::admit(bool writes) {
    if (request_.has(FieldType::transaction) && !transaction_) {
        return Status::parameter;
    }
    const Provisional *provisional = partition_.provisional(digest_);
    bool own = provisional != nullptr && provisional->transaction == transaction_;
    if (provisional != nullptr && !own && (writes || transaction_)) {
        return Status::mrt_blocked;
    }
    if (!transaction_) {
        return Status::ok;
    }
    if (own) {
        record_ = provisional->record ? &*provisional->record : nullptr;
    } else {
        auto read = number_of(request_, FieldType::record_version, kVersionSize);
        if (read && !is_version(record_, *read)) {
            return Status::mrt_version_mismatch;
        }
        version_ = record_ == nullptr ? std::nullopt : std::optional<uint64_t>(version_of(*record_));
    }
    if (own && writes && (request_.info4 & info4::on_locking_only) != 0) {
        return Status::mrt_already_locked;
    }
    return writes ? ns_.transactions().may_write(*transaction_, deadline_) : Status::ok;
}

void Part::put(Record record) {
    if (transaction_) {
        partition_.propose(digest_, {*transaction_, deadline_, std::move(record)});
        version_.reset();
    } else {
        partition_.put(digest_, std::move(record));
    }
}

void Part::remove() {
    if (transaction_) {
        partition_.propose(digest_, {*transaction_, deadline_, std::nullopt});
        version_.reset();
    } else {
        partition_.erase(digest_, Reason::removed);
    }
}

void tell_version(uint64_t version, Reply &reply) {
    reply.field(FieldType::record_version, little_endian(version, kVersionSize));
}

}  // namespace embedded
