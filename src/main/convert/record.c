// SPDX-License-Identifier: Apache-2.0
// Records: a dict of bins to the C client's as_record, and its answer to (key, meta, bins).
#include "convert/convert.h"
#include "convert/names.h"
#include "convert/shape.h"
#include "convert/value.h"
#include "convert/wire_to_py.h"
#include "errors.h"

// ---- names ----

const char *bin_name_from_py(State *state, PyObject *name)
{
    Py_ssize_t size;
    if (!PyUnicode_Check(name)) {
        error_set(state, AEROSPIKE_ERR_CLIENT, "a bin name must be a str, not %.100s", Py_TYPE(name)->tp_name);
        return NULL;
    }
    const char *text = PyUnicode_AsUTF8AndSize(name, &size);
    if (text == NULL) {
        unicode_error(state, "a bin name");
        return NULL;
    }
    if (size > AS_BIN_NAME_MAX_LEN) {
        error_set(state, AEROSPIKE_ERR_BIN_NAME, "bin name %R has %zd bytes, and %d is the most", name, size,
                  AS_BIN_NAME_MAX_LEN);
        return NULL;
    }
    if (strlen(text) != (size_t)size) {
        error_param(state, "bin name %R must not contain NUL", name);
        return NULL;
    }
    return text;
}

PyObject *bin_name_text(State *state, PyObject *name, const char *what)
{
    if (PyUnicode_Check(name)) {
        return Py_NewRef(name);
    }
    if (!PyByteArray_Check(name)) {
        error_type(state, what, "a str", name);
        return NULL;
    }
    PyObject *text = PyUnicode_DecodeUTF8(PyByteArray_AS_STRING(name), PyByteArray_GET_SIZE(name), "strict");
    if (text == NULL && PyErr_ExceptionMatches(PyExc_UnicodeError)) {
        PyErr_Clear();
        error_param(state, "%s %R is not UTF-8", what, name);
    }
    return text;
}

bool bin_name_too_long(PyObject *name)
{
    Py_ssize_t size = 0;
    if (PyByteArray_Check(name)) {
        size = PyByteArray_GET_SIZE(name);
    } else if (PyUnicode_Check(name) && PyUnicode_AsUTF8AndSize(name, &size) == NULL) {
        PyErr_Clear();  // what is no name at all is found by others
        size = 0;
    }
    return size > AS_BIN_NAME_MAX_LEN;
}

// ---- one bin ----

// Lists and maps go as their bytes: the short cut of the hot path.
static int container_from_py(const Codec *codec, as_bin_value *out, bool list, const char *what, PyObject *value,
                             Keep *keep)
{
    uint32_t size;
    uint8_t *bytes = value_pack(codec, value, what, &size);
    if (bytes == NULL || keep_block(keep, bytes) < 0) {
        return -1;
    }
    as_bytes_init_wrap(&out->bytes, bytes, size, false);
    out->bytes.type = list ? AS_BYTES_LIST : AS_BYTES_MAP;
    return 0;
}

int bin_value_from_py(const Codec *codec, as_bin *bin, const char *what, PyObject *value, Keep *keep)
{
    bin->valuep = &bin->value;
    ValueType type = value_type(codec, value);
    if (value_is_container(type)) {
        return container_from_py(codec, &bin->value, type == VALUE_LIST, what, value, keep);
    }
    if (value_is_comparison(type)) {
        return error_set(codec->state, AEROSPIKE_ERR_CLIENT, "%s is %R, which only operations can compare with", what,
                         value);
    }
    return value_borrow(codec, type, value, what, &bin->value, keep) == NULL ? -1 : 0;
}

int bin_to_native(const Codec *codec, PyObject *name, PyObject *value, as_record *record, Keep *keep)
{
    const char *text = bin_name_from_py(codec->state, name);
    if (text == NULL) {
        return -1;
    }
    as_bin *bin = &record->bins.entries[record->bins.size];
    char what[AS_BIN_NAME_MAX_SIZE + 8];
    strcpy(bin->name, text);
    stpcpy(stpcpy(stpcpy(what, "bin '"), text), "'");  // snprintf() would be a quarter of what a put costs
    if (bin_value_from_py(codec, bin, what, value, keep) < 0) {
        return -1;
    }
    record->bins.size++;
    return 0;
}

// ---- a record ----

static int bins_from_py(const Codec *codec, PyObject *bins, Py_ssize_t count, as_record *record, Keep *keep)
{
    PyObject *name, *value;
    Py_ssize_t position = 0, read = 0;
    while (PyDict_Next(bins, &position, &name, &value)) {
        if (read++ == count) {
            break;
        }
        Py_INCREF(name);
        Py_INCREF(value);
        int result = bin_to_native(codec, name, value, record, keep);
        Py_DECREF(name);
        Py_DECREF(value);
        if (result < 0) {
            return -1;
        }
    }
    if (read != count || PyDict_GET_SIZE(bins) != count) {
        PyErr_SetString(PyExc_RuntimeError, "bins changed while their values were serialized");
        return -1;
    }
    return 0;
}

