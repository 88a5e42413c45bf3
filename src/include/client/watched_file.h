// SPDX-License-Identifier: Apache-2.0
// A watched file of policies (config['config_provider']): what the C client is kept from there.
#ifndef WATCHED_FILE_H
#define WATCHED_FILE_H

#include <aerospike/aerospike.h>
#include <stdbool.h>

// What a handle goes back to when the file says nothing any more. The C client frees the same memory as the values that
// the file replaced, and reads it again; so it gets memory that is freed after the handle.
typedef struct Watched {
    as_vector *racks;
    char *app_id;
    as_vector *labels;
} Watched;

// Before aerospike_new, and after it. False: no memory.
bool watched_prepare(Watched *watched, as_config *config);
void watched_separate(Watched *watched, aerospike *as);
void watched_release(Watched *watched);

#endif
