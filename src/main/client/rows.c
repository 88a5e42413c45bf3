// SPDX-License-Identifier: Apache-2.0
#include "client/rows.h"

#include "client/condition.h"

#include <aerospike/as_bytes.h>
#include <aerospike/as_string.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CHUNK_BYTES = 64 << 10,  // as much as is asked of the system at a time, but for larger records
    MOST_BYTES = 2 << 20,  // held at a time, and as much again is being read: what a run needs of memory
    LINGER = 1,  // milliseconds that a record waits for others
};

// ---- memory ----

typedef struct Chunk {
    struct Chunk *next;
    size_t size, used;
    _Alignas(max_align_t) char bytes[];
} Chunk;

static void chunks_free(Chunk *chunks)
{
    while (chunks != NULL) {
        Chunk *next = chunks->next;
        free(chunks);
        chunks = next;
    }
}

// Chunks of the usual size between two runs: memory that is new costs more than what is written there. As much as one
// run needs, for whoever comes first; a run takes and leaves all of it, which needs no lock.
static _Atomic(Chunk *) between_runs;

static void chunks_leave(Chunk *chunks)
{
    Chunk *none = NULL;
    if (!atomic_compare_exchange_strong(&between_runs, &none, chunks)) {
        chunks_free(chunks);
    }
}

static bool burst_has_room(const Burst *burst, size_t bytes)
{
    const Chunk *chunk = burst->chunks;
    return chunk != NULL && chunk->size - chunk->used >= bytes;
}

// Room in the burst's first chunk, or in another one before it. NULL where memory ran out.
static void *burst_room(Burst *burst, Chunk **spare, size_t bytes)
{
    Chunk *chunk = burst->chunks;
    if (!burst_has_room(burst, bytes)) {
        size_t size = bytes < CHUNK_BYTES ? CHUNK_BYTES : bytes;
        if (*spare != NULL && size == CHUNK_BYTES) {
            chunk = *spare;
            *spare = chunk->next;
        } else if ((chunk = malloc(sizeof *chunk + size)) == NULL) {
            return NULL;
        }
        *chunk = (Chunk){.next = burst->chunks, .size = size};
        burst->chunks = chunk;
        burst->bytes += size;
    }
    void *room = chunk->bytes + chunk->used;
    chunk->used += bytes;
    return room;
}

// Keep the chunks of a burst that was read for rows to come, those of the usual size.
static void burst_reuse(Burst *burst, Chunk **spare)
{
    for (Chunk *chunk = burst->chunks, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        if (chunk->size == CHUNK_BYTES) {
            chunk->next = *spare;
            *spare = chunk;
        } else {
            free(chunk);
        }
    }
    *burst = (Burst){0};
}

static void burst_push(Burst *burst, Row *row)
{
    row->next = NULL;
    if (burst->last == NULL) {
        burst->first = row;
    } else {
        burst->last->next = row;
    }
    burst->last = row;
}

void burst_append(Burst *burst, Burst *others)
{
    if (others->first != NULL) {
        *(burst->last == NULL ? &burst->first : &burst->last->next) = others->first;
        burst->last = others->last;
    }
    Chunk **end = &others->chunks;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = burst->chunks;
    burst->chunks = others->chunks;
    burst->bytes += others->bytes;
    *others = (Burst){0};
}

void burst_free(Burst *burst)
{
    chunks_free(burst->chunks);
    *burst = (Burst){0};
}

void burst_return(const Burst *burst)
{
    // from the last to the first: the first row of a partition has the last word
    Row *reversed = NULL;
    for (Row *row = burst->first, *next; row != NULL; row = next) {
        next = row->next;
        row->next = reversed;
        reversed = row;
    }
    for (const Row *row = reversed; row != NULL; row = row->next) {
        if (row->partition != NULL) {
            row->partition->digest = row->last_digest;
            row->partition->bval = row->last_bval;
        }
    }
}

// ---- rows ----

// What a value has beside the bin that it lies in, as many bytes as are returned: *place points to them. The C client
// is never asked to make lists and maps, which would be elsewhere.
static size_t value_bytes(as_val *value, char ***place)
{
    switch (as_val_type(value)) {
    case AS_STRING:
    case AS_GEOJSON:  // the same members under another type
        *place = &((as_string *)value)->value;
        return ((as_string *)value)->len;
    case AS_BYTES:
        *place = (char **)&((as_bytes *)value)->value;
        return ((as_bytes *)value)->size;
    default:
        *place = NULL;
        return 0;
    }
}

