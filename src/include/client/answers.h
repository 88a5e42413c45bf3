// SPDX-License-Identifier: Apache-2.0
// What nodes answer, looked over before the C client reads it. Each check says what is wrong, in a few words, NULL:
// nothing.
#ifndef ANSWERS_H
#define ANSWERS_H

#include "convert/msgpack.h"

#include <aerospike/as_error.h>
#include <aerospike/as_node.h>

// Of administration: a frame's head together with its own, and what stands before a field.
enum { ADMIN_HEAD = 24, ADMIN_FIELD_HEAD = 5 };

// Go over one part, which has its length of four bytes before it.
bool answer_part(Msgpack *in, Msgpack *part);

// A frame of one message, or of several.
const char *answer_check(const uint8_t *bytes, size_t size, bool several);
// The fields that come with a log-in's token.
const char *answer_check_login(Msgpack in, unsigned fields);
// Users or roles.
const char *answer_check_admin(Msgpack in);
// Lines of names and values, which end in a NUL behind `size` bytes.
const char *answer_check_info(const char *text, size_t size);

// The error of an answer in which something is wrong. Its code.
as_status answer_malformed(as_error *err, as_node *node, const char *wrong);

#endif
