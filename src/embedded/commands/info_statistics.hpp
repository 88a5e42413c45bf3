// SPDX-License-Identifier: Apache-2.0
// Statistics and configuration as text: name=value;name=value…
#pragma once

#include "commands/server.hpp"

namespace embedded {

// Texts of info_names.hpp, with the values of now.
Bytes node_text(ClusterNode &node, View names);
Bytes namespace_text(Namespace &ns, View names);

}  // namespace embedded
