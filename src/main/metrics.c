// SPDX-License-Identifier: Apache-2.0
#include "metrics.h"

#include "convert/convert.h"
#include "errors.h"
#include "fields.h"

static int read_report_dir(State *state, PyObject *value, as_metrics_policy *out)
{
    const char *text = text_from_py(state, "MetricsPolicy.report_dir", value);
    if (text == NULL) {
        return -1;
    }
    if (*text == '\0') {
        return error_param(state, "MetricsPolicy.report_dir must not be empty");
    }
    // the C client has as much room for the path of a file in it
    enum { MOST = sizeof out->report_dir - sizeof "/metrics-20260101000000.log" };
    if (strlen(text) > MOST) {
        return error_param(state, "MetricsPolicy.report_dir must be at most %d bytes", MOST);
    }
    as_metrics_policy_set_report_dir(out, text);
    return 0;
}

static int read_labels(State *state, PyObject *labels, as_metrics_policy *out)
{
    if (!PyDict_Check(labels)) {
        return error_type(state, "MetricsPolicy.labels", "a dict of str", labels);
    }
    PyObject *name, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next(labels, &position, &name, &value)) {
        const char *name_text = text_from_py(state, "a name in MetricsPolicy.labels", name);
        const char *text = name_text == NULL ? NULL : text_from_py(state, "a value in MetricsPolicy.labels", value);
        if (text == NULL) {
            return -1;
        }
        as_metrics_policy_add_label(out, name_text, text);
    }
    return 0;
}

// Functions in Python are enable_metrics()'s: a configuration is read before there is anyone to call them.
static int read_listeners(const FieldsCall *call, PyObject *value)
{
    PyObject **listeners = call->context;
    if (value != Py_None && listeners == NULL) {
        return error_param(call->state, "MetricsPolicy.metrics_listeners must be None here: listeners are given to "
                                        "enable_metrics()");
    }
    if (value != Py_None) {
        Py_XSETREF(*listeners, Py_NewRef(value));
    }
    return 0;
}

typedef int (*Reader)(State *state, PyObject *value, as_metrics_policy *out);

static int read_own(const FieldsCall *call, const Field *field, PyObject *value, const char *Py_UNUSED(what))
{
    return field->function == NULL ? read_listeners(call, value)
                                   : ((Reader)field->function)(call->state, value, call->out);
}

// The attributes of a MetricsPolicy.
#define NUMBER(name, kind, least, most) FIELD_NUMBER(as_metrics_policy, #name, name, kind, least, most)
#define OTHER(name, reader) FIELD_OWN(#name, OTHER, reader)
static const Field rows[] = {
    NUMBER(report_size_limit, U64, 0, INT64_MAX),
    NUMBER(interval, U32, 1, UINT32_MAX),
    NUMBER(latency_columns, U8, 1, UINT8_MAX),
    NUMBER(latency_shift, U8, 0, METRICS_SHIFT_MOST),
    OTHER(report_dir, read_report_dir),
    OTHER(metrics_listeners, NULL),
    OTHER(labels, read_labels),
    FIELDS_END,
};
static const Fields fields = {.id = FIELDS_METRICS, .kind = "policy", .rows = rows, .read = read_own};

int metrics_policy_from_py(State *state, PyObject *policy, const char *what, as_metrics_policy *out,
                           PyObject **listeners)
{
    PyObject *module = PyImport_ImportModule("aerospike._metrics");
    PyObject *class = module == NULL ? NULL : PyObject_GetAttrString(module, "MetricsPolicy");
    int fits = class == NULL ? -1 : PyObject_IsInstance(policy, class);
    Py_XDECREF(module);
    Py_XDECREF(class);
    if (fits <= 0) {
        return fits < 0 ? -1 : error_type(state, what, "an aerospike_helpers.metrics.MetricsPolicy", policy);
    }
    FieldsCall call = {state, what, "MetricsPolicy.", "", true, true, out, listeners};
    return fields_read_attributes(&call, &fields, policy);
}
