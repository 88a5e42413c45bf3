// SPDX-License-Identifier: Apache-2.0
// Records from columns that others made: a stream of Arrow's, whose rows are written in batches. put_arrow()
// (aerospike._put_arrow) goes through the stream, a batch a call of what is here.
#include "client/batch.h"
#include "columns/source.h"
#include "convert/digest.h"

#include <aerospike/as_proto.h>

static const char WRITER[] = "aerospike.writer", STREAM[] = "arrow_array_stream";

typedef struct WriterColumn {
    const ArrowSchema *schema;
    int64_t place;  // among the stream's columns
    as_bin_name bin;  // empty: it is the key
    Source source;
} WriterColumn;

typedef struct Writer {
    ArrowArrayStream stream;
    ArrowSchema schema;
    ArrowArray array;  // whose rows are written now
    int64_t at;  // the next one
    size_t count;
    WriterColumn *columns;  // the first is the key
} Writer;

// ---- the writer ----

static void writer_free(PyObject *capsule)
{
    Writer *writer = PyCapsule_GetPointer(capsule, WRITER);
    for (size_t i = 0; i < writer->count; i++) {
        source_free(&writer->columns[i].source);
    }
    PyMem_Free(writer->columns);
    if (writer->array.release != NULL) {
        writer->array.release(&writer->array);
    }
    if (writer->schema.release != NULL) {
        writer->schema.release(&writer->schema);
    }
    if (writer->stream.release != NULL) {
        writer->stream.release(&writer->stream);
    }
    PyMem_Free(writer);
}

static int raise_stream(State *state, Writer *writer, int number)
{
    const char *text = writer->stream.get_last_error(&writer->stream);
    return error_set(state, AEROSPIKE_ERR_CLIENT, "the stream of data failed: %s",
                     text == NULL ? strerror(number) : text);
}

// The name of the bin that a column becomes: a new reference, Py_None where it becomes none; NULL with an exception.
static PyObject *bin_of(PyObject *bins, PyObject *name)
{
    PyObject *bin = bins == Py_None ? name : PyDict_GetItemWithError(bins, name);
    return bin == NULL && PyErr_Occurred() ? NULL : Py_NewRef(bin == NULL ? Py_None : bin);
}

static int column_init(State *state, WriterColumn *column, const ArrowSchema *schema, PyObject *bin, PyObject *name)
{
    const char *refused, *text = bin == NULL ? "" : bin_name_from_py(state, bin);
    if (text == NULL) {
        return error_prefix(state, "column %R", name);
    }
    strcpy(column->bin, text);
    column->schema = schema;
    if (source_init(&column->source, schema, &refused)) {
        return 0;
    }
    return refused == NULL ? (PyErr_NoMemory(), -1)
                           : error_param(state, "column %R has the type '%s' of Arrow's, which no bin takes: cast it",
                                         name, refused);
}

static int check_key(State *state, const WriterColumn *key, PyObject *name)
{
    const Source *source = &key->source;
    CellKind kind = source->dictionary ? source->inner->cell : source->cell;
    if (kind == CELL_INTEGER || kind == CELL_STRING || kind == CELL_BYTES) {
        return 0;
    }
    return error_param(state,
                       "column %R has the type '%s' of Arrow's, which is none of keys: integers, strings or bytes",
                       name, key->schema->format);
}

static int add_column(State *state, Writer *writer, int64_t place, PyObject *key, PyObject *bins)
{
    const ArrowSchema *schema = writer->schema.children[place];
    PyObject *name = PyUnicode_FromString(schema->name == NULL ? "" : schema->name);
    PyObject *bin = name == NULL ? NULL : bin_of(bins, name);
    int is_key = bin == NULL ? -1 : PyObject_RichCompareBool(name, key, Py_EQ), result = is_key < 0 ? -1 : 0;
    if (is_key == 1 && writer->columns[0].schema != NULL) {
        result = error_param(state, "data has two columns %R", name);
    } else if (is_key == 1) {
        writer->columns[0].place = place;
        result = column_init(state, &writer->columns[0], schema, NULL, name) < 0
                     ? -1
                     : check_key(state, &writer->columns[0], name);
    }
    // the key column becomes a bin, too, where it is asked for
    if (result == 0 && bin != Py_None && (is_key == 0 || bins != Py_None)) {
        WriterColumn *column = &writer->columns[writer->count++];
        column->place = place;
        result = column_init(state, column, schema, bin, name);
    }
    Py_XDECREF(bin);
    Py_XDECREF(name);
    return result;
}

