// SPDX-License-Identifier: Apache-2.0
#include "commands/record_command.hpp"

#include <algorithm>

#include "commands/permission.hpp"
#include "commands/transaction_command.hpp"
#include "expression/expression.hpp"
#include "expression/record_view.hpp"
#include "lua/script_record.hpp"
#include "ops/operation.hpp"
#include "ops/scalar_ops.hpp"
#include "store/bins.hpp"
#include "text/text.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

// One command at work on its record, whose partition is locked.
struct Work {
    Namespace &ns;
    const Request &request;
    Digest digest;
    Part *part;  // null: nothing is changed
    const Record *record;  // null: there is none
    Bytes set_name;
    Bins bins;
    Reply &reply;
    bool respond_all = false, drops_key = false;
    std::optional<Written> written;  // in a command that writes

    // The record as operations see it.
    StoredView view() const { return StoredView(digest, record, set_name, &bins, written ? &*written : nullptr); }
};

// ---- operations ----

using RunOp = Status (*)(Work &work, const Op &op);

struct OpRow {
    OpType type;
    bool writes;
    bool computes;  // what its family's function makes of the value, where others read or write it as it is
    RunOp run;
};

void give(Work &work, const Op &op, const Value &value) {
    if (value.present() || work.respond_all) {
        work.reply.value(op.type, op.name, value);
    }
}

Status read(Work &work, const Op &op) {
    if (op.name.empty()) {  // all bins
        for (const Bin &bin : work.bins.all()) {
            work.reply.op(op.type, bin.name, bin.particle, bin.value);
        }
        return Status::ok;
    }
    const Bin *bin = work.bins.find(op.name);
    if (bin != nullptr) {
        work.reply.op(op.type, op.name, bin->particle, bin->value);
    } else if (work.respond_all) {
        work.reply.op(op.type, op.name, Particle::null, {});
    }
    return Status::ok;
}

template <Status (*change)(Bins &, const Op &)>
Status scalar(Work &work, const Op &op) {
    Status status = change(work.bins, op);
    if (status == Status::ok) {
        give(work, op, Value());
    }
    return status;
}

// It is never answered, and the time that it gives is the command's.
Status touch(Work &, const Op &) {
    return Status::ok;
}

Status remove_all(Work &work, const Op &op) {
    work.bins.clear();
    give(work, op, Value());
    return Status::ok;
}

template <Family family, Access access>
Status collection(Work &work, const Op &op) {
    Value payload;
    if (!unpack_all(op.value, payload)) {
        return Status::parameter;
    }
    Value &target = work.bins.open(op.name);
    Outcome outcome = family(access, target, payload);
    if (outcome.status != Status::ok) {
        return outcome.status;
    }
    if (access == Access::modify) {
        work.bins.keep(op.name);
        give(work, op, outcome.value);
    } else if (work.written && target.present()) {  // a read that returns nothing says so, beside writes
        work.reply.value(op.type, op.name, outcome.value);
    } else {
        give(work, op, outcome.value);
    }
    return Status::ok;
}

template <Access access>
Status expression(Work &work, const Op &op) {
    StoredView view = work.view();
    Value target = work.bins.value(op.name);
    Outcome outcome = run_expression(access, op.value, view, target);
    if (outcome.status != Status::ok) {
        return outcome.status;
    }
    if (access == Access::modify) {
        work.bins.set(op.name, std::move(target));
    }
    give(work, op, outcome.value);
    return Status::ok;
}

Status as_text(Work &work, const Op &op) {
    Value value = work.bins.value(op.name);
    if (!value.present()) {
        give(work, op, value);
        return Status::ok;
    }
    Outcome outcome = to_text(value);
    if (outcome.status == Status::ok) {
        give(work, op, outcome.value);
    }
    return outcome.status;
}

constexpr OpRow kOps[] = {
    {OpType::read, false, false, read},
    {OpType::write, true, false, scalar<write_bin>},
    {OpType::cdt_read, false, true, collection<run_cdt, Access::read>},
    {OpType::cdt_modify, true, true, collection<run_cdt, Access::modify>},
    {OpType::increment, true, false, scalar<increment_bin>},
    {OpType::expression_read, false, true, expression<Access::read>},
    {OpType::expression_modify, true, true, expression<Access::modify>},
    {OpType::append, true, false, scalar<append_bin>},
    {OpType::prepend, true, false, scalar<prepend_bin>},
    {OpType::touch, true, false, touch},
    {OpType::bit_read, false, true, collection<run_bit, Access::read>},
    {OpType::bit_modify, true, true, collection<run_bit, Access::modify>},
    {OpType::remove, true, false, remove_all},
    {OpType::hll_read, false, true, collection<run_hll, Access::read>},
    {OpType::hll_modify, true, true, collection<run_hll, Access::modify>},
    {OpType::string_read, false, true, collection<run_string, Access::read>},
    {OpType::string_modify, true, true, collection<run_string, Access::modify>},
    {OpType::to_string, false, true, as_text},
};

