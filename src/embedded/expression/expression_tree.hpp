// SPDX-License-Identifier: Apache-2.0
// What the files of expressions share: the parsed tree, its parser, and the state of one evaluation.
#pragma once

#include <bitset>
#include <memory>
#include <vector>

#include "expression/expression.hpp"

namespace embedded {

// What an expression gives, as far as it is known without a record. Up to `hll` these are the wire's numbers.
enum class ExpressionType : uint8_t {
    nil,
    boolean,
    integer,
    string,
    list,
    map,
    blob,
    real,
    geojson,
    hll,
    removal,  // the wish of a path expression that an element goes away
    other,  // nothing that an operator works on: infinity, a wildcard, a language's blob
};

ExpressionType type_of(const Value &value);

// The wire's numbers of the operators.
enum class Code : uint8_t {
    unknown = 0,
    equal = 1,
    not_equal = 2,
    greater = 3,
    greater_or_equal = 4,
    less = 5,
    less_or_equal = 6,
    regex = 7,
    geo = 8,
    in_list = 9,
    logical_and = 16,
    logical_or = 17,
    logical_not = 18,
    exclusive = 19,
    add = 20,
    subtract = 21,
    multiply = 22,
    divide = 23,
    power = 24,
    logarithm = 25,
    modulo = 26,
    absolute = 27,
    floor = 28,
    ceiling = 29,
    to_integer = 30,
    to_float = 31,
    bit_and = 32,
    bit_or = 33,
    bit_xor = 34,
    bit_not = 35,
    shift_left = 36,
    shift_right = 37,
    shift_right_signed = 38,
    bit_count = 39,
    scan_left = 40,
    scan_right = 41,
    minimum = 50,
    maximum = 51,
    digest_modulo = 64,
    device_size = 65,
    last_update = 66,
    since_update = 67,
    void_time = 68,
    ttl = 69,
    set_name = 70,
    key_exists = 71,
    is_tombstone = 72,
    memory_size = 73,
    record_size = 74,
    key = 80,
    bin = 81,
    bin_type = 82,
    to_string = 99,
    remove_result = 100,
    map_keys = 101,
    map_values = 102,
    loop_variable = 122,
    cond = 123,
    variable = 124,
    let = 125,
    quote = 126,
    call = 127,
};
using Codes = std::bitset<size_t(Code::call) + 1>;

// One evaluation of a tree. An unknown value is Value::none all through.
struct Evaluation {
    const RecordView *record;  // null: there is none
    const Element *element;  // null: not in a path expression
    std::vector<Value> variables;
    size_t spare_bytes;  // that calls may still produce
};

struct Node {
    ExpressionType type;

    explicit Node(ExpressionType result) : type(result) {}
    virtual ~Node() = default;
    virtual Value evaluate(Evaluation &evaluation) const = 0;
    virtual bool is_unknown() const { return false; }  // it stands for a value of any type
    virtual const Value *literal() const { return nullptr; }
};
using NodePointer = std::unique_ptr<Node>;
using Nodes = std::vector<NodePointer>;

struct Expression {
    NodePointer root;
    size_t variable_count;
    Codes codes;  // the operators in it
};

// Reads one tree. Every function is false (null) where the bytes are malformed or of types that can never fit.
class ExpressionParser {
  public:
    explicit ExpressionParser(View packed) : in_(packed) {}

    ExpressionPointer expression();
    bool at_end() const { return in_.empty(); }

    // For the operators' own parsers: their arguments, in order.
    NodePointer node();
    NodePointer node(ExpressionType type);  // of this type and no other
    bool integer(int64_t &out);
    bool type(ExpressionType &out);  // one that a client may name
    bool bytes(View &out);  // a name or a pattern: bytes without the type that values have
    bool value(Value &out);
    bool list_header(size_t &count);
    bool at_list() const { return in_is(0x90, 0xf0) || in_is(0xdc, 0xfe); }

    // A variable's place in the scope is its place in Evaluation::variables.
    struct Variable {
        View name;
        ExpressionType type;
        bool defined;  // false: its own definition is being read
    };
    const Variable *find_variable(View name) const;
    size_t add_variable(View name);
    void define_variable(size_t place, ExpressionType type);
    void drop_variables(size_t count) { scope_.resize(scope_.size() - count); }
    size_t place_of(const Variable *variable) const { return size_t(variable - scope_.data()); }

  private:
    bool in_is(uint8_t base, uint8_t mask) const { return !in_.empty() && (uint8_t(in_[0]) & mask) == base; }
    bool big_endian(size_t width, uint64_t &out);
    NodePointer literal();
    NodePointer operation();

    View in_;
    int depth_ = 0;
    std::vector<Variable> scope_;
    size_t variable_count_ = 0;
    Codes codes_;
};

// The parser of one operator; `count` is the number of its arguments.
using ParseOperator = NodePointer (*)(ExpressionParser &parser, Code code, size_t count);

// expression_control.cpp
NodePointer make_literal(Value value, ExpressionType type);
NodePointer parse_unknown(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_removal(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_logic(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_not(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_cond(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_let(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_variable(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_loop_variable(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_quote(ExpressionParser &parser, Code code, size_t count);

// expression_function.cpp
NodePointer parse_function(ExpressionParser &parser, Code code, size_t count);

// expression_compare.cpp
NodePointer parse_compare(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_regex(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_geo(ExpressionParser &parser, Code code, size_t count);

// expression_record.cpp
NodePointer parse_metadata(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_digest_modulo(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_key(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_bin(ExpressionParser &parser, Code code, size_t count);
NodePointer parse_bin_type(ExpressionParser &parser, Code code, size_t count);

// expression_call.cpp
NodePointer parse_call(ExpressionParser &parser, Code code, size_t count);

}  // namespace embedded