int record_from_py(const Codec *codec, PyObject *bins, as_record *record, Keep *keep)
{
    if (!PyDict_Check(bins)) {
        return error_type(codec->state, "bins", "a dict {name: value}", bins);
    }
    Py_ssize_t count = PyDict_GET_SIZE(bins);
    if (count == 0) {
        return error_set(codec->state, AEROSPIKE_ERR_REQUEST_INVALID, "bins must hold at least one bin");
    }
    if (count > UINT16_MAX) {
        return error_param(codec->state, "bins has %zd entries, and a record can have at most %d", count, UINT16_MAX);
    }
    if (as_record_init(record, (uint16_t)count) == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (bins_from_py(codec, bins, count, record, keep) < 0) {
        as_record_destroy(record);
        return -1;
    }
    return 0;
}

PyObject *bin_to_py(const Codec *codec, const as_bin *bin)
{
    Codec of_bin = *codec;
    of_bin.bin = bin->name;
    return value_from_native(&of_bin, (const as_val *)bin->valuep);
}

static bool has_shape(const State *state, const as_bins *bins)
{
    if (state->shape == NULL || PyTuple_GET_SIZE(state->shape_names) != bins->size) {
        return false;
    }
    const PlacedName *placed = state->placed_names + PLACE_BINS;
    for (uint16_t i = 0; i < bins->size; i++) {
        if (!name_begins(&placed[i], bins->entries[i].name, placed[i].mask_ended) || !shape_has(state, i, &placed[i])) {
            return false;
        }
    }
    return true;
}

static int add_bin(Codec *codec, PyObject *dict, size_t place, const as_bin *bin)
{
    codec->bin = bin->name;
    PyObject *name = placed_name_to_py(codec->state, place, bin->name);
    PyObject *value = name == NULL ? NULL : value_from_native(codec, (const as_val *)bin->valuep);
    int result = value == NULL ? -1 : PyDict_SetItem(dict, name, value);
    Py_XDECREF(name);
    Py_XDECREF(value);
    return result;
}

PyObject *record_bins_to_py(const Codec *codec, const as_record *record)
{
    WireBins kept = wire_kept_bins(record);
    if (kept.at != NULL) {
        return wire_bins_to_py(codec, kept);
    }
    const as_bins *bins = &record->bins;
    PyObject *dict = has_shape(codec->state, bins) ? shape_copy(codec->state->shape) : PyDict_New();
    Codec of_bin = *codec;
    for (uint16_t i = 0; dict != NULL && i < bins->size; i++) {
        if (add_bin(&of_bin, dict, PLACE_BINS + i, &bins->entries[i]) < 0) {
            Py_CLEAR(dict);
        }
    }
    if (dict != NULL && shape_learn(codec->state, bins->size) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

// Make the meta that is to be copied that of a record.
static int meta_prepare(State *state, uint32_t seconds, uint16_t gen)
{
    PyObject *ttl = PyLong_FromUnsignedLong(seconds), *generation = PyLong_FromLong(gen);
    int result = ttl == NULL || generation == NULL || PyDict_SetItem(state->last_meta, state->str_ttl, ttl) < 0 ||
                         PyDict_SetItem(state->last_meta, state->str_gen, generation) < 0
                     ? -1
                     : 0;
    Py_XDECREF(ttl);
    Py_XDECREF(generation);
    if (result == 0) {
        state->last_ttl = seconds;
        state->last_gen = gen;
    }
    return result;
}

// Records that were written together live as long, and most have the same generation.
static PyObject *meta_to_py(State *state, uint32_t ttl, uint16_t gen)
{
    for (;;) {
        if ((state->last_ttl != ttl || state->last_gen != gen) && meta_prepare(state, ttl, gen) < 0) {
            return NULL;
        }
        PyObject *meta = PyDict_Copy(state->last_meta);
        if (meta == NULL || (state->last_ttl == ttl && state->last_gen == gen)) {
            return meta;
        }
        Py_DECREF(meta);  // what the garbage collector ended has read another record meanwhile
    }
}

PyObject *record_meta_to_py(const Codec *codec, const as_record *record)
{
    return meta_to_py(codec->state, record->ttl, record->gen);
}

int record_init(PyObject *Py_UNUSED(module), State *state)
{
    PyObject *names = PyTuple_Pack(2, state->str_ttl, state->str_gen);
    state->last_meta = names == NULL ? NULL : shape_new(names);
    Py_XDECREF(names);
    return state->last_meta == NULL ? -1 : meta_prepare(state, 0, 0);
}

PyObject *record_tuple(const Codec *codec, PyObject *key, uint32_t ttl, uint16_t gen, PyObject *bins)
{
    PyObject *meta = key == NULL || bins == NULL ? NULL : meta_to_py(codec->state, ttl, gen);
    PyObject *tuple = meta == NULL ? NULL : PyTuple_New(3);
    PyObject *parts[] = {key, meta, bins};
    for (Py_ssize_t i = 0; i < 3; i++) {
        if (tuple != NULL) {
            PyTuple_SET_ITEM(tuple, i, parts[i]);
        } else {
            Py_XDECREF(parts[i]);
        }
    }
    return tuple;
}

PyObject *record_to_py(const Codec *codec, const as_record *record, PyObject *key, bool with_bins)
{
    if (!with_bins) {
        PyObject *meta = record_meta_to_py(codec, record);
        PyObject *pair = meta == NULL ? NULL : PyTuple_Pack(2, key, meta);
        Py_XDECREF(meta);
        return pair;
    }
    return record_tuple(codec, Py_NewRef(key), record->ttl, record->gen, record_bins_to_py(codec, record));
}
