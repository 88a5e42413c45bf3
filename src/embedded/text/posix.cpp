// SPDX-License-Identifier: Apache-2.0
#include "text/posix.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace embedded {

namespace {

constexpr unsigned kMostRepeated = 32767;

// Thrown at what regcomp() would refuse.
struct IllFormed {};

enum class Kind : uint8_t { byte, any, set, escape, anchor, open, close, alternative, repeat, backreference };

struct Token {
    Kind kind;
    Bytes text;  // in PCRE2's form
};

// One of a bracket expression.
struct Member {
    Bytes text;
    int byte;  // what a range may begin or end with, or -1
};

// The whole pattern or a group of it. References to groups are bits of what closed before: 1 << number.
struct Group {
    size_t begins;
    unsigned number;
    unsigned closed_before;         // what each alternative may refer to
    unsigned closed_in_others = 0;  // in alternatives that ended
};

class Reader {
  public:
    Reader(View pattern, PosixOptions options) : in_(pattern), options_(options) {}

    Bytes read();

  private:
    // 0 behind the end: a pattern holds none.
    char peek(size_t further = 0) const { return at_ + further < in_.size() ? in_[at_ + further] : '\0'; }
    bool starts(View text) const { return in_.substr(std::min(at_, in_.size()), text.size()) == text; }
    char take() { return peek() == '\0' ? '\0' : in_[at_++]; }
    Token next();
    Token backslash();
    Token plain(char byte);
    Token operators(char byte);
    Token set();
    Member set_member(bool may_be_hyphen);
    Member set_symbol();
    Member set_byte(char byte);
    Bytes set_item(bool first);
    Token repeat();
    bool begins_expression() const { return last_ < 0 || last_ == int(Kind::open) || last_ == int(Kind::alternative); }
    bool repeats_nothing() const { return begins_expression() || last_ == int(Kind::anchor); }
    bool ends_expression() const;
    Token begin_of_line() const { return {Kind::anchor, options_.newlines ? "(?:\\A|(?<=\\n))" : "\\A"}; }
    Token end_of_line() const { return {Kind::anchor, options_.newlines ? "(?:\\z|(?=\\n))" : "\\z"}; }
    void put(const Token &token);
    void close();

