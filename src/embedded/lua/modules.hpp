// SPDX-License-Identifier: Apache-2.0
// The modules that were registered. A set of them never changes: each change makes another one.
#pragma once

#include <map>
#include <memory>

#include "value/value.hpp"

namespace embedded {

struct Module {
    Bytes source;
    Bytes hash;  // in hexadecimal digits
};

using Modules = std::map<Bytes, Module>;  // by file name
using ModulesPointer = std::shared_ptr<const Modules>;

Module make_module(View file, View source);

// The file of the module that a request or a script names; null where there is none.
const Modules::value_type *find_module(const Modules &modules, View name);

}  // namespace embedded
