// SPDX-License-Identifier: Apache-2.0
// A POSIX regular expression in the form of PCRE2.
#pragma once

#include <optional>

#include "value/value.hpp"

namespace embedded {

struct PosixOptions {
    bool extended, ignore_case;
    bool newlines;  // does '.' stop at newlines, and does '^' match behind them?
};

// nullopt: not one that glibc's regcomp() takes, in the C locale.
std::optional<Bytes> pcre_of_posix(View pattern, PosixOptions options);

}  // namespace embedded
