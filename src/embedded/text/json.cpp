// SPDX-License-Identifier: Apache-2.0
#include "text/json.hpp"

#include <cctype>
#include <cmath>
#include <locale>
#include <sstream>

namespace embedded {

namespace {
constexpr int kMaxJsonDepth = 64;
}

class JsonParser {
  public:
    explicit JsonParser(View text) : in_(text) {}

    bool parse(Json &out) {
        if (!value(out, 0)) {
            return false;
        }
        skip_space();
        return in_.empty();
    }

  private:
    void skip_space() {
        size_t count = in_.find_first_not_of(" \t\r\n");
        in_.remove_prefix(count == View::npos ? in_.size() : count);
    }

    bool take(char c) {
        skip_space();
        if (in_.empty() || in_.front() != c) {
            return false;
        }
        in_.remove_prefix(1);
        return true;
    }

    bool take_word(View word) {
        if (in_.substr(0, word.size()) != word) {
            return false;
        }
        in_.remove_prefix(word.size());
        return true;
    }

    bool value(Json &out, int depth) {
        skip_space();
        if (in_.empty() || depth > kMaxJsonDepth) {
            return false;
        }
        switch (in_.front()) {
        case '{':
            return object(out, depth);
        case '[':
            return array(out, depth);
        case '"':
            return string(out.data_.emplace<Bytes>());
        case 't':
            return take_word("true");
        case 'f':
            return take_word("false");
        case 'n':
            return take_word("null");
        default:
            return number(out);
        }
    }

    bool array(Json &out, int depth) {
        auto &items = out.data_.emplace<std::vector<Json>>();
        if (!take('[')) {
            return false;
        }
        if (take(']')) {
            return true;
        }
        do {
            if (!value(items.emplace_back(), depth + 1)) {
                return false;
            }
        } while (take(','));
        return take(']');
    }

    bool object(Json &out, int depth) {
        auto &members = out.data_.emplace<std::vector<Json::Member>>();
        if (!take('{')) {
            return false;
        }
        if (take('}')) {
            return true;
        }
        do {
            skip_space();
            auto &member = members.emplace_back();
            if (!string(member.first) || !take(':') || !value(member.second, depth + 1)) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    bool string(Bytes &out) {
        if (!take('"')) {
            return false;
        }
        while (!in_.empty()) {
            char c = in_.front();
            in_.remove_prefix(1);
            if (c == '"') {
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20) {
                return false;
            }
            if (c != '\\') {
                out.push_back(c);
            } else if (!escape(out)) {
                return false;
            }
        }
        return false;
    }

    bool escape(Bytes &out) {
        if (in_.empty()) {
            return false;
        }
        char c = in_.front();
        in_.remove_prefix(1);
        if (c == 'u') {
            return code_point(out);
        }
        size_t index = View("\"\\/bfnrt").find(c);
        if (index == View::npos) {
            return false;
        }
        out.push_back("\"\\/\b\f\n\r\t"[index]);
        return true;
    }

    bool hex4(uint32_t &out) {
        if (in_.size() < 4) {
            return false;
        }
        out = 0;
        for (char c : in_.substr(0, 4)) {
            if (!std::isxdigit(static_cast<unsigned char>(c))) {
                return false;
            }
            out = out * 16 + uint32_t(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        in_.remove_prefix(4);
        return true;
    }

    bool code_point(Bytes &out) {
        uint32_t c, low;
        if (!hex4(c) || (c >= 0xDC00 && c < 0xE000)) {
            return false;
        }
        if (c >= 0xD800 && c < 0xDC00) {
            if (!take_word("\\u") || !hex4(low) || low < 0xDC00 || low >= 0xE000) {
                return false;
            }
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        }
        if (c < 0x80) {
            out.push_back(char(c));
            return true;
        }
        int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;  // bytes that follow the first
        out.push_back(char((0xFF00 >> (more + 1) & 0xFF) | c >> 6 * more));
        while (more-- > 0) {
            out.push_back(char(0x80 | (c >> 6 * more & 0x3F)));
        }
        return true;
    }

    size_t digits(size_t from) const {
        size_t end = from;
        while (end < in_.size() && std::isdigit(static_cast<unsigned char>(in_[end]))) {
            end++;
        }
        return end;
    }

    bool number(Json &out) {
        size_t first = in_.front() == '-' ? 1 : 0;
        size_t end = digits(first);
        if (end == first || (in_[first] == '0' && end - first > 1)) {
            return false;
        }
        if (end < in_.size() && in_[end] == '.') {
            size_t fraction = end + 1;
            if ((end = digits(fraction)) == fraction) {
                return false;
            }
        }
        if (end < in_.size() && (in_[end] | 0x20) == 'e') {
            size_t exponent = end + 1;
            if (exponent < in_.size() && (in_[exponent] == '+' || in_[exponent] == '-')) {
                exponent++;
            }
            if ((end = digits(exponent)) == exponent) {
                return false;
            }
        }
        std::istringstream text{Bytes(in_.substr(0, end))};
        text.imbue(std::locale::classic());  // the program's locale may write a comma for the point
        double parsed;
        if (!(text >> parsed) || !std::isfinite(parsed)) {
            return false;
        }
        out.data_ = parsed;
        in_.remove_prefix(end);
        return true;
    }

    View in_;
};

bool Json::parse(View text, Json &out) {
    return JsonParser(text).parse(out);
}

const Json *Json::find(View name) const {
    auto members = std::get_if<std::vector<Member>>(&data_);
    if (members == nullptr) {
        return nullptr;
    }
    for (auto member = members->rbegin(); member != members->rend(); ++member) {
        if (member->first == name) {
            return &member->second;
        }
    }
    return nullptr;
}

}  // namespace embedded
