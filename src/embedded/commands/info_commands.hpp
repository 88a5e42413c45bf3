// SPDX-License-Identifier: Apache-2.0
// What the files of info commands share: a command as it came, and the functions that answer.
#pragma once

#include "commands/info_arguments.hpp"
#include "commands/server.hpp"

namespace embedded {

struct InfoCommand {
    View name;  // up to the first ':', '/' or ';'
    View rest;

    InfoArguments arguments() const { return InfoArguments(rest); }
};

// Of a namespace that is not here.
Bytes no_namespace();

// info_truncation.cpp
Bytes answer_truncate(Server &server, const InfoCommand &command);
Bytes answer_truncate_undo(Server &server, const InfoCommand &command);

// info_configuration.cpp
Bytes answer_get_config(Server &server, const InfoCommand &command);
Bytes answer_set_config(Server &server, const InfoCommand &command);
Bytes answer_get_stats(Server &server, const InfoCommand &command);
Bytes answer_histogram(Server &server, const InfoCommand &command);
Bytes answer_latencies(Server &server, const InfoCommand &command);

// info_absent.cpp
Bytes answer_sindex(Server &server, const InfoCommand &command);
Bytes answer_sindex_create(Server &server, const InfoCommand &command);
Bytes answer_sindex_delete(Server &server, const InfoCommand &command);
Bytes answer_sindex_exists(Server &server, const InfoCommand &command);
Bytes answer_sindex_stat(Server &server, const InfoCommand &command);
Bytes answer_udf_get(Server &server, const InfoCommand &command);
Bytes answer_udf_put(Server &server, const InfoCommand &command);
Bytes answer_udf_remove(Server &server, const InfoCommand &command);
Bytes answer_query_abort(Server &server, const InfoCommand &command);
Bytes answer_query_show(Server &server, const InfoCommand &command);

}  // namespace embedded
