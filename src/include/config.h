// SPDX-License-Identifier: Apache-2.0
// The client's configuration by table (tables/config.def).
#ifndef CONFIG_H
#define CONFIG_H

#include "settings.h"

#include <aerospike/as_config.h>

// To a node: the C client reckons the memory for them in 32 bits.
enum { CONNECTIONS_MOST = 1000000 };

// Read settings->config into *out and into the new settings themselves: policies, codec, switches. *out is initialised
// also on failure: as_config_destroy frees it, unless aerospike_new took it over. 0, or -1 with ParamError.
int config_read(Settings *settings, as_config *out);

// "127.0.0.1:3000, other:3000", for error texts.
void config_hosts_text(const as_config *config, char *text, size_t size);

#endif
