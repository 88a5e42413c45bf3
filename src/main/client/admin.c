// SPDX-License-Identifier: Apache-2.0
// Users, roles, privileges, quotas and whitelists.
#include "client/admin.h"
#include "client/doc.h"

#include <aerospike/as_cluster.h>
#include <aerospike/as_password.h>

// ---- rows ----

// The C client's call of a kind of command; in it are `admin`, `err`, `policy` and `as`.
#define RUN(kind, call)                                                                                                \
    static as_status kind##_run(Command *command, aerospike *as)                                                       \
    {                                                                                                                  \
        Admin *admin = command->answer;                                                                                \
        as_error *err = &command->err;                                                                                 \
        const as_policy_admin *policy = &command->policy.admin;                                                        \
        return call;                                                                                                   \
    }

#define ADMIN(kind, needed, runs, gives, ...)                                                                          \
    static const CommandKind kind##_command = {.signature = {#kind, needed, {__VA_ARGS__}},                            \
                                               .policy = POLICY_KIND_ADMIN,                                            \
                                               .read = admin_read,                                                     \
                                               .run = runs,                                                            \
                                               .give = gives,                                                          \
                                               .release = admin_release};                                              \
    COMMAND(kind)

// A change, which gives 0.
#define CHANGE(kind, needed, ...) ADMIN(kind, needed, kind##_run, command_give_zero, __VA_ARGS__)

// clang-format off: it would lay out texts
#define USER_DOC(name) ":param str " name ": the user's name, of at most 63 bytes.\n"
#define PASSWORD_DOC ":param str password: at most 63 bytes; what is sent is a hash of it.\n"
#define ROLES_DOC ":param list roles: names of roles, each of at most 63 bytes.\n"
#define ROLE_DOC ":param str role: the role's name, of at most 63 bytes.\n"
#define PRIVILEGES_DOC \
    ":param list privileges: ``[{'code': PRIV_*, 'ns': namespace, 'set': set}]``; without ``set`` one of a whole\n" \
    "    namespace, without ``ns`` one of the whole cluster.\n"
#define QUOTAS_DOC \
    ":param int read_quota: reads a second, of each node; 0: no limit.\n" \
    ":param int write_quota: writes a second, of each node; 0: no limit.\n"
#define WHITELIST_DOC \
    ":param list whitelist: addresses that users of the role may connect from, ``'10.1.2.3'`` or ``'10.1.2.0/24'``;\n" \
    "    None, or an empty one: from everywhere.\n"
#define RAISES_DOC \
    ":raises ParamError: an argument is not valid; nothing was sent.\n" \
    ":raises RoleViolation: the client's user is not allowed to.\n" \
    ":raises SecurityNotSupported: the server is of the Community Edition.\n"
#define NO_USER_DOC ":raises InvalidUser: there is no such user.\n"
#define NO_ROLE_DOC ":raises InvalidRole: there is no such role.\n"
// clang-format on

// ---- users ----

DOC(client_admin_create_user,
    "admin_create_user($self, username, password, roles, policy=None)\n--\n\n"
    "Make a user, who logs in by a password.\n\n"
    USER_DOC("username")
    PASSWORD_DOC
    ROLES_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    ":raises UserExistsError: there is such a user.\n"
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_create_user,
    aerospike_create_user(as, err, policy, admin->name, admin->password, admin->roles, admin->roles_size))
CHANGE(admin_create_user, 3, "username", "password", "roles", "policy")

DOC(client_admin_create_pki_user,
    "admin_create_pki_user($self, username, roles, policy=None)\n--\n\n"
    "Make a user who logs in by the certificate of TLS, and by no password. Needs server version 8.1.\n\n"
    USER_DOC("username")
    ROLES_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    ":raises ClientError: the server is older.\n"
    ":raises UserExistsError: there is such a user.\n"
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_create_pki_user, aerospike_create_pki_user(as, err, policy, admin->name, admin->roles, admin->roles_size))
CHANGE(admin_create_pki_user, 2, "username", "roles", "policy")

DOC(client_admin_drop_user,
    "admin_drop_user($self, username, policy=None)\n--\n\n"
    "Remove a user.\n\n"
    USER_DOC("username")
    POLICY_DOC("admin")
    ":return: 0.\n"
    NO_USER_DOC
    RAISES_DOC);

