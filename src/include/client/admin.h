// SPDX-License-Identifier: Apache-2.0
// Requests about users and roles.
#ifndef ADMIN_H
#define ADMIN_H

#include "client/command.h"

#include <aerospike/as_admin.h>

// What is asked, and what was answered.
typedef struct Admin {
    const char *name, *password;  // of a user, or the name of a role
    const char **roles, **whitelist;
    as_privilege **privileges;
    int roles_size, whitelist_size, privileges_size;
    int read_quota, write_quota;
    size_t size;  // of the request, at the most
    as_user *user, **users;
    as_role *role, **all_roles;
    int found;  // users, or roles, of all
} Admin;

// All arguments but the policy, by the names that the signature has: command->answer becomes an Admin. 0 or -1.
int admin_read(Command *command, PyObject *const *given);
void admin_release(Command *command);

#endif
