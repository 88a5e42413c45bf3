// SPDX-License-Identifier: Apache-2.0
// Base64 with the standard alphabet and padding.
#pragma once

#include "value/value.hpp"

namespace embedded {

Bytes base64_encode(View bytes);

// False: not base64, its length no multiple of four included.
bool base64_decode(View text, Bytes &out);

}  // namespace embedded
