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

// info_truncation.cpp
Bytes answer_truncate(Session &session, const InfoCommand &command);
Bytes answer_truncate_undo(Session &session, const InfoCommand &command);

// info_configuration.cpp
Bytes answer_get_config(Session &session, const InfoCommand &command);
Bytes answer_set_config(Session &session, const InfoCommand &command);
Bytes answer_get_stats(Session &session, const InfoCommand &command);
Bytes answer_histogram(Session &session, const InfoCommand &command);
Bytes answer_latencies(Session &session, const InfoCommand &command);

// info_modules.cpp
Bytes answer_udf_clear_cache(Session &session, const InfoCommand &command);
Bytes answer_udf_get(Session &session, const InfoCommand &command);
Bytes answer_udf_list(Session &session, const InfoCommand &command);
Bytes answer_udf_put(Session &session, const InfoCommand &command);
Bytes answer_udf_remove(Session &session, const InfoCommand &command);

// info_indexes.cpp
Bytes answer_sindex(Session &session, const InfoCommand &command);
Bytes answer_sindex_create(Session &session, const InfoCommand &command);
Bytes answer_sindex_delete(Session &session, const InfoCommand &command);
Bytes answer_sindex_exists(Session &session, const InfoCommand &command);
Bytes answer_sindex_stat(Session &session, const InfoCommand &command);

// info_jobs.cpp
Bytes answer_query_abort(Session &session, const InfoCommand &command);
Bytes answer_query_abort_all(Session &session, const InfoCommand &command);
Bytes answer_query_show(Session &session, const InfoCommand &command);

}  // namespace embedded