RUN(admin_drop_user, aerospike_drop_user(as, err, policy, admin->name))
CHANGE(admin_drop_user, 1, "username", "policy")

DOC(client_admin_grant_roles,
    "admin_grant_roles($self, username, roles, policy=None)\n--\n\n"
    "Give roles to a user, beside those that it has.\n\n"
    USER_DOC("username")
    ROLES_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    NO_USER_DOC
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_grant_roles, aerospike_grant_roles(as, err, policy, admin->name, admin->roles, admin->roles_size))
CHANGE(admin_grant_roles, 2, "username", "roles", "policy")

DOC(client_admin_revoke_roles,
    "admin_revoke_roles($self, username, roles, policy=None)\n--\n\n"
    "Take roles from a user.\n\n"
    USER_DOC("username")
    ROLES_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    NO_USER_DOC
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_revoke_roles, aerospike_revoke_roles(as, err, policy, admin->name, admin->roles, admin->roles_size))
CHANGE(admin_revoke_roles, 2, "username", "roles", "policy")

// ---- passwords ----

// The C client logs in by the new password from now on, where it is of its own user; so must handles that come later,
// of connect() and of child processes.
static PyObject *password_give(Command *command)
{
    const Admin *admin = command->answer;
    return client_store_password(command->client, admin->name, admin->password) < 0 ? NULL : PyLong_FromLong(0);
}

DOC(client_admin_change_password,
    "admin_change_password($self, username, password, policy=None)\n--\n\n"
    "Change the password of the client's own user. The client goes on with the new one.\n\n"
    USER_DOC("username")
    PASSWORD_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    ":raises ForbiddenPassword: the user logs in by a certificate.\n"
    NO_USER_DOC
    RAISES_DOC);

static as_status admin_change_password_run(Command *command, aerospike *as)
{
    const Admin *admin = command->answer;
    as_error *err = &command->err;
    if (as->cluster->password_hash == NULL) {
        return as_error_update(err, AEROSPIKE_ERR_PARAM,
                               "the client has logged in by no password that could be changed");
    }
    return aerospike_change_password(as, err, &command->policy.admin, admin->name, admin->password);
}

ADMIN(admin_change_password, 2, admin_change_password_run, password_give, "username", "password", "policy")

DOC(client_admin_set_password,
    "admin_set_password($self, username, password, policy=None)\n--\n\n"
    "Set the password of a user, as an administrator of users. The client goes on with that of its own user.\n\n"
    USER_DOC("username")
    PASSWORD_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    ":raises ForbiddenPassword: the user logs in by a certificate.\n"
    NO_USER_DOC
    RAISES_DOC);

RUN(admin_set_password, aerospike_set_password(as, err, policy, admin->name, admin->password))
ADMIN(admin_set_password, 2, admin_set_password_run, password_give, "username", "password", "policy")

// ---- roles ----

DOC(client_admin_create_role,
    "admin_create_role($self, role, privileges, policy=None, whitelist=None, read_quota=0, write_quota=0)\n--\n\n"
    "Make a role.\n\n"
    ROLE_DOC
    PRIVILEGES_DOC
    POLICY_DOC("admin")
    WHITELIST_DOC
    QUOTAS_DOC
    ":return: 0.\n"
    ":raises RoleExistsError: there is such a role.\n"
    ":raises InvalidPrivilege: the server does not know the privilege.\n"
    ":raises InvalidWhitelist: an address is none.\n"
    ":raises QuotasNotEnabled: the server is configured to know no quotas.\n"
    RAISES_DOC);

RUN(admin_create_role,
    aerospike_create_role_quotas(as, err, policy, admin->name, admin->privileges, admin->privileges_size,
                                 admin->whitelist, admin->whitelist_size, admin->read_quota, admin->write_quota))
CHANGE(admin_create_role, 2, "role", "privileges", "policy", "whitelist", "read_quota", "write_quota")

DOC(client_admin_drop_role,
    "admin_drop_role($self, role, policy=None)\n--\n\n"
    "Remove a role; its users lose it.\n\n"
    ROLE_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_drop_role, aerospike_drop_role(as, err, policy, admin->name))
CHANGE(admin_drop_role, 1, "role", "policy")

