// SPDX-License-Identifier: Apache-2.0
#include "client/matrix.h"

#include <structmember.h>

// ---- kinds ----

// As the module struct names them.
static const char *const FORMATS[] = {
    [COLUMN_INT8] = "b",  [COLUMN_INT16] = "h",   [COLUMN_INT32] = "i",
    [COLUMN_INT64] = "q", [COLUMN_FLOAT32] = "f", [COLUMN_FLOAT64] = "d",
};

static Py_ssize_t width_of(ColumnKind kind)
{
    return (Py_ssize_t)column_type_width(&(ColumnType){.kind = kind});
}

// The kind of a buffer's numbers; COLUMN_KIND_COUNT: there is none.
static ColumnKind kind_of(const Py_buffer *buffer)
{
    const char *format = buffer->format == NULL ? "B" : buffer->format;
    format += *format == '@' || *format == '=' || (*format == '<' && PY_LITTLE_ENDIAN);
    if (strlen(format) != 1 || strchr("bhilqfd", *format) == NULL) {
        return COLUMN_KIND_COUNT;
    }
    bool real = *format == 'f' || *format == 'd';
    ColumnKind kind = real ? COLUMN_FLOAT32 : COLUMN_INT8;
    while (width_of(kind) != buffer->itemsize) {
        kind++;
    }
    return kind;
}

// ---- making one ----

static int take_own(Matrix *matrix)
{
    Py_ssize_t width = width_of(matrix->type.kind), columns = matrix->shape[1];
    if (matrix->shape[0] > PY_SSIZE_T_MAX / width / columns) {
        PyErr_NoMemory();
        return -1;
    }
    matrix->values = PyMem_Malloc((size_t)(matrix->shape[0] * columns * width));
    return matrix->values == NULL ? (PyErr_NoMemory(), -1) : 0;
}

static int take_out(State *state, Matrix *matrix, PyObject *out)
{
    if (PyObject_GetBuffer(out, &matrix->out, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE | PyBUF_FORMAT) < 0) {
        PyErr_Clear();
        return error_param(state, "out must be a buffer that can be written, C-contiguous, not a %s",
                           Py_TYPE(out)->tp_name);
    }
    const Py_buffer *buffer = &matrix->out;
    ColumnKind kind = kind_of(buffer);
    if (buffer->ndim != 2 || buffer->shape[0] != matrix->shape[0] || buffer->shape[1] != matrix->shape[1]) {
        return error_param(state, "out must have 2 dimensions, of %zd rows and %zd columns", matrix->shape[0],
                           matrix->shape[1]);
    }
    if (kind == COLUMN_KIND_COUNT || (matrix->type.kind != COLUMN_KIND_COUNT && matrix->type.kind != kind)) {
        return error_param(state, "out has numbers of the format '%s', which is not the type",
                           buffer->format == NULL ? "B" : buffer->format);
    }
    matrix->type.kind = kind;
    matrix->values = buffer->buf;
    return 0;
}

static int make_status(Matrix *matrix)
{
    PyObject *bytes = PyByteArray_FromStringAndSize(NULL, matrix->shape[0] * (Py_ssize_t)sizeof *matrix->statuses);
    PyObject *view = bytes == NULL ? NULL : PyMemoryView_FromObject(bytes);
    if (view != NULL) {
        matrix->statuses = (int32_t *)(void *)PyByteArray_AS_STRING(bytes);
        matrix->status = PyObject_CallMethod(view, "cast", "s", "i");
    }
    Py_XDECREF(view);
    Py_XDECREF(bytes);
    return matrix->status == NULL ? -1 : 0;
}

Matrix *matrix_new(State *state, Py_ssize_t rows, Py_ssize_t columns, ColumnKind kind, PyObject *out)
{
    PyTypeObject *type = (PyTypeObject *)state->matrix_type;
    Matrix *matrix = (Matrix *)type->tp_alloc(type, 0);
    if (matrix == NULL) {
        return NULL;
    }
    matrix->type.kind = kind == COLUMN_KIND_COUNT && out == NULL ? COLUMN_FLOAT64 : kind;
    matrix->shape[0] = rows;
    matrix->shape[1] = columns;
    if ((out == NULL ? take_own(matrix) : take_out(state, matrix, out)) < 0 || make_status(matrix) < 0) {
        Py_CLEAR(matrix);
        return NULL;
    }
    matrix->strides[1] = width_of(matrix->type.kind);
    matrix->strides[0] = columns * matrix->strides[1];
    return matrix;
}

