// SPDX-License-Identifier: Apache-2.0
// Statistics and configuration as text: name=value;name=value…
#pragma once

#include "commands/server.hpp"

namespace embedded {

Bytes server_statistics(Server &server);
Bytes namespace_statistics(Namespace &ns);  // its configuration stands behind
Bytes service_configuration(Server &server);
Bytes namespace_configuration(Namespace &ns);

constexpr char kClusterKey[] = "BEC46A4BD22A";

}  // namespace embedded