DOC(client_admin_grant_privileges,
    "admin_grant_privileges($self, role, privileges, policy=None)\n--\n\n"
    "Add privileges to a role.\n\n"
    ROLE_DOC
    PRIVILEGES_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    ":raises InvalidPrivilege: the server does not know the privilege.\n"
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_grant_privileges,
    aerospike_grant_privileges(as, err, policy, admin->name, admin->privileges, admin->privileges_size))
CHANGE(admin_grant_privileges, 2, "role", "privileges", "policy")

DOC(client_admin_revoke_privileges,
    "admin_revoke_privileges($self, role, privileges, policy=None)\n--\n\n"
    "Take privileges from a role.\n\n"
    ROLE_DOC
    PRIVILEGES_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    ":raises InvalidPrivilege: the server does not know the privilege.\n"
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_revoke_privileges,
    aerospike_revoke_privileges(as, err, policy, admin->name, admin->privileges, admin->privileges_size))
CHANGE(admin_revoke_privileges, 2, "role", "privileges", "policy")

DOC(client_admin_set_whitelist,
    "admin_set_whitelist($self, role, whitelist, policy=None)\n--\n\n"
    "Say from where the users of a role may connect.\n\n"
    ROLE_DOC
    WHITELIST_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    ":raises InvalidWhitelist: an address is none.\n"
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_set_whitelist, aerospike_set_whitelist(as, err, policy, admin->name, admin->whitelist, admin->whitelist_size))
CHANGE(admin_set_whitelist, 2, "role", "whitelist", "policy")

DOC(client_admin_set_quotas,
    "admin_set_quotas($self, role, read_quota=0, write_quota=0, policy=None)\n--\n\n"
    "Say how much the users of a role may read and write. Both are set: one that is left out is 0.\n\n"
    ROLE_DOC
    QUOTAS_DOC
    POLICY_DOC("admin")
    ":return: 0.\n"
    ":raises QuotasNotEnabled: the server is configured to know no quotas.\n"
    NO_ROLE_DOC
    RAISES_DOC);

RUN(admin_set_quotas, aerospike_set_quotas(as, err, policy, admin->name, admin->read_quota, admin->write_quota))
CHANGE(admin_set_quotas, 1, "role", "read_quota", "write_quota", "policy")

// ---- what users are ----

static PyObject *name_to_str(const char *name)
{
    return PyUnicode_DecodeUTF8(name, (Py_ssize_t)strlen(name), "replace");
}

// A list of `size` objects, each of which `make` makes of one of them.
static PyObject *list_of(const void *of, int size, PyObject *(*make)(const void *of, int place))
{
    PyObject *list = PyList_New(size);
    for (int i = 0; list != NULL && i < size; i++) {
        PyObject *entry = make(of, i);
        if (entry == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, i, entry);
        }
    }
    return list;
}

static PyObject *user_role(const void *user, int place)
{
    return name_to_str(((const as_user *)user)->roles[place]);
}

static PyObject *statistic(const void *numbers, int place)
{
    return PyLong_FromUnsignedLong(((const uint32_t *)numbers)[place]);
}

// An older server tells none.
static PyObject *statistics(const uint32_t *numbers, int size)
{
    return size == 0 ? Py_NewRef(Py_None) : list_of(numbers, size, statistic);
}

static PyObject *user_to_py(const as_user *user)
{
    return Py_BuildValue("{sNsNsisN}", "read_info", statistics(user->read_info, user->read_info_size), "write_info",
                         statistics(user->write_info, user->write_info_size), "conns_in_use", user->conns_in_use,
                         "roles", list_of(user, user->roles_size, user_role));
}

// clang-format off
#define USER_SHAPE_DOC \
    "``{'roles': [name], 'read_info': [int], 'write_info': [int], 'conns_in_use': int}``"
#define INFO_DOC \
    "    ``read_info`` and ``write_info`` are None where the server does not tell, and else: the quota, single\n" \
    "    records a second, records of scans and queries a second, and how many of these run without a limit.\n"
// clang-format on

DOC(client_admin_query_user_info,
    "admin_query_user_info($self, user, policy=None)\n--\n\n"
    "What is known of a user.\n\n"
    USER_DOC("user")
    POLICY_DOC("admin")
    ":return: " USER_SHAPE_DOC ".\n"
    INFO_DOC
    NO_USER_DOC
    RAISES_DOC);

