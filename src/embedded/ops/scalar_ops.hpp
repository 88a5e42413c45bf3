// SPDX-License-Identifier: Apache-2.0
// The operations on whole bins: write, increment, append and prepend.
#pragma once

#include "store/bins.hpp"

namespace embedded {

Status write_bin(Bins &bins, const Op &op);
Status increment_bin(Bins &bins, const Op &op);
Status append_bin(Bins &bins, const Op &op);
Status prepend_bin(Bins &bins, const Op &op);

}  // namespace embedded
