// SPDX-License-Identifier: Apache-2.0
// Scans and queries as columns: ArrowReader (aerospike._columns) holds a plan of columns, and what is here makes
// streams of it, as capsules of Arrow's names.
#include "client/arrow.h"

#include "client/column_stream.h"
#include "client/command.h"
#include "client/query_request.h"

static const char PLAN[] = "aerospike.columns", SCHEMA[] = "arrow_schema", STREAM[] = "arrow_array_stream",
                  TABLE[] = "aerospike.table";

// ---- the plan ----

static void plan_free(PyObject *capsule)
{
    column_plan_release(PyCapsule_GetPointer(capsule, PLAN));
}

ColumnPlan *arrow_plan(PyObject *capsule)
{
    return PyCapsule_GetPointer(capsule, PLAN);
}

static int column_read(State *state, PyObject *given, Column *column)
{
    PyObject *name_given, *type_given;
    int source;
    if (!PyArg_ParseTuple(given, "UiU", &name_given, &source, &type_given)) {
        return -1;
    }
    const char *name = bin_name_from_py(state, name_given);
    const char *type = name == NULL ? NULL : text_from_py(state, "a type in schema", type_given);
    if (type == NULL) {
        return -1;
    }
    strcpy(column->name, name);
    column->source = (ColumnSource)source;
    column->type = column_type_new(type);
    return column->type == NULL ? error_param(state,
                                              "column %R has no type %R; types are int64, int32, int16, int8, "
                                              "float64, float32, bool, string, binary, list<type> and "
                                              "map<type, type>",
                                              name_given, type_given)
                                : 0;
}

static ColumnPlan *plan_read(State *state, PyObject *columns)
{
    size_t count = (size_t)PyTuple_GET_SIZE(columns);
    ColumnPlan *plan = column_plan_new(count);
    if (plan == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (column_read(state, PyTuple_GET_ITEM(columns, (Py_ssize_t)i), &plan->columns[i]) < 0) {
            column_plan_release(plan);
            return NULL;
        }
    }
    return plan;
}

DOC(client__columns,
    "_columns($self, columns, batch_rows, queue)\n--\n\n"
    "A plan of columns, each a name, a number of where it comes from and the text of a type.");

static int _columns_read(Command *command, PyObject *const *given)
{
    State *state = command_state(command);
    int64_t rows, queue;
    if (!PyTuple_Check(given[0])) {
        return error_type(state, "columns", "a tuple", given[0]);
    }
    if (integer_from_py(state, given[1], "batch_rows", 1, INT32_MAX / 2, &rows) < 0 ||
        integer_from_py(state, given[2], "queue", 1, INT32_MAX, &queue) < 0) {
        return -1;
    }
    ColumnPlan *plan = plan_read(state, given[0]);
    if (plan == NULL) {
        return -1;
    }
    plan->batch_rows = rows;
    plan->queue = queue;
    command->answer = PyCapsule_New(plan, PLAN, plan_free);
    if (command->answer == NULL) {
        column_plan_release(plan);
        return -1;
    }
    return 0;
}

static const CommandKind _columns_command = {.signature = {"_columns", 3, {"columns", "batch_rows", "queue"}},
                                             .policy = POLICY_KIND_COUNT,
                                             .read = _columns_read,
                                             .give = command_give_answer};
COMMAND(_columns)

static void schema_free(PyObject *capsule)
{
    ArrowSchema *schema = PyCapsule_GetPointer(capsule, SCHEMA);
    if (schema->release != NULL) {  // else a consumer has taken it
        schema->release(schema);
    }
    PyMem_Free(schema);
}

static PyObject *client_arrow_schema(PyObject *Py_UNUSED(self), PyObject *capsule)
{
    const ColumnPlan *plan = arrow_plan(capsule);
    if (plan == NULL) {
        return NULL;
    }
    ArrowSchema *schema = PyMem_Calloc(1, sizeof *schema);
    if (schema == NULL || !column_plan_export(plan, schema)) {
        PyMem_Free(schema);
        return PyErr_NoMemory();
    }
    PyObject *shown = PyCapsule_New(schema, SCHEMA, schema_free);
    if (shown == NULL) {
        schema->release(schema);
        PyMem_Free(schema);
    }
    return shown;
}

