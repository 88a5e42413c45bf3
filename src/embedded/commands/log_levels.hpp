// SPDX-License-Identifier: Apache-2.0
// What a server would log: a level for each of its contexts. They can be set; this one keeps no log.
#pragma once

#include <array>
#include <atomic>

#include "value/value.hpp"

namespace embedded {

class LogLevels {
  public:
    // The contexts, in a server's order.
    static constexpr View kContexts[] = {
        "misc",         "alloc",     "arenax",    "hardware",  "msg",          "os",           "secrets",
        "socket",       "tls",       "vault",     "vmapx",     "xmem",         "aggr",         "appeal",
        "as",           "audit",     "batch",     "batch-sub", "bin",          "config",       "clustering",
        "deprecation",  "drv-mem",   "drv_pmem",  "drv_ssd",   "exchange",     "exp",          "fabric",
        "flat",         "geo",       "hb",        "health",    "hlc",          "index",        "info",
        "info-command", "key-busy",  "migrate",   "mrt-audit", "mrt-monitor",  "namespace",    "nsup",
        "particle",     "partition", "proto",     "proxy",     "proxy-divert", "query",        "record",
        "roster",       "rw",        "rw-client", "security",  "service",      "service-list", "sindex",
        "skew",         "smd",       "storage",   "truncate",  "tsvc",         "udf",          "xdr",
        "xdr-client",   "masking",
    };

    LogLevels();
    Bytes text() const;

    // Of the context at this place. False: there is no such level.
    bool set(size_t context, View level);

  private:
    std::array<std::atomic<size_t>, std::size(kContexts)> levels_;
};

}  // namespace embedded
