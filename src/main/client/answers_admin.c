// SPDX-License-Identifier: Apache-2.0
// Users, roles and log-ins as nodes tell them. Each is some fields, and what the C client copies of a field it copies
// by the field's length or by counts within it, without a look at where the answer ends.
#include "client/answers.h"

#include <aerospike/as_admin.h>
#include <aerospike/as_command.h>

enum { ENTRY_HEAD = 16, ENTRY_RESULT = 1, ENTRY_FIELDS = 3 };
enum { FIELD_USER = 0, FIELD_TOKEN = 5, FIELD_TTL = 6, FIELD_ROLES = 10, FIELD_ROLE = 11, FIELD_PRIVILEGES = 12 };
enum { FIELD_READ_QUOTA = 14, FIELD_WRITE_QUOTA, FIELD_READ_INFO, FIELD_WRITE_INFO, FIELD_CONNECTIONS, FIELD_COUNT };
// What is sent with a token when a connection is opened: a head, the user, and the lengths of both.
enum { AUTHENTICATION = ADMIN_HEAD + ADMIN_FIELD_HEAD + AS_USER_SIZE + ADMIN_FIELD_HEAD };

static bool byte_take(Msgpack *in, unsigned *out)
{
    uint64_t number = 0;
    bool taken = msgpack_number(in, 1, &number);
    *out = (unsigned)number;
    return taken;
}

// Texts with a length of one byte.
static bool texts_take(Msgpack *in, unsigned count)
{
    unsigned size;
    for (; count > 0; count--) {
        if (!byte_take(in, &size) || size > msgpack_left(in)) {
            return false;
        }
        in->at += size;
    }
    return true;
}

static bool privileges_take(Msgpack *in, unsigned count)
{
    unsigned code;
    for (; count > 0; count--) {
        if (!byte_take(in, &code) || (code >= AS_PRIVILEGE_READ && !texts_take(in, 2))) {
            return false;
        }
    }
    return true;
}

// The C client goes on behind the last item, wherever the field ends: so it must end there.
static const char *items_check(unsigned id, Msgpack in)
{
    unsigned count;
    bool taken = byte_take(&in, &count);
    if (id == FIELD_ROLES) {
        return taken && texts_take(&in, count) && in.at == in.end ? NULL : "the length of roles";
    }
    if (id == FIELD_PRIVILEGES) {
        return taken && privileges_take(&in, count) && in.at == in.end ? NULL : "the length of privileges";
    }
    return taken && msgpack_left(&in) == count * sizeof(uint32_t) ? NULL : "the length of statistics";
}

static const char *field_check(unsigned id, Msgpack in)
{
    switch (id) {
    case FIELD_ROLES:
    case FIELD_PRIVILEGES:
    case FIELD_READ_INFO:
    case FIELD_WRITE_INFO:
        return items_check(id, in);
    case FIELD_TTL:
    case FIELD_READ_QUOTA:
    case FIELD_WRITE_QUOTA:
    case FIELD_CONNECTIONS:
        return msgpack_left(&in) >= sizeof(uint32_t) ? NULL : "a number's length";
    case FIELD_TOKEN:
        return msgpack_left(&in) > 0 && msgpack_left(&in) <= AS_STACK_BUF_SIZE - AUTHENTICATION ? NULL
                                                                                                : "a token's length";
    default:
        return NULL;
    }
}

// Each field once: the C client would lose what it made of the first.
static const char *fields_check(Msgpack *in, unsigned count)
{
    Msgpack part;
    unsigned id;
    uint32_t seen = 0;
    for (const char *wrong; count > 0; count--) {
        if (!answer_part(in, &part) || !byte_take(&part, &id)) {
            return "a field's length";
        }
        if ((wrong = field_check(id, part)) != NULL) {
            return wrong;
        }
        uint32_t bit = id < FIELD_COUNT ? UINT32_C(1) << id : 0;
        if ((seen & bit) != 0) {
            return "a field that is there twice";
        }
        seen |= bit;
    }
    return NULL;
}

const char *answer_check_login(Msgpack in, unsigned fields)
{
    return fields_check(&in, fields);
}

const char *answer_check_admin(Msgpack in)
{
    const char *wrong = NULL;
    while (wrong == NULL && in.at < in.end) {
        const uint8_t *head = in.at;
        if (msgpack_left(&in) < ENTRY_HEAD) {
            return "a head's length";
        }
        if (head[ENTRY_RESULT] != AEROSPIKE_OK) {
            return NULL;  // where the C client ends
        }
        in.at += ENTRY_HEAD;
        wrong = fields_check(&in, head[ENTRY_FIELDS]);
    }
    return wrong;
}
