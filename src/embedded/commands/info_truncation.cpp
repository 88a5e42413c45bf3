// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "commands/info_commands.hpp"

namespace embedded {

namespace {

constexpr InfoArguments::Known kTruncated = {"namespace", {}, kNamespaceNameMost, 20};
constexpr InfoArguments::Known kTruncatedSet = {"set", {}, kSetNameMost, 4};
constexpr InfoArguments::Known kTruncatedUntil = {"lut", {}, 255, 4};

// Digits up to the first character that is none, as many as count.
uint64_t leading_number(View text) {
    constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
    uint64_t number = 0;
    for (char digit : text) {
        if (digit < '0' || digit > '9') {
            break;
        }
        auto one = static_cast<uint64_t>(digit - '0');
        number = number > (kMost - one) / 10 ? kMost : number * 10 + one;
    }
    return number;
}

// The time of a truncation in nanoseconds, now where none is given; or an error as the answer.
Bytes read_until(const InfoArguments &arguments, int64_t &until) {
    std::optional<View> lut;
    Bytes error = arguments.take(kTruncatedUntil, lut);
    until = now_nanoseconds() + 1;
    if (!error.empty() || !lut) {
        return error;
    }
    uint64_t given = leading_number(*lut);
    if (given < static_cast<uint64_t>(kEpoch * kSecond)) {
        return info_error(4, "would truncate to 0");
    }
    if (given >= static_cast<uint64_t>(until)) {
        return info_error(4, "would truncate in the future");
    }
    until = static_cast<int64_t>(given);
    return {};
}

}  // namespace

// Every argument is read before anything goes; a namespace or set that is not there has nothing to lose.
Bytes answer_truncate(Session &session, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    View name, set_name;
    int64_t until = 0;
    bool whole = command.name == "truncate-namespace";
    Bytes error = arguments.need(kTruncated, name);
    if (error.empty() && !whole) {
        error = arguments.need(kTruncatedSet, set_name);
    } else if (error.empty() && arguments.find(kTruncatedSet.name)) {
        error = info_error(4, "unexpected set name");
    }
    if (error.empty()) {
        error = read_until(arguments, until);
    }
    if (!error.empty()) {
        return error;
    }
    Namespace *ns = session.server.store.find(name);
    std::optional<uint16_t> set;
    if (ns != nullptr && (whole || (set = ns->set_find(set_name)))) {
        ns->truncate(set, until);
    }
    return "ok";
}

// A truncation takes effect at once: there is nothing left to call off.
Bytes answer_truncate_undo(Session &, const InfoCommand &command) {
    InfoArguments arguments = command.arguments();
    View name, set_name;
    Bytes error = arguments.need(kTruncated, name);
    if (error.empty() && command.name == "truncate-undo") {
        error = arguments.need(kTruncatedSet, set_name);
    }
    return error.empty() ? "ok" : error;
}

}  // namespace embedded
