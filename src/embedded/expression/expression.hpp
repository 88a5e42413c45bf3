// SPDX-License-Identifier: Apache-2.0
// Expressions: parsed once from the wire's msgpack, evaluated against a record.
#pragma once

#include <memory>
#include <optional>

#include "ops/element.hpp"
#include "ops/operation.hpp"
#include "value/status.hpp"
#include "value/value.hpp"

namespace embedded {

// What an expression may ask of a record. Times are nanoseconds since the Unix epoch unless they say otherwise.
class RecordView {
  public:
    virtual ~RecordView() = default;
    virtual bool exists() const = 0;
    virtual Value bin(View name) const = 0;  // none: no such bin
    virtual Particle bin_type(View name) const = 0;
    virtual View set_name() const = 0;
    virtual Value key() const = 0;  // none: the key is not stored
    virtual View digest() const = 0;  // 20 bytes
    virtual int64_t ttl_seconds() const = 0;  // -1: never expires
    virtual int64_t void_time() const = 0;  // -1: never expires
    virtual int64_t last_update() const = 0;
    virtual int64_t now() const = 0;
    virtual int64_t record_size() const = 0;
    virtual bool is_tombstone() const { return false; }
};

// As a filter with all bins at hand.
Truth matches(const Expression &expression, const RecordView &record);

// The value, or Value::none for "unknown".
Value evaluate(const Expression &expression, const RecordView &record);

// What an index can be of: an expression whose value is of one type, and hangs on the record and on nothing else. Null:
// this is none.
ExpressionPointer parse_indexable(View packed, Type result);

// How a server shows an expression that an index is of, and a value in one or in a context.
Bytes expression_text(View packed);
Bytes operand_text(const Value &value);

// The operations EXP_READ and EXP_MODIFY; `payload` is the wire's [expression, flags]. A read leaves `target`
// alone and gives the result; a modify puts it into `target` (the bin's value, none when the bin is not there,
// and none afterwards when the bin is to go) and gives nothing.
Outcome run_expression(Access access, View payload, const RecordView &record, Value &target);

}  // namespace embedded
