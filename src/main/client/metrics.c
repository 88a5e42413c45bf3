// SPDX-License-Identifier: Apache-2.0
#include "metrics.h"

#include "convert.h"
#include "errors.h"

// The numbers of a MetricsPolicy: its attributes, and how wide the C client keeps them.
static const struct {
    const char *name;
    size_t offset, width;
    int64_t least, most;
} numbers[] = {
#define NUMBER(name, least, most)                                                                                      \
    {#name, offsetof(as_metrics_policy, name), sizeof(((as_metrics_policy *)0)->name), least, most}
    NUMBER(report_size_limit, 0, INT64_MAX),
    NUMBER(interval, 1, UINT32_MAX),
    NUMBER(latency_columns, 1, UINT8_MAX),
    NUMBER(latency_shift, 0, UINT8_MAX),
#undef NUMBER
};

static int read_number(State *state, PyObject *policy, size_t row, as_metrics_policy *out)
{
    PyObject *value = PyObject_GetAttrString(policy, numbers[row].name);
    char what[48];
    int64_t number;
    snprintf(what, sizeof what, "MetricsPolicy.%s", numbers[row].name);
    int result =
        value == NULL ? -1 : integer_from_py(state, value, what, numbers[row].least, numbers[row].most, &number);
    Py_XDECREF(value);
    if (result < 0) {
        return -1;
    }
    void *slot = (char *)out + numbers[row].offset;
    switch (numbers[row].width) {
    case sizeof(uint8_t):
        *(uint8_t *)slot = (uint8_t)number;
        break;
    case sizeof(uint32_t):
        *(uint32_t *)slot = (uint32_t)number;
        break;
    default:
        *(uint64_t *)slot = (uint64_t)number;
        break;
    }
    return 0;
}

static int read_report_dir(State *state, PyObject *policy, as_metrics_policy *out)
{
    PyObject *value = PyObject_GetAttrString(policy, "report_dir");
    const char *text = value == NULL ? NULL : text_from_py(state, "MetricsPolicy.report_dir", value);
    int result = -1;
    if (text != NULL && strlen(text) >= sizeof out->report_dir) {
        error_param(state, "MetricsPolicy.report_dir must be at most %zu bytes", sizeof out->report_dir - 1);
    } else if (text != NULL) {
        as_metrics_policy_set_report_dir(out, text);
        result = 0;
    }
    Py_XDECREF(value);
    return result;
}

static int read_labels(State *state, PyObject *policy, as_metrics_policy *out)
{
    PyObject *labels = PyObject_GetAttrString(policy, "labels");
    int result = -1;
    if (labels != NULL && !PyDict_Check(labels)) {
        error_type(state, "MetricsPolicy.labels", "a dict of str", labels);
    } else if (labels != NULL) {
        PyObject *name, *value;
        Py_ssize_t position = 0;
        result = 0;
        while (result == 0 && PyDict_Next(labels, &position, &name, &value)) {
            const char *name_text = text_from_py(state, "a name in MetricsPolicy.labels", name);
            const char *text = name_text == NULL ? NULL : text_from_py(state, "a value in MetricsPolicy.labels", value);
            if (text == NULL) {
                result = -1;
            } else {
                as_metrics_policy_add_label(out, name_text, text);
            }
        }
    }
    Py_XDECREF(labels);
    return result;
}

// Functions in Python that the client's own thread would have to call: not there yet, and not silently ignored.
static int refuse_listeners(State *state, PyObject *policy)
{
    PyObject *listeners = PyObject_GetAttrString(policy, "metrics_listeners");
    int result = listeners == NULL ? -1 : 0;
    if (listeners != NULL && listeners != Py_None) {
        result = error_param(state, "MetricsPolicy.metrics_listeners must be None: metrics go to files only");
    }
    Py_XDECREF(listeners);
    return result;
}

int metrics_policy_from_py(State *state, PyObject *policy, const char *what, as_metrics_policy *out)
{
    PyObject *module = PyImport_ImportModule("aerospike_helpers.metrics");
    PyObject *class = module == NULL ? NULL : PyObject_GetAttrString(module, "MetricsPolicy");
    int fits = class == NULL ? -1 : PyObject_IsInstance(policy, class);
    Py_XDECREF(module);
    Py_XDECREF(class);
    if (fits <= 0) {
        return fits < 0 ? -1 : error_type(state, what, "an aerospike_helpers.metrics.MetricsPolicy", policy);
    }
    for (size_t row = 0; row < sizeof numbers / sizeof *numbers; row++) {
        if (read_number(state, policy, row, out) < 0) {
            return -1;
        }
    }
    return read_report_dir(state, policy, out) < 0 || refuse_listeners(state, policy) < 0
               ? -1
               : read_labels(state, policy, out);
}
