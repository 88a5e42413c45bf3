// SPDX-License-Identifier: Apache-2.0
#include "client/partitions.h"

#include "fields.h"

#include "policy.h"

#include <aerospike/as_partition.h>

static const char CAPSULE[] = "aerospike.partitions";

// ---- native ----

static size_t status_size(uint16_t count)
{
    return sizeof(as_partitions_status) + count * sizeof(as_partition_status);
}

// Nothing read yet. The C client would make one with digests left as they fall.
static as_partitions_status *status_new(uint16_t begin, uint16_t count)
{
    as_partitions_status *status = cf_calloc(1, status_size(count));
    if (status == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    status->ref_count = 1;
    status->part_begin = begin;
    status->part_count = count;
    status->retry = true;
    for (uint16_t i = 0; i < count; i++) {
        status->parts[i].part_id = (uint16_t)(begin + i);
        status->parts[i].retry = true;
    }
    return status;
}

static void capsule_free(PyObject *capsule)
{
    as_partitions_status_release(PyCapsule_GetPointer(capsule, CAPSULE));
}

static PyObject *capsule_new(as_partitions_status *status)
{
    PyObject *capsule = PyCapsule_New(status, CAPSULE, capsule_free);
    if (capsule == NULL) {
        as_partitions_status_release(status);
    }
    return capsule;
}

as_partitions_status *partitions_copy(PyObject *capsule)
{
    const as_partitions_status *status = PyCapsule_GetPointer(capsule, CAPSULE);
    if (status == NULL) {
        return NULL;
    }
    as_partitions_status *copy = cf_malloc(status_size(status->part_count));
    if (copy == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    // without its count, from which the thread of a former run may take its own at the same time
    memcpy(&copy->part_begin, &status->part_begin,
           status_size(status->part_count) - offsetof(as_partitions_status, part_begin));
    copy->ref_count = 1;
    return copy;
}

int partitions_replace(PyObject *capsule, as_partitions_status *status)
{
    as_partitions_status *former = PyCapsule_GetPointer(capsule, CAPSULE);
    if (former == NULL || PyCapsule_SetPointer(capsule, as_partitions_status_reserve(status)) < 0) {
        return -1;
    }
    as_partitions_status_release(former);
    return 0;
}

// ---- from Python ----
// What a dict holds is looked at without calling it, so that no program can take away what is being read.

static PyObject *entry_of(PyObject *dict, const char *key)
{
    PyObject *name, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next(dict, &position, &name, &value)) {
        if (PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, key) == 0) {
            return value;
        }
    }
    return NULL;
}

// 20 bytes of a bytes or bytearray; false where it is anything else.
static bool digest_read(PyObject *value, as_digest *out)
{
    const char *bytes;
    if (PyBytes_Check(value) && PyBytes_GET_SIZE(value) == AS_DIGEST_VALUE_SIZE) {
        bytes = PyBytes_AS_STRING(value);
    } else if (PyByteArray_Check(value) && PyByteArray_GET_SIZE(value) == AS_DIGEST_VALUE_SIZE) {
        bytes = PyByteArray_AS_STRING(value);
    } else {
        return false;
    }
    memcpy(out->value, bytes, AS_DIGEST_VALUE_SIZE);
    return true;
}

// {"init": bool, "value": 20 bytes}: go on after that record, in its partition.
static int digest_from_py(State *state, PyObject *entry, as_digest *out)
{
    PyObject *init = PyDict_Check(entry) ? entry_of(entry, "init") : NULL;
    PyObject *value = PyDict_Check(entry) ? entry_of(entry, "value") : NULL;
    if (init == NULL || !PyBool_Check(init) || value == NULL || !digest_read(value, out)) {
        return error_param(state, "partition_filter['digest'] must be {'init': bool, 'value': 20 bytes}");
    }
    out->init = init == Py_True;
    return 0;
}

