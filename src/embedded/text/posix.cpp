// SPDX-License-Identifier: Apache-2.0
#include "text/posix.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace embedded {

namespace {

// One byte, whatever it means elsewhere.
void append_byte(Bytes &out, char byte) {
    char text[8];
    std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    out += text;
}

enum class Kind : uint8_t { byte, any, set, escape, anchor, open, close, alternative, repeat, backreference };

struct Token {
    Kind kind;
    Bytes text;  // in PCRE2's form
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
    void set_item(Bytes &out);
    char set_end();
    Token repeat();
    bool begins_expression() const { return last_ < 0 || last_ == int(Kind::open) || last_ == int(Kind::alternative); }
    bool repeats_nothing() const { return begins_expression() || last_ == int(Kind::anchor); }
    bool ends_expression() const;
    Token begin_of_line() const { return {Kind::anchor, options_.newlines ? "(?:\\A|(?<=\\n))" : "\\A"}; }
    Token end_of_line() const { return {Kind::anchor, options_.newlines ? "(?:\\z|(?=\\n))" : "\\z"}; }
    void put(const Token &token);

    View in_;
    size_t at_ = 0;
    PosixOptions options_;
    int last_ = -1;  // the kind of the last token
    int depth_ = 0;
    Bytes out_;
    std::vector<size_t> opened_;  // where groups begin
    size_t atom_ = 0;  // where the last atom begins, which a repetition is for
};

Token byte_token(char byte) {
    Token token{Kind::byte, {}};
    append_byte(token.text, byte);
    return token;
}

// A basic '$' is an anchor at the end only.
bool Reader::ends_expression() const {
    return peek() == '\0' || starts("\\)") || starts("\\|");
}

char Reader::set_end() {
    char byte = take();
    if (byte == '[' && (peek() == '.' || peek() == '=')) {  // [.x.], [=x=]
        byte = peek(1);
        at_ += 4;
    }
    return byte;
}

// A class, a byte, or a range of bytes.
void Reader::set_item(Bytes &out) {
    size_t end = starts("[:") ? in_.find(":]", at_) : View::npos;
    if (end != View::npos) {
        out += in_.substr(at_, end + 2 - at_);
        at_ = end + 2;
        return;
    }
    append_byte(out, set_end());
    if (peek() == '-' && peek(1) != ']') {
        at_++;
        out += '-';
        append_byte(out, set_end());
    }
}

Token Reader::set() {
    Token token{Kind::set, "["};
    if (peek() == '^') {
        at_++;
        token.text += options_.newlines ? "^\\n" : "^";
    }
    do {
        set_item(token.text);
    } while (peek() != ']' && peek() != '\0');  // the first one may be a member
    at_++;
    token.text += ']';
    return token;
}

// At what stands behind '{' or "\{".
Token Reader::repeat() {
    View end = options_.extended ? "}" : "\\}";
    size_t close = std::min(in_.find(end, at_), in_.size());
    Bytes counts(in_.substr(at_, close - at_));
    at_ = close + end.size();
    return {Kind::repeat, "{" + Bytes(counts.substr(0, 1) == "," ? "0" : "") + counts + "}"};
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
        return {Kind::backreference, "\\g{" + Bytes(1, byte) + "}"};
    }
    if (!options_.extended && std::strchr("(){|+?", byte) != nullptr) {
        return repeats_nothing() && std::strchr("{+?", byte) != nullptr ? byte_token(byte) : operators(byte);
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
    default:
        return byte_token(byte);
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
        return repeats_nothing() ? byte_token(byte) : operators(byte);
    case ')':
        return extended && depth_ > 0 ? operators(byte) : byte_token(byte);
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
    return byte == '\\' && peek() != '\0' ? backslash() : plain(byte);
}

// A repetition of a repetition stands in a group, or PCRE2 would read it otherwise.
void Reader::put(const Token &token) {
    switch (token.kind) {
    case Kind::open:
        opened_.push_back(out_.size());
        depth_++;
        break;
    case Kind::close:
        atom_ = opened_.empty() ? 0 : opened_.back();
        opened_.resize(opened_.empty() ? 0 : opened_.size() - 1);
        depth_--;
        break;
    case Kind::repeat:
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
    return std::move(out_);
}

}  // namespace

Bytes pcre_of_posix(View pattern, PosixOptions options) {
    return Reader(pattern, options).read();
}

}  // namespace embedded