const OpRow *find_op(OpType type) {
    for (const OpRow &row : kOps) {
        if (row.type == type) {
            return &row;
        }
    }
    return nullptr;
}

Status run_ops(Work &work) {
    for (const Op &op : work.request.ops) {
        const OpRow *row = find_op(op.type);
        if (row == nullptr) {
            return Status::parameter;
        }
        if (op.name.size() > kBinNameMost) {
            return Status::bin_name;
        }
        Status status = row->run(work, op);
        if (status != Status::ok) {
            return status;
        }
        if (work.reply.bytes().size() > kFrameMost) {
            return Status::parameter;  // more than fits into an answer
        }
    }
    return Status::ok;
}

// ---- what stands before any change ----

Status check_key(const Work &work) {
    View sent = work.request.field(FieldType::key);
    bool differs = work.record != nullptr && work.record->key_size > 0 && !sent.empty() && work.record->key() != sent;
    return differs ? Status::key_mismatch : Status::ok;
}

Status check_filter(const Work &work) {
    if (!work.request.has(FieldType::filter) || work.record == nullptr) {
        return Status::ok;
    }
    ExpressionPointer filter = parse_filter(work.request.field(FieldType::filter));
    if (filter == nullptr) {
        return Status::parameter;
    }
    StoredView view(work.digest, work.record, work.set_name);
    return matches(*filter, view) == Truth::yes ? Status::ok : Status::filtered_out;
}

Status check_generation(const Work &work) {
    uint16_t now = work.record == nullptr ? 0 : work.record->generation;
    auto wanted = static_cast<uint16_t>(work.request.generation);
    if ((work.request.info2 & info2::generation) != 0 && now != wanted) {
        return Status::generation;
    }
    if ((work.request.info2 & info2::generation_greater) != 0 && wanted <= now) {
        return Status::generation;
    }
    return Status::ok;
}

Status check_ttl(uint32_t ttl) {
    return ttl > kTtlMost && ttl != kTtlNever && ttl != kTtlKeep ? Status::parameter : Status::ok;
}

Status check_requested_ttl(const Work &work) {
    return check_ttl(work.request.ttl);
}

Status check_existence(const Work &work) {
    const Request &request = work.request;
    if (work.record != nullptr) {
        return (request.info2 & info2::create_only) != 0 ? Status::record_exists : Status::ok;
    }
    return (request.info3 & (info3::update_only | info3::replace_only)) != 0 ? Status::not_found : Status::ok;
}

bool replaces(const Request &request) {
    return (request.info3 & (info3::create_or_replace | info3::replace_only)) != 0;
}

// Does an operation make a bin, whatever the record holds?
bool makes_bin(const Op &op) {
    return op.type == OpType::expression_modify || (op.type == OpType::write && op.particle != Particle::null);
}

// What no record could make good: parameters that do not fit each other.
Status check_write_request(const Request &request) {
    bool reads_all = false, computes = false;
    for (const Op &op : request.ops) {
        const OpRow *row = find_op(op.type);
        if (row == nullptr || (replaces(request) && row->writes && !makes_bin(op))) {
            return Status::parameter;
        }
        reads_all = reads_all || (op.type == OpType::read && op.name.empty());
        computes = computes || row->computes;
    }
    bool countable = !request.ops.empty() && request.ops.size() <= kBinsMost;
    return countable && !(reads_all && computes) ? Status::ok : Status::parameter;
}

// A touch wants its record there.
bool touches(const Request &request) {
    return std::any_of(request.ops.begin(), request.ops.end(), [](const Op &op) { return op.type == OpType::touch; });
}

// ---- the commands ----

void describe(Work &work, const Record &record) {
    work.reply.record(record.generation, record.void_time);
}

Status read_command(Work &work) {
    const Request &request = work.request;
    if (work.record == nullptr) {
        return Status::not_found;
    }
    if (work.part->version()) {
        tell_version(*work.part->version(), work.reply);
    }
    describe(work, *work.record);
    for (Status status : {check_key(work), check_filter(work)}) {
        if (status != Status::ok) {
            return status;
        }
    }
    if ((request.info1 & info1::no_bin_data) != 0) {
        return Status::ok;
    }
    if ((request.info1 & info1::get_all) != 0) {
        tell_bins(*work.record, work.reply);
        return Status::ok;
    }
    if (request.ops.empty()) {
        return Status::parameter;
    }
    if (!only_read(request.ops)) {
        return Status::parameter;
    }
    work.bins = Bins(work.record->bins());
    return run_ops(work);
}