static int state_entry(State *state, PyObject *statuses, const char *key, bool *out)
{
    PyObject *value = entry_of(statuses, key);
    int64_t number;
    char what[64];
    snprintf(what, sizeof what, "partition_filter['partition_status']['%s']", key);
    if (value == NULL) {
        return error_param(state, "%s is missing", what);
    }
    if (integer_from_py(state, value, what, INT64_MIN, INT64_MAX, &number) < 0) {
        return -1;
    }
    *out = number != 0;
    return 0;
}

// (id, init, retry, digest, bval), as get_partitions_status() tells; the id is the key's once more.
static int part_from_py(State *state, PyObject *entry, as_partition_status *out)
{
    bool good = PyTuple_Check(entry) && PyTuple_GET_SIZE(entry) == 5;
    PyObject *init = good ? PyTuple_GET_ITEM(entry, 1) : NULL;
    PyObject *retry = good ? PyTuple_GET_ITEM(entry, 2) : NULL;
    PyObject *bval = good ? PyTuple_GET_ITEM(entry, 4) : NULL;
    good = good && PyBool_Check(init) && PyBool_Check(retry) && PyLong_Check(bval) &&
           digest_read(PyTuple_GET_ITEM(entry, 3), &out->digest);
    if (good) {
        out->digest.init = init == Py_True;
        out->retry = retry == Py_True;
        out->bval = PyLong_AsUnsignedLongLong(bval);
        good = !PyErr_Occurred();
        PyErr_Clear();  // too large or negative
    }
    return good ? 0
                : error_param(state,
                              "partition_filter['partition_status'][%d] must be (int, bool, bool, digest of 20 bytes, "
                              "int from 0 to 2**64-1)",
                              (int)out->part_id);
}

