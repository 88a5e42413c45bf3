// SPDX-License-Identifier: Apache-2.0
#include "policy.h"

#include "errors.h"
#include "fields.h"
#include "operate/operate.h"

static int read_own(const FieldsCall *call, const Field *field, PyObject *value, const char *what);

// A table a kind, in a function of its own, so that FIELD knows the struct that its rows belong to.
#define POLICY(name, type, member)                                                                                     \
    static const Fields *name##_fields(void)                                                                           \
    {                                                                                                                  \
        typedef type Policy;                                                                                           \
        enum { ID = POLICY_KIND_##name };                                                                              \
        static const Field rows[] = {
#define FIELD(key, member, kind, least, most) FIELD_NUMBER(Policy, key, member, kind, least, most),
#define ALIAS(old, new) {.key = old, .kind = FIELD_ALIAS, .successor = new},
#define END                                                                                                            \
    FIELDS_END                                                                                                         \
    }                                                                                                                  \
    ;                                                                                                                  \
    static const Fields fields = {.id = ID, .kind = "policy", .choices = true, .rows = rows, .read = read_own};        \
    return &fields;                                                                                                    \
    }
#define ENTRY_POLICY(name, type, member, init)                                                                         \
    static void name##_init(void *policy)                                                                              \
    {                                                                                                                  \
        init(policy);                                                                                                  \
    }                                                                                                                  \
    POLICY(name, type, member)
#include "tables/policies.def"
#undef POLICY
#undef ENTRY_POLICY
#undef FIELD
#undef ALIAS
#undef END

static const struct {
    const char *name;
    size_t offset;  // of the defaults in as_policies
    size_t size;
    const Fields *(*fields)(void);
    void (*init)(void *policy);  // NULL: the client has defaults
} kinds[] = {
#define POLICY(name, type, member)                                                                                     \
    [POLICY_KIND_##name] = {#member, offsetof(as_policies, member), sizeof(type), name##_fields, NULL},
#define ENTRY_POLICY(name, type, member, init)                                                                         \
    [POLICY_KIND_##name] = {#member, 0, sizeof(type), name##_fields, name##_init},
#define FIELD(key, member, kind, least, most)
#define ALIAS(old, key)
#define END
#include "tables/policies.def"
#undef POLICY
#undef ENTRY_POLICY
#undef FIELD
#undef ALIAS
#undef END
};

_Static_assert(sizeof kinds / sizeof *kinds == POLICY_KIND_COUNT, "a row of policies.def for every PolicyKind");
_Static_assert((int)POLICY_KIND_COUNT == (int)FIELDS_POLICIES, "fields.h leaves as many places");

PyObject *policy_keys(State *state, PolicyKind kind)
{
    return fields_keys(state, kinds[kind].fields());
}

// ---- what is no number ----

// Where a policy is read to. Of a call, what it owns goes to `owned`; of the defaults, filters go to `filters`. The
// other is NULL.
typedef struct PolicyCall {
    const Settings *settings;
    PolicyKind kind;
    PolicyOwned *owned;
    PyObject **filters;
} PolicyCall;

static int filter_from_py(const Settings *settings, PyObject *value, as_exp **slot, PolicyOwned *owned)
{
    as_exp *filter = expression_from_py(&settings->codec, value, 0, "the filter");
    if (filter == NULL) {
        return error_prefix(settings->state, "expressions is invalid");
    }
    if (owned->filter != NULL) {
        as_exp_destroy(owned->filter);
    }
    *slot = owned->filter = filter;
    return 0;
}

// The default filter of a kind: checked now, kept as it is.
static int filter_default(const PolicyCall *call, PyObject *value, const char *what)
{
    as_exp *filter = expression_from_py(&call->settings->codec, value, 0, what);
    if (filter == NULL) {
        return -1;
    }
    as_exp_destroy(filter);
    if (*call->filters == NULL && (*call->filters = PyDict_New()) == NULL) {
        return -1;
    }
    PyObject *number = PyLong_FromLong(call->kind);
    int result = number == NULL ? -1 : PyDict_SetItem(*call->filters, number, value);
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
    const Field *field = kinds[kind].fields()->rows;
    while (field->kind != FIELD_FILTER) {
        field++;
    }
    Py_INCREF(value);
    int result = filter_from_py(settings, value, (as_exp **)((char *)policy + field->place), owned);
    Py_DECREF(value);
    return result;
}

int transaction_ignored(const Settings *settings, const char *what)
{
    static const char text[] = "policy key 'txn' has no effect: %s take part in no transaction";
    return settings->codec.validate_keys ? error_param(settings->state, text, what)
                                         : warn_user(PyExc_UserWarning, text, what);
}

// A transaction is of a call, and of records by their keys.
static int transaction_from_policy(const PolicyCall *policy, PyObject *value, as_txn **slot, const char *what)
{
    State *state = policy->settings->state;
    if (policy->owned == NULL) {
        return error_param(state, "%s cannot be a default: a transaction is of a call", what);
    }
    Transaction *transaction = transaction_from_py(state, value, what);
    if (transaction == NULL) {
        return -1;
    }
    if (policy->kind == POLICY_KIND_QUERY || policy->kind == POLICY_KIND_SCAN) {
        return transaction_ignored(policy->settings, "scans and queries");
    }
    Py_XSETREF(policy->owned->transaction, Py_NewRef(value));
    *slot = transaction_txn(transaction);
    return 0;
}

static int read_own(const FieldsCall *call, const Field *field, PyObject *value, const char *what)
{
    const PolicyCall *policy = call->context;
    if (field->kind == FIELD_TXN) {
        as_txn **slot = (as_txn **)((char *)call->out + field->place);
        return transaction_from_policy(policy, value, slot, what);
    }
    return policy->filters != NULL
               ? filter_default(policy, value, what)
               : filter_from_py(policy->settings, value, (as_exp **)((char *)call->out + field->place), policy->owned);
}

// ---- a call's policy ----

int policy_from_py(const Settings *settings, PolicyKind kind, PyObject *policy, void *out, PolicyOwned *owned)
{
    if (kinds[kind].init == NULL) {
        memcpy(out, (const char *)&settings->policies + kinds[kind].offset, kinds[kind].size);
    } else {
        kinds[kind].init(out);
    }
    if (policy != NULL && policy != Py_None) {
        if (!PyDict_Check(policy)) {
            return error_type(settings->state, "policy", "a dict", policy);
        }
        char what[48];
        snprintf(what, sizeof what, "the %s policy", kinds[kind].name);
        PolicyCall context = {settings, kind, owned, NULL};
        FieldsCall call = {settings->state, what, "", " is invalid: it", settings->codec.validate_keys, true, out,
                           &context};
        if (fields_read(&call, kinds[kind].fields(), policy) < 0) {
            return -1;
        }
    }
    return settings->filters == NULL || owned->filter != NULL ? 0 : filter_from_default(settings, kind, out, owned);
}

void policy_release(PolicyOwned *owned)
{
    if (owned->filter != NULL) {
        as_exp_destroy(owned->filter);
        owned->filter = NULL;
    }
    Py_CLEAR(owned->transaction);
}

// ---- the client's defaults ----

// How config['policies'][kind] is read.
#define DEFAULT_CALL(call, settings, kind)                                                                             \
    char before[96];                                                                                                   \
    snprintf(before, sizeof before, POLICY_SETTING_INVALID "config['policies']['%s']['", kinds[kind].name);            \
    PolicyCall context = {settings, kind, NULL, &(settings)->filters};                                                 \
    FieldsCall call = {(settings)->state,                                                                              \
                       NULL,                                                                                           \
                       before,                                                                                         \
                       "']",                                                                                           \
                       (settings)->codec.validate_keys,                                                                \
                       true,                                                                                           \
                       (char *)&(settings)->policies + kinds[kind].offset,                                             \
                       &context}

int policy_default_from_py(Settings *settings, PolicyKind kind, PyObject *policy)
{
    DEFAULT_CALL(call, settings, kind);
    char what[96];
    snprintf(what, sizeof what,
             PyDict_Check(policy) ? "the %s policy" : POLICY_SETTING_INVALID "config['policies']['%s']",
             kinds[kind].name);
    call.what = what;
    return fields_read(&call, kinds[kind].fields(), policy);
}

int policy_flat_default(Settings *settings, PyObject *dict, PyObject *key, PyObject *value)
{
    int found = 0;
    for (PolicyKind kind = 0; kind < POLICY_KIND_DEFAULTS; kind++) {
        const Field *field = fields_find(settings->state, kinds[kind].fields(), key);
        if (field == NULL || kind == POLICY_KIND_INFO || kind == POLICY_KIND_ADMIN) {
            continue;
        }
        // it was meant for put() when operate() had no such key: CREATE would let no increment succeed twice
        if (kind == POLICY_KIND_OPERATE && strcmp(field->key, "exists") == 0) {
            continue;
        }
        DEFAULT_CALL(call, settings, kind);
        call.before = POLICY_SETTING_INVALID "config['policies']['";
        if (fields_read_entry(&call, kinds[kind].fields(), dict, key, value) < 0) {
            return -1;
        }
        found = 1;
        if (field->kind == FIELD_ALIAS) {  // has warned, which is enough
            key = fields_successor(settings->state, kinds[kind].fields(), field);
            int both = key == NULL ? -1 : PyDict_Contains(dict, key);
            if (both != 0) {
                return both;
            }
        }
    }
    return found;
}

const char *policy_name(PolicyKind kind)
{
    return kinds[kind].name;
}

PolicyKind policy_kind(PyObject *name)
{
    for (PolicyKind kind = 0; PyUnicode_Check(name) && kind < POLICY_KIND_DEFAULTS; kind++) {
        if (PyUnicode_CompareWithASCIIString(name, kinds[kind].name) == 0) {
            return kind;
        }
    }
    return POLICY_KIND_COUNT;
}

PyObject *policies_to_py(const as_policies *policies)
{
    PyObject *all = PyDict_New();
    for (PolicyKind kind = 0; all != NULL && kind < POLICY_KIND_DEFAULTS; kind++) {
        PyObject *one = fields_to_py(kinds[kind].fields(), (const char *)policies + kinds[kind].offset);
        if (one == NULL || PyDict_SetItemString(all, kinds[kind].name, one) < 0) {
            Py_CLEAR(all);
        }
        Py_XDECREF(one);
    }
    return all;
}

// ---- meta ----

typedef struct Meta {
    uint32_t ttl;
    uint16_t generation;
} Meta;

int meta_from_py(const Settings *settings, PyObject *meta, bool strict, uint32_t *ttl, uint16_t *generation)
{
    static const Field rows[] = {FIELD_NUMBER(Meta, "ttl", ttl, TTL, 0, 0),
                                 FIELD_NUMBER(Meta, "gen", generation, U16, 0, UINT16_MAX), FIELDS_END};
    static const Fields fields = {.id = FIELDS_META, .kind = "meta", .rows = rows};
    Meta read = {AS_RECORD_CLIENT_DEFAULT_TTL, 0};  // what the policy says
    if (meta != NULL && meta != Py_None) {
        FieldsCall call = {settings->state, "meta", "meta key '", "'", strict, false, &read, NULL};
        if (fields_read(&call, &fields, meta) < 0) {
            return -1;
        }
    }
    *ttl = read.ttl;
    *generation = read.generation;
    return 0;
}