static void matrix_dealloc(PyObject *self)
{
    Matrix *matrix = (Matrix *)self;
    PyTypeObject *type = Py_TYPE(self);
    if (matrix->out.obj != NULL) {
        PyBuffer_Release(&matrix->out);
    } else {
        PyMem_Free(matrix->values);
    }
    Py_XDECREF(matrix->status);
    type->tp_free(self);
    Py_DECREF(type);
}

// ---- what is seen of it ----

static int matrix_getbuffer(PyObject *self, Py_buffer *view, int flags)
{
    Matrix *matrix = (Matrix *)self;
    if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS) {
        PyErr_SetString(PyExc_BufferError, "a Matrix has its rows one after another");
        return -1;
    }
    bool shaped = (flags & PyBUF_ND) == PyBUF_ND;
    *view = (Py_buffer){
        .buf = matrix->values,
        .obj = Py_NewRef(self),
        .len = matrix->shape[0] * matrix->strides[0],
        .itemsize = matrix->strides[1],
        .ndim = shaped ? 2 : 1,
        .format = (flags & PyBUF_FORMAT) == PyBUF_FORMAT ? (char *)FORMATS[matrix->type.kind] : NULL,
        .shape = shaped ? matrix->shape : NULL,
        .strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? matrix->strides : NULL,
    };
    return 0;
}

static PyObject *matrix_repr(PyObject *self)
{
    const Matrix *matrix = (const Matrix *)self;
    char kind[16];
    column_type_print(&matrix->type, kind, sizeof kind);
    return PyUnicode_FromFormat("<aerospike.Matrix of %zd x %zd %s>", matrix->shape[0], matrix->shape[1], kind);
}

static PyObject *get_shape(PyObject *self, void *Py_UNUSED(closure))
{
    const Matrix *matrix = (const Matrix *)self;
    return Py_BuildValue("nn", matrix->shape[0], matrix->shape[1]);
}

static PyObject *get_type(PyObject *self, void *Py_UNUSED(closure))
{
    char kind[16];
    column_type_print(&((const Matrix *)self)->type, kind, sizeof kind);
    return PyUnicode_FromString(kind);
}

static PyGetSetDef properties[] = {
    {"shape", get_shape, NULL, "``(rows, columns)``: as many as there were keys, and bins.", NULL},
    {"type", get_type, NULL, "The type of its numbers, such as ``\"float64\"``.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef members[] = {
    {"status", T_OBJECT, offsetof(Matrix, status), READONLY,
     "A memoryview of int32, a number a row: 0 where the record was read, else the ``code`` of the exception that a\n"
     "single command raises, such as 2 where there is no such record."},
    {"result", T_INT, offsetof(Matrix, result), READONLY,
     "The code of the batch as a whole, as that of :class:`~aerospike_helpers.batch.records.BatchRecords`."},
    {NULL, 0, 0, 0, NULL},
};

static const char matrix_doc[] = "Numbers in rows and columns; made by :meth:`Client.batch_matrix`.\n\n"
                                 "It has the buffer protocol: ``numpy.asarray(matrix)`` has its numbers without "
                                 "copying them, as has a ``memoryview``.";

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)matrix_doc},
    {Py_tp_dealloc, matrix_dealloc},
    {Py_tp_repr, matrix_repr},
    {Py_tp_getset, properties},
    {Py_tp_members, members},
    {Py_bf_getbuffer, matrix_getbuffer},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "aerospike.Matrix",
    .basicsize = sizeof(Matrix),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

int matrix_init(PyObject *module, State *state)
{
    state->matrix_type = PyType_FromModuleAndSpec(module, &spec, NULL);
    return state->matrix_type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)state->matrix_type);
}
