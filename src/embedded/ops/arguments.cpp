// SPDX-License-Identifier: Apache-2.0
#include "ops/arguments.hpp"

namespace embedded {

namespace {

bool fits(char letter, const Value &value) {
    switch (letter) {
    case 'i':
        return value.is(Type::integer);
    case 'b':
        return value.is(Type::blob);
    case 'l':
        return value.is(Type::list);
    case 's':
        return value.is(Type::string);
    case 't':
        return value.is(Type::boolean) || value.is(Type::integer);
    default:
        return letter == 'v';
    }
}

}  // namespace

bool arguments_fit(View signature, const List &payload) {
    size_t place = 1, needed = signature.find('|');
    if (needed == View::npos) {
        needed = signature.size();
    }
    for (char letter : signature) {
        if (letter == '|') {
            continue;
        }
        if (place == payload.items.size()) {
            break;
        }
        if (!fits(letter, payload.items[place++])) {
            return false;
        }
    }
    return place == payload.items.size() && place > needed;
}

bool are_nested(const Value &payload) {
    constexpr int64_t kInContext = 0xff;
    if (!payload.is(Type::list)) {
        return false;
    }
    const auto &items = payload.list().items;
    return items.size() == 3 && items[0].is(Type::integer) && items[0].integer() == kInContext &&
           items[1].is(Type::list);
}

int64_t integer_at(const List &payload, size_t place, int64_t otherwise) {
    return place < payload.items.size() ? payload.items[place].integer() : otherwise;
}

bool truth_at(const List &payload, size_t place) {
    const Value &value = payload.items[place];
    return value.is(Type::boolean) ? value.boolean() : value.integer() != 0;
}

}  // namespace embedded
