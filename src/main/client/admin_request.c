// SPDX-License-Identifier: Apache-2.0
// The C client writes each request to a buffer of a fixed size without a look at its end, so that what it would not
// hold is refused here.
#include "client/admin.h"
#include "fields.h"

#include <aerospike/as_command.h>

enum {
    ENTRIES_MOST = 255,  // of a list: a byte of the request counts them
    REQUEST_MOST = AS_STACK_BUF_SIZE,
    REQUEST_HEADER = 24,
    FIELD_HEADER = 5,
    QUOTAS_SIZE = 2 * (FIELD_HEADER + 4),
};

// ---- texts and numbers ----

// A text that goes into a request, of so many bytes at the most, as the C client's structs have room.
static const char *text_read(Command *command, const char *what, PyObject *value, size_t most)
{
    State *state = command_state(command);
    const char *text = text_from_py(state, what, value);
    if (text == NULL || keep_object(&command->keep, value) < 0) {
        return NULL;
    }
    size_t size = strlen(text);
    if (size > most) {
        error_param(state, "%s must be at most %zu bytes, not %zu", what, most, size);
        return NULL;
    }
    ((Admin *)command->answer)->size += FIELD_HEADER + size;
    return text;
}

static int read_name(Command *command, const char *what, PyObject *value)
{
    Admin *admin = command->answer;
    admin->name = text_read(command, what, value, AS_USER_SIZE - 1);
    return admin->name == NULL ? -1 : 0;
}

// It is a hash of this that goes into the request.
static int read_password(Command *command, const char *what, PyObject *value)
{
    Admin *admin = command->answer;
    admin->password = text_read(command, what, value, AS_PASSWORD_SIZE - 1);
    admin->size += 2 * (size_t)(FIELD_HEADER + AS_PASSWORD_HASH_SIZE);
    return admin->password == NULL ? -1 : 0;
}

// The entries of a list as a tuple, which is kept: the list may change meanwhile. NULL with an exception.
static PyObject *entries_read(Command *command, const char *what, const char *expected, PyObject *list)
{
    State *state = command_state(command);
    if (!PyList_Check(list)) {
        error_type(state, what, expected, list);
        return NULL;
    }
    PyObject *entries = keep_new(&command->keep, PyList_AsTuple(list));
    if (entries != NULL && PyTuple_GET_SIZE(entries) > ENTRIES_MOST) {
        error_param(state, "%s must have at most %d entries, not %zd", what, ENTRIES_MOST, PyTuple_GET_SIZE(entries));
        return NULL;
    }
    return entries;
}

// Zeroed room for so many, and one more, which the command keeps. NULL with MemoryError.
static void *room_for(Command *command, Py_ssize_t count, size_t size)
{
    void *room = PyMem_Calloc((size_t)count + 1, size);
    if (room == NULL) {
        return PyErr_NoMemory();
    }
    return keep_block(&command->keep, room) < 0 ? NULL : room;
}

static int read_texts(Command *command, const char *what, PyObject *list, size_t most, const char ***out, int *size)
{
    PyObject *entries = entries_read(command, what, "a list of str", list);
    const char **texts = entries == NULL ? NULL : room_for(command, PyTuple_GET_SIZE(entries), sizeof *texts);
    if (texts == NULL) {
        return -1;
    }
    for (int i = 0; i < PyTuple_GET_SIZE(entries); i++) {
        char entry[64];
        snprintf(entry, sizeof entry, "%s[%d]", what, i);
        texts[i] = text_read(command, entry, PyTuple_GET_ITEM(entries, i), most);
        if (texts[i] == NULL) {
            return -1;
        }
    }
    *out = texts;
    *size = (int)PyTuple_GET_SIZE(entries);
    return 0;
}

static int read_roles(Command *command, const char *what, PyObject *value)
{
    Admin *admin = command->answer;
    return read_texts(command, what, value, AS_ROLE_SIZE - 1, &admin->roles, &admin->roles_size);
}

// Commas part addresses on the wire.
static int read_whitelist(Command *command, const char *what, PyObject *value)
{
    Admin *admin = command->answer;
    if (value == Py_None) {
        return 0;
    }
    if (read_texts(command, what, value, REQUEST_MOST, &admin->whitelist, &admin->whitelist_size) < 0) {
        return -1;
    }
    for (int i = 0; i < admin->whitelist_size; i++) {
        if (admin->whitelist[i][0] == '\0' || strchr(admin->whitelist[i], ',') != NULL) {
            return error_param(command_state(command), "%s[%d] must be one address, or a range such as '10.1.2.0/24'",
                               what, i);
        }
    }
    return 0;
}

static int quota_read(Command *command, const char *what, PyObject *value, int *quota)
{
    int64_t number;
    if (integer_from_py(command_state(command), value, what, 0, INT32_MAX, &number) < 0) {
        return -1;
    }
    *quota = (int)number;
    return 0;
}

static int read_read_quota(Command *command, const char *what, PyObject *value)
{
    return quota_read(command, what, value, &((Admin *)command->answer)->read_quota);
}

