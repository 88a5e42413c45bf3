// SPDX-License-Identifier: Apache-2.0
#include "client/where.h"

#include "client/command.h"
#include "operate/operate.h"

#include <aerospike/as_cdt_internal.h>

static const char CAPSULE[] = "aerospike.where";

enum { VALUE_MOST = 1 << 20 };  // bytes of a text or blob; it goes out twice, and no index has keys so long

struct Where {
    atomic_int references;
    as_predicate predicate;  // borrows from what follows
    as_cdt_ctx context;  // where predicate.ctx is set
    char *value;  // a text, or the bytes of a blob
};

// ---- life ----

void where_release(Where *where)
{
    if (where == NULL || atomic_fetch_sub(&where->references, 1) != 1) {
        return;
    }
    if (where->predicate.ctx != NULL) {
        as_cdt_ctx_destroy(&where->context);
    }
    if (where->predicate.exp != NULL) {
        as_exp_destroy(where->predicate.exp);
    }
    free(where->value);
    free(where);
}

static void capsule_free(PyObject *capsule)
{
    where_release(PyCapsule_GetPointer(capsule, CAPSULE));
}

int where_lend(PyObject *capsule, as_query *query, Where **held)
{
    if (capsule == Py_None) {
        return 0;
    }
    Where *where = *held = PyCapsule_GetPointer(capsule, CAPSULE);
    if (where == NULL) {
        return -1;
    }
    atomic_fetch_add(&where->references, 1);
    query->where = (as_query_predicates){.entries = &where->predicate, .capacity = 1, .size = 1};
    return 0;
}

// ---- the records of a plan ----

int query_from_py(State *state, PyObject *namespace, PyObject *set, PyObject *records_per_second, as_query *query)
{
    const char *ns = text_from_py(state, "namespace", namespace);
    const char *name = set == Py_None ? "" : text_from_py(state, "set", set);
    int64_t speed;
    if (ns == NULL || name == NULL ||
        integer_from_py(state, records_per_second, "records_per_second", 0, UINT32_MAX, &speed) < 0) {
        return -1;
    }
    as_query_init(query, ns, name);
    query->records_per_second = (uint32_t)speed;
    return 0;
}

// ---- the predicate ----
// (kind, data type, bin, value), then, where they are needed, the greatest value and where the value is.

enum {
    PREDICATE_KIND,
    PREDICATE_DATA,
    PREDICATE_BIN,
    PREDICATE_VALUE,
    PREDICATE_MOST,
    PREDICATE_INDEX,
    PREDICATE_SIZE
};

static int read_number(State *state, PyObject *given, const char *what, int least, int most, int *out)
{
    int64_t number;
    if (integer_from_py(state, given, what, least, most, &number) < 0) {
        return -1;
    }
    *out = (int)number;
    return 0;
}

