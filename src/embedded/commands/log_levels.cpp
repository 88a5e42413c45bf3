// SPDX-License-Identifier: Apache-2.0
#include "commands/log_levels.hpp"

#include <strings.h>

#include <algorithm>

namespace embedded {

namespace {

constexpr View kLevels[] = {"CRITICAL", "WARNING", "INFO", "DEBUG", "DETAIL"};
constexpr size_t kInfo = 2;

}  // namespace

LogLevels::LogLevels() {
    for (auto &level : levels_) {
        level = kInfo;
    }
}

Bytes LogLevels::text() const {
    Bytes out;
    for (size_t context = 0; context < levels_.size(); context++) {
        out.append(out.empty() ? "" : ";").append(kContexts[context]).append(":").append(kLevels[levels_[context]]);
    }
    return out;
}

bool LogLevels::set(size_t context, View level) {
    auto found = std::find_if(std::begin(kLevels), std::end(kLevels), [level](View name) {
        return name.size() == level.size() && strncasecmp(name.data(), level.data(), name.size()) == 0;
    });
    if (found == std::end(kLevels)) {
        return false;
    }
    levels_[context] = static_cast<size_t>(found - std::begin(kLevels));
    return true;
}

}  // namespace embedded