uint32_t void_time_for(const Work &work, uint32_t ttl) {
    if (ttl == kTtlKeep && work.record != nullptr) {
        return work.record->void_time;
    }
    if (ttl == 0 || ttl == kTtlKeep) {
        ttl = work.ns.default_ttl();
    }
    return ttl == kTtlNever || ttl == 0 ? 0 : now_seconds() + ttl;
}

View key_to_store(const Work &work) {
    bool keyed = work.record != nullptr && work.record->key_size > 0;
    return work.drops_key ? View() : keyed ? work.record->key() : work.request.field(FieldType::key);
}

Status store_record(Work &work) {
    View key = key_to_store(work);
    Record made;
    made.block.reserve(work.bins.wire_size() + key.size());  // no more: what is stored stays
    made.block.assign(key);
    made.key_size = static_cast<uint32_t>(key.size());
    made.void_time = work.written->void_time;
    made.last_update = work.written->at;
    for (const Bin &bin : work.bins.all()) {
        append_op(made.block, OpType::read, bin.name, bin.particle, bin.value);
    }
    if (stored_size(made, work.set_name) > kStoredMost) {
        return Status::record_too_big;
    }
    if (work.bins.size() > kBinsMost) {
        return Status::parameter;
    }
    auto set = work.record != nullptr ? work.record->set : work.ns.set_make(work.set_name);
    if (!set) {
        return Status::parameter;
    }
    made.set = *set;
    made.bin_count = static_cast<uint16_t>(work.bins.size());
    made.generation = static_cast<uint16_t>(work.record == nullptr ? 1 : work.record->generation + 1);
    if (made.generation == 0) {
        made.generation = 1;
    }
    describe(work, made);
    work.part->put(std::move(made));
    return Status::ok;
}

// Where a namespace is strongly consistent, records are removed durably, and elsewhere they cannot be.
Status check_durability(const Work &work) {
    bool durable = (work.request.info2 & info2::durable_delete) != 0;
    if (durable == work.ns.strongly_consistent()) {
        return Status::ok;
    }
    return durable ? Status::enterprise_only : Status::forbidden;
}

// The bins at work are the record's from now on; one without any is gone.
Status keep_bins(Work &work) {
    if (!work.bins.empty()) {
        return store_record(work);
    }
    if (work.record == nullptr) {
        return Status::not_found;  // and nothing came to be
    }
    Status status = check_durability(work);
    if (status == Status::ok) {
        work.part->remove();
        work.reply.record(0, 0);
    }
    return status;
}

Status write_command(Work &work) {
    const Request &request = work.request;
    Status status = check_write_request(request);
    if (status != Status::ok) {
        return status;
    }
    if (work.record != nullptr) {
        describe(work, *work.record);
    } else if (touches(request)) {
        return Status::not_found;
    }
    for (auto check : {check_existence, check_generation, check_filter, check_requested_ttl, check_key}) {
        if ((status = check(work)) != Status::ok) {
            return status;
        }
    }
    if (work.record != nullptr && !replaces(request)) {
        work.bins = Bins(work.record->bins());
    }
    work.written = Written{now_nanoseconds(), void_time_for(work, request.ttl)};
    status = run_ops(work);
    return status == Status::ok ? keep_bins(work) : status;
}

Status remove_command(Work &work) {
    Status durable = check_durability(work);
    if (durable != Status::ok) {
        return durable;
    }
    if (work.record == nullptr) {
        return Status::not_found;
    }
    for (auto check : {check_generation, check_filter, check_key}) {
        Status status = check(work);
        if (status != Status::ok) {
            return status;
        }
    }
    work.part->remove();
    return Status::ok;
}

// ---- functions of modules ----

// What the script made of the record is written after it, or not at all. The answer tells of the record as it was
// written, even where it is gone.
Status keep_scripted(Work &work, ScriptRecord &record) {
    uint32_t ttl = record.ttl().value_or(work.request.ttl);
    Status status = check_ttl(ttl);
    if (status != Status::ok) {
        return status;
    }
    work.bins = std::move(record.bins());
    work.drops_key = record.key_dropped();
    work.written = Written{now_nanoseconds(), void_time_for(work, ttl)};
    uint32_t generation = work.record == nullptr ? 0 : work.record->generation;
    status = keep_bins(work);
    if (status == Status::ok && work.bins.empty()) {
        work.reply.record(generation + 1, work.written->void_time);
    }
    return status;
}

// What was returned, or what Lua said of the failure.
Status answer_function(Work &work, const ScriptOutcome &outcome) {
    work.reply.value(OpType::read, outcome.failed ? "FAILURE" : "SUCCESS", outcome.value);
    return outcome.failed ? Status::udf : Status::ok;
}

