// SPDX-License-Identifier: Apache-2.0
#include "client/report.h"

#include "client/command.h"

#include <structmember.h>

// ---- what is told ----

void report_place(Report *report, const char *namespace, const char *set)
{
    snprintf(report->namespace, sizeof report->namespace, "%s", namespace == NULL ? "" : namespace);
    snprintf(report->set, sizeof report->set, "%s", set == NULL ? "" : set);
}

Report *report_new(const Command *command)
{
    PyTypeObject *type = (PyTypeObject *)command_state(command)->report_type;
    Report *report = (Report *)type->tp_alloc(type, 0);
    if (report == NULL) {
        return NULL;
    }
    const CommandKind *kind = command->kind;
    report->command = kind->name == NULL ? kind->signature.method : kind->name;
    report->records = -1;
    if (command->has_key) {
        report_place(report, command->key.ns, command->key.set);
    }
    if (kind->tell != NULL) {
        kind->tell(command, report);
    }
    return report;
}

void report_digest(Report *report, const Command *command)
{
    if (command->has_key && command->key.digest.init) {
        report->has_digest = true;
        memcpy(report->digest, command->key.digest.value, sizeof report->digest);
    }
}

void report_trace(Report *report, Trace *trace)
{
    Sight *sight = &report->sight;
    if (trace != NULL) {
        trace_take(trace, sight);
    }
    if (sight->tries > 0 && (report->has_digest || !sight->several)) {
        memcpy(report->node, sight->node, sizeof report->node);
        memcpy(report->address, sight->address, sizeof report->address);
    }
}

// The code of an exception of ours, and whether it is in doubt.
static void read_error(State *state, Report *report, PyObject *error)
{
    if (PyObject_IsInstance(error, state->base_error) == 1) {
        PyObject *code = PyObject_GetAttrString(error, "code");
        PyObject *doubt = PyObject_GetAttrString(error, "in_doubt");
        report->has_code = code != NULL && PyLong_Check(code);
        report->code = report->has_code ? (int)PyLong_AsLong(code) : 0;
        report->in_doubt = doubt == Py_True;
        Py_XDECREF(code);
        Py_XDECREF(doubt);
    }
    PyErr_Clear();
}

void report_end(State *state, Report *report, double duration, PyObject *error)
{
    report->ended = true;
    report->duration = duration;
    report->has_code = error == NULL;
    report->error = Py_XNewRef(error);
    if (error != NULL) {
        read_error(state, report, error);
    }
}

// ---- its attributes ----

