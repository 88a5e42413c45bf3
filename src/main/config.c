// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "convert/serializer.h"
#include "errors.h"
#include "fields.h"
#include "metrics.h"
#include "policy.h"

#include <aerospike/as_host.h>

// ---- rows ----

// A row of OTHER: its own reader.
typedef int (*Reader)(Settings *settings, PyObject *value, as_config *config);
// A row of TEXT: the C client's setter, which copies.
typedef void (*Setter)(as_config *config, const char *text);

#define NUMBER(key, member, kind, least, most) FIELD_NUMBER(as_config, key, member, kind, least, most),
#define TEXT(key, setter) FIELD_OWN(key, TEXT, setter),
#define OTHER(key, reader) FIELD_OWN(key, OTHER, reader),
#define ACCEPTED(key) FIELD_OWN(key, ACCEPTED, NULL),

static int read_own(const FieldsCall *call, const Field *field, PyObject *value, const char *what)
{
    if (field->kind == FIELD_OTHER) {
        return ((Reader)field->function)(call->context, value, call->out);
    }
    const char *text = text_from_py(call->state, what, value);
    if (text != NULL) {
        ((Setter)field->function)(call->out, text);
    }
    return text == NULL ? -1 : 0;
}

// Read a dict of the configuration, or config itself.
static int dict_read(Settings *settings, const char *what, const Fields *fields, PyObject *dict, as_config *config)
{
    char before[32];
    snprintf(before, sizeof before, "%s['", what);
    PyObject *copy = PyDict_Check(dict) ? PyDict_Copy(dict) : Py_NewRef(dict);
    FieldsCall call = {settings->state, what, before, "']", settings->codec.validate_keys, false, config, settings};
    int result = copy == NULL ? -1 : fields_read(&call, fields, copy);
    Py_XDECREF(copy);
    return result;
}

// ---- hosts ----

static int host_tuple(Settings *settings, PyObject *host, Py_ssize_t place, as_config *config)
{
    State *state = settings->state;
    Py_ssize_t size = PyTuple_GET_SIZE(host);
    if (size < 2 || size > 3) {
        return error_param(state, "config['hosts'][%zd] must be (address, port) or (address, port, tls_name), not %R",
                           place, host);
    }
    const char *address = text_from_py(state, "the address of a host in config['hosts']", PyTuple_GET_ITEM(host, 0));
    int64_t port;
    if (address == NULL || integer_from_py(state, PyTuple_GET_ITEM(host, 1), "the port of a host in config['hosts']", 0,
                                           65535, &port) < 0) {
        return -1;
    }
    if (size == 2 || PyTuple_GET_ITEM(host, 2) == Py_None) {
        as_config_add_host(config, address, (uint16_t)port);
        return 0;
    }
    const char *tls = text_from_py(state, "the TLS name of a host in config['hosts']", PyTuple_GET_ITEM(host, 2));
    if (tls != NULL) {
        as_config_tls_add_host(config, address, tls, (uint16_t)port);
    }
    return tls == NULL ? -1 : 0;
}

static int config_hosts(Settings *settings, PyObject *value, as_config *config)
{
    State *state = settings->state;
    if (!PyList_Check(value)) {
        return error_type(state, "config['hosts']", "a list of (address, port) tuples", value);
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(value); i++) {
        PyObject *host = PyList_GET_ITEM(value, i);
        if (PyTuple_Check(host)) {
            if (host_tuple(settings, host, i, config) < 0) {
                return -1;
            }
        } else {
            return error_param(state, "config['hosts'][%zd] must be an (address, port) tuple or 'address:port', not %R",
                               i, host);
        }
    }
    return 0;
}

void config_hosts_text(const as_config *config, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; config->hosts != NULL && i < config->hosts->size && used < size; i++) {
        const as_host *host = as_vector_get(config->hosts, i);
        used += (size_t)snprintf(text + used, size - used, "%s%s:%u", i > 0 ? ", " : "", host->name, host->port);
    }
}

// ---- user ----

static int copy_text(State *state, const char *what, PyObject *value, char *target, size_t size)
{
    const char *text = text_from_py(state, what, value);
    if (text == NULL) {
        return -1;
    }
    if (strlen(text) >= size) {
        return error_param(state, "%s must be at most %zu bytes, not %zu", what, size - 1, strlen(text));
    }
    strcpy(target, text);
    return 0;
}

