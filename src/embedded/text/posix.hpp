// SPDX-License-Identifier: Apache-2.0
// A POSIX regular expression in the form of PCRE2.
#pragma once

#include "value/value.hpp"

namespace embedded {

struct PosixOptions {
    bool extended, newlines;  // does '.' stop at newlines, and does '^' match behind them?
};

// `pattern` is one that regcomp() takes.
Bytes pcre_of_posix(View pattern, PosixOptions options);

}  // namespace embedded
