// SPDX-License-Identifier: Apache-2.0
#include "policy.h"

#include "errors.h"

#include "operate.h"

typedef struct Field {
    const char *key;
    const char *successor;  // of an alias
    FieldKind kind;
    size_t offset;
    int64_t least, most;
} Field;

// One function a kind, so that FIELD knows the struct its rows belong to.
#define POLICY(name, type, member)                                                                                     \
    static const Field *name##_fields(void)                                                                            \
    {                                                                                                                  \
        typedef type Policy;                                                                                           \
        static const Field rows[] = {
#define FIELD(key, member, kind, least, most) {key, NULL, FIELD_##kind, offsetof(Policy, member), least, most},
#define ALIAS(old, key) {old, key, FIELD_ALIAS, 0, 0, 0},
#define END                                                                                                            \
    {NULL, NULL, FIELD_ALIAS, 0, 0, 0}                                                                                 \
    }                                                                                                                  \
    ;                                                                                                                  \
    return rows;                                                                                                       \
    }
#include "tables/policies.def"
#undef POLICY
#undef FIELD
#undef ALIAS
#undef END

static const struct {
    const char *name;
    size_t offset;  // of the defaults in as_policies
    size_t size;
    const Field *(*fields)(void);
} kinds[] = {
#define POLICY(name, type, member)                                                                                     \
    [POLICY_KIND_##name] = {#member, offsetof(as_policies, member), sizeof(type), name##_fields},
#define FIELD(key, member, kind, least, most)
#define ALIAS(old, key)
#define END
#include "tables/policies.def"
#undef POLICY
#undef FIELD
#undef ALIAS
#undef END
};

_Static_assert(sizeof kinds / sizeof *kinds == POLICY_KIND_COUNT, "a row of policies.def for every PolicyKind");
_Static_assert(sizeof(as_policy_key) == sizeof(int32_t), "ENUM fields are read and written as 32 bits");

// ---- keys ----

static const Field *field_find(State *state, PolicyKind kind, PyObject *key)
{
    const Field *fields = kinds[kind].fields();
    PyObject *names = PyTuple_GET_ITEM(state->policy_keys, kind);
    Py_ssize_t count = PyTuple_GET_SIZE(names);
    for (Py_ssize_t i = 0; i < count; i++) {  // keys in programs are literals, and those are interned
        if (PyTuple_GET_ITEM(names, i) == key) {
            return &fields[i];
        }
    }
    for (Py_ssize_t i = 0; PyUnicode_Check(key) && i < count; i++) {
        if (PyUnicode_Compare(PyTuple_GET_ITEM(names, i), key) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

static PyObject *nearest_name(PyObject *key, PyObject *valid_names)
{
    PyObject *difflib = PyImport_ImportModule("difflib");
    PyObject *found = difflib == NULL || !PyUnicode_Check(key)
                          ? NULL
                          : PyObject_CallMethod(difflib, "get_close_matches", "OOi", key, valid_names, 1);
    Py_XDECREF(difflib);
    PyObject *nearest = NULL;
    if (found != NULL && PyList_Check(found) && PyList_GET_SIZE(found) > 0) {
        nearest = Py_NewRef(PyList_GET_ITEM(found, 0));
    }
    Py_XDECREF(found);
    return nearest;
}

int key_unknown(State *state, const char *what, PyObject *key, PyObject *valid_names, bool strict)
{
    PyObject *nearest = nearest_name(key, valid_names);
    if (nearest == NULL && PyErr_Occurred()) {
        return -1;
    }
    PyObject *text = nearest == NULL ? PyUnicode_FromFormat("%s has no key %R; valid are %R", what, key, valid_names)
                                     : PyUnicode_FromFormat("%s has no key %R; did you mean %R?", what, key, nearest);
    Py_XDECREF(nearest);
    if (text == NULL) {
        return -1;
    }
    int result = strict ? error_param(state, "%U", text) : warn_user(PyExc_UserWarning, "%U", text);
    Py_DECREF(text);
    return result;
}

// ---- values ----

static int filter_from_py(const Settings *settings, PyObject *value, as_exp **slot, PolicyOwned *owned)
{
    as_exp *filter = expression_from_py(&settings->codec, value, "policy key 'expressions'");
    if (filter == NULL) {
        return -1;
    }
    if (owned->filter != NULL) {
        as_exp_destroy(owned->filter);
    }
    *slot = owned->filter = filter;
    return 0;
}

// The default filter of a kind: checked now, kept as it is.
static int filter_default(const Settings *settings, PolicyKind kind, PyObject *value, PyObject **filters)
{
    if (value == Py_None) {
        return 0;
    }
    as_exp *filter = expression_from_py(&settings->codec, value, "policy key 'expressions'");
    if (filter == NULL) {
        return -1;
    }
    as_exp_destroy(filter);
    if (*filters == NULL && (*filters = PyDict_New()) == NULL) {
        return -1;
    }
    PyObject *number = PyLong_FromLong(kind);
    int result = number == NULL ? -1 : PyDict_SetItem(*filters, number, value);
    Py_XDECREF(number);
    return result;
}

static int filter_from_default(const Settings *settings, PolicyKind kind, void *policy, PolicyOwned *owned)
{
    PyObject *number = PyLong_FromLong(kind);
    PyObject *value = number == NULL ? NULL : PyDict_GetItemWithError(settings->filters, number);
    Py_XDECREF(number);
    if (value == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    const Field *field = kinds[kind].fields();
    while (field->kind != FIELD_FILTER) {
        field++;
    }
    Py_INCREF(value);
    int result = filter_from_py(settings, value, (as_exp **)((char *)policy + field->offset), owned);
    Py_DECREF(value);
    return result;
}

static void field_store(const Field *field, void *slot, int64_t number)
{
    switch (field->kind) {
    case FIELD_U8:
        *(uint8_t *)slot = (uint8_t)number;
        break;
    case FIELD_U16:
        *(uint16_t *)slot = (uint16_t)number;
        break;
    case FIELD_U64:
        *(uint64_t *)slot = (uint64_t)number;
        break;
    case FIELD_FLAG:
        *(bool *)slot = number != 0;
        break;
    default:
        *(uint32_t *)slot = (uint32_t)number;
        break;
    }
}

// Of a default, `owned` is NULL: it has no filter (filter_default) and no transaction.
static int field_from_py(const Settings *settings, PolicyKind kind, const Field *field, PyObject *value, void *policy,
                         PolicyOwned *owned)
{
    State *state = settings->state;
    void *slot = (char *)policy + field->offset;
    if (value == Py_None || field->kind == FIELD_PLAN) {
        return 0;
    }
    if (field->kind == FIELD_FILTER) {
        return filter_from_py(settings, value, slot, owned);
    }
    if (field->kind == FIELD_TXN) {
        return error_param(state, "policy key '%s' cannot be %R here", field->key, value);
    }
    char what[96];
    if (owned != NULL) {
        snprintf(what, sizeof what, "policy key '%s'", field->key);
    } else {
        snprintf(what, sizeof what, "config['policies']['%s']['%s']", kinds[kind].name, field->key);
    }
    int64_t number;
    if (field->kind == FIELD_TTL) {
        return ttl_from_py(state, value, what, slot);
    }
    if (integer_from_py(state, value, what, field->least, field->most, &number) < 0) {
        return -1;
    }
    field_store(field, slot, number);
    return 0;
}

static const Field *alias_resolve(PolicyKind kind, const Field *alias)
{
    for (const Field *field = kinds[kind].fields(); field->key != NULL; field++) {
        if (strcmp(field->key, alias->successor) == 0) {
            return field;
        }
    }
    return NULL;  // a row of policies.def names a key that its kind has not: policy_init refuses to load
}

// Of a call, what the policy owns goes to `owned`; of the defaults, filters go to `filters`. The other is NULL.
static int entry_from_py(const Settings *settings, PolicyKind kind, PyObject *key, PyObject *value, void *policy,
                         PolicyOwned *owned, PyObject **filters)
{
    const Field *field = field_find(settings->state, kind, key);
    if (field == NULL) {
        char what[48];
        snprintf(what, sizeof what, "the %s policy", kinds[kind].name);
        return key_unknown(settings->state, what, key, PyTuple_GET_ITEM(settings->state->policy_keys, kind),
                           settings->codec.validate_keys);
    }
    if (field->kind == FIELD_ALIAS) {
        if (warn_user(PyExc_DeprecationWarning, "policy key '%s' is deprecated, use '%s'", field->key,
                      field->successor) < 0) {
            return -1;
        }
        field = alias_resolve(kind, field);
    }
    if (field->kind == FIELD_FILTER && filters != NULL) {
        return filter_default(settings, kind, value, filters);
    }
    return field_from_py(settings, kind, field, value, policy, owned);
}

static int dict_from_py(const Settings *settings, PolicyKind kind, PyObject *policy, void *out, PolicyOwned *owned,
                        PyObject **filters)
{
    if (!PyDict_Check(policy)) {
        char what[64];
        snprintf(what, sizeof what, "config['policies']['%s']", kinds[kind].name);
        return error_type(settings->state, owned != NULL ? "policy" : what, "a dict", policy);
    }
    PyObject *key, *value;
    Py_ssize_t position = 0;
    int result = 0;
    // a warning's handler may run Python code that changes the dict: hold what is used
    while (result == 0 && PyDict_Next(policy, &position, &key, &value)) {
        Py_INCREF(key);
        Py_INCREF(value);
        result = entry_from_py(settings, kind, key, value, out, owned, filters);
        Py_DECREF(key);
        Py_DECREF(value);
    }
    return result;
}

// ---- the room's doors ----

int policy_from_py(const Settings *settings, PolicyKind kind, PyObject *policy, void *out, PolicyOwned *owned)
{
    memcpy(out, (const char *)&settings->policies + kinds[kind].offset, kinds[kind].size);
    if (policy != NULL && policy != Py_None && dict_from_py(settings, kind, policy, out, owned, NULL) < 0) {
        return -1;
    }
    return settings->filters == NULL || owned->filter != NULL ? 0 : filter_from_default(settings, kind, out, owned);
}

void policy_release(PolicyOwned *owned)
{
    if (owned->filter != NULL) {
        as_exp_destroy(owned->filter);
        owned->filter = NULL;
    }
}

int policy_default_from_py(Settings *settings, PolicyKind kind, PyObject *policy)
{
    return dict_from_py(settings, kind, policy, (char *)&settings->policies + kinds[kind].offset, NULL,
                        &settings->filters);
}

int policy_flat_default(Settings *settings, PyObject *key, PyObject *value)
{
    int found = 0;
    for (int kind = 0; kind < POLICY_KIND_COUNT; kind++) {
        const Field *field = field_find(settings->state, kind, key);
        if (field == NULL || kind == POLICY_KIND_INFO || kind == POLICY_KIND_ADMIN) {
            continue;
        }
        // it was meant for put() when operate() had no such key: CREATE would let no increment succeed twice
        if (kind == POLICY_KIND_OPERATE && strcmp(field->key, "exists") == 0) {
            continue;
        }
        if (entry_from_py(settings, kind, key, value, (char *)&settings->policies + kinds[kind].offset, NULL,
                          &settings->filters) < 0) {
            return -1;
        }
        found = 1;
    }
    return found;
}

const char *policy_name(PolicyKind kind)
{
    return kinds[kind].name;
}

PolicyKind policy_kind(PyObject *name)
{
    for (int kind = 0; PyUnicode_Check(name) && kind < POLICY_KIND_COUNT; kind++) {
        if (PyUnicode_CompareWithASCIIString(name, kinds[kind].name) == 0) {
            return kind;
        }
    }
    return POLICY_KIND_COUNT;
}

static PyObject *field_to_py(const Field *field, const void *slot)
{
    switch (field->kind) {
    case FIELD_U8:
        return PyLong_FromLong(*(const uint8_t *)slot);
    case FIELD_U16:
        return PyLong_FromLong(*(const uint16_t *)slot);
    case FIELD_U64:
        return PyLong_FromUnsignedLongLong(*(const uint64_t *)slot);
    case FIELD_FLAG:
        return PyBool_FromLong(*(const bool *)slot);
    case FIELD_I32:
    case FIELD_ENUM:
        return PyLong_FromLong(*(const int32_t *)slot);
    default:
        return PyLong_FromUnsignedLong(*(const uint32_t *)slot);
    }
}

static PyObject *policy_to_py(const Field *field, const char *policy)
{
    PyObject *dict = PyDict_New();
    for (; dict != NULL && field->key != NULL; field++) {
        if (field->kind >= FIELD_FILTER) {
            continue;
        }
        PyObject *value = field_to_py(field, policy + field->offset);
        if (value == NULL || PyDict_SetItemString(dict, field->key, value) < 0) {
            Py_CLEAR(dict);
        }
        Py_XDECREF(value);
    }
    return dict;
}

PyObject *policies_to_py(State *state, const as_policies *policies)
{
    (void)state;
    PyObject *all = PyDict_New();
    for (int kind = 0; all != NULL && kind < POLICY_KIND_COUNT; kind++) {
        PyObject *one = policy_to_py(kinds[kind].fields(), (const char *)policies + kinds[kind].offset);
        if (one == NULL || PyDict_SetItemString(all, kinds[kind].name, one) < 0) {
            Py_CLEAR(all);
        }
        Py_XDECREF(one);
    }
    return all;
}

static int meta_entry(const Settings *settings, PyObject *key, PyObject *value, uint32_t *ttl, uint16_t *generation)
{
    State *state = settings->state;
    int64_t number;
    if (PyUnicode_Check(key) && PyUnicode_Compare(key, state->str_ttl) == 0) {
        if (value == Py_None) {
            return 0;
        }
        return ttl_from_py(state, value, "meta key 'ttl'", ttl);
    }
    if (PyUnicode_Check(key) && PyUnicode_Compare(key, state->str_gen) == 0) {
        if (value == Py_None) {
            return 0;
        }
        if (integer_from_py(state, value, "meta key 'gen'", 0, UINT16_MAX, &number) < 0) {
            return -1;
        }
        *generation = (uint16_t)number;
        return 0;
    }
    PyObject *valid = Py_BuildValue("(OO)", state->str_ttl, state->str_gen);
    int result = valid == NULL ? -1 : key_unknown(state, "meta", key, valid, settings->codec.validate_keys);
    Py_XDECREF(valid);
    return result;
}

int meta_from_py(const Settings *settings, PyObject *meta, uint32_t *ttl, uint16_t *generation)
{
    *ttl = AS_RECORD_CLIENT_DEFAULT_TTL;  // what the policy says
    *generation = 0;
    if (meta == NULL || meta == Py_None) {
        return 0;
    }
    if (!PyDict_Check(meta)) {
        return error_type(settings->state, "meta", "a dict", meta);
    }
    PyObject *key, *value;
    Py_ssize_t position = 0;
    int result = 0;
    while (result == 0 && PyDict_Next(meta, &position, &key, &value)) {
        Py_INCREF(key);
        Py_INCREF(value);
        result = meta_entry(settings, key, value, ttl, generation);
        Py_DECREF(key);
        Py_DECREF(value);
    }
    return result;
}

static PyObject *kind_keys(PolicyKind kind)
{
    PyObject *list = PyList_New(0);
    for (const Field *field = kinds[kind].fields(); list != NULL && field->key != NULL; field++) {
        PyObject *name = PyUnicode_InternFromString(field->key);
        if (name == NULL || PyList_Append(list, name) < 0) {
            Py_CLEAR(list);
        } else if (field->kind == FIELD_ALIAS && alias_resolve(kind, field) == NULL) {
            PyErr_Format(PyExc_SystemError, "policies.def: '%s' is an alias of nothing", field->key);
            Py_CLEAR(list);
        }
        Py_XDECREF(name);
    }
    PyObject *names = list == NULL ? NULL : PyList_AsTuple(list);
    Py_XDECREF(list);
    return names;
}

int policy_init(PyObject *module, State *state)
{
    (void)module;
    PyObject *all = PyTuple_New(POLICY_KIND_COUNT);
    for (int kind = 0; all != NULL && kind < POLICY_KIND_COUNT; kind++) {
        PyObject *names = kind_keys(kind);
        if (names == NULL) {
            Py_CLEAR(all);
        } else {
            PyTuple_SET_ITEM(all, kind, names);
        }
    }
    state->policy_keys = all;
    return all == NULL ? -1 : 0;
}
