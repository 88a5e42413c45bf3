// SPDX-License-Identifier: Apache-2.0
// Statistics and configuration as text: name=value;name=value…
#pragma once

#include "commands/server.hpp"

namespace embedded {

// Texts of info_names.hpp, with the values of now.
Bytes node_text(ClusterNode &node, View names);
Bytes namespace_text(const ClusterNode &node, Namespace &ns, View names);

// What a node has of a namespace: all its copies, or those that it is master of.
Namespace::Count held(const ClusterNode &node, Namespace &ns);
Namespace::Count mastered(const ClusterNode &node, Namespace &ns);

}  // namespace embedded