static int config_user(Settings *settings, PyObject *value, as_config *config)
{
    return copy_text(settings->state, "config['user']", value, config->user, sizeof config->user);
}

static int config_password(Settings *settings, PyObject *value, as_config *config)
{
    return copy_text(settings->state, "config['password']", value, config->password, sizeof config->password);
}

// ---- policies ----

static int config_metrics(Settings *settings, PyObject *value, as_config *config)
{
    if (value == Py_None) {
        return 0;
    }
    return metrics_policy_from_py(settings->state, value, "config['policies']['metrics']", &config->policies.metrics,
                                  NULL);
}

// Keys of config['policies'] that are neither a kind of command nor a default for all of them.
static const Field default_rows[] = {
#define DEFAULT_NUMBER NUMBER
#define DEFAULT_OTHER OTHER
#include "tables/config.def"
    FIELDS_END};
static const Fields default_fields = {.id = FIELDS_DEFAULTS, .kind = "policy", .rows = default_rows, .read = read_own};

static PyObject *policies_valid_keys(Settings *settings)
{
    PyObject *keys = PyList_New(0);
    for (int kind = 0; keys != NULL && kind < POLICY_KIND_DEFAULTS; kind++) {
        PyObject *name = PyUnicode_FromString(policy_name(kind));
        if (name == NULL || PyList_Append(keys, name) < 0) {
            Py_CLEAR(keys);
        }
        Py_XDECREF(name);
    }
    PyObject *flat = policy_keys(settings->state, POLICY_KIND_OPERATE);
    if (keys != NULL && flat != NULL && PyList_SetSlice(keys, PY_SSIZE_T_MAX, PY_SSIZE_T_MAX, flat) < 0) {
        Py_CLEAR(keys);
    }
    return keys;
}

static int flat_default(Settings *settings, PyObject *dict, PyObject *key, PyObject *value, as_config *config)
{
    if (fields_find(settings->state, &default_fields, key) != NULL) {
        FieldsCall call = {settings->state,
                           NULL,
                           POLICY_SETTING_INVALID "config['policies']['",
                           "']",
                           settings->codec.validate_keys,
                           true,
                           config,
                           settings};
        return fields_read_entry(&call, &default_fields, dict, key, value);
    }
    int found = policy_flat_default(settings, dict, key, value);
    if (found != 0) {
        return found < 0 ? -1 : 0;
    }
    PyObject *keys = policies_valid_keys(settings);
    int result = keys == NULL ? -1
                              : key_unknown(settings->state, "policy", "config['policies']", key, keys,
                                            settings->codec.validate_keys);
    Py_XDECREF(keys);
    return result;
}

// Flat defaults first, so that the dict of one command has the last word, whatever the order of the keys.
static int config_policies(Settings *settings, PyObject *value, as_config *config)
{
    if (!PyDict_Check(value)) {
        return error_type(settings->state, "config['policies']", "a dict", value);
    }
    PyObject *items = PyDict_Items(value);
    int result = items == NULL ? -1 : 0;
    for (int flat = 1; flat >= 0; flat--) {
        for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(items); i++) {
            PyObject *key = PyTuple_GET_ITEM(PyList_GET_ITEM(items, i), 0);
            PyObject *entry = PyTuple_GET_ITEM(PyList_GET_ITEM(items, i), 1);
            PolicyKind kind = policy_kind(key);
            if (flat && kind == POLICY_KIND_COUNT) {
                result = flat_default(settings, value, key, entry, config);
            } else if (!flat && kind != POLICY_KIND_COUNT && entry != Py_None) {
                result = policy_default_from_py(settings, kind, entry);
            }
        }
    }
    Py_XDECREF(items);
    return result;
}

static int config_compression_threshold(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    int64_t number;
    if (integer_from_py(settings->state, value, "config['compression_threshold']", 0, UINT32_MAX, &number) < 0) {
        return -1;
    }
    settings->policies.write.compression_threshold = (uint32_t)number;
    return 0;
}

static int settings_number(Settings *settings, PyObject *value, const char *what, uint32_t *out)
{
    int64_t number;
    if (integer_from_py(settings->state, value, what, 0, INT32_MAX, &number) < 0) {
        return -1;
    }
    *out = (uint32_t)number;
    return 0;
}

static int config_max_in_flight(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    return settings_number(settings, value, "config['max_in_flight']", &settings->max_in_flight);
}

static int config_max_waiting(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    return settings_number(settings, value, "config['max_waiting']", &settings->max_waiting);
}