// A copy of some bytes, with a NUL after them.
static int keep_value(Where *where, const char *bytes, Py_ssize_t size)
{
    where->value = malloc((size_t)size + 1);
    if (where->value == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(where->value, bytes, (size_t)size);
    where->value[size] = '\0';
    return 0;
}

static int check_size(State *state, Py_ssize_t size)
{
    return size <= VALUE_MOST ? 0 : error_param(state, "predicate[3] must have at most %d bytes", VALUE_MOST);
}

static int read_text(State *state, PyObject *given, Where *where)
{
    if (!PyUnicode_Check(given)) {
        return error_type(state, "predicate[3]", "a str", given);
    }
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(given, &size);
    if (text == NULL) {
        return unicode_error(state, "predicate[3]");
    }
    if (memchr(text, '\0', (size_t)size) != NULL) {
        return error_param(state, "predicate[3] must be without NUL, where the C client would end it");
    }
    if (check_size(state, size) < 0 || keep_value(where, text, size) < 0) {
        return -1;
    }
    where->predicate.value.string_val.string = where->value;
    return 0;
}

static int read_blob(State *state, PyObject *given, Where *where)
{
    bool array = PyByteArray_Check(given);
    if (!array && !PyBytes_Check(given)) {
        return error_type(state, "predicate[3]", "bytes or a bytearray", given);
    }
    const char *bytes = array ? PyByteArray_AS_STRING(given) : PyBytes_AS_STRING(given);
    Py_ssize_t size = array ? PyByteArray_GET_SIZE(given) : PyBytes_GET_SIZE(given);
    if (check_size(state, size) < 0 || keep_value(where, bytes, size) < 0) {
        return -1;
    }
    where->predicate.value.blob_val.bytes = (uint8_t *)where->value;
    where->predicate.value.blob_val.bytes_size = (uint32_t)size;
    return 0;
}

static int read_integer(State *state, PyObject *given, const char *what, int64_t *out)
{
    return integer_from_py(state, given, what, INT64_MIN, INT64_MAX, out);
}

static int read_value(State *state, PyObject *const *given, Where *where)
{
    as_predicate *predicate = &where->predicate;
    bool range = predicate->type == AS_PREDICATE_RANGE;
    switch (predicate->dtype) {
    case AS_INDEX_INTEGER:
    case AS_INDEX_NUMERIC:
        if (range) {
            return read_integer(state, given[PREDICATE_VALUE], "predicate[3]", &predicate->value.integer_range.min) <
                               0 ||
                           read_integer(state, given[PREDICATE_MOST], "predicate[4]",
                                        &predicate->value.integer_range.max) < 0
                       ? -1
                       : 0;
        }
        return read_integer(state, given[PREDICATE_VALUE], "predicate[3]", &predicate->value.integer);
    case AS_INDEX_GEO2DSPHERE:
        return range ? read_text(state, given[PREDICATE_VALUE], where)
                     : error_param(state, "predicate[0] must be 1 where predicate[1] is INDEX_GEO2DSPHERE");
    case AS_INDEX_STRING:
    case AS_INDEX_BLOB:
        if (range) {
            return error_param(state, "predicate[0] must be 0 where predicate[1] is INDEX_STRING or INDEX_BLOB");
        }
        return predicate->dtype == AS_INDEX_STRING ? read_text(state, given[PREDICATE_VALUE], where)
                                                   : read_blob(state, given[PREDICATE_VALUE], where);
    }
    return error_param(state, "predicate[1] must be one of aerospike.INDEX_STRING and its like");
}

static int read_predicate(State *state, PyObject *const *given, Where *where)
{
    int type, data, index = AS_INDEX_TYPE_DEFAULT;
    if (read_number(state, given[PREDICATE_KIND], "predicate[0]", AS_PREDICATE_EQUAL, AS_PREDICATE_RANGE, &type) < 0 ||
        read_number(state, given[PREDICATE_DATA], "predicate[1]", AS_INDEX_STRING, AS_INDEX_NUMERIC, &data) < 0 ||
        (given[PREDICATE_INDEX] != Py_None &&
         read_number(state, given[PREDICATE_INDEX], "predicate[5]", AS_INDEX_TYPE_DEFAULT, AS_INDEX_TYPE_MAPVALUES,
                     &index) < 0)) {
        return -1;
    }
    where->predicate.type = (as_predicate_type)type;
    where->predicate.dtype = (as_index_datatype)data;
    where->predicate.itype = (as_index_type)index;
    return read_value(state, given, where);
}

// ---- which index ----

static int read_bin(State *state, PyObject *given, as_predicate *predicate)
{
    if (given == Py_None) {
        return error_param(state, "predicate[2] must be a bin: None is for an index that is named otherwise, by "
                                  "where_with_index_name() or where_with_expr()");
    }
    const char *name = bin_name_from_py(state, given);
    if (name == NULL) {
        return -1;
    }
    strcpy(predicate->bin, name);
    return 0;
}

static int read_context(const Codec *codec, PyObject *given, Where *where)
{
    if (given == Py_None || (PyList_Check(given) && PyList_GET_SIZE(given) == 0)) {
        return 0;
    }
    if (context_from_py(codec, given, 0, &where->context) < 0) {
        return -1;
    }
    where->predicate.ctx = &where->context;
    as_packer packer = {.buffer = NULL, .capacity = UINT32_MAX};
    where->predicate.ctx_size = as_cdt_ctx_pack(&where->context, &packer);
    return where->predicate.ctx_size > 0 ? 0 : error_param(codec->state, "ctx cannot be packed");
}

static int read_index_name(State *state, PyObject *given, as_predicate *predicate)
{
    const char *name = text_from_py(state, "index_name", given);
    if (name == NULL) {
        return -1;
    }
    if (name[0] == '\0' || strlen(name) >= sizeof predicate->index_name) {
        return error_param(state, "index_name must have 1 to %zu bytes: %R", sizeof predicate->index_name - 1, given);
    }
    strcpy(predicate->index_name, name);
    return 0;
}

// The index that the server finds by its name or expression has a bin, or none, that it knows itself.
static int read_index(const Codec *codec, PyObject *bin, PyObject *ctx, PyObject *expression, PyObject *index_name,
                      Where *where)
{
    as_predicate *predicate = &where->predicate;
    if (index_name != Py_None) {
        return read_index_name(codec->state, index_name, predicate);
    }
    if (expression != Py_None) {
        predicate->exp = expression_from_py(codec, expression, 0, "expr");
        return predicate->exp == NULL ? -1 : 0;
    }
    return read_bin(codec->state, bin, predicate) < 0 || read_context(codec, ctx, where) < 0 ? -1 : 0;
}

static int where_read(const Codec *codec, PyObject *predicate, PyObject *ctx, PyObject *expression,
                      PyObject *index_name, Where *where)
{
    State *state = codec->state;
    if (!PyTuple_Check(predicate)) {
        return error_type(state, "predicate", "a tuple that a function of aerospike.predicates returns", predicate);
    }
    Py_ssize_t size = PyTuple_GET_SIZE(predicate);
    if (size <= PREDICATE_VALUE || size > PREDICATE_SIZE) {
        return error_param(state, "predicate must have 4 to 6 elements, not %zd", size);
    }
    PyObject *given[PREDICATE_SIZE];
    for (Py_ssize_t i = 0; i < PREDICATE_SIZE; i++) {
        given[i] = i < size ? PyTuple_GET_ITEM(predicate, i) : Py_None;
    }
    PyObject *bin = given[PREDICATE_BIN];
    if (bin != Py_None && !PyUnicode_Check(bin)) {
        return error_type(state, "predicate[2]", "a str or None", bin);
    }
    return read_predicate(state, given, where) < 0 || read_index(codec, bin, ctx, expression, index_name, where) < 0
               ? -1
               : 0;
}

PyObject *where_from_py(const Codec *codec, PyObject *predicate, PyObject *ctx, PyObject *expression,
                        PyObject *index_name)
{
    Where *where = calloc(1, sizeof *where);
    if (where == NULL) {
        return PyErr_NoMemory();
    }
    atomic_init(&where->references, 1);
    PyObject *capsule = where_read(codec, predicate, ctx, expression, index_name, where) < 0
                            ? NULL
                            : PyCapsule_New(where, CAPSULE, capsule_free);
    if (capsule == NULL) {
        where_release(where);
    }
    return capsule;
}
