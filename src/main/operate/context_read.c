// SPDX-License-Identifier: Apache-2.0
// Contexts back from the wire's msgpack: the entries of which aerospike_helpers.cdt_ctx would make the same bytes.
#include "errors.h"
#include "operate/expressions_read.h"
#include "operate/operate.h"

#include <aerospike/as_cdt_internal.h>

enum {
    CREATE = 0xc0,  // bits of the type of an entry that creates what it does not find: the order of what it creates
    CREATE_UNORDERED = 0x40,
    CREATE_SECOND = 0x80,  // a list with its gap filled; a map in the order of keys
    ALL_CHILDREN = 0xc3,  // as the expression of an entry: true
};

static PyObject *entry_new(Reader *r, int64_t id, PyObject *value, PyObject *extra)
{
    State *state = r->codec->state;
    PyObject *number = PyLong_FromLongLong(id);
    PyObject *arguments = PyTuple_New(0);
    PyObject *named =
        number == NULL || value == NULL || extra == NULL
            ? NULL
            : Py_BuildValue("{OOOOOO}", state->str_id, number, state->str_value, value, state->str_extra_args, extra);
    PyObject *entry =
        arguments == NULL || named == NULL ? NULL : PyObject_Call(state->context_entry_type, arguments, named);
    Py_XDECREF(number);
    Py_XDECREF(arguments);
    Py_XDECREF(named);
    Py_XDECREF(value);
    Py_XDECREF(extra);
    return entry;
}

static PyObject *entry_expression(Reader *r, int64_t id)
{
    PyObject *value;
    if (id == AS_CDT_CTX_EXP && msgpack_left(&r->in) > 0 && *r->in.at == ALL_CHILDREN) {
        r->in.at++;
        value = Py_NewRef(Py_None);
    } else {
        value = reader_compiled(r);
    }
    return entry_new(r, id, value, Py_NewRef(Py_None));
}

static PyObject *entry_create(Reader *r, int64_t type)
{
    bool list = (type & ~CREATE) == AS_CDT_CTX_LIST_INDEX;
    int64_t flags = type & CREATE;
    int order = flags == CREATE ? (list ? AS_LIST_ORDERED : AS_MAP_KEY_VALUE_ORDERED) : 0;
    if (!list && flags == CREATE_SECOND) {
        order = AS_MAP_KEY_ORDERED;
    }
    PyObject *value = reader_value(r);
    PyObject *extra =
        list ? Py_BuildValue("{sisO}", "order_key", order, "pad_key", flags == CREATE_SECOND ? Py_True : Py_False)
             : Py_BuildValue("{si}", "order_key", order);
    return entry_new(r, list ? CONTEXT_LIST_INDEX_CREATE : CONTEXT_MAP_KEY_CREATE, value, extra);
}

static PyObject *entry_read(Reader *r)
{
    int64_t type;
    if (!reader_integer(r, &type)) {
        return NULL;
    }
    if ((type & ~(int64_t)AS_CDT_CTX_AND) == AS_CDT_CTX_EXP) {
        return entry_expression(r, type);
    }
    if ((type & CREATE) != 0) {
        return entry_create(r, type);
    }
    return entry_new(r, type, reader_value(r), Py_NewRef(Py_None));
}

// Whether the entries make the bytes from which they were read.
static bool makes_the_same(Reader *r, PyObject *entries, const uint8_t *start)
{
    as_cdt_ctx context;
    if (context_from_py(r->codec, entries, r->depth, &context) < 0) {
        return false;
    }
    size_t size = (size_t)(r->in.at - start);
    uint32_t room = as_cdt_ctx_byte_capacity(&context);
    uint8_t *bytes = room != size ? NULL : PyMem_Malloc(room);
    bool same = bytes != NULL && as_cdt_ctx_to_bytes(&context, bytes, room) == size && memcmp(bytes, start, size) == 0;
    PyMem_Free(bytes);
    as_cdt_ctx_destroy(&context);
    return same;
}

PyObject *reader_context(Reader *r)
{
    const uint8_t *start = r->in.at;
    int64_t count;
    if (!reader_list(r, &count) || count % 2 != 0) {
        return NULL;
    }
    PyObject *entries = PyList_New(0);
    for (int64_t i = 0; entries != NULL && i < count / 2; i++) {
        PyObject *entry = entry_read(r);
        if (entry == NULL || PyList_Append(entries, entry) < 0) {
            Py_CLEAR(entries);
        }
        Py_XDECREF(entry);
    }
    if (entries != NULL && !makes_the_same(r, entries, start)) {
        if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_MemoryError)) {
            PyErr_Clear();
        }
        Py_CLEAR(entries);
    }
    return entries;
}

PyObject *context_to_py(const Codec *codec, const uint8_t *bytes, size_t size, const char *argument)
{
    Reader r = {codec, {bytes, bytes + size}, 0};
    PyObject *entries = msgpack_is_one(bytes, size) ? reader_context(&r) : NULL;
    if (entries == NULL && !PyErr_Occurred()) {
        error_param(codec->state, "%s has no context in it that this client knows", argument);
    }
    return entries;
}
