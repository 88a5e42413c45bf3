// SPDX-License-Identifier: Apache-2.0
// From a pattern to the program that matches it, by way of a tree.
#include <algorithm>

#include "regex_set.hpp"

namespace embedded {

namespace regex {

namespace {

constexpr int kDepthMost = 200;  // groups within groups
constexpr size_t kInstructionsMost = 50'000;
constexpr size_t kRepeatMost = 10'000;
constexpr size_t kUnlimited = Points::npos;

enum class Mode : uint8_t { greedy, lazy, possessive };

struct Node {
    enum class Kind : uint8_t { leaf, sequence, choice, repeat, group, look, atomic } kind = Kind::sequence;
    Instruction leaf{};  // of a leaf; of a look and a group, what it is
    std::vector<Node> children;
    size_t least = 1, most = 1;  // of a repeat
    Mode mode = Mode::greedy;
};

Node parent(Node::Kind kind, Node child) {
    Node made;
    made.kind = kind;
    made.children.push_back(std::move(child));
    return made;
}

// ---- reading the pattern ----

class Parser {
  public:
    Parser(const Points &pattern, int64_t flags, Program &program)
        : source_{pattern}, flags_(flags), program_(program) {}

    bool parse(Node &root) { return choice(root, 0) && source_.ended() && most_reference_ < program_.groups; }

  private:
    bool choice(Node &node, int depth);
    bool sequence(Node &node, int depth);
    bool item(Node &node, int depth);
    bool quantified(Node &node);
    bool bounds(size_t &least, size_t &most, bool &is_quantifier);
    bool number(size_t &value);
    bool bracketed(Node &node, int depth);
    bool special_group(Node &node, int depth);
    bool named_group(Node &node, int depth);
    bool inner(Node &node, int depth);
    bool group_flags(Node &node, int depth);
    bool look(Node &node, uint32_t kind, int depth);
    bool escape(Node &node);
    bool letter_escape(Node &node, bool &known);
    bool reference(Node &node);
    bool name(Points &text);
    void line_break(Node &node);
    void skip_comments();

    Node leaf(Code code) const;
    Node character(char32_t point) const;
    Node set(Set made);

