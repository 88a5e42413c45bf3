// SPDX-License-Identifier: Apache-2.0
// Batches whose records become the rows of a matrix.
#include "client/batch_matrix.h"

#include "client/doc.h"
#include "columns/number.h"

#include <math.h>

// ---- read ----

static int bins_read(Command *command, PyObject *bins)
{
    State *state = command_state(command);
    if (!PyList_Check(bins) && !PyTuple_Check(bins)) {
        return error_type(state, "bins", "a list of bin names", bins);
    }
    PyObject *names = keep_new(&command->keep, PySequence_Tuple(bins));
    if (names == NULL) {
        return -1;
    }
    if (PyTuple_GET_SIZE(names) == 0) {
        return error_param(state, "bins must have a name");
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        if (bin_name_from_py(state, PyTuple_GET_ITEM(names, i)) == NULL) {
            return -1;
        }
    }
    return command_names(command, names);
}

// *kind stays as it is where nothing is said.
static int kind_read(State *state, PyObject *given, ColumnKind *kind)
{
    if (given == NULL || given == Py_None) {
        return 0;
    }
    const char *text = text_from_py(state, "type", given);
    ColumnType *type = text == NULL ? NULL : column_type_new(text);
    *kind = type == NULL ? COLUMN_KIND_COUNT : type->kind;
    column_type_free(type);
    return text == NULL          ? -1
           : *kind < COLUMN_BOOL ? 0
                                 : error_param(state,
                                               "type must be 'float64', 'float32', 'int64', 'int32', 'int16' or "
                                               "'int8', not %R",
                                               given);
}

static int number_read(State *state, PyObject *given, Cell *out)
{
    *out = (Cell){.kind = CELL_FLOAT, .number = NAN};
    if (given == NULL || given == Py_None) {
        return 0;
    }
    if (PyFloat_Check(given)) {
        out->number = PyFloat_AS_DOUBLE(given);
        return 0;
    }
    out->kind = CELL_INTEGER;
    return PyLong_Check(given) ? integer_from_py(state, given, "fill", INT64_MIN, INT64_MAX, &out->integer)
                               : error_type(state, "fill", "a number", given);
}

static int fill_read(State *state, PyObject *given, MatrixBatch *out)
{
    Cell cell;
    if (number_read(state, given, &cell) < 0) {
        return -1;
    }
    if (column_number(out->matrix->type.kind, &cell, out->fill)) {
        return 0;
    }
    char kind[16];
    column_type_print(&out->matrix->type, kind, sizeof kind);
    return given == NULL || given == Py_None ? error_param(state, "fill must be given: %s has no NaN", kind)
                                             : error_param(state, "fill is %R, the matrix is %s", given, kind);
}

static int set_read(Command *command, as_batch_base_record *row, PyObject *const *Py_UNUSED(given))
{
    as_batch_read_record *read = (as_batch_read_record *)row;
    read->bin_names = (char **)command->names;
    read->n_bin_names = (uint32_t)command->number;
    return 0;
}

static bool add_row(BatchRows *rows, const ColumnRow *row);

static int batch_matrix_read(Command *command, PyObject *const *given)
{
    State *state = command_state(command);
    ColumnKind kind = COLUMN_KIND_COUNT;
    PyObject *out = given[4] == Py_None ? NULL : given[4];
    if (batch_new(command, sizeof(MatrixBatch), "keys", given[0]) == NULL || bins_read(command, given[1]) < 0 ||
        kind_read(state, given[2], &kind) < 0) {
        return -1;
    }
    MatrixBatch *batch = command->answer;
    batch->rows.add = add_row;
    batch->matrix =
        matrix_new(state, PyTuple_GET_SIZE(batch->rows.batch.given), (Py_ssize_t)command->number, kind, out);
    return batch->matrix == NULL || fill_read(state, given[3], batch) < 0 || matrix_taker_make(command, batch) < 0
               ? -1
               : batch_read_keys(command, ROW_READ, set_read, given);
}

// ---- run ----