// Make a copied value its own: where it was, and its bytes at `room`. Returns the room that is left.
static char *value_move(as_bin_value **value, const as_bin_value *from, as_bin_value *to, char *room)
{
    if (*value != from) {
        return room;  // none, or the one nil that all share
    }
    char **place;
    size_t size = value_bytes((as_val *)to, &place);
    *value = to;
    if (place != NULL) {
        memcpy(room, *place, size);
        *place = room;
    }
    return room + size;
}

// What a row needs to have a record of values, or one that is as it came.

static size_t record_bytes(const as_record *record)
{
    char **place;
    size_t bytes = sizeof(as_record);
    bytes += record->key.valuep == NULL ? 0 : value_bytes((as_val *)record->key.valuep, &place);
    for (uint16_t i = 0; i < record->bins.size; i++) {
        bytes += sizeof(as_bin) + value_bytes((as_val *)record->bins.entries[i].valuep, &place);
    }
    return bytes;
}

static size_t row_bytes(size_t record)
{
    size_t bytes = sizeof(Row) + record;
    return (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
}

static void row_fill_values(Row *row, const as_record *record)
{
    uint16_t count = record->bins.size;
    as_record *copy = row->record;
    *copy = *record;
    copy->bins.entries = (as_bin *)(copy + 1);
    memcpy(copy->bins.entries, record->bins.entries, count * sizeof(as_bin));
    char *room = (char *)(copy->bins.entries + count);
    room = value_move((as_bin_value **)&copy->key.valuep, (const as_bin_value *)&record->key.value,
                      (as_bin_value *)&copy->key.value, room);
    for (uint16_t i = 0; i < count; i++) {
        as_bin *bin = &copy->bins.entries[i];
        room = value_move(&bin->valuep, &record->bins.entries[i].value, &bin->value, room);
    }
    row->wire.bytes = NULL;
}

static void row_fill_wire(Row *row, const WireRecord *wire)
{
    row->wire = *wire;
    row->wire.bytes = memcpy(row->record, wire->bytes, wire->size);
}

static void row_push(Burst *burst, Row *row, as_partition_status *partition)
{
    row->partition = partition;
    if (partition != NULL) {
        row->last_digest = partition->digest;
        row->last_bval = partition->bval;
    }
    burst_push(burst, row);
}

// ---- under the lock ----

static void wait_for_room(Rows *rows)
{
    bool stands = false;
    while (!rows->stopped && rows->held.bytes >= MOST_BYTES) {
        sink_wait(&rows->sink, &rows->drained, &rows->lock, &stands);
    }
    sink_go_on(&rows->sink, stands);
}

static void wake_reader(Rows *rows)
{
    rows->wanted = SIZE_MAX;
    if (rows->ring != NULL) {
        rows->ring(rows->bell);
        rows->ring = NULL;
    } else {
        pthread_cond_signal(&rows->filled);
    }
}

static void wake_if_wanted(Rows *rows)
{
    if (rows->held.bytes >= rows->wanted) {
        wake_reader(rows);
    }
}

static void memory_ran_out(Rows *rows)
{
    rows->exhausted = rows->stopped = true;
}

// Hand over what was put aside, whose records count as read, even if the reader wants no more.
static void hand_over(Rows *rows, Block *block)
{
    wait_for_room(rows);
    burst_append(&rows->held, &block->aside);
    wake_if_wanted(rows);
}

// ---- records one by one, or those of a block together ----

// One that is in no block.
static bool record_alone(Rows *rows, const as_record *record, as_partition_status *partition)
{
    pthread_mutex_lock(&rows->lock);
    wait_for_room(rows);
    if (!rows->stopped) {
        Row *row = burst_room(&rows->held, &rows->spare, row_bytes(record_bytes(record)));
        if (row == NULL) {
            memory_ran_out(rows);
        } else {
            row_fill_values(row, record);
            row_push(&rows->held, row, partition);
        }
        wake_if_wanted(rows);
    }
    bool more = !rows->stopped;
    pthread_mutex_unlock(&rows->lock);
    return more;
}

static void end_block(Block *block, void *sink)
{
    Rows *rows = sink;
    pthread_mutex_lock(&rows->lock);
    hand_over(rows, block);
    if (block->spare != NULL) {
        block->spare->next = rows->spare;
        rows->spare = block->spare;
    }
    pthread_mutex_unlock(&rows->lock);
}

// Begin another chunk of a block.
static void turn_over(Rows *rows, Block *block)
{
    pthread_mutex_lock(&rows->lock);
    hand_over(rows, block);
    if (block->spare == NULL && rows->spare != NULL) {
        block->spare = rows->spare;
        rows->spare = block->spare->next;
        block->spare->next = NULL;
    }
    pthread_mutex_unlock(&rows->lock);
    block->now.tv_sec = 0;  // it may have waited long
    block->finish = end_block;
    block->sink = rows;
}

// A lock for each record would cost more than the copy.
static bool record_of_block(Rows *rows, Block *block, as_partition_status *partition)
{
    size_t bytes = row_bytes(block->wire.size + WIRE_MARGIN);
    if (!burst_has_room(&block->aside, bytes)) {
        turn_over(rows, block);
    }
    if (rows->stopped) {
        return false;
    }
    Row *row = burst_room(&block->aside, &block->spare, bytes);
    if (row == NULL) {
        pthread_mutex_lock(&rows->lock);
        memory_ran_out(rows);
        pthread_mutex_unlock(&rows->lock);
        return false;
    }
    row_fill_wire(row, &block->wire);
    row_push(&block->aside, row, partition);
    return true;
}

// ---- the sink ----

static bool rows_record(Sink *sink, const as_record *record, as_partition_status *partition)
{
    Rows *rows = (Rows *)sink;
    Block *block = block_current();
    return block == NULL ? record_alone(rows, record, partition) : record_of_block(rows, block, partition);
}

static bool rows_wants(Sink *sink)
{
    return !((Rows *)sink)->stopped;
}

static void rows_finish(Sink *sink)
{
    Rows *rows = (Rows *)sink;
    pthread_mutex_lock(&rows->lock);
    rows->finished = true;
    wake_reader(rows);
    pthread_mutex_unlock(&rows->lock);
}

static void rows_free(Sink *sink)
{
    Rows *rows = (Rows *)sink;
    burst_reuse(&rows->held, &rows->spare);
    chunks_leave(rows->spare);
    pthread_cond_destroy(&rows->drained);
    pthread_cond_destroy(&rows->filled);
    pthread_mutex_destroy(&rows->lock);
    free(rows);
}

// ---- the reader ----

static void wait_for(Rows *rows, size_t bytes, long milliseconds)
{
    rows->wanted = bytes;
    while (rows->held.bytes < bytes && !rows->finished && condition_wait(&rows->filled, &rows->lock, milliseconds)) {
    }
    rows->wanted = SIZE_MAX;
}

// Under the lock.
static bool take(Rows *rows, Burst *burst)
{
    *burst = rows->held;
    rows->held = (Burst){0};
    pthread_cond_broadcast(&rows->drained);
    return !rows->finished;
}

bool rows_take(Rows *rows, Burst *burst)
{
    pthread_mutex_lock(&rows->lock);
    burst_reuse(burst, &rows->spare);
    wait_for(rows, ROWS_SOME, ROWS_PATIENCE);
    if (rows->held.first != NULL) {
        wait_for(rows, ROWS_MANY, LINGER);
    }
    bool more = take(rows, burst);
    pthread_mutex_unlock(&rows->lock);
    return more;
}

bool rows_poll(Rows *rows, Burst *burst, size_t bytes)
{
    pthread_mutex_lock(&rows->lock);
    burst_reuse(burst, &rows->spare);
    bool more = rows->finished || rows->held.bytes >= bytes ? take(rows, burst) : true;
    pthread_mutex_unlock(&rows->lock);
    return more;
}

bool rows_listen(Rows *rows, size_t bytes, RowsRing ring, void *bell)
{
    pthread_mutex_lock(&rows->lock);
    bool there = rows->finished || rows->held.bytes >= bytes;
    rows->ring = there ? NULL : ring;
    rows->bell = bell;
    rows->wanted = there || ring == NULL ? SIZE_MAX : bytes;
    pthread_mutex_unlock(&rows->lock);
    return there;
}

void rows_give_back(Rows *rows, Burst *burst)
{
    pthread_mutex_lock(&rows->lock);
    burst_reuse(burst, &rows->spare);
    pthread_mutex_unlock(&rows->lock);
}

void rows_stop(Rows *rows)
{
    pthread_mutex_lock(&rows->lock);
    rows->stopped = true;
    pthread_cond_broadcast(&rows->drained);
    pthread_mutex_unlock(&rows->lock);
}

Rows *rows_new(void)
{
    Rows *rows = malloc(sizeof *rows);
    if (rows != NULL) {
        *rows = (Rows){
            .sink = {.record = rows_record, .wants = rows_wants, .finish = rows_finish, .free = rows_free},
            .wanted = SIZE_MAX,
            .spare = atomic_exchange(&between_runs, NULL),
        };
        pthread_mutex_init(&rows->lock, NULL);
        condition_init(&rows->filled);
        condition_init(&rows->drained);
    }
    return rows;
}