    Source source_;
    int64_t flags_;
    Program &program_;
    bool quotes_ = false;  // between \Q and \E
    size_t most_reference_ = 0;
};

Node Parser::leaf(Code code) const {
    Node node;
    node.kind = Node::Kind::leaf;
    node.leaf.code = code;
    node.leaf.flags = flags_;
    return node;
}

Node Parser::character(char32_t point) const {
    Node node = leaf(Code::character);
    node.leaf.point = (flags_ & ignore_case) != 0 ? folded(point) : point;
    return node;
}

Node Parser::set(Set made) {
    Node node = leaf(Code::set);
    node.leaf.a = static_cast<uint32_t>(program_.sets.size());
    program_.sets.push_back(std::move(made));
    return node;
}

bool Parser::choice(Node &node, int depth) {
    if (depth > kDepthMost) {
        return false;
    }
    node.kind = Node::Kind::choice;
    do {
        if (!sequence(node.children.emplace_back(), depth)) {
            return false;
        }
    } while (source_.take('|'));
    return true;
}

void Parser::skip_comments() {
    while ((flags_ & comments) != 0 && !source_.ended()) {
        if (is_white_space(source_.peek())) {
            source_.at++;
        } else if (source_.peek() == '#') {
            source_.at = std::min(source_.pattern.find('\n', source_.at), source_.pattern.size());
        } else {
            return;
        }
    }
}

bool Parser::sequence(Node &node, int depth) {
    for (;;) {
        if (quotes_ && source_.take(U"\\E")) {
            quotes_ = false;
        }
        if (!quotes_) {
            skip_comments();
            if (source_.take(U"\\Q")) {
                quotes_ = true;
                continue;
            }
        }
        if (source_.ended() || (!quotes_ && (source_.peek() == '|' || source_.peek() == ')'))) {
            return true;
        }
        Node &child = node.children.emplace_back();
        if (quotes_) {
            child = character(source_.pattern[source_.at++]);
            quotes_ = !source_.take(U"\\E");
        } else if (!item(child, depth)) {
            return false;
        }
        if (!quotes_ && !quantified(child)) {
            return false;
        }
    }
}

bool Parser::item(Node &node, int depth) {
    char32_t point = source_.pattern[source_.at++];
    switch (point) {
    case '(':
        return bracketed(node, depth + 1);
    case '[': {
        Set made;
        bool good = parse_set(source_, made);
        node = set(std::move(made));
        return good;
    }
    case '.':
        node = set(all_but_line_ends(flags_));
        return true;
    case '^':
        node = leaf((flags_ & multiline) != 0 ? Code::line_begin : Code::text_begin);
        return true;
    case '$':
        node = leaf((flags_ & multiline) != 0 ? Code::line_end : Code::text_end_or_last_line);
        return true;
    case '\\':
        return escape(node);
    case '*':
    case '+':
    case '?':
    case '{':
        return false;  // nothing to repeat
    default:
        node = character(point);
        return true;
    }
}

bool Parser::number(size_t &value) {
    size_t begin = source_.at;
    for (value = 0; source_.peek() >= '0' && source_.peek() <= '9' && value <= kRepeatMost; source_.at++) {
        value = value * 10 + (source_.peek() - '0');
    }
    return source_.at > begin && value <= kRepeatMost;
}

bool Parser::bounds(size_t &least, size_t &most, bool &is_quantifier) {
    is_quantifier = true;
    least = 0;
    most = kUnlimited;
    if (source_.take('*')) {
        return true;
    }
    if (source_.take('+')) {
        least = 1;
        return true;
    }
    if (source_.take('?')) {
        most = 1;
        return true;
    }
    if (!source_.take('{')) {
        is_quantifier = false;
        return true;
    }
    if (!number(least)) {
        return false;
    }
    most = least;
    if (source_.take(',')) {
        most = kUnlimited;
        if (source_.peek() != '}' && !number(most)) {
            return false;
        }
    }
    return source_.take('}') && least <= most;
}

bool Parser::quantified(Node &node) {
    for (;;) {
        skip_comments();
        size_t least, most;
        bool is_quantifier;
        if (!bounds(least, most, is_quantifier)) {
            return false;
        }
        if (!is_quantifier) {
            return true;
        }
        Node repeat = parent(Node::Kind::repeat, std::move(node));
        repeat.least = least;
        repeat.most = most;
        repeat.mode = source_.take('?') ? Mode::lazy : source_.take('+') ? Mode::possessive : Mode::greedy;
        node = std::move(repeat);
        if (source_.peek() == '*' || source_.peek() == '+' || source_.peek() == '?' || source_.peek() == '{') {
            return false;  // one quantifier is enough
        }
    }
}

// The rest of a group, its flags only its own.
bool Parser::inner(Node &node, int depth) {
    int64_t flags = flags_;
    bool good = choice(node, depth) && source_.take(')');
    flags_ = flags;
    return good;
}

bool Parser::bracketed(Node &node, int depth) {
    if (source_.take('?')) {
        return special_group(node, depth);
    }
    auto number = static_cast<uint32_t>(program_.groups++);
    Node body;
    bool good = inner(body, depth);
    node = parent(Node::Kind::group, std::move(body));
    node.leaf.a = number;
    return good;
}

bool Parser::look(Node &node, uint32_t kind, int depth) {
    Node body;
    bool good = inner(body, depth);
    node = parent(Node::Kind::look, std::move(body));
    node.leaf.a = kind;
    return good;
}

bool Parser::name(Points &text) {
    while (!source_.ended() && source_.peek() != '>') {
        text += source_.pattern[source_.at++];
    }
    return !text.empty() && source_.take('>');
}

bool Parser::named_group(Node &node, int depth) {
    Points text;
    if (!name(text) || !program_.names.emplace(text, program_.groups).second) {
        return false;
    }
    return bracketed(node, depth);
}

bool Parser::special_group(Node &node, int depth) {
    if (source_.take('#')) {
        size_t end = source_.pattern.find(')', source_.at);
        source_.at = end + 1;
        return end != Points::npos;
    }
    if (source_.take(':')) {
        return inner(node, depth);
    }
    if (source_.take('>')) {
        Node body;
        bool good = inner(body, depth);
        node = parent(Node::Kind::atomic, std::move(body));
        return good;
    }
    if (source_.take('=')) {
        return look(node, 0, depth);
    }
    if (source_.take('!')) {
        return look(node, negative, depth);
    }
    if (source_.take(U"<=")) {
        return look(node, behind, depth);
    }
    if (source_.take(U"<!")) {
        return look(node, behind | negative, depth);
    }
    return source_.take('<') ? named_group(node, depth) : group_flags(node, depth);
}

// (?i-m) for the rest of the group around it, (?i-m:…) for its own.
bool Parser::group_flags(Node &node, int depth) {
    constexpr struct {
        char32_t letter;
        int64_t flag;
    } kFlags[] = {{'i', ignore_case}, {'m', multiline}, {'s', dot_all}, {'x', comments}};
    int64_t flags = flags_;
    for (bool sets = true; !source_.ended();) {
        if (source_.take(')')) {
            flags_ = flags;
            return true;
        }
        if (source_.take(':')) {
            std::swap(flags, flags_);
            bool good = inner(node, depth);
            flags_ = flags;
            return good;
        }
        if (sets && source_.take('-')) {
            sets = false;
            continue;
        }
        const auto *row = std::find_if(std::begin(kFlags), std::end(kFlags),
                                       [&](const auto &entry) { return source_.take(entry.letter); });
        if (row == std::end(kFlags)) {
            return false;
        }
        flags = sets ? flags | row->flag : flags & ~row->flag;
    }
    return false;
}

// \R: a line's end, both characters of it where there are two.
void Parser::line_break(Node &node) {
    Node pair;
    for (char32_t point : {U'\r', U'\n'}) {
        Node &half = pair.children.emplace_back(leaf(Code::character));
        half.leaf.point = point;
    }
    Set ends = all_but_line_ends(0);
    ends.negated = false;
    Node either;
    either.kind = Node::Kind::choice;
    either.children.push_back(std::move(pair));
    either.children.push_back(set(std::move(ends)));
    node = parent(Node::Kind::atomic, std::move(either));
}

bool Parser::reference(Node &node) {
    node = leaf(Code::back_reference);
    size_t group = 0;
    if (source_.take('k')) {
        Points text;
        if (!source_.take('<') || !name(text)) {
            return false;
        }
        auto found = program_.names.find(text);
        if (found == program_.names.end()) {
            return false;
        }
        group = found->second;
    } else {
        group = source_.pattern[source_.at++] - '0';
        while (source_.peek() >= '0' && source_.peek() <= '9' && group * 10 + source_.peek() - '0' < program_.groups) {
            group = group * 10 + (source_.pattern[source_.at++] - '0');
        }
    }
    most_reference_ = std::max(most_reference_, group);
    node.leaf.a = static_cast<uint32_t>(group);
    return true;
}

bool Parser::letter_escape(Node &node, bool &known) {
    constexpr struct {
        char32_t letter;
        Code code;
    } kAssertions[] = {{'A', Code::text_begin},
                       {'Z', Code::text_end_or_last_line},
                       {'z', Code::text_end},
                       {'b', Code::word_edge},
                       {'B', Code::no_word_edge}};
    for (const auto &row : kAssertions) {
        if (source_.take(row.letter)) {
            node = leaf(row.code);
            return true;
        }
    }
    if (source_.take('R')) {
        line_break(node);
        return true;
    }
    if (source_.peek() == 'k' || (source_.peek() >= '1' && source_.peek() <= '9')) {
        return reference(node);
    }
    known = false;
    return true;
}

bool Parser::escape(Node &node) {
    bool known = true;
    if (!letter_escape(node, known)) {
        return false;
    }
    if (known) {
        return true;
    }
    Set escaped;
    std::optional<bool> is_class = parse_class(source_, escaped);
    if (!is_class) {
        return false;
    }
    if (*is_class) {
        node = set(std::move(escaped));
        return true;
    }
    char32_t point;
    bool good = parse_character(source_, point);
    node = good ? character(point) : Node();
    return good;
}

// ---- how long a match can be ----

struct Width {
    size_t least, most;
};

size_t sum(size_t a, size_t b) {
    return a == kUnlimited || b == kUnlimited ? kUnlimited : a + b;
}

size_t product(size_t a, size_t b) {
    return a == 0 || b == 0 ? 0 : a == kUnlimited || b == kUnlimited || a > kRepeatMost ? kUnlimited : a * b;
}

Width width(const Node &node) {
    Width all{0, 0};
    switch (node.kind) {
    case Node::Kind::leaf: {
        bool is_one = node.leaf.code == Code::character || node.leaf.code == Code::set;
        return is_one ? Width{1, 1} : Width{0, node.leaf.code == Code::back_reference ? kUnlimited : 0};
    }
    case Node::Kind::look:
        return all;
    case Node::Kind::choice:
        all.least = kUnlimited;
        for (const Node &child : node.children) {
            Width one = width(child);
            all = {std::min(all.least, one.least), std::max(all.most, one.most)};
        }
        return all;
    default:
        for (const Node &child : node.children) {
            Width one = width(child);
            all = {sum(all.least, one.least), sum(all.most, one.most)};
        }
        return {product(all.least, node.least), product(all.most, node.most)};
    }
}

// ---- writing the program ----

class Emitter {
  public:
    explicit Emitter(Program &program) : program_(program) { program_.slots = 2 * program_.groups; }