PyObject *arrow_raise(State *state, const ColumnFailure *failure, PyObject *key)
{
    PyObject *bin = failure->bin[0] == '\0' ? NULL : PyUnicode_FromString(failure->bin);
    if (bin != NULL || !PyErr_Occurred()) {
        error_raise(state, &failure->err);
        error_note_record(state, key, bin);
    }
    Py_XDECREF(bin);
    return NULL;
}

static PyObject *client_arrow_error(PyObject *self, PyObject *capsule)
{
    State *state = ((ClientObject *)self)->state;
    ColumnPlan *plan = arrow_plan(capsule);
    if (plan == NULL) {
        return NULL;
    }
    ColumnFailure failure = column_plan_failure(plan);
    if (failure.err.code == AEROSPIKE_OK) {
        Py_RETURN_NONE;
    }
    arrow_raise(state, &failure, NULL);
    return error_take();
}

// ---- the stream ----

static void stream_free(PyObject *capsule)
{
    ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, STREAM);
    if (stream->release != NULL) {
        stream->release(stream);
    }
    PyMem_Free(stream);
}

DOC(client__arrow_stream,
    "_arrow_stream($self, request, columns)\n--\n\n"
    "An Arrow stream of what a Request gives, which begins when it is read.");

// A run to a sink of columns, and the sink. NULL with an exception.
static QueryRun *run_read(const Command *command, PyObject *request, ColumnPlan *plan, ColumnSink **columns)
{
    *columns = column_sink_new(plan);
    QueryRun *run = *columns == NULL ? NULL : query_run_new(column_sink_base(*columns));
    if (run == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    if (query_run_read(command->settings, request, run) < 0) {
        query_run_release(run);
        return NULL;
    }
    run->policy.deserialize = false;  // lists and maps come as their bytes
    return run;
}

PyObject *arrow_stream_to_py(ArrowArrayStream *made)
{
    ArrowArrayStream *stream = PyMem_Malloc(sizeof *stream);
    PyObject *capsule = NULL;
    if (stream == NULL) {
        PyErr_NoMemory();
    } else {
        *stream = *made;
        capsule = PyCapsule_New(stream, STREAM, stream_free);
    }
    if (capsule == NULL) {
        PyMem_Free(stream);
        made->release(made);
    }
    return capsule;
}

static PyObject *stream_read(Command *command, PyObject *request, ColumnPlan *plan)
{
    ColumnSink *columns;
    QueryRun *run = run_read(command, request, plan, &columns);
    if (run == NULL) {
        return NULL;
    }
    Connection *connection = connection_acquire(command->client);
    if (connection == NULL) {
        query_run_release(run);
        return NULL;
    }
    ArrowArrayStream stream;
    if (!column_stream_init(&stream, plan, columns, run, connection)) {
        return PyErr_NoMemory();
    }
    command->answer = run;
    ColumnWatch *watch = observed(command->client, command->settings) ? column_watch_begin(command) : NULL;
    if (watch != NULL) {
        column_stream_watch(&stream, watch);
    }
    return arrow_stream_to_py(&stream);
}

static int _arrow_stream_read(Command *command, PyObject *const *given)
{
    ColumnPlan *plan = arrow_plan(given[1]);
    command->answer = plan == NULL ? NULL : stream_read(command, given[0], plan);
    return command->answer == NULL ? -1 : 0;
}

static void _arrow_stream_tell(const Command *command, Report *report)
{
    query_run_tell(command->answer, report);
}

static const CommandKind _arrow_stream_command = {.signature = {"_arrow_stream", 2, {"request", "columns"}},
                                                  .policy = POLICY_KIND_COUNT,
                                                  .read = _arrow_stream_read,
                                                  .give = command_give_answer,
                                                  .tell = _arrow_stream_tell};
COMMAND(_arrow_stream)

DOC(client__arrow_check,
    "_arrow_check($self, request, columns)\n--\n\n"
    "Raise what is wrong with a Request that is to be a stream.");

static int _arrow_check_read(Command *command, PyObject *const *given)
{
    ColumnPlan *plan = arrow_plan(given[1]);
    ColumnSink *columns;
    QueryRun *run = plan == NULL ? NULL : run_read(command, given[0], plan, &columns);
    if (run == NULL) {
        return -1;
    }
    query_run_release(run);
    return 0;
}

static const CommandKind _arrow_check_command = {.signature = {"_arrow_check", 2, {"request", "columns"}},
                                                 .policy = POLICY_KIND_COUNT,
                                                 .read = _arrow_check_read,
                                                 .give = command_give_zero};
COMMAND(_arrow_check)

// ---- tables ----

static void table_free(PyObject *capsule)
{
    column_table_release(PyCapsule_GetPointer(capsule, TABLE));
}

PyObject *arrow_table_to_py(ColumnTable *table)
{
    PyObject *capsule = PyCapsule_New(table, TABLE, table_free);
    if (capsule == NULL) {
        column_table_release(table);
    }
    return capsule;
}

static PyObject *client_table_stream(PyObject *Py_UNUSED(self), PyObject *capsule)
{
    ColumnTable *table = PyCapsule_GetPointer(capsule, TABLE);
    ArrowArrayStream stream;
    if (table == NULL) {
        return NULL;
    }
    return column_table_stream(table, &stream) ? arrow_stream_to_py(&stream) : PyErr_NoMemory();
}

// (table, how many rows) of a batch, which becomes the table's.
static PyObject *batch_to_py(ColumnPlan *plan, ArrowArray *array)
{
    int64_t rows = array->length;
    ColumnTable *table = column_table_new(plan);
    bool taken = table != NULL && column_table_take(table, array);
    if (!taken) {
        array->release(array);
        if (table != NULL) {
            column_table_release(table);
        }
        return PyErr_NoMemory();
    }
    PyObject *capsule = arrow_table_to_py(table);
    return capsule == NULL ? NULL : Py_BuildValue("NL", capsule, (long long)rows);
}

static PyObject *client_next_table(PyObject *self, PyObject *arguments)
{
    PyObject *stream_capsule, *plan_capsule;
    if (!PyArg_ParseTuple(arguments, "OO", &stream_capsule, &plan_capsule)) {
        return NULL;
    }
    ArrowArrayStream *stream = PyCapsule_GetPointer(stream_capsule, STREAM);
    ColumnPlan *plan = stream == NULL ? NULL : arrow_plan(plan_capsule);
    if (plan == NULL) {
        return NULL;
    }
    ArrowArray array;
    int number = stream->get_next(stream, &array);  // which lets go of the GIL
    if (number != 0) {
        ColumnFailure failure = column_plan_failure(plan);
        return arrow_raise(((ClientObject *)self)->state, &failure, NULL);
    }
    return array.release == NULL ? Py_NewRef(Py_None) : batch_to_py(plan, &array);
}

PyMethodDef client_arrow_methods[] = {
    METHOD("_columns", client__columns),
    METHOD("_arrow_stream", client__arrow_stream),
    METHOD("_arrow_check", client__arrow_check),
    {"_arrow_schema", client_arrow_schema, METH_O | METH_STATIC,
     "The columns of a plan as a capsule of an Arrow schema."},
    {"_table_stream", client_table_stream, METH_O | METH_STATIC, "A table as a capsule of an Arrow stream."},
    {"_next_table", client_next_table, METH_VARARGS, "The next batch of a stream and a plan: (table, rows), or None."},
    {"_arrow_error", client_arrow_error, METH_O, "What a stream of a plan failed by last, or None."},
    {NULL, NULL, 0, NULL},
};
