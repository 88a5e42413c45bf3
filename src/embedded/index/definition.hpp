// SPDX-License-Identifier: Apache-2.0
// What an index is of: whose records, which of their values.
#pragma once

#include <functional>

#include "expression/expression.hpp"
#include "store/store.hpp"

namespace embedded {

// Where the values of an index stand, by the wire's numbers: in the source itself, or in the list or map that it is.
enum class IndexSource : uint8_t { value = 0, list = 1, map_keys = 2, map_values = 3, set = 4 };

struct IndexDefinition {
    Bytes set;  // empty: all records of the namespace
    IndexSource source = IndexSource::value;
    Type type = Type::integer;  // or string, blob, geojson
    Bytes bin;  // or an expression
    Bytes context, expression;  // packed; empty: none

    // Two definitions are the same when these are.
    Bytes text() const;
};

class RecordIndex : public Index {
  public:
    // Null, with what is wrong: of the parts of the definition, the context or the expression.
    static std::shared_ptr<RecordIndex> make(Namespace &ns, IndexDefinition definition, View &wrong);

    const IndexDefinition &about() const { return about_; }
    IndexKeys keys(const Digest &digest, const Record &record) const override;

    // The keys of those values alone that a query looks for.
    using Wanted = std::function<bool(const Value &value)>;
    IndexKeys keys_of(const Digest &digest, const Record &record, const Wanted &wanted) const;

  private:
    RecordIndex(Namespace &ns, IndexDefinition definition)
        : Index(definition.text()), ns_(ns), about_(std::move(definition)) {}
    bool read_context();
    Value source_of(const Digest &digest, const Record &record) const;

    Namespace &ns_;
    IndexDefinition about_;
    std::optional<uint16_t> set_;  // nullopt: all sets
    List steps_;  // of the context
    ExpressionPointer expression_;
};

// Of those of a namespace, how many are of a set.
size_t count_indexes(const Namespace &ns, View set);

// The key under which an index of a type has a value; nullopt: it has none of that type. Points have keys from 0 up, in
// the order of their places, and regions those below.
std::optional<int64_t> index_key(Type type, const Value &value);

// How a server shows a context; its form is right.
Bytes context_text(View packed);

}  // namespace embedded