static int parts_from_py(State *state, PyObject *statuses, as_partitions_status *status)
{
    PyObject *key, *entry;
    Py_ssize_t position = 0;
    while (PyDict_Next(statuses, &position, &key, &entry)) {
        int64_t id, last = status->part_begin + status->part_count - 1;
        if (PyLong_Check(key) && integer_narrow(key, status->part_begin, last, &id) == NARROWED &&
            part_from_py(state, entry, &status->parts[id - status->part_begin]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int statuses_from_py(State *state, PyObject *statuses, as_partitions_status *status)
{
    if (!PyDict_Check(statuses)) {
        return error_type(state, "partition_filter['partition_status']", "a dict", statuses);
    }
    return state_entry(state, statuses, "done", &status->done) < 0 ||
                   state_entry(state, statuses, "retry", &status->retry) < 0 ||
                   parts_from_py(state, statuses, status) < 0
               ? -1
               : 0;
}

// A partition_filter.
typedef struct Filter {
    uint16_t begin, count;
    as_digest digest;
    PyObject *statuses;  // NULL: none
} Filter;

static int filter_read_own(const FieldsCall *call, const Field *field, PyObject *value, const char *Py_UNUSED(what))
{
    Filter *filter = call->out;
    if (field->place == offsetof(Filter, digest) && value == Py_None) {
        return 0;
    }
    if (field->place == offsetof(Filter, digest)) {
        return digest_from_py(call->state, value, &filter->digest);
    }
    filter->statuses = Py_NewRef(value);
    return 0;
}

static int filter_from_py(const Settings *settings, PyObject *dict, Filter *filter)
{
    static const Field rows[] = {FIELD_NUMBER(Filter, "begin", begin, U16, 0, PARTITIONS - 1),
                                 FIELD_NUMBER(Filter, "count", count, U16, 1, PARTITIONS),
                                 {.key = "digest", .kind = FIELD_OTHER, .place = offsetof(Filter, digest)},
                                 {.key = "partition_status", .kind = FIELD_OTHER, .place = offsetof(Filter, statuses)},
                                 FIELDS_END};
    static const Fields fields = {
        .id = FIELDS_PARTITIONS, .kind = "partition filter", .rows = rows, .read = filter_read_own};
    FieldsCall call = {settings->state,
                       "partition_filter",
                       "partition_filter['",
                       "']",
                       settings->codec.validate_keys,
                       true,
                       filter,
                       NULL};
    return fields_read(&call, &fields, dict);
}

static as_partitions_status *status_from_filter(State *state, const Filter *filter)
{
    uint16_t begin = filter->begin;
    if (filter->digest.init) {
        begin = (uint16_t)as_partition_getid(filter->digest.value, PARTITIONS);
    }
    if (begin + filter->count > PARTITIONS) {
        error_param(state, "partition_filter: begin + count must be at most %d, not %d", PARTITIONS,
                    begin + filter->count);
        return NULL;
    }
    as_partitions_status *status = status_new(begin, filter->count);
    if (status != NULL && filter->digest.init) {
        status->parts[0].digest = filter->digest;
    }
    if (status != NULL && filter->statuses != NULL && statuses_from_py(state, filter->statuses, status) < 0) {
        as_partitions_status_release(status);
        return NULL;
    }
    return status;
}

static as_partitions_status *status_from_py(const Settings *settings, PyObject *dict)
{
    Filter filter = {.count = PARTITIONS};
    as_partitions_status *status =
        filter_from_py(settings, dict, &filter) < 0 ? NULL : status_from_filter(settings->state, &filter);
    Py_XDECREF(filter.statuses);
    return status;
}

PyObject *partitions_from_py(const Settings *settings, PyObject *filter, PyObject *former)
{
    as_partitions_status *status = filter == Py_None ? status_new(0, PARTITIONS) : status_from_py(settings, filter);
    if (status == NULL || former == Py_None) {
        return status == NULL ? NULL : capsule_new(status);
    }
    const as_partitions_status *known = PyCapsule_GetPointer(former, CAPSULE);
    PyObject *result = NULL;
    if (known != NULL && known->part_begin == status->part_begin && known->part_count == status->part_count) {
        result = Py_NewRef(former);
    } else if (known != NULL) {
        error_param(
            settings->state,
            "a run by pages or with a partition_filter is gone on with on the same partitions: before, begin was "
            "%d and count %d, now they are %d and %d",
            known->part_begin, known->part_count, status->part_begin, status->part_count);
    }
    as_partitions_status_release(status);
    return result;
}

// ---- to Python ----

static int part_to_py(const as_partition_status *part, PyObject *dict)
{
    PyObject *id = PyLong_FromLong(part->part_id);
    PyObject *digest = digest_to_py(part->digest.value);
    PyObject *entry = id == NULL || digest == NULL
                          ? NULL
                          : Py_BuildValue("(OOOOK)", id, part->digest.init ? Py_True : Py_False,
                                          part->retry ? Py_True : Py_False, digest, (unsigned long long)part->bval);
    int result = entry == NULL ? -1 : PyDict_SetItem(dict, id, entry);
    Py_XDECREF(entry);
    Py_XDECREF(digest);
    Py_XDECREF(id);
    return result;
}

PyObject *partitions_to_py(PyObject *capsule)
{
    as_partitions_status *status = PyCapsule_GetPointer(capsule, CAPSULE);
    if (status == NULL) {
        return NULL;
    }
    status = as_partitions_status_reserve(status);  // making objects may let another thread replace it
    PyObject *dict =
        Py_BuildValue("{sOsO}", "done", status->done ? Py_True : Py_False, "retry", status->retry ? Py_True : Py_False);
    for (uint16_t i = 0; dict != NULL && i < status->part_count; i++) {
        if (part_to_py(&status->parts[i], dict) < 0) {
            Py_CLEAR(dict);
        }
    }
    as_partitions_status_release(status);
    return dict;
}

PyObject *partitions_done(PyObject *capsule)
{
    const as_partitions_status *status = PyCapsule_GetPointer(capsule, CAPSULE);
    return status == NULL ? NULL : PyBool_FromLong(status->done);
}
