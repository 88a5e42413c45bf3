// SPDX-License-Identifier: Apache-2.0
#include "index/definition.hpp"

#include <algorithm>

#include "expression/record_view.hpp"
#include "ops/context.hpp"
#include "text/geo.hpp"
#include "value/murmur.hpp"
#include "wire/msgpack.hpp"
#include "wire/wire.hpp"

namespace embedded {

Bytes IndexDefinition::text() const {
    Bytes out{static_cast<char>(source), static_cast<char>(type)};
    if (source == IndexSource::set) {
        out = out[0];
    }
    for (const Bytes *part : {&set, &bin, &context, &expression}) {
        append_number(out, part->size(), 4);
        out += *part;
    }
    return out;
}

namespace {

int64_t hashed(View bytes) {
    return static_cast<int64_t>(murmur3(bytes).low);
}

std::optional<int64_t> geometry_key(const Bytes &text) {
    Geometry geometry;
    if (!Geometry::parse(text, geometry)) {
        return std::nullopt;
    }
    return geometry.is_region() ? hashed(text) | std::numeric_limits<int64_t>::min() : geometry.place();
}

}  // namespace

std::optional<int64_t> index_key(Type type, const Value &value) {
    if (!value.is(type)) {
        return std::nullopt;
    }
    switch (type) {
    case Type::integer:
        return value.integer();
    case Type::string:
        return hashed(value.text());
    case Type::blob:
        return value.blob().particle == Particle::blob ? std::optional(hashed(value.blob().bytes)) : std::nullopt;
    default:
        return geometry_key(value.geojson().text);
    }
}

namespace {

template <typename Take>
void take_values(IndexSource source, const Value &from, Take take) {
    if (source == IndexSource::value) {
        take(from);
    } else if (source == IndexSource::list && from.is(Type::list)) {
        for (const Value &item : from.list().items) {
            take(item);
        }
    } else if (source != IndexSource::list && from.is(Type::map)) {
        for (const auto &[key, value] : from.map().entries) {
            take(source == IndexSource::map_keys ? key : value);
        }
    }
}

Type source_type(const IndexDefinition &about) {
    switch (about.source) {
    case IndexSource::list:
        return Type::list;
    case IndexSource::map_keys:
    case IndexSource::map_values:
        return Type::map;
    default:
        return about.type;
    }
}

}  // namespace

std::shared_ptr<RecordIndex> RecordIndex::make(Namespace &ns, IndexDefinition definition, View &wrong) {
    std::shared_ptr<RecordIndex> index(new RecordIndex(ns, std::move(definition)));
    const IndexDefinition &about = index->about_;
    if (!about.context.empty() && !index->read_context()) {
        wrong = "context";
        return nullptr;
    }
    if (!about.expression.empty()) {
        index->expression_ = parse_indexable(about.expression, source_type(about));
        if (index->expression_ == nullptr) {
            wrong = "exp";
            return nullptr;
        }
    }
    if (!about.set.empty()) {
        index->set_ = ns.set_make(about.set);
        if (!index->set_) {
            wrong = "set";
            return nullptr;
        }
    }
    return index;
}

// No step may make what is not there.
bool RecordIndex::read_context() {
    Value context;
    if (!unpack_all(about_.context, context) || !context.is(Type::list)) {
        return false;
    }
    steps_ = std::move(context.list());
    size_t size = steps_.items.size();
    bool good = size > 0 && size % 2 == 0 && size / 2 < size_t(kMaxDepth);
    for (size_t i = 0; good && i < size; i += 2) {
        Step step;
        good = parse_step(steps_.items[i], steps_.items[i + 1], step) && step.create() == 0;
    }
    return good;
}

// None: the record has nothing for this index.
Value RecordIndex::source_of(const Digest &digest, const Record &record) const {
    if (about_.source == IndexSource::set || (set_ && record.set != *set_)) {
        return {};
    }
    if (expression_ != nullptr) {
        Bytes set = ns_.set_name(record.set);
        return evaluate(*expression_, StoredView(digest, &record, set));
    }
    Value value;
    auto bin = find_bin(record.bins(), about_.bin);
    if (!bin) {
        return value;
    }
    bool container = bin->particle == Particle::list || bin->particle == Particle::map;
    bool wants_container = about_.source != IndexSource::value || !steps_.items.empty();
    if (container != wants_container || from_particle(bin->particle, bin->value, value) != Status::ok) {
        return {};
    }
    if (steps_.items.empty()) {
        return value;
    }
    Value found;
    auto leaf = [](Value &target, void *out) {
        *static_cast<Value *>(out) = std::move(target);
        return Outcome{};
    };
    Outcome outcome = at_context(Access::read, value, steps_, leaf, &found);
    return outcome.status == Status::ok ? std::move(found) : Value();
}

IndexKeys RecordIndex::keys_of(const Digest &digest, const Record &record, const Wanted &wanted) const {
    IndexKeys keys;
    take_values(about_.source, source_of(digest, record), [&](const Value &value) {
        auto key = index_key(about_.type, value);
        if (key && wanted(value)) {
            keys.push_back(*key);
        }
    });
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

IndexKeys RecordIndex::keys(const Digest &digest, const Record &record) const {
    return keys_of(digest, record, [](const Value &) { return true; });
}

size_t count_indexes(const Namespace &ns, View set) {
    auto all = ns.indexes().all();
    return static_cast<size_t>(std::count_if(all.begin(), all.end(), [set](const IndexList::Named &one) {
        return static_cast<const RecordIndex &>(*one.index).about().set == set;
    }));
}

Bytes context_text(View packed) {
    constexpr View kBy[] = {"index", "rank", "key", "value"};
    Value context;
    unpack_all(packed, context);
    Bytes out;
    const auto &items = context.list().items;
    for (size_t i = 0; i + 1 < items.size(); i += 2) {
        Step step;
        parse_step(items[i], items[i + 1], step);
        out += (out.empty() ? "" : ", ") + Bytes(step.through_map() ? "map_" : "list_") +
               Bytes(kBy[static_cast<size_t>(step.by())]) + "(" + operand_text(*step.argument) + ")";
    }
    return "[" + out + "]";
}

}  // namespace embedded