// A server may answer that all is well, and tell of nobody.
static as_status query_user_run(Command *command, aerospike *as)
{
    Admin *admin = command->answer;
    as_status status = aerospike_query_user(as, &command->err, &command->policy.admin, admin->name, &admin->user);
    if (status != AEROSPIKE_OK || admin->user != NULL) {
        return status;
    }
    return as_error_update(&command->err, AEROSPIKE_INVALID_USER, "there is no user '%s'", admin->name);
}

static PyObject *user_give(Command *command)
{
    return user_to_py(((Admin *)command->answer)->user);
}

ADMIN(admin_query_user_info, 1, query_user_run, user_give, "user", "policy")

DOC(client_admin_query_users_info,
    "admin_query_users_info($self, policy=None)\n--\n\n"
    "What is known of all users.\n\n"
    POLICY_DOC("admin")
    ":return: ``{name: user}``, a user as admin_query_user_info() tells it.\n"
    RAISES_DOC);

RUN(query_users, aerospike_query_users(as, err, policy, &admin->users, &admin->found))

// Put a value, which is given away, into a dict. 0 or -1.
static int put_new(PyObject *dict, const char *name, PyObject *value)
{
    PyObject *key = value == NULL ? NULL : name_to_str(name);
    int result = key == NULL ? -1 : PyDict_SetItem(dict, key, value);
    Py_XDECREF(key);
    Py_XDECREF(value);
    return result;
}

static PyObject *users_give(Command *command)
{
    const Admin *admin = command->answer;
    PyObject *users = PyDict_New();
    for (int i = 0; users != NULL && i < admin->found; i++) {
        if (put_new(users, admin->users[i]->name, user_to_py(admin->users[i])) < 0) {
            Py_CLEAR(users);
        }
    }
    return users;
}

ADMIN(admin_query_users_info, 0, query_users_run, users_give, "policy")

// ---- what roles are ----

static PyObject *privilege_to_py(const void *role, int place)
{
    const as_privilege *privilege = &((const as_role *)role)->privileges[place];
    return Py_BuildValue("{sisNsN}", "code", (int)privilege->code, "ns", name_to_str(privilege->ns), "set",
                         name_to_str(privilege->set));
}

static PyObject *privileges_to_py(const as_role *role)
{
    return list_of(role, role->privileges_size, privilege_to_py);
}

static PyObject *address_to_py(const void *role, int place)
{
    return name_to_str(((const as_role *)role)->whitelist[place]);
}

static PyObject *role_to_py(const as_role *role)
{
    return Py_BuildValue("{sNsNsIsI}", "privileges", privileges_to_py(role), "whitelist",
                         list_of(role, role->whitelist_size, address_to_py), "read_quota", (unsigned)role->read_quota,
                         "write_quota", (unsigned)role->write_quota);
}

#define PRIVILEGES_SHAPE_DOC "``[{'code': PRIV_*, 'ns': str, 'set': str}]``, empty names where it has no such limit"

static as_status query_role_run(Command *command, aerospike *as)
{
    Admin *admin = command->answer;
    as_status status = aerospike_query_role(as, &command->err, &command->policy.admin, admin->name, &admin->role);
    if (status != AEROSPIKE_OK || admin->role != NULL) {
        return status;
    }
    return as_error_update(&command->err, AEROSPIKE_INVALID_ROLE, "there is no role '%s'", admin->name);
}

RUN(query_roles, aerospike_query_roles(as, err, policy, &admin->all_roles, &admin->found))

static PyObject *roles_of(const Admin *admin, PyObject *(*make)(const as_role *role))
{
    PyObject *roles = PyDict_New();
    for (int i = 0; roles != NULL && i < admin->found; i++) {
        if (put_new(roles, admin->all_roles[i]->name, make(admin->all_roles[i])) < 0) {
            Py_CLEAR(roles);
        }
    }
    return roles;
}

DOC(client_admin_get_role,
    "admin_get_role($self, role, policy=None)\n--\n\n"
    "What a role is.\n\n"
    ROLE_DOC
    POLICY_DOC("admin")
    ":return: ``{'privileges': list, 'whitelist': [address], 'read_quota': int, 'write_quota': int}``, where a\n"
    "    privilege is as admin_query_role() tells it, and a quota of 0 no limit.\n"
    NO_ROLE_DOC
    RAISES_DOC);

