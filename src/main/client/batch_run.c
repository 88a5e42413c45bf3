// SPDX-License-Identifier: Apache-2.0
// How batches are sent, and again those of their rows that no node has carried out, for it wants another log-in.
#include "client/batch.h"
#include "client/login.h"

// ---- rows that are sent again ----

static bool is_refused(const as_batch_base_record *row)
{
    return (row->result == AEROSPIKE_NO_RESPONSE || row->result == AEROSPIKE_EXPIRED_SESSION) && !row->in_doubt;
}

static as_batch_base_record *row_at(const as_vector *rows, uint32_t place)
{
    return as_vector_get((as_vector *)rows, place);
}

static bool any_refused(const Batch *batch)
{
    const as_vector *rows = &batch->records.list;
    for (uint32_t i = 0; i < rows->size; i++) {
        const as_batch_base_record *row = row_at(rows, i);
        if (is_refused(row) &&
            (batch->status == AEROSPIKE_EXPIRED_SESSION || row->result == AEROSPIKE_EXPIRED_SESSION)) {
            return true;
        }
    }
    return false;
}

static void take_out(Batch *batch)
{
    const as_vector *rows = &batch->records.list;
    as_batch_records_init(&batch->refused, rows->size);
    for (uint32_t i = 0; i < rows->size; i++) {
        as_batch_base_record *row = row_at(rows, i);
        if (is_refused(row)) {
            cf_free(row->message);
            row->message = NULL;
            memcpy(as_vector_reserve(&batch->refused.list), row, rows->item_size);
        }
    }
}

void batch_take_back(Batch *batch)
{
    const as_vector *rows = &batch->records.list;
    for (uint32_t i = 0, place = 0; i < rows->size && place < batch->refused.list.size; i++) {
        as_batch_base_record *row = row_at(rows, i);
        if (is_refused(row)) {
            memcpy(row, row_at(&batch->refused.list, place++), rows->item_size);
        }
    }
    as_vector_destroy(&batch->refused.list);
    memset(&batch->refused, 0, sizeof batch->refused);
}

// What the C client says of a batch, where only some rows were sent: a row that failed before counts.
static as_status whole_status(const Batch *batch, as_status status)
{
    for (uint32_t i = 0; status == AEROSPIKE_OK && i < batch->records.list.size; i++) {
        as_status result = row_at(&batch->records.list, i)->result;
        if (result != AEROSPIKE_OK && result != AEROSPIKE_ERR_RECORD_NOT_FOUND && result != AEROSPIKE_FILTERED_OUT) {
            status = AEROSPIKE_BATCH_FAILED;
        }
    }
    return status;
}

// ---- in threads ----

typedef as_status (*BatchCall)(aerospike *as, as_error *err, const as_policy_batch *policy, as_batch_records *records);

static as_status send_refused(Command *command, aerospike *as, BatchCall call)
{
    Batch *batch = command->answer;
    as_status status = AEROSPIKE_OK;
    take_out(batch);
    as_error_init(&command->err);
    if (batch->refused.list.size > 0) {
        status = call(as, &command->err, &command->policy.batch, &batch->refused);
    }
    batch_take_back(batch);
    return whole_status(batch, status);
}

static as_status send_all(Command *command, aerospike *as, BatchCall call)
{
    Batch *batch = command->answer;
    uint64_t since = 0;
    if (batch->records.list.size > 0) {
        batch->status = call(as, &command->err, &command->policy.batch, &batch->records);
        while (login_awaited(batch->status, &since)) {
            batch->status = send_refused(command, as, call);
        }
    }
    return AEROSPIKE_OK;  // the result tells, and each row's
}

as_status batch_run(Command *command, aerospike *as)
{
    return send_all(command, as, aerospike_batch_write);
}

as_status batch_read_run(Command *command, aerospike *as)
{
    return send_all(command, as, aerospike_batch_read);
}

// ---- in asyncio ----

// A row that is alone on its node, and was not sent, fails by itself there. Elsewhere that is an error of the batch.
static as_status unsent_status(const Batch *batch, as_status status)
{
    for (uint32_t i = 0; i < batch->records.list.size; i++) {
        as_batch_base_record *row = row_at(&batch->records.list, i);
        if (row->result < 0 && row->result != AEROSPIKE_NO_RESPONSE) {
            status = row->result;
            row->result = AEROSPIKE_NO_RESPONSE;
        }
    }
    return status;
}

// The result tells, and each row's: a batch does not fail.
static void batch_ended(Command *command, as_status status, as_event_loop *loop)
{
    Batch *batch = command->answer;
    bool again = command->refused;
    batch_take_back(batch);
    batch->status = status == AEROSPIKE_ERR_ASYNC_CONNECTION ? AEROSPIKE_ERR_CONNECTION
                    : again                                  ? whole_status(batch, status)
                                                             : status;
    batch->status = unsent_status(batch, batch->status);
    command->refused = any_refused(batch);
    command_on_write(NULL, command, loop);
}

static void on_batch(as_error *err, as_batch_records *Py_UNUSED(records), void *command, as_event_loop *loop)
{
    batch_ended(command, err == NULL ? AEROSPIKE_OK : err->code, loop);
}

typedef as_status (*BatchStart)(aerospike *as, as_error *err, const as_policy_batch *policy, as_batch_records *records,
                                as_async_batch_listener listener, void *data, as_event_loop *loop);

static as_status start_all(Command *command, aerospike *as, as_event_loop *loop, BatchStart call)
{
    Batch *batch = command->answer;
    as_batch_records *records = &batch->records;
    as_status status = AEROSPIKE_OK;
    if (command->refused) {
        take_out(batch);
        records = &batch->refused;
    }
    if (records->list.size > 0) {
        status = call(as, &command->err, &command->policy.batch, records, on_batch, command, loop);
    }
    if (records->list.size == 0 || status != AEROSPIKE_OK) {
        batch_ended(command, status, loop);
    }
    return AEROSPIKE_OK;
}

as_status batch_start(Command *command, aerospike *as, as_event_loop *loop)
{
    return start_all(command, as, loop, aerospike_batch_write_async);
}

as_status batch_read_start(Command *command, aerospike *as, as_event_loop *loop)
{
    return start_all(command, as, loop, aerospike_batch_read_async);
}