    View in_;
    size_t at_ = 0;
    PosixOptions options_;
    int last_ = -1;  // the kind of the last token
    Bytes out_;
    unsigned groups_ = 0;                // begun so far
    unsigned closed_ = 0;                // those that a reference may be to
    std::vector<Group> open_{Group{}};   // the whole pattern, and the groups around this place
    size_t atom_ = 0;                    // where the last atom begins, which a repetition is for
};

bool is_small(char byte) {
    return byte >= 'a' && byte <= 'z';
}

// One byte, whatever it means elsewhere.
Bytes literal(char byte) {
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    return text;
}

Token byte_token(char byte) {
    return {Kind::byte, literal(byte)};
}

// A basic '$' is an anchor at the end only.
bool Reader::ends_expression() const {
    return peek() == '\0' || starts("\\)") || starts("\\|");
}

// A range ignores case as a range of capitals.
Member Reader::set_byte(char byte) {
    byte = options_.ignore_case && is_small(byte) ? static_cast<char>(byte - 'a' + 'A') : byte;
    return {literal(byte), static_cast<unsigned char>(byte)};
}

// "[:alpha:]", "[.x.]" or "[=x=]", behind its '['. In the C locale a name of a character is that character.
Member Reader::set_symbol() {
    static constexpr View kClasses[] = {"alnum", "alpha", "blank", "cntrl", "digit", "graph",
                                        "lower", "print", "punct", "space", "upper", "xdigit"};
    char kind = take();
    size_t end = in_.find(Bytes{kind, ']'}, at_);
    if (end == View::npos) {
        throw IllFormed();
    }
    View name = in_.substr(at_, end - at_);
    at_ = end + 2;
    if (kind == ':' && std::find(std::begin(kClasses), std::end(kClasses), name) != std::end(kClasses)) {
        return {"[:" + Bytes(name) + ":]", -1};
    }
    if (kind == ':' || name.size() != 1) {
        throw IllFormed();
    }
    Member member = set_byte(name[0]);
    return {member.text, kind == '.' ? member.byte : -1};
}

// A hyphen that makes no range stands first or last.
Member Reader::set_member(bool may_be_hyphen) {
    char byte = take();
    if (byte == '[' && peek() != '\0' && std::strchr(".:=", peek()) != nullptr) {
        return set_symbol();
    }
    if (byte == '\0' || (byte == '-' && !may_be_hyphen && peek() != ']')) {
        throw IllFormed();
    }
    return set_byte(byte);
}

// A class, a byte, or a range of bytes.
Bytes Reader::set_item(bool first) {
    Member low = set_member(first);
    if (peek() != '-' || peek(1) == ']') {
        return low.text;
    }
    at_++;
    Member high = set_member(true);
    if (low.byte < 0 || high.byte < low.byte) {
        throw IllFormed();
    }
    return low.text + "-" + high.text;
}

Token Reader::set() {
    Token token{Kind::set, "["};
    if (peek() == '^') {
        at_++;
        token.text += options_.newlines ? "^\\n" : "^";
    }
    token.text += set_item(true);  // which may begin with ']'
    while (peek() != ']' && peek() != '\0') {
        token.text += set_item(false);
    }
    token.text += ']';
    if (take() != ']') {
        throw IllFormed();
    }
    return token;
}

std::optional<unsigned> count_of(View digits, std::optional<unsigned> absent) {
    if (digits.empty()) {
        return absent;
    }
    unsigned count = 0;
    const char *end = digits.data() + digits.size();
    auto [behind, error] = std::from_chars(digits.data(), end, count);
    return error == std::errc() && behind == end && count <= kMostRepeated ? std::optional(count) : std::nullopt;
}

// "2}", "1,}", ",2}" or "1,2}", behind its '{'.
Token Reader::repeat() {
    View end = options_.extended ? "}" : "\\}";
    size_t close = in_.find(end, at_);
    if (close == View::npos) {
        throw IllFormed();
    }
    View counts = in_.substr(at_, close - at_);
    at_ = close + end.size();
    size_t comma = counts.find(',');
    bool exact = comma == View::npos;
    auto low = count_of(counts.substr(0, comma), exact ? std::nullopt : std::optional(0u));
    auto high = exact ? low : count_of(counts.substr(comma + 1), kMostRepeated);
    if (!low || !high || *low > *high) {
        throw IllFormed();
    }
    return {Kind::repeat, "{" + Bytes(comma == 0 ? "0" : "") + Bytes(counts) + "}"};
}

Token Reader::operators(char byte) {
    switch (byte) {
    case '(':
        return {Kind::open, "("};
    case ')':
        return {Kind::close, ")"};
    case '|':
        return {Kind::alternative, "|"};
    case '{':
        return repeat();
    default:
        return {Kind::repeat, Bytes(1, byte)};
    }
}

Token Reader::backslash() {
    char byte = take();
    if (byte >= '1' && byte <= '9') {
        if ((closed_ >> (byte - '0') & 1) == 0) {
            throw IllFormed();
        }
        return {Kind::backreference, "\\g{" + Bytes(1, byte) + "}"};
    }
    if (!options_.extended && std::strchr("(){|+?", byte) != nullptr) {
        return repeats_nothing() && (byte == '+' || byte == '?') ? byte_token(byte) : operators(byte);
    }
    switch (byte) {
    case 'w':
    case 'W':
    case 's':
    case 'S':
        return {Kind::escape, Bytes("\\") + byte};
    case 'b':
    case 'B':
        return {Kind::anchor, Bytes("\\") + byte};
    case '<':
        return {Kind::anchor, "\\b(?=\\w)"};
    case '>':
        return {Kind::anchor, "\\b(?<=\\w)"};
    case '`':
        return {Kind::anchor, "\\A"};
    case '\'':
        return {Kind::anchor, "\\z"};
    default:  // ignoring case looks for capitals, and leaves what is escaped as it is
        return options_.ignore_case && is_small(byte) ? Token{Kind::byte, "(?!)"} : byte_token(byte);
    }
}

Token Reader::plain(char byte) {
    bool extended = options_.extended;
    switch (byte) {
    case '.':
        return {Kind::any, options_.newlines ? "[^\\n]" : "[\\x00-\\xff]"};
    case '[':
        return set();
    case '^':
        return extended || begins_expression() ? begin_of_line() : byte_token(byte);
    case '$':
        return extended || ends_expression() ? end_of_line() : byte_token(byte);
    case '*':
        return !extended && repeats_nothing() ? byte_token(byte) : operators(byte);
    case ')':
        return extended && open_.size() > 1 ? operators(byte) : byte_token(byte);
    case '(':
    case '|':
    case '+':
    case '?':
    case '{':
        return extended ? operators(byte) : byte_token(byte);
    default:
        return byte_token(byte);
    }
}

Token Reader::next() {
    char byte = take();
    if (byte != '\\') {
        return plain(byte);
    }
    if (peek() == '\0') {
        throw IllFormed();
    }
    return backslash();
}

void Reader::close() {
    if (open_.size() == 1) {
        throw IllFormed();
    }
    Group group = open_.back();
    open_.pop_back();
    closed_ |= group.closed_in_others | (group.number <= 9 ? 1u << group.number : 0);
    atom_ = group.begins;
}

// A repetition of a repetition stands in a group, or PCRE2 would read it otherwise.
void Reader::put(const Token &token) {
    switch (token.kind) {
    case Kind::open:
        open_.push_back({out_.size(), ++groups_, closed_});
        break;
    case Kind::close:
        close();
        break;
    case Kind::alternative:
        open_.back().closed_in_others |= closed_;
        closed_ = open_.back().closed_before;
        break;
    case Kind::repeat:
        if (repeats_nothing() ||
            (!options_.extended && last_ == int(Kind::repeat) && std::strchr("*{", token.text[0]) != nullptr)) {
            throw IllFormed();
        }
        out_.insert(atom_, "(?:");
        out_ += ")";
        break;
    default:
        atom_ = out_.size();
        break;
    }
    out_ += token.text;
    last_ = int(token.kind);
}

Bytes Reader::read() {
    while (at_ < in_.size()) {
        put(next());
    }
    if (open_.size() > 1) {
        throw IllFormed();
    }
    return std::move(out_);
}

}  // namespace

std::optional<Bytes> pcre_of_posix(View pattern, PosixOptions options) {
    try {
        return Reader(pattern, options).read();
    } catch (const IllFormed &) {
        return std::nullopt;
    }
}

}  // namespace embedded