static int config_connection_wait(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    int64_t number;
    if (integer_from_py(settings->state, value, "config['connection_wait_ms']", 0, INT32_MAX, &number) < 0) {
        return -1;
    }
    settings->connection_wait = (uint32_t)number;
    return 0;
}

// ---- tls, shm, lua, racks, provider ----

static int config_tls(Settings *settings, PyObject *value, as_config *config)
{
    static const Field rows[] = {
#define TLS_NUMBER NUMBER
#define TLS_TEXT TEXT
#include "tables/config.def"
        FIELDS_END};
    static const Fields fields = {.id = FIELDS_TLS, .kind = "config", .rows = rows, .read = read_own};
    return dict_read(settings, "config['tls']", &fields, value, config);
}

static int config_shm(Settings *settings, PyObject *value, as_config *config)
{
    static const Field rows[] = {
#define SHM_NUMBER NUMBER
#include "tables/config.def"
        FIELDS_END};
    static const Fields fields = {.id = FIELDS_SHM, .kind = "config", .rows = rows, .read = read_own};
    config->use_shm = true;
    config->shm_key = (int)0xA8000000;  // the vendor's Python client's, not the C client's
    return dict_read(settings, "config['shm']", &fields, value, config);
}

static int lua_user_path(Settings *settings, PyObject *value, as_config *config)
{
    return copy_text(settings->state, "config['lua']['user_path']", value, config->lua.user_path,
                     sizeof config->lua.user_path);
}

static int config_lua(Settings *settings, PyObject *value, as_config *config)
{
    static const Field rows[] = {
#define LUA_OTHER OTHER
#define LUA_ACCEPTED ACCEPTED
#include "tables/config.def"
        FIELDS_END};
    static const Fields fields = {.id = FIELDS_LUA, .kind = "config", .rows = rows, .read = read_own};
    return dict_read(settings, "config['lua']", &fields, value, config);
}

static int config_rack_ids(Settings *settings, PyObject *value, as_config *config)
{
    PyObject *ids = PyList_Check(value) || PyTuple_Check(value) ? PySequence_Tuple(value) : NULL;
    if (ids == NULL) {
        return PyErr_Occurred() ? -1 : error_type(settings->state, "config['rack_ids']", "a list of ints", value);
    }
    int result = 0;
    for (Py_ssize_t i = 0; result == 0 && i < PyTuple_GET_SIZE(ids); i++) {
        int64_t id;
        result = integer_from_py(settings->state, PyTuple_GET_ITEM(ids, i), "config['rack_ids']", 0, INT32_MAX, &id);
        if (result == 0) {
            as_config_add_rack_id(config, (int)id);
        }
    }
    Py_DECREF(ids);
    return result;
}

static int config_provider(Settings *settings, PyObject *value, as_config *config)
{
    PyObject *path = PyObject_GetAttrString(value, "path");
    PyObject *interval = path == NULL ? NULL : PyObject_GetAttrString(value, "interval");
    int result = -1;
    int64_t milliseconds;
    if (interval == NULL) {
        PyErr_Clear();
        error_type(settings->state, "config['config_provider']", "an aerospike.ConfigProvider", value);
    } else if (integer_from_py(settings->state, interval, "the interval of config['config_provider']", 1, UINT32_MAX,
                               &milliseconds) == 0) {
        const char *text = text_from_py(settings->state, "the path of config['config_provider']", path);
        if (text != NULL) {
            as_config_provider_set(config, text, (uint32_t)milliseconds);
            result = 0;
        }
    }
    Py_XDECREF(path);
    Py_XDECREF(interval);
    return result;
}

// ---- values and switches of the client ----

static int config_serialization(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    if (!PyTuple_Check(value) || PyTuple_GET_SIZE(value) != 2) {
        return error_type(settings->state, "config['serialization']", "a tuple (serializer, deserializer)", value);
    }
    PyObject *serializer = PyTuple_GET_ITEM(value, 0);
    int64_t number;
    settings->codec.pickles = PyLong_Check(serializer) && !PyBool_Check(serializer) &&
                              integer_narrow(serializer, SERIALIZE_PYTHON, SERIALIZE_PYTHON, &number) == NARROWED;
    for (int i = settings->codec.pickles ? 1 : 0; i < 2; i++) {
        PyObject *function = PyTuple_GET_ITEM(value, i);
        if (function != Py_None && !PyCallable_Check(function)) {
            return error_type(settings->state, i == 0 ? "config['serialization'][0]" : "config['serialization'][1]",
                              "a callable or None", function);
        }
        PyObject **slot = i == 0 ? &settings->codec.serializer : &settings->codec.deserializer;
        Py_XSETREF(*slot, function == Py_None ? NULL : Py_NewRef(function));
    }
    return 0;
}