static PyObject *role_give(Command *command)
{
    return role_to_py(((Admin *)command->answer)->role);
}

ADMIN(admin_get_role, 1, query_role_run, role_give, "role", "policy")

DOC(client_admin_get_roles,
    "admin_get_roles($self, policy=None)\n--\n\n"
    "What all roles are.\n\n"
    POLICY_DOC("admin")
    ":return: ``{name: role}``, a role as admin_get_role() tells it.\n"
    RAISES_DOC);

static PyObject *roles_give(Command *command)
{
    return roles_of(command->answer, role_to_py);
}

ADMIN(admin_get_roles, 0, query_roles_run, roles_give, "policy")

DOC(client_admin_query_role,
    "admin_query_role($self, role, policy=None)\n--\n\n"
    "The privileges of a role.\n\n"
    ROLE_DOC
    POLICY_DOC("admin")
    ":return: " PRIVILEGES_SHAPE_DOC ".\n"
    NO_ROLE_DOC
    RAISES_DOC);

static PyObject *role_privileges_give(Command *command)
{
    return privileges_to_py(((Admin *)command->answer)->role);
}

ADMIN(admin_query_role, 1, query_role_run, role_privileges_give, "role", "policy")

DOC(client_admin_query_roles,
    "admin_query_roles($self, policy=None)\n--\n\n"
    "The privileges of all roles.\n\n"
    POLICY_DOC("admin")
    ":return: ``{name: privileges}``, as admin_query_role() tells them.\n"
    RAISES_DOC);

static PyObject *roles_privileges_give(Command *command)
{
    return roles_of(command->answer, privileges_to_py);
}

ADMIN(admin_query_roles, 0, query_roles_run, roles_privileges_give, "policy")

// ---- for the embedded server, which knows of passwords what the C client sends ----

DOC(module_password_hash, "_password_hash($module, password, /)\n--\n\nThe hash of a password, as it is sent.");

static PyObject *module_password_hash(PyObject *module, PyObject *password)
{
    const char *text = text_from_py(state_of_module(module), "a password", password);
    if (text == NULL) {
        return NULL;
    }
    char hash[AS_PASSWORD_HASH_SIZE];
    bool made;
    Py_BEGIN_ALLOW_THREADS
    made = as_password_get_constant_hash(text, hash);
    Py_END_ALLOW_THREADS
    if (!made) {
        error_set(state_of_module(module), AEROSPIKE_ERR_CLIENT, "a password cannot be hashed");
        return NULL;
    }
    return PyUnicode_FromString(hash);
}

static PyMethodDef functions[] = {
    {"_password_hash", module_password_hash, METH_O, module_password_hash_doc},
    {NULL, NULL, 0, NULL},
};

int admin_init(PyObject *module, State *state)
{
    (void)state;
    return PyModule_AddFunctions(module, functions);
}

PyMethodDef client_admin_methods[] = {
    METHOD("admin_create_user", client_admin_create_user),
    METHOD("admin_create_pki_user", client_admin_create_pki_user),
    METHOD("admin_drop_user", client_admin_drop_user),
    METHOD("admin_grant_roles", client_admin_grant_roles),
    METHOD("admin_revoke_roles", client_admin_revoke_roles),
    METHOD("admin_change_password", client_admin_change_password),
    METHOD("admin_set_password", client_admin_set_password),
    METHOD("admin_query_user_info", client_admin_query_user_info),
    METHOD("admin_query_users_info", client_admin_query_users_info),
    METHOD("admin_create_role", client_admin_create_role),
    METHOD("admin_drop_role", client_admin_drop_role),
    METHOD("admin_grant_privileges", client_admin_grant_privileges),
    METHOD("admin_revoke_privileges", client_admin_revoke_privileges),
    METHOD("admin_set_whitelist", client_admin_set_whitelist),
    METHOD("admin_set_quotas", client_admin_set_quotas),
    METHOD("admin_get_role", client_admin_get_role),
    METHOD("admin_get_roles", client_admin_get_roles),
    METHOD("admin_query_role", client_admin_query_role),
    METHOD("admin_query_roles", client_admin_query_roles),
    {NULL, NULL, 0, NULL},
};
