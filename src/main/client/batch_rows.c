// SPDX-License-Identifier: Apache-2.0
#include "client/batch_rows.h"

#include "client/arrow.h"

// Numbers that lie in their bins need no end, which in the C client is a call and an atomic step for each.
static void forget_numbers(as_bins *bins)
{
    while (bins->size > 0) {
        const as_bin *last = &bins->entries[bins->size - 1];
        as_val_type_e type = last->valuep == &last->value ? as_val_type(last->valuep) : AS_UNDEF;
        if (type != AS_INTEGER && type != AS_DOUBLE) {
            return;
        }
        bins->size--;
    }
}

static bool add_all(BatchRows *rows)
{
    as_vector *list = &rows->batch.records.list;
    for (; rows->row < list->size; rows->row++) {
        as_batch_base_record *base = as_vector_get(list, rows->row);
        bool found = base->result == AEROSPIKE_OK;
        const ColumnRow row = {
            .key = &base->key,
            .record = found ? &base->record : NULL,
            .bins = found ? wire_kept_bins(&base->record) : (WireBins){0},
            .status = (int)base->result,
            .repeats = rows->operated,
        };
        if (!rows->add(rows, &row)) {
            return false;
        }
        if (row.record != NULL) {
            forget_numbers(&base->record.bins);
        }
    }
    return true;
}

static void make(BatchRows *rows)
{
    rows->tried = true;
    rows->made = add_all(rows);
}

as_status batch_rows_run(Command *command, aerospike *as)
{
    BatchRows *rows = command->answer;
    block_give(rows->taker);
    as_status status = rows->operated ? batch_run(command, as) : batch_read_run(command, as);
    block_give(NULL);
    make(rows);
    return status;
}

int batch_rows_end(Command *command)
{
    BatchRows *rows = command->answer;
    if (!rows->tried) {
        make(rows);
    }
    if (!rows->made) {
        arrow_raise(command_state(command), &rows->failure, PyList_GET_ITEM(rows->batch.keys, (Py_ssize_t)rows->row));
    }
    return rows->made ? 0 : -1;
}
