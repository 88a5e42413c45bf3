// SPDX-License-Identifier: Apache-2.0
#include "commands/aggregation.hpp"

#include <deque>

#include "wire/msgpack.hpp"

namespace embedded {

namespace {

class PartitionStream : public ScriptStream {
  public:
    PartitionStream(const Namespace &ns, const std::vector<Aggregation::Item> &items, Reply &reply)
        : ns_(ns), items_(items), reply_(reply) {}

    ScriptRecord *read() override {
        if (at_ == items_.size()) {
            return nullptr;
        }
        const auto &[digest, record] = items_[at_++];
        return &read_.emplace_back(digest, record, set_name(record->set), false);
    }

    void write(const Value &value) override {
        reply_.next();
        reply_.value(OpType::read, "SUCCESS", value);
    }

  private:
    View set_name(uint16_t set) {
        if (names_.empty() || named_ != set) {
            named_ = set;
            names_.push_back(ns_.set_name(set));
        }
        return names_.back();
    }

    const Namespace &ns_;
    const std::vector<Aggregation::Item> &items_;
    Reply &reply_;
    size_t at_ = 0;
    std::deque<ScriptRecord> read_;  // all of them, for a script may keep any
    std::deque<Bytes> names_;
    uint16_t named_ = 0;
};

}  // namespace

Status Aggregation::read(Scripts &scripts, const Request &request, std::unique_ptr<Aggregation> &out) {
    if (!request.has(FieldType::udf_op)) {
        return Status::ok;
    }
    if (request.has(FieldType::filter)) {
        return Status::unsupported_feature;
    }
    Value arguments;
    if (!unpack_all(request.field(FieldType::udf_arguments), arguments) || !arguments.is(Type::list)) {
        return Status::parameter;
    }
    out.reset(new Aggregation(scripts, request, std::move(arguments.list())));
    return Status::ok;
}

std::optional<Value> Aggregation::run(const Namespace &ns, const std::vector<Item> &items, Reply &reply) const {
    PartitionStream stream(ns, items, reply);
    ScriptOutcome outcome = scripts_.call_stream(module_, function_, arguments_, stream);
    return outcome.failed ? std::optional(std::move(outcome.value)) : std::nullopt;
}

}  // namespace embedded