static int config_unpickle(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    if (value != Py_None && !PyCallable_Check(value)) {
        return error_type(settings->state, "config['unpickle']", "a callable or None", value);
    }
    Py_XSETREF(settings->codec.unpickle, value == Py_None ? NULL : Py_NewRef(value));
    return 0;
}

static int flag_from_py(Settings *settings, const char *what, PyObject *value, bool *out)
{
    int64_t number;
    if (integer_from_py(settings->state, value, what, 0, 1, &number) < 0) {
        return -1;
    }
    *out = number != 0;
    return 0;
}

static int config_send_bool_as(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    static const char what[] = "config['send_bool_as']";
    int64_t number;
    if (!settings->codec.validate_keys && PyLong_Check(value)) {
        Narrowed narrowed = integer_narrow(value, 0, 1, &number);
        if (narrowed == TOO_SMALL || narrowed == TOO_LARGE) {
            return warn_user(PyExc_UserWarning,
                             "%s must be aerospike.INTEGER or aerospike.AS_BOOL, not %lld: bools are stored as bools",
                             what, (long long)number);
        }
    }
    if (integer_from_py(settings->state, value, what, 0, 1, &number) < 0) {
        return -1;
    }
    settings->codec.bool_as_integer = number == 0;
    return 0;
}

static int config_app_id(Settings *settings, PyObject *value, as_config *config)
{
    if (!PyUnicode_Check(value)) {  // the vendor's client raises TypeError for this key alone
        PyErr_Format(PyExc_TypeError, "config['app_id'] must be a str, not %.100s", Py_TYPE(value)->tp_name);
        return -1;
    }
    const char *text = text_from_py(settings->state, "config['app_id']", value);
    if (text != NULL) {
        as_config_set_app_id(config, text);
    }
    return text == NULL ? -1 : 0;
}

static int config_slow_log_ms(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    int64_t number;
    if (integer_from_py(settings->state, value, "config['slow_log_ms']", 0, UINT32_MAX, &number) < 0) {
        return -1;
    }
    settings->slow_log_ms = (uint32_t)number;
    return 0;
}

static int config_strict_types(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    return flag_from_py(settings, "config['strict_types']", value, &settings->codec.strict_types);
}

static int config_fuse_reads(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    return flag_from_py(settings, "config['fuse_reads']", value, &settings->fuse_reads);
}

static int config_fuse_writes(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    return flag_from_py(settings, "config['fuse_writes']", value, &settings->fuse_writes);
}

static int config_validate_keys(Settings *settings, PyObject *value, as_config *config)
{
    (void)config;
    return flag_from_py(settings, "config['validate_keys']", value, &settings->codec.validate_keys);
}

// ---- the whole ----

static const Field config_rows[] = {
#define CONFIG_NUMBER NUMBER
#define CONFIG_TEXT TEXT
#define CONFIG_OTHER OTHER
#define CONFIG_ACCEPTED ACCEPTED
#include "tables/config.def"
    FIELDS_END};
static const Fields config_fields = {.id = FIELDS_CONFIG, .kind = "config", .rows = config_rows, .read = read_own};

int config_read(Settings *settings, as_config *out)
{
    as_config_init(out);
    // unknown keys are judged by this switch wherever in the dict it stands
    PyObject *validate = PyDict_GetItemString(settings->config, "validate_keys");
    if (validate != NULL && validate != Py_None && config_validate_keys(settings, validate, out) < 0) {
        return -1;
    }
    if (dict_read(settings, "config", &config_fields, settings->config, out) < 0) {
        return -1;
    }
    if (out->hosts == NULL || out->hosts->size == 0) {
        return error_param(settings->state, "config['hosts'] must be a list with at least one (address, port) tuple");
    }
    bool certified = out->auth_mode == AS_AUTH_PKI;  // whose user the certificate tells
    if ((out->user[0] == '\0') != (out->password[0] == '\0') && !(certified && out->password[0] == '\0')) {
        return error_param(settings->state, "config['user'] and config['password'] belong together: one is missing");
    }
    return 0;
}