static bool refuse(MatrixBatch *batch, const ColumnRow *row, const char *bin, const Cell *cell)
{
    char of[96], value[64], kind[16];
    ColumnFailure *failure = &batch->rows.failure;
    column_row_print(row, of, sizeof of);
    cell_print(cell, true, value, sizeof value);
    column_type_print(&batch->matrix->type, kind, sizeof kind);
    as_error_update(&failure->err, AEROSPIKE_ERR_BIN_INCOMPATIBLE_TYPE, "bin '%s' of %s: value is %s, the matrix is %s",
                    bin, of, value, kind);
    strcpy(failure->bin, bin);
    return false;
}

static bool add_row(BatchRows *rows, const ColumnRow *row)
{
    MatrixBatch *batch = (MatrixBatch *)rows;
    const Matrix *matrix = batch->matrix;
    matrix->statuses[rows->row] = row->status;
    if (row->record != NULL && batch->taken[rows->row]) {
        return true;
    }
    const as_batch_read_record *read = as_vector_get(&rows->batch.records.list, rows->row);
    size_t width = (size_t)matrix->strides[1];
    char *out = matrix->values + (Py_ssize_t)rows->row * matrix->strides[0];
    ColumnCursor cursor = {.rest = row->bins};
    for (uint32_t i = 0; i < read->n_bin_names; i++, out += width) {
        Msgpack in;
        Cell cell = {.kind = CELL_NULL};
        column_row_bin(row, read->bin_names[i], &cursor, &in, &cell);
        if (cell.kind == CELL_NULL) {
            memcpy(out, batch->fill, width);
        } else if (!column_number(matrix->type.kind, &cell, out)) {
            return refuse(batch, row, read->bin_names[i], &cell);
        }
    }
    return true;
}

// ---- give ----

static PyObject *batch_matrix_give(Command *command)
{
    MatrixBatch *batch = command->answer;
    if (batch_rows_end(command) < 0) {
        return NULL;
    }
    batch->matrix->result = (int)batch->rows.batch.status;
    return Py_NewRef((PyObject *)batch->matrix);
}

static void batch_matrix_release(Command *command)
{
    MatrixBatch *batch = command->answer;
    if (batch != NULL) {
        Py_XDECREF((PyObject *)batch->matrix);
        batch_release(command);
    }
}

DOC(client_batch_matrix,
    "batch_matrix($self, keys, bins, type=None, fill=None, out=None, policy=None)\n--\n\n"
    "Read numbers of many records as a matrix: a row a key, a column a bin; see :doc:`/columns`.\n\n"
    ":param list keys: the records' keys; the same one may be there more than once.\n"
    ":param list bins: names of bins, at least one.\n"
    ":param str type: ``\"float64\"``, ``\"float32\"``, ``\"int64\"``, ``\"int32\"``, ``\"int16\"`` or ``\"int8\"``;\n"
    "    default: that of out, or ``\"float64\"``.\n"
    ":param fill: the number where a bin or a record is not there; default: NaN, which integers have not.\n"
    ":param out: a buffer of that shape and type that can be written, such as an array of NumPy, which gets the\n"
    "    numbers. None: new memory. Where the call raises, some may have been written.\n"
    POLICY_DOC("batch")
    ":return: a :class:`Matrix`, which ``numpy.asarray()`` takes without copying. Rows that failed raise nothing.\n"
    ":raises BinIncompatibleType: a value is no number that the type has; the message names the bin, the record and\n"
    "    both types.\n"
    ":raises ParamError: an argument is not valid; nothing was sent.\n");

static const CommandKind batch_matrix_command = {
    .signature = {"batch_matrix", 2, {"keys", "bins", "type", "fill", "out", "policy"}},
    .policy = POLICY_KIND_BATCH,
    .read = batch_matrix_read,
    .run = batch_rows_run,
    .start = batch_read_start,
    .give = batch_matrix_give,
    .tell = batch_tell,
    .release = batch_matrix_release,
};
COMMAND_FLYING(batch_matrix)

PyMethodDef client_batch_matrix_methods[] = {
    METHOD_FLYING(batch_matrix),
    {NULL, NULL, 0, NULL},
};
