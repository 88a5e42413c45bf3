// SPDX-License-Identifier: Apache-2.0
#include "commands/info_arguments.hpp"

#include <algorithm>

namespace embedded {

Bytes info_error(int code, View text) {
    return "ERROR:" + std::to_string(code) + ":" + Bytes(text);
}

Bytes no_namespace() {
    return info_error(20, "namespace not found on node");
}

std::optional<View> InfoArguments::find(View name) const {
    View left = text_;
    while (!left.empty()) {
        View one = left.substr(0, left.find(';'));
        left.remove_prefix(std::min(left.size(), one.size() + 1));
        size_t equals = one.find('=');
        if (equals != View::npos && one.substr(0, equals) == name) {
            return one.substr(equals + 1);
        }
    }
    return std::nullopt;
}

Bytes InfoArguments::take(const Known &known, std::optional<View> &out) const {
    Bytes quoted = "'" + Bytes(known.name) + "'";
    out = find(known.name);
    if (!out && !known.other_name.empty()) {
        out = find(known.other_name);
    }
    if (out && out->empty()) {
        return info_error(known.code, "missing " + quoted + " value");
    }
    if (out && out->size() > known.most) {
        return info_error(known.code, quoted + " value too long");
    }
    return {};
}

Bytes InfoArguments::need(const Known &known, View &out) const {
    std::optional<View> found;
    Bytes error = take(known, found);
    if (!error.empty()) {
        return error;
    }
    if (!found) {
        return info_error(known.code, "missing '" + Bytes(known.name) + "'");
    }
    out = *found;
    return {};
}

}  // namespace embedded