static PyObject *text_or_none(const char *text)
{
    return *text == '\0' ? Py_NewRef(Py_None) : PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

static PyObject *number_or_none(int64_t number)
{
    return number < 0 ? Py_NewRef(Py_None) : PyLong_FromLongLong(number);
}

#define GETTER(name, value)                                                                                            \
    static PyObject *get_##name(PyObject *self, void *Py_UNUSED(closure))                                              \
    {                                                                                                                  \
        const Report *report = (const Report *)self;                                                                   \
        return value;                                                                                                  \
    }

GETTER(command, PyUnicode_InternFromString(report->command))
GETTER(namespace, text_or_none(report->namespace))
GETTER(set, text_or_none(report->set))
GETTER(digest, report->has_digest ? PyBytes_FromStringAndSize((const char *)report->digest, sizeof report->digest)
                                  : Py_NewRef(Py_None))
GETTER(records, number_or_none(report->records))
GETTER(duration, report->ended ? PyFloat_FromDouble(report->duration) : Py_NewRef(Py_None))
GETTER(code, report->ended && report->has_code ? PyLong_FromLong(report->code) : Py_NewRef(Py_None))
GETTER(in_doubt, PyBool_FromLong(report->in_doubt))
GETTER(retries, number_or_none(report->sight.tries == 0 ? -1 : (int64_t)report->sight.retries))
GETTER(node, text_or_none(report->node))
GETTER(error, Py_NewRef(report->error == NULL ? Py_None : report->error))

// "address:port", where an address of IPv6 stands in brackets.
static PyObject *get_address(PyObject *self, void *Py_UNUSED(closure))
{
    const char *text = ((const Report *)self)->address, *colon = strrchr(text, ':');
    if (colon == NULL) {
        return Py_NewRef(Py_None);
    }
    bool brackets = text[0] == '[' && colon[-1] == ']';
    Py_ssize_t size = colon - text - 2 * brackets;
    return Py_BuildValue("(s#l)", text + brackets, size, strtol(colon + 1, NULL, 10));
}

// The names of the nodes, or None.
static PyObject *get_nodes(PyObject *self, void *Py_UNUSED(closure))
{
    const TracedNode *first = &((const Report *)self)->sight.first;
    if (first->name[0] == '\0') {
        return Py_NewRef(Py_None);
    }
    PyObject *names = PyList_New(0), *tuple = NULL;
    int result = names == NULL ? -1 : 0;
    for (const TracedNode *node = first; node != NULL && result == 0; node = node->next) {
        PyObject *name = text_or_none(node->name);
        result = name == NULL ? -1 : PyList_Append(names, name);
        Py_XDECREF(name);
    }
    if (result == 0) {
        tuple = PyList_AsTuple(names);
    }
    Py_XDECREF(names);
    return tuple;
}

static PyObject *get_notes(PyObject *self, void *Py_UNUSED(closure))
{
    Report *report = (Report *)self;
    if (report->notes == NULL) {
        report->notes = PyDict_New();
    }
    return Py_XNewRef(report->notes);
}

static PyGetSetDef members[] = {
    {"command", get_command, NULL,
     "The name of the command: that of the method of the client, or ``query``, ``scan``, ``query_background``,\n"
     "``scan_background``.",
     NULL},
    {"namespace", get_namespace, NULL, "The namespace, or None where it is about none, or several.", NULL},
    {"set", get_set, NULL, "The set, or None where it is about none, or several.", NULL},
    {"digest", get_digest, NULL,
     "Of a command on one record, at its end: the digest of the key, 20 bytes, by which the record can be found.",
     NULL},
    {"records", get_records, NULL,
     "Of a batch: how many records it is about. Of a scan or query, at its end: how many records, or values, were\n"
     "given. None for others.",
     NULL},
    {"duration", get_duration, NULL, "Seconds from the arguments read to the result made; None until the end.", NULL},
    {"code", get_code, NULL,
     "0, or the code of the :exc:`~aerospike.exception.AerospikeError` that the command raises. None until the end,\n"
     "and where it raises something else.",
     NULL},
    {"error", get_error, NULL, "What the command raises; None: nothing.", NULL},
    {"in_doubt", get_in_doubt, NULL, "Whether it failed and may have written all the same.", NULL},
    {"node", get_node, NULL,
     "At the end: the name of the node that it asked last, or None where it asked several at once, or that is not\n"
     "known.",
     NULL},
    {"address", get_address, NULL, "``(address, port)`` of that node, or None.", NULL},
    {"nodes", get_nodes, NULL,
     "At the end: a tuple of the names of all nodes that it asked, in the order in which they were first asked.\n"
     "None where that is not known.",
     NULL},
    {"retries", get_retries, NULL,
     "At the end: how many times the C client tried again, all nodes together; None where that is not known.", NULL},
    {"notes", get_notes, NULL,
     "A dict in which hooks keep what their ``end`` needs of their ``start``. The hook itself is a good key.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

// ---- the type ----

static PyObject *report_repr(PyObject *self)
{
    const Report *report = (const Report *)self;
    const char *outcome = !report->ended ? "under way" : report->error == NULL ? "done" : "failed";
    return PyUnicode_FromFormat("<aerospike.CommandReport %s, %s>", report->command, outcome);
}

static int report_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Report *)self)->error);
    Py_VISIT(((Report *)self)->notes);
    return 0;
}

static int report_clear(PyObject *self)
{
    Py_CLEAR(((Report *)self)->error);
    Py_CLEAR(((Report *)self)->notes);
    return 0;
}

static void report_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    report_clear(self);
    sight_clear(&((Report *)self)->sight);
    type->tp_free(self);
    Py_DECREF(type);
}

DOC(report,
    "What a hook gets of a command: what it is about, and in ``end`` what came of it. The same object in ``start`` and\n"
    "``end``.");

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)report_doc},
    {Py_tp_repr, report_repr},
    {Py_tp_traverse, report_traverse},
    {Py_tp_clear, report_clear},
    {Py_tp_dealloc, report_dealloc},
    {Py_tp_getset, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "aerospike.CommandReport",
    .basicsize = sizeof(Report),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

int report_init(PyObject *module, State *state)
{
    state->report_type = PyType_FromModuleAndSpec(module, &spec, NULL);
    return state->report_type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)state->report_type);
}
