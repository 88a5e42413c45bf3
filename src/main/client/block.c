// SPDX-License-Identifier: Apache-2.0
#include "client/block.h"

#include <aerospike/aerospike_batch.h>
#include <stddef.h>

static _Thread_local Block *current;
static _Thread_local Taker *current_taker;

Block *block_current(void)
{
    return current != NULL && current->stays ? current : NULL;
}

void block_begin(Block *block)
{
    current = block;
}

void block_end(void)
{
    current = NULL;
}

void block_give(Taker *taker)
{
    current_taker = taker;
}

as_status block_read(as_parse_results_fn read, as_error *err, as_command *command, as_node *node, uint8_t *bytes,
                     size_t size)
{
    Block block = {.stays = command->latency_type == AS_LATENCY_TYPE_QUERY,
                   .of_batch = command->latency_type == AS_LATENCY_TYPE_BATCH};
    block_begin(&block);
    as_status status = read(err, command, node, bytes, size);
    block_end();
    if (block.finish != NULL) {
        block.finish(&block, block.sink);
    }
    return status;
}

uint8_t *__real_as_command_parse_key(uint8_t *at, uint32_t fields, as_key *key, uint64_t *bval);
uint8_t *__wrap_as_command_parse_key(uint8_t *at, uint32_t fields, as_key *key, uint64_t *bval);
as_status __real_as_command_parse_bins(uint8_t **at, as_error *err, as_record *record, uint32_t bins, bool values);
as_status __wrap_as_command_parse_bins(uint8_t **at, as_error *err, as_record *record, uint32_t bins, bool values);
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

#ifdef __APPLE__  // whose linker cannot wrap

WireBins block_bins(void)
{
    return (WireBins){0};
}

#else

uint8_t *__wrap_as_command_parse_key(uint8_t *at, uint32_t fields, as_key *key, uint64_t *bval)
{
    if (block_current() == NULL) {
        return __real_as_command_parse_key(at, fields, key, bval);
    }
    current->wire = (WireRecord){.bytes = at, .fields = (uint16_t)fields};
    return (uint8_t *)wire_place(at, fields, &key->digest, bval);
}

// Rows of batches are read to the end before anyone looks at them, so that their bins must be copied.
static const uint8_t *keep_bins(as_record *record, const uint8_t *at, uint32_t bins)
{
    const as_batch_base_record *row =
        (const as_batch_base_record *)((const char *)record - offsetof(as_batch_base_record, record));
    if (bins == 0 || row->type != AS_BATCH_READ || ((const as_batch_read_record *)row)->ops != NULL) {
        return NULL;
    }
    const uint8_t *end = wire_bins_end(at, bins);
    size_t size = (size_t)(end - at), room = record->bins.capacity * sizeof *record->bins.entries;
    if (size + WIRE_MARGIN > room) {
        void *more = cf_malloc(size + WIRE_MARGIN);
        if (more == NULL) {
            return NULL;
        }
        cf_free(record->bins.entries);
        record->bins.entries = more;
    }
    record->_.data = memcpy(record->bins.entries, at, size);
    return end;
}

static const uint8_t *take_row(as_record *record, const uint8_t *at, uint32_t bins)
{
    return current_taker != NULL                  ? current_taker->take(current_taker, record, at, bins)
           : current != NULL && current->of_batch ? keep_bins(record, at, bins)
                                                  : NULL;
}

as_status __wrap_as_command_parse_bins(uint8_t **at, as_error *err, as_record *record, uint32_t bins, bool values)
{
    if (block_current() == NULL) {
        const uint8_t *end = take_row(record, *at, bins);
        if (end == NULL) {
            return __real_as_command_parse_bins(at, err, record, bins, values);
        }
        *at = (uint8_t *)end;
        return AEROSPIKE_OK;
    }
    WireRecord *wire = &current->wire;
    *at = (uint8_t *)wire_bins_end(*at, bins);
    wire->size = (size_t)(*at - wire->bytes);
    wire->ttl = record->ttl;
    wire->gen = record->gen;
    wire->bins = (uint16_t)bins;
    record->bins.size = 0;
    current->record = record;
    return AEROSPIKE_OK;
}

WireBins block_bins(void)
{
    if (block_current() == NULL) {
        return (WireBins){0};
    }
    uint64_t bval;
    const WireRecord *wire = &current->wire;
    const uint8_t *bins =
        __real_as_command_parse_key((uint8_t *)wire->bytes, wire->fields, &current->record->key, &bval);
    return (WireBins){bins, wire->bins};
}

// The C client looks at the clock for each record that will expire, to tell in how many seconds.
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock != CLOCK_REALTIME || current == NULL) {
        return __real_clock_gettime(clock, now);
    }
    int result = current->now.tv_sec == 0 ? __real_clock_gettime(clock, &current->now) : 0;
    *now = current->now;
    return result;
}

#endif
