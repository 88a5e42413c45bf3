// SPDX-License-Identifier: Apache-2.0
// What kind of command a request is.
#pragma once

#include <array>

#include "wire/protocol.hpp"

namespace embedded {

enum class Kind : uint8_t { read, write, udf, batch, query, background, info, admin };

// By their place in Kind.
constexpr std::array<const char *, 8> kKindNames = {"read",  "write",      "udf",  "batch",
                                                    "query", "background", "info", "admin"};
constexpr size_t kKinds = kKindNames.size();

// Of a message; the others are told by their frames.
Kind kind_of(const Request &request);

}  // namespace embedded