static int read_write_quota(Command *command, const char *what, PyObject *value)
{
    return quota_read(command, what, value, &((Admin *)command->answer)->write_quota);
}

// ---- privileges ----

static int read_scope(const FieldsCall *call, const Field *field, PyObject *value, const char *what)
{
    const char *text = text_read(call->context, what, value, (size_t)field->most);
    if (text == NULL) {
        return -1;
    }
    strcpy((char *)call->out + field->place, text);
    return 0;
}

static int read_privilege(Command *command, const char *what, PyObject *dict, as_privilege *out)
{
    static const Field rows[] = {{.key = "code",
                                  .kind = FIELD_ENUM,
                                  .place = FIELD_PLACE(as_privilege, code, ENUM),
                                  .least = 0,
                                  .most = UINT8_MAX},
                                 {.key = "ns",
                                  .kind = FIELD_OTHER,
                                  .optional = true,
                                  .place = offsetof(as_privilege, ns),
                                  .most = AS_NAMESPACE_MAX_SIZE - 1},
                                 {.key = "set",
                                  .kind = FIELD_OTHER,
                                  .optional = true,
                                  .place = offsetof(as_privilege, set),
                                  .most = AS_SET_MAX_SIZE - 1},
                                 FIELDS_END};
    static const Fields fields = {.id = FIELDS_PRIVILEGE, .kind = "privilege", .rows = rows, .read = read_scope};
    State *state = command_state(command);
    FieldsCall call = {state, what, "'", "'", command->codec.validate_keys, true, out, command};
    uint32_t found;
    if (!PyDict_Check(dict)) {
        return error_type(state, what, "a dict with 'code' and, where it is of a namespace, 'ns' and 'set'", dict);
    }
    if (fields_look_up(&call, &fields, dict, 0, &found) < 0) {
        return error_prefix(state, "%s", what);
    }
    if (out->ns[0] == '\0' && out->set[0] != '\0') {
        return error_param(state, "%s has a set of no namespace: 'ns' is missing", what);
    }
    if (out->ns[0] != '\0' && out->code < AS_PRIVILEGE_READ) {
        return error_param(state, "%s is one of the whole cluster, and has no 'ns'", what);
    }
    ((Admin *)command->answer)->size += FIELD_HEADER;
    return 0;
}

static int read_privileges(Command *command, const char *what, PyObject *list)
{
    Admin *admin = command->answer;
    PyObject *entries = entries_read(command, what, "a list of privileges", list);
    Py_ssize_t count = entries == NULL ? 0 : PyTuple_GET_SIZE(entries);
    as_privilege *made = entries == NULL ? NULL : room_for(command, count, sizeof *made);
    admin->privileges = made == NULL ? NULL : room_for(command, count, sizeof *admin->privileges);
    if (admin->privileges == NULL) {
        return -1;
    }
    for (int i = 0; i < count; i++) {
        char entry[24];
        snprintf(entry, sizeof entry, "%s[%d]", what, i);
        admin->privileges[i] = &made[i];
        if (read_privilege(command, entry, PyTuple_GET_ITEM(entries, i), &made[i]) < 0) {
            return -1;
        }
    }
    admin->privileges_size = (int)count;
    return 0;
}

// ---- all arguments, by their names ----

typedef struct Argument {
    const char *name;
    int (*read)(Command *command, const char *what, PyObject *value);
} Argument;

static const Argument arguments[] = {
    {"username", read_name},
    {"user", read_name},
    {"role", read_name},
    {"password", read_password},
    {"roles", read_roles},
    {"privileges", read_privileges},
    {"whitelist", read_whitelist},
    {"read_quota", read_read_quota},
    {"write_quota", read_write_quota},
};

static int argument_read(Command *command, const char *name, PyObject *value)
{
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
        if (strcmp(arguments[i].name, name) == 0) {
            return arguments[i].read(command, name, value);
        }
    }
    return 0;  // the policy, which was read before
}

int admin_read(Command *command, PyObject *const *given)
{
    const Signature *signature = &command->kind->signature;
    Admin *admin = command->answer = PyMem_Calloc(1, sizeof *admin);
    if (admin == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    admin->size = REQUEST_HEADER + FIELD_HEADER + QUOTAS_SIZE;
    for (int i = 0; signature->names[i] != NULL; i++) {
        if (given[i] != NULL && argument_read(command, signature->names[i], given[i]) < 0) {
            return -1;
        }
    }
    if (admin->size > REQUEST_MOST) {
        return error_param(command_state(command),
                           "the arguments of %s() are too large together: %zu bytes, of which the C client takes %d",
                           signature->method, admin->size, REQUEST_MOST);
    }
    return 0;
}

void admin_release(Command *command)
{
    Admin *admin = command->answer;
    if (admin == NULL) {
        return;
    }
    if (admin->user != NULL) {
        as_user_destroy(admin->user);
    }
    if (admin->users != NULL) {
        as_users_destroy(admin->users, admin->found);
    }
    if (admin->role != NULL) {
        as_role_destroy(admin->role);
    }
    if (admin->all_roles != NULL) {
        as_roles_destroy(admin->all_roles, admin->found);
    }
    PyMem_Free(admin);
}
