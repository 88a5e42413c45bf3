// SPDX-License-Identifier: Apache-2.0
// Rows of a matrix, written from what a node sent: in between, the C client would make values in memory of their own.
#include "client/batch_matrix.h"
#include "columns/number.h"

#include <citrusleaf/cf_byte_order.h>

// A bin's name, to be compared eight bytes at a time.
typedef struct MatrixName {
    uint64_t text[2], mask[2];
    size_t size;
} MatrixName;

// ---- make ----

static MatrixName name_of(const char *text)
{
    char room[2 * sizeof(uint64_t)] = {0}, mask[sizeof room] = {0};
    MatrixName name = {.size = strlen(text)};
    memcpy(room, text, name.size);
    memset(mask, 0xff, name.size);
    memcpy(name.text, room, sizeof room);
    memcpy(name.mask, mask, sizeof mask);
    return name;
}

// Where one is there twice, a record has it once.
static int are_distinct(const Command *command)
{
    PyObject *seen = PySet_New(NULL);
    for (uint64_t i = 0; seen != NULL && i < command->number; i++) {
        PyObject *name = PyUnicode_FromString(command->names[i]);
        if (name == NULL || PySet_Add(seen, name) < 0) {
            Py_CLEAR(seen);
        }
        Py_XDECREF(name);
    }
    bool distinct = seen != NULL && (uint64_t)PySet_GET_SIZE(seen) == command->number;
    Py_XDECREF(seen);
    return PyErr_Occurred() ? -1 : distinct;
}

static const uint8_t *take(Taker *taker, const as_record *record, const uint8_t *at, uint32_t count);

int matrix_taker_make(Command *command, MatrixBatch *batch)
{
    int distinct = are_distinct(command);
    if (distinct < 0) {
        return -1;
    }
    size_t names_size = command->number * sizeof(MatrixName);
    MatrixName *names = PyMem_Calloc(1, names_size + (size_t)batch->matrix->shape[0]);
    if (names == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (uint64_t i = 0; i < command->number; i++) {
        names[i] = name_of(command->names[i]);
    }
    batch->names = names;
    batch->taken = (bool *)(names + command->number);
    batch->taker.take = take;
    batch->rows.taker = distinct ? &batch->taker : NULL;
    return keep_block(&command->keep, names);
}

// ---- take ----

// A number behind the name is eight bytes, which may be read with it.
static inline bool is_name(const MatrixName *name, const WireBin *bin)
{
    uint64_t text[2] = {0};
    if (bin->name_size != name->size || bin->size != sizeof(uint64_t)) {
        return false;
    }
    memcpy(text, bin->name, sizeof text[0]);
    if (name->size > sizeof text[0]) {
        memcpy(&text[1], bin->name + sizeof text[0], sizeof text[1]);
    }
    return (((text[0] ^ name->text[0]) & name->mask[0]) | ((text[1] ^ name->text[1]) & name->mask[1])) == 0;
}

static inline bool write_number(ColumnKind kind, const WireBin *bin, char *out)
{
    Cell cell;
    uint64_t bits;
    memcpy(&bits, bin->bytes, sizeof bits);
    bits = cf_swap_from_be64(bits);
    switch (bin->type) {
    case AS_BYTES_INTEGER:
        cell.kind = CELL_INTEGER;
        cell.integer = (int64_t)bits;
        break;
    case AS_BYTES_DOUBLE:
        cell.kind = CELL_FLOAT;
        memcpy(&cell.number, &bits, sizeof bits);
        break;
    default:
        return false;
    }
    return column_number(kind, &cell, out);
}

// Where the bins end; NULL: it is not written. Bins that the record has not are not sent; the others come in the order
// in which they were asked for.
static const uint8_t *write_row(const MatrixBatch *batch, char *out, const uint8_t *at, uint32_t count)
{
    const Matrix *matrix = batch->matrix;
    size_t width = (size_t)matrix->strides[1];
    for (Py_ssize_t i = 0; i < matrix->shape[1]; i++, out += width) {
        WireBin bin;
        const uint8_t *end = count == 0 ? at : wire_bin(at, &bin);
        if (count == 0 || !is_name(&batch->names[i], &bin)) {
            memcpy(out, batch->fill, width);
        } else if (write_number(matrix->type.kind, &bin, out)) {
            at = end;
            count--;
        } else {
            return NULL;
        }
    }
    return count == 0 ? at : NULL;
}

static const uint8_t *take(Taker *taker, const as_record *record, const uint8_t *at, uint32_t count)
{
    MatrixBatch *batch = (MatrixBatch *)(void *)((char *)taker - offsetof(MatrixBatch, taker));
    const as_vector *list = &batch->rows.batch.records.list;
    uintptr_t base = (uintptr_t)record - offsetof(as_batch_base_record, record);
    size_t row = (base - (uintptr_t)list->list) / list->item_size;  // far beyond the end for what lies before it
    if (row >= list->size) {
        return NULL;  // one that is sent again
    }
    const uint8_t *end =
        write_row(batch, batch->matrix->values + (Py_ssize_t)row * batch->matrix->strides[0], at, count);
    batch->taken[row] = end != NULL;
    return end;
}