Status function_command(Work &work, Scripts &scripts) {
    const Request &request = work.request;
    Value arguments;
    if (!unpack_all(request.field(FieldType::udf_arguments), arguments) || !arguments.is(Type::list)) {
        return Status::parameter;
    }
    if (work.record != nullptr) {
        describe(work, *work.record);
    } else if ((request.info3 & info3::update_only) != 0) {
        return Status::not_found;
    }
    for (auto check : {check_filter, check_requested_ttl, check_key}) {
        Status status = check(work);
        if (status != Status::ok) {
            return status;
        }
    }
    Bytes set = work.record != nullptr ? work.ns.set_name(work.record->set) : work.set_name;
    ScriptRecord record(work.digest, work.record, set, true);
    ScriptOutcome outcome = scripts.call_record(request.field(FieldType::udf_module),
                                                request.field(FieldType::udf_function), arguments.list(), record);
    Status status = outcome.failed || !record.is_changed() ? Status::ok : keep_scripted(work, record);
    return status == Status::ok ? answer_function(work, outcome) : status;
}

Status run_work(Work &work, Scripts &scripts) {
    const Request &request = work.request;
    if (request.has(FieldType::udf_module)) {
        return function_command(work, scripts);
    }
    if ((request.info2 & info2::write) == 0) {
        return (request.info1 & info1::read) != 0 ? read_command(work) : Status::parameter;
    }
    return (request.info2 & info2::remove) != 0 ? remove_command(work) : write_command(work);
}

// `version` becomes that of the record, for a transaction.
Status run_command(Session &session, const Request &request, Reply &reply, std::optional<uint64_t> &version) {
    Namespace *ns = session.server.store.find(request.field(FieldType::ns));
    if (ns == nullptr) {
        return Status::namespace_not_found;
    }
    View digest_bytes = request.field(FieldType::digest);
    View set = request.field(FieldType::set);
    if (digest_bytes.size() != kDigestSize || set.size() > kSetNameMost) {
        return Status::parameter;
    }
    Digest digest;
    std::copy(digest_bytes.begin(), digest_bytes.end(), digest.begin());
    if (is_transactional(request) && !ns->strongly_consistent()) {
        return Status::unsupported_feature;
    }
    if (set == kMonitorSet) {
        return monitor_command(*ns, digest, request, reply);
    }
    Partition::Locked partition = ns->lock(partition_of(digest));
    if (ends_transaction(request)) {
        return ending_command(*ns, partition, digest, request);
    }
    Part part(*ns, partition, digest, request);
    Status status = part.admit((request.info2 & info2::write) != 0 || request.has(FieldType::udf_module));
    if (status == Status::ok) {
        Work work{*ns, request, digest, &part, part.record(), Bytes(set), Bins(), reply, false, false, {}};
        work.respond_all = (request.info2 & info2::respond_all) != 0;
        status = run_work(work, session.server.scripts);
        version = part.version();
    }
    return status;
}

}  // namespace

bool writes_alone(const Request &request) {
    return !request.ops.empty() && std::all_of(request.ops.begin(), request.ops.end(), [](const Op &op) {
        const OpRow *row = find_op(op.type);
        return row != nullptr && row->writes;
    });
}

Status record_message(Session &session, const Request &request, Reply &reply) {
    std::optional<uint64_t> version;
    Status status = run_command(session, request, reply, version);
    if (status == Status::udf) {
        reply.status(status);  // beside what Lua said
    } else if (status != Status::ok) {
        reply.fail(status);
        if (version) {
            tell_version(*version, reply);
        }
    }
    return status;
}

bool only_read(const std::vector<Op> &ops) {
    return std::all_of(ops.begin(), ops.end(), [](const Op &op) {
        const OpRow *row = find_op(op.type);
        return row != nullptr && !row->writes;
    });
}

bool project_record(Namespace &ns, const Digest &digest, const Record &record, const Request &query, Reply &reply) {
    Work work{ns,    query, digest, nullptr, &record, ns.set_name(record.set), Bins(record.bins()),
              reply, false, false,  {}};
    work.respond_all = (query.info2 & info2::respond_all) != 0;
    return run_ops(work) == Status::ok;
}

Status record_command(Session &session, const Request &request, Bytes &out) {
    Reply reply(out);
    Status status = permit_record(session, request);
    if (status == Status::ok) {
        status = record_message(session, request, reply);
    } else {
        reply.fail(status);
    }
    reply.finish();
    if ((request.info1 & info1::compress_response) != 0) {
        deflate_frame(out, reply.frame_begin());
    }
    return status;
}

}  // namespace embedded