static int check_columns(State *state, const Writer *writer, PyObject *key, PyObject *bins)
{
    if (writer->columns[0].schema == NULL) {
        return error_param(state, "data has no column %R, which is to be the key", key);
    }
    for (size_t i = 1; i < writer->count; i++) {
        for (size_t j = 1; j < i; j++) {
            if (strcmp(writer->columns[i].bin, writer->columns[j].bin) == 0) {
                return error_param(state, "two columns of data become the bin '%s'", writer->columns[i].bin);
            }
        }
    }
    if (bins != Py_None && (Py_ssize_t)writer->count - 1 < PyDict_GET_SIZE(bins)) {
        return error_param(state, "data has not all columns of bins, %R", bins);
    }
    return writer->count == 1               ? error_param(state, "data has no column beside the key")
           : writer->count - 1 > UINT16_MAX ? error_param(state, "data has more columns than a record can have bins")
                                            : 0;
}

static int writer_read(State *state, Writer *writer, PyObject *key, PyObject *bins)
{
    int number;
    Py_BEGIN_ALLOW_THREADS
    number = writer->stream.get_schema(&writer->stream, &writer->schema);
    Py_END_ALLOW_THREADS
    if (number != 0) {
        writer->schema.release = NULL;
        return raise_stream(state, writer, number);
    }
    if (strcmp(writer->schema.format, "+s") != 0) {
        return error_param(state, "data must be a table, with columns");
    }
    writer->columns = PyMem_Calloc((size_t)writer->schema.n_children + 2, sizeof *writer->columns);
    if (writer->columns == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    writer->count = 1;
    for (int64_t i = 0; i < writer->schema.n_children; i++) {
        if (add_column(state, writer, i, key, bins) < 0) {
            return -1;
        }
    }
    return check_columns(state, writer, key, bins);
}

DOC(client__arrow_writer,
    "_arrow_writer($self, stream, key, bins)\n--\n\n"
    "What writes an Arrow stream: the name of the column that is the key, and {column: bin}, or None for all.");

static int _arrow_writer_read(Command *command, PyObject *const *given)
{
    State *state = command_state(command);
    ArrowArrayStream *stream = PyCapsule_IsValid(given[0], STREAM) ? PyCapsule_GetPointer(given[0], STREAM) : NULL;
    if (stream == NULL || stream->release == NULL) {
        return error_param(state, "data.__arrow_c_stream__() must return an Arrow stream that nobody has read");
    }
    Writer *writer = PyMem_Calloc(1, sizeof *writer);
    PyObject *capsule = writer == NULL ? PyErr_NoMemory() : PyCapsule_New(writer, WRITER, writer_free);
    if (capsule == NULL) {
        PyMem_Free(writer);
        return -1;
    }
    writer->stream = *stream;
    stream->release = NULL;
    if (writer_read(state, writer, given[1], given[2]) < 0) {
        Py_DECREF(capsule);
        return -1;
    }
    command->answer = capsule;
    return 0;
}

static const CommandKind _arrow_writer_command = {.signature = {"_arrow_writer", 3, {"stream", "key", "bins"}},
                                                  .policy = POLICY_KIND_COUNT,
                                                  .read = _arrow_writer_read,
                                                  .give = command_give_answer};
COMMAND(_arrow_writer)

// ---- rows ----

// A command's answer: so many rows of a writer's.
typedef struct PutBatch {
    Batch batch;
    Writer *writer;
    int64_t rows;
    bool ended;  // there were no more
    bool exhausted;
    bool bool_as_integer;
    uint32_t ttl;
    const as_policy_batch_write *policy;
    as_key key;  // namespace and set
    Digests digests;
    size_t bytes;  // of strings and bytes of the rows
    int32_t *statuses;  // of rows that were not sent
    as_operations *operations;  // a row each, of the block of writes
    as_binop *writes;
    Buffer packed;
} PutBatch;

enum { NOT_SENT = AEROSPIKE_ERR_PARAM };  // what a row says that cannot be written
// Of a batch, but for its last row: a message that servers take, and that is sent before its time is over.
enum { MOST_BYTES = 8 << 20 };

// The next array of the stream that has rows, where the last one is written: 0 or an errno. Without the GIL.
static int next_array(PutBatch *put)
{
    Writer *writer = put->writer;
    while (writer->array.release == NULL || writer->at == writer->array.length) {
        if (writer->array.release != NULL) {
            writer->array.release(&writer->array);
        }
        writer->array.release = NULL;
        writer->at = 0;
        int number = writer->stream.get_next(&writer->stream, &writer->array);
        if (number != 0) {
            writer->array.release = NULL;
            return number;
        }
        put->ended = writer->array.release == NULL;
        if (put->ended) {
            return 0;
        }
    }
    return 0;
}

static bool key_init(const PutBatch *put, const Cell *cell, as_key *out)
{
    *out = put->key;
    out->digest.init = false;
    out->valuep = &out->value;
    switch (cell->kind) {
    case CELL_INTEGER:
        as_integer_init(&out->value.integer, cell->integer);
        return true;
    case CELL_STRING:
        as_string_init_wlen(&out->value.string, (char *)cell->bytes, cell->size, false);
        return true;
    case CELL_BYTES:
        return as_bytes_init_wrap(&out->value.bytes, (uint8_t *)cell->bytes, (uint32_t)cell->size, false) != NULL;
    default:
        return false;
    }
}

// A list or map: where its bytes lie in `packed`, until all rows are there and packed grows no more.
static bool pack(PutBatch *put, const WriterColumn *column, const Cell *cell, as_bin_value *out)
{
    size_t begin = put->packed.size;
    const ArrowArray *array = put->writer->array.children[column->place];
    SourceFault fault = source_pack(&column->source, array, cell, put->bool_as_integer, &put->packed);
    put->exhausted |= fault == SOURCE_EXHAUSTED;
    as_bytes_init_wrap(&out->bytes, (uint8_t *)begin, (uint32_t)(put->packed.size - begin), false);
    out->bytes.type = cell->kind == CELL_LIST ? AS_BYTES_LIST : AS_BYTES_MAP;
    return fault == SOURCE_PACKED && put->packed.size - begin <= PROTO_SIZE_MAX;
}

static bool value_init(PutBatch *put, const WriterColumn *column, const Cell *cell, as_bin_value *out)
{
    switch (cell->kind) {
    case CELL_INTEGER:
        as_integer_init(&out->integer, cell->integer);
        return true;
    case CELL_FLOAT:
        as_double_init(&out->dbl, cell->number);
        return true;
    case CELL_BOOL:
        if (put->bool_as_integer) {
            as_integer_init(&out->integer, cell->integer);
        } else {
            as_boolean_init(&out->boolean, cell->integer != 0);
        }
        return true;
    case CELL_STRING:
        as_string_init_wlen(&out->string, (char *)cell->bytes, cell->size, false);
        return true;
    case CELL_BYTES:
        as_bytes_init_wrap(&out->bytes, (uint8_t *)cell->bytes, (uint32_t)cell->size, false);
        return true;
    case CELL_LIST:
    case CELL_MAP:
        return pack(put, column, cell, out);
    default:
        return false;
    }
}

static void read_cell(PutBatch *put, const WriterColumn *column, int64_t row, Cell *out)
{
    const Writer *writer = put->writer;
    out->kind = CELL_NULL;
    source_cell(&column->source, writer->array.children[column->place], writer->array.offset + row, out);
    bool text = out->kind == CELL_STRING, sized = text || out->kind == CELL_BYTES;
    // no request has room for it, or no reader could make a str of it
    if (sized && (out->size > PROTO_SIZE_MAX || (text && !cell_is_utf8(out->bytes, out->size)))) {
        out->kind = CELL_STRANGE;
    } else if (sized) {
        put->bytes += out->size;
    }
}

// The writes of a row, in its part of the block. False where a value cannot be written.
static bool writes_init(PutBatch *put, int64_t row, as_operations *out)
{
    const Writer *writer = put->writer;
    uint16_t bins = (uint16_t)(writer->count - 1);
    *out = (as_operations){
        .binops = {.entries = put->writes + (out - put->operations) * bins, .capacity = bins},
        .ttl = put->ttl,
    };
    for (size_t i = 1; i < writer->count; i++) {
        const WriterColumn *column = &writer->columns[i];
        as_binop *write = &out->binops.entries[out->binops.size];
        Cell cell;
        read_cell(put, column, row, &cell);
        if (cell.kind == CELL_NULL) {
            continue;
        }
        write->op = AS_OPERATOR_WRITE;
        memcpy(write->bin.name, column->bin, sizeof write->bin.name);
        write->bin.valuep = &write->bin.value;
        if (!value_init(put, column, &cell, &write->bin.value)) {
            return false;
        }
        out->binops.size++;
    }
    return out->binops.size > 0;
}

static void add_row(PutBatch *put, int64_t row)
{
    Cell cell;
    as_key key;
    as_operations *operations = &put->operations[put->batch.records.list.size];
    read_cell(put, &put->writer->columns[0], put->writer->at + row, &cell);
    if (!key_init(put, &cell, &key) || !writes_init(put, put->writer->at + row, operations)) {
        put->statuses[row] = NOT_SENT;
        return;
    }
    as_batch_write_record *write = as_batch_write_reserve(&put->batch.records);
    write->key = key;
    write->key.valuep = &write->key.value;
    write->ops = operations;
    write->policy = put->policy;
    put->exhausted |= !digests_add(&put->digests, &write->key);
}

static void place_packed(PutBatch *put)
{
    for (uint32_t i = 0; i < put->batch.records.list.size; i++) {
        as_binops *writes = &put->operations[i].binops;
        for (uint16_t j = 0; j < writes->size; j++) {
            as_bytes *bytes = &writes->entries[j].bin.value.bytes;
            bool packed =
                as_val_type(bytes) == AS_BYTES && (bytes->type == AS_BYTES_LIST || bytes->type == AS_BYTES_MAP);
            if (packed) {
                bytes->value = (uint8_t *)put->packed.bytes + (size_t)bytes->value;
            }
        }
    }
}

// Rows of the writer's array as rows of the batch, as many as it takes. Without the GIL.
static void add_rows(PutBatch *put)
{
    size_t rows = (size_t)put->rows;
    put->statuses = calloc(rows, sizeof *put->statuses);
    put->operations = calloc(rows, sizeof *put->operations);
    put->writes = calloc(rows * (put->writer->count - 1), sizeof *put->writes);
    put->exhausted = put->statuses == NULL || put->operations == NULL || put->writes == NULL;
    int64_t row = 0;
    while (row < put->rows && !put->exhausted && put->bytes + put->packed.size < MOST_BYTES) {
        add_row(put, row++);
    }
    put->rows = row;
    digests_end(&put->digests);
    place_packed(put);
    put->writer->at += put->rows;
}

// ---- the command ----

static int read_place(Command *command, PutBatch *put, PyObject *namespace, PyObject *set)
{
    PyObject *zero = PyLong_FromLong(0);
    int result = zero == NULL ? -1 : key_from_parts(&command->codec, namespace, set, zero, &put->key, &command->keep);
    Py_XDECREF(zero);
    return result;
}

static int read_rows(Command *command, PutBatch *put, int64_t most)
{
    Writer *writer = put->writer;
    int number;
    Py_BEGIN_ALLOW_THREADS
    number = next_array(put);
    Py_END_ALLOW_THREADS
    if (number != 0) {
        return raise_stream(command_state(command), writer, number);
    }
    if (put->ended) {
        return 0;
    }
    int64_t left = writer->array.length - writer->at;
    put->rows = left < most ? left : most;
    as_batch_records_init(&put->batch.records, (uint32_t)put->rows);
    Py_BEGIN_ALLOW_THREADS
    add_rows(put);
    Py_END_ALLOW_THREADS
    return put->exhausted ? (PyErr_NoMemory(), -1) : 0;
}

DOC(client__put_rows,
    "_put_rows($self, writer, namespace, set, rows, ttl, policy=None, policy_write=None)\n--\n\n"
    "Write the next rows: (statuses, in_doubt) as bytearrays; None: there were no more.");

static int _put_rows_read(Command *command, PyObject *const *given)
{
    State *state = command_state(command);
    PutBatch *put = command->answer = PyMem_Calloc(1, sizeof *put);
    if (put == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int64_t most;
    put->writer = PyCapsule_GetPointer(given[0], WRITER);
    put->bool_as_integer = command->codec.bool_as_integer;
    put->ttl = AS_RECORD_CLIENT_DEFAULT_TTL;
    if (put->writer == NULL || read_place(command, put, given[1], given[2]) < 0 ||
        integer_from_py(state, given[3], "batch_rows", 1, INT32_MAX / 2, &most) < 0 ||
        (given[4] != Py_None && ttl_from_py(state, given[4], "ttl", &put->ttl) < 0)) {
        return -1;
    }
    put->policy = batch_policy(command, ROW_WRITE, given[6] == NULL ? Py_None : given[6]);
    return put->policy == NULL ? -1 : read_rows(command, put, most);
}

static PyObject *_put_rows_give(Command *command)
{
    PutBatch *put = command->answer;
    if (put->ended) {
        Py_RETURN_NONE;
    }
    PyObject *statuses = PyByteArray_FromStringAndSize(NULL, put->rows * (Py_ssize_t)sizeof *put->statuses);
    PyObject *doubts = statuses == NULL ? NULL : PyByteArray_FromStringAndSize(NULL, put->rows);
    if (doubts == NULL) {
        Py_XDECREF(statuses);
        return NULL;
    }
    int32_t *status = (int32_t *)(void *)PyByteArray_AS_STRING(statuses);
    char *doubt = PyByteArray_AS_STRING(doubts);
    uint32_t sent = 0;
    for (int64_t i = 0; i < put->rows; i++) {
        status[i] = put->statuses[i];
        doubt[i] = 0;
        if (status[i] != NOT_SENT) {
            const as_batch_base_record *row = as_vector_get(&put->batch.records.list, sent++);
            status[i] = row->result;
            doubt[i] = (char)row->in_doubt;
        }
    }
    return Py_BuildValue("NN", statuses, doubts);
}

static void _put_rows_release(Command *command)
{
    PutBatch *put = command->answer;
    if (put != NULL) {
        free(put->statuses);
        free(put->operations);
        free(put->writes);
        free(put->packed.bytes);
        batch_release(command);
    }
}

static const CommandKind _put_rows_command = {
    .signature = {"_put_rows", 5, {"writer", "namespace", "set", "rows", "ttl", "policy", "policy_write"}},
    .name = "put_arrow",
    .policy = POLICY_KIND_BATCH_PARENT_WRITE,
    .read = _put_rows_read,
    .run = batch_run,
    .give = _put_rows_give,
    .tell = batch_tell,
    .release = _put_rows_release,
};
COMMAND(_put_rows)

PyMethodDef client_put_arrow_methods[] = {
    METHOD("_arrow_writer", client__arrow_writer),
    METHOD("_put_rows", client__put_rows),
    {NULL, NULL, 0, NULL},
};