    bool emit_all(const Node &root) { return emit(root) && push(Code::done); }

  private:
    bool emit(const Node &node);
    bool emit_choice(const Node &node);
    bool emit_repeat(const Node &node);
    bool emit_loop(const Node &child, Mode mode);
    bool emit_group(const Node &node);
    bool emit_look(const Node &node);
    bool emit_atomic(const Node &node);

    bool push(Code code, uint32_t a = 0) {
        Instruction made;
        made.code = code;
        made.a = a;
        program_.instructions.push_back(made);
        return program_.instructions.size() < kInstructionsMost;
    }
    uint32_t here() const { return static_cast<uint32_t>(program_.instructions.size()); }
    Instruction &at(uint32_t place) { return program_.instructions[place]; }
    void fork(uint32_t place, uint32_t on, uint32_t out, Mode mode) {
        at(place).a = mode == Mode::lazy ? out : on;
        at(place).b = mode == Mode::lazy ? on : out;
    }

    Program &program_;
};

bool Emitter::emit(const Node &node) {
    switch (node.kind) {
    case Node::Kind::leaf:
        program_.instructions.push_back(node.leaf);
        return program_.instructions.size() < kInstructionsMost;
    case Node::Kind::sequence:
        return std::all_of(node.children.begin(), node.children.end(), [this](const Node &n) { return emit(n); });
    case Node::Kind::choice:
        return emit_choice(node);
    case Node::Kind::repeat:
        return emit_repeat(node);
    case Node::Kind::group:
        return emit_group(node);
    case Node::Kind::look:
        return emit_look(node);
    default:
        return emit_atomic(node);
    }
}

bool Emitter::emit_choice(const Node &node) {
    std::vector<uint32_t> exits;
    for (size_t i = 0; i < node.children.size(); i++) {
        bool last = i + 1 == node.children.size();
        uint32_t split = here();
        if (!last && !push(Code::split)) {
            return false;
        }
        if (!emit(node.children[i])) {
            return false;
        }
        if (last) {
            break;
        }
        exits.push_back(here());
        if (!push(Code::jump)) {
            return false;
        }
        fork(split, split + 1, here(), Mode::greedy);
    }
    for (uint32_t exit : exits) {
        at(exit).a = here();
    }
    return true;
}

// As often as it goes. A round that takes no character ends the loop.
bool Emitter::emit_loop(const Node &child, Mode mode) {
    bool may_be_empty = width(child).least == 0;
    uint32_t split = here();
    auto slot = static_cast<uint32_t>(program_.slots);
    program_.slots += may_be_empty;
    bool good = push(Code::split) && (!may_be_empty || push(Code::save, slot)) && emit(child) &&
                (!may_be_empty || push(Code::progress, slot)) && push(Code::jump, split);
    fork(split, split + 1, here(), mode);
    return good;
}

bool Emitter::emit_repeat(const Node &node) {
    if (node.mode == Mode::possessive) {
        Node greedy = node;
        greedy.mode = Mode::greedy;
        return emit_atomic(parent(Node::Kind::atomic, std::move(greedy)));
    }
    const Node &child = node.children.front();
    for (size_t i = 0; i < node.least; i++) {
        if (!emit(child)) {
            return false;
        }
    }
    if (node.most == kUnlimited) {
        return emit_loop(child, node.mode);
    }
    std::vector<uint32_t> splits;
    for (size_t i = node.least; i < node.most; i++) {
        splits.push_back(here());
        if (!push(Code::split) || !emit(child)) {
            return false;
        }
    }
    for (uint32_t split : splits) {
        fork(split, split + 1, here(), node.mode);
    }
    return true;
}

bool Emitter::emit_group(const Node &node) {
    return push(Code::save, 2 * node.leaf.a) && emit(node.children.front()) && push(Code::save, 2 * node.leaf.a + 1);
}

bool Emitter::emit_look(const Node &node) {
    uint32_t place = here();
    if (!push(Code::look, node.leaf.a)) {
        return false;
    }
    auto slot = static_cast<uint32_t>(program_.slots);
    if ((node.leaf.a & behind) != 0) {
        Width spans = width(node.children.front());
        if (spans.most == kUnlimited) {
            return false;
        }
        program_.slots++;
        at(place).point = slot;
        at(place).least = spans.least;
        at(place).most = spans.most;
    }
    bool good = emit(node.children.front()) && ((node.leaf.a & behind) == 0 || push(Code::at_slot, slot));
    good = good && push(Code::done);
    at(place).b = here();
    return good;
}

bool Emitter::emit_atomic(const Node &node) {
    uint32_t place = here();
    bool good = push(Code::atomic) && emit(node.children.front()) && push(Code::done);
    at(place).b = here();
    return good;
}

}  // namespace

std::unique_ptr<Program> compile(const Points &pattern, int64_t flags) {
    auto program = std::make_unique<Program>();
    Node root;
    if (!Parser(pattern, flags, *program).parse(root) || !Emitter(*program).emit_all(root)) {
        return nullptr;
    }
    return program;
}

}  // namespace regex

}  // namespace embedded
