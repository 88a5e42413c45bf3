// SPDX-License-Identifier: Apache-2.0
// Gets that come together are read in one batch, and puts written in one where no key is there twice, for a batch has
// no order: most of what a command costs is the system's, for sending and receiving.
#include "client/flight.h"

#include "convert/digest.h"

#include <aerospike/aerospike_batch.h>
#include <aerospike/as_cluster.h>
#include <aerospike/as_operations.h>
#include <citrusleaf/cf_clock.h>

enum { FUSED_MOST = 128 };

typedef struct Fused {
    as_batch_records *records;
    uint32_t count;
    uint32_t in_lane;  // flights that have not left it
    uint32_t needed;  // flights that have not released it
    Flight *flights[FUSED_MOST];  // of the records, in their order
    as_policy_batch_write policy;  // of puts, as what they write
    as_operations operations[FUSED_MOST];
} Fused;

// ---- which may ----

// Large values gain nothing, and no server takes a message that has many of them.
static bool is_small(const as_bins *bins)
{
    enum { MOST_BYTES = 64 << 10 };
    size_t size = 0;
    for (uint16_t i = 0; i < bins->size; i++) {
        const as_bin_value *value = bins->entries[i].valuep;
        switch (as_val_type(value)) {
        case AS_STRING:
        case AS_GEOJSON:  // laid out as a string
            size += value->string.len;
            break;
        case AS_BYTES:
            size += value->bytes.size;
            break;
        default:
            break;
        }
    }
    return size <= MOST_BYTES;
}

static bool write_allows(const Command *command)
{
    const as_policy_write *policy = &command->policy.write;
    return command->settings->fuse_writes && policy->key == AS_POLICY_KEY_DIGEST &&
           policy->exists == AS_POLICY_EXISTS_IGNORE && policy->gen == AS_POLICY_GEN_IGNORE &&
           !policy->on_locking_only && policy->compression_threshold == 0 && is_small(&command->written.bins);
}

static bool read_allows(const Command *command)
{
    return command->settings->fuse_reads && command->policy.read.key == AS_POLICY_KEY_DIGEST;
}

bool fused_allows(const Flight *flight)
{
    const Command *command = &flight->command;
    const as_policy_base *base = &command->policy.read.base;
    Fusion fusion = command->kind->fusion;
    return fusion != FUSION_NONE && base->filter_exp == NULL && !base->compress &&
           (fusion == FUSION_READ ? read_allows : write_allows)(command);
}

static bool same_base(const as_policy_base *a, const as_policy_base *b)
{
    return a->socket_timeout == b->socket_timeout && a->max_retries == b->max_retries &&
           a->sleep_between_retries == b->sleep_between_retries && a->timeout_delay == b->timeout_delay &&
           a->connect_timeout == b->connect_timeout && a->total_timeout == b->total_timeout;
}

static bool same_policy(const Flight *one, const Flight *other)
{
    const Command *mine = &one->command, *others = &other->command;
    const as_policy_read *a = &mine->policy.read, *b = &others->policy.read;
    const as_policy_write *w = &mine->policy.write, *x = &others->policy.write;
    if (mine->kind->fusion != others->kind->fusion || !same_base(&a->base, &b->base)) {
        return false;
    }
    if (mine->kind->fusion == FUSION_READ) {
        return a->replica == b->replica && a->read_mode_ap == b->read_mode_ap && a->read_mode_sc == b->read_mode_sc &&
               a->read_touch_ttl_percent == b->read_touch_ttl_percent;
    }
    return w->replica == x->replica && w->commit_level == x->commit_level && w->ttl == x->ttl &&
           w->durable_delete == x->durable_delete;
}

static bool may_join(const Flight *first, const Flight *next)
{
    return next->fusible && next->awaited != NULL && same_policy(first, next);
}

// ---- policies ----

static void policy_of_reads(const as_policy_read *policy, as_policy_batch *out)
{
    out->replica = policy->replica;
    out->read_mode_ap = policy->read_mode_ap;
    out->read_mode_sc = policy->read_mode_sc;
    out->read_touch_ttl_percent = policy->read_touch_ttl_percent;
    out->deserialize = policy->deserialize;
}

static void policy_of_writes(const as_policy_write *policy, as_policy_batch *out, as_policy_batch_write *rows)
{
    out->replica = policy->replica;
    as_policy_batch_write_init(rows);
    rows->commit_level = policy->commit_level;
    rows->ttl = policy->ttl;
    rows->durable_delete = policy->durable_delete;
}

static void policy_of(Fused *fused, as_policy_batch *out)
{
    const Flight *first = fused->flights[0];
    const Command *command = &first->command;
    as_policy_batch_init(out);
    out->base = command->policy.read.base;  // with which all kinds begin
    if (first->deadline != 0) {  // which counts from the call
        uint64_t now = cf_getms();
        out->base.total_timeout = now < first->deadline ? (uint32_t)(first->deadline - now) : 1;
    }
    if (command->kind->fusion == FUSION_READ) {
        policy_of_reads(&command->policy.read, out);
    } else {
        policy_of_writes(&command->policy.write, out, &fused->policy);
    }
}

// ---- its answer ----

static void land(Flight *flight, as_batch_base_record *row, const as_error *err)
{
    as_error own;
    if (row->result == AEROSPIKE_OK) {
        flight->command.record = flight->command.kind->fusion == FUSION_READ ? &row->record : NULL;
        flight_land(flight, NULL);
        return;
    }
    if (err != NULL && (row->result == AEROSPIKE_NO_RESPONSE || row->result == err->code)) {
        as_error_copy(&own, err);
    } else {
        as_error_update(&own, row->result, "%s", row->message == NULL ? as_error_string(row->result) : row->message);
        own.subcode = row->subcode;
    }
    own.in_doubt = row->in_doubt;
    flight_land(flight, &own);
}

static void on_batch(as_error *err, as_batch_records *records, void *data, as_event_loop *Py_UNUSED(loop))
{
    Fused *fused = data;
    for (uint32_t i = 0; i < fused->count; i++) {
        land(fused->flights[i], as_vector_get(&records->list, i), err);
    }
}

// ---- sending ----

// Of the keys that are there: open addressing, by a byte and a half of their digests.
enum { PLACES = 512 };
typedef struct Keys {
    const uint8_t *digests[PLACES];
} Keys;

// False: it was there before.
static bool keys_add(Keys *keys, const uint8_t *digest)
{
    unsigned place = (digest[0] | digest[1] << 8) % PLACES;
    for (; keys->digests[place] != NULL; place = (place + 1) % PLACES) {
        if (memcmp(keys->digests[place], digest, AS_DIGEST_VALUE_SIZE) == 0) {
            return false;
        }
    }
    keys->digests[place] = digest;
    return true;
}

// As many as are a quarter of what the loop has under way, so that nodes work while the loop does: where all went in
// one batch, each would wait for the other. Fewer than a few a node are not worth a batch, nor is one that has to wait.
static uint32_t fused_most(const Pump *pump, const Flight *first)
{
    enum { PARTS = 4, LEAST = 4 };
    uint32_t room = flight_lane_most(first), part = pump->flights / (room < PARTS ? room : PARTS);
    as_nodes *nodes = as_nodes_reserve(first->command.connection->as->cluster);
    uint32_t least = LEAST * nodes->size;
    as_nodes_release(nodes);
    return part > FUSED_MOST || least > FUSED_MOST ? FUSED_MOST : part > least ? part : least;
}

// Of those that may come into it, several at a time. False: out of memory.
static bool make_digests(Flight *first, const Lane *lane, uint32_t most)
{
    Digests digests = {0};
    bool made = digests_add(&digests, &first->command.key);
    for (Flight *flight = lane->waiting.first; made && --most > 0 && flight != NULL; flight = flight->next) {
        made = !flight->fusible || digests_add(&digests, &flight->command.key);
    }
    digests_end(&digests);
    return made;
}

// Those that follow and may join. What was written must not be overtaken: the first that may not ends it.
static void fused_gather(Fused *fused, Pump *pump, Lane *lane, uint32_t most)
{
    Keys keys = {{NULL}};
    const Flight *first = fused->flights[0];
    bool distinct = first->command.kind->fusion == FUSION_WRITE;
    if (distinct) {
        keys_add(&keys, first->command.key.digest.value);
    }
    while (lane->waiting_count > 0 && fused->count < most && may_join(first, lane->waiting.first)) {
        if (distinct && !keys_add(&keys, lane->waiting.first->command.key.digest.value)) {
            break;
        }
        fused->flights[fused->count++] = lane_next(pump, lane);
    }
}

static Fused *fused_new(Pump *pump, Lane *lane, Flight *first)
{
    uint32_t most = fused_most(pump, first);
    Fused *fused = make_digests(first, lane, most) ? PyMem_Malloc(sizeof *fused) : NULL;
    if (fused == NULL) {
        return NULL;
    }
    fused->flights[0] = first;
    fused->count = 1;
    fused_gather(fused, pump, lane, most);
    fused->records = as_batch_records_create(fused->count);
    fused->in_lane = fused->needed = fused->count;
    memset(fused->operations, 0, fused->count * sizeof *fused->operations);
    return fused;
}

// ---- rows ----

static bool row_of_read(Fused *fused, uint32_t place)
{
    as_batch_read_record *row = as_batch_read_reserve(fused->records);
    const as_key *key = &fused->flights[place]->command.key;
    as_key_init_digest(&row->key, key->ns, key->set, key->digest.value);
    row->read_all_bins = true;
    return true;
}

// What is written stays the flight's: the row borrows it.
static bool row_of_write(Fused *fused, uint32_t place)
{
    as_batch_write_record *row = as_batch_write_reserve(fused->records);
    Command *command = &fused->flights[place]->command;
    const as_bins *bins = &command->written.bins;
    as_operations *operations = &fused->operations[place];
    as_key_init_digest(&row->key, command->key.ns, command->key.set, command->key.digest.value);
    row->policy = &fused->policy;
    row->ops = operations;
    operations->ttl = command->written.ttl;
    operations->binops.entries = PyMem_Malloc(bins->size * sizeof *operations->binops.entries);
    if (operations->binops.entries == NULL) {
        return false;
    }
    operations->binops.capacity = operations->binops.size = bins->size;
    for (uint16_t i = 0; i < bins->size; i++) {
        operations->binops.entries[i] = (as_binop){.op = AS_OPERATOR_WRITE, .bin = bins->entries[i]};
    }
    return true;
}

static bool rows_make(Fused *fused)
{
    bool read = fused->flights[0]->command.kind->fusion == FUSION_READ, made = true;
    for (uint32_t i = 0; i < fused->count; i++) {
        Flight *flight = fused->flights[i];
        as_error_init(&flight->command.err);
        flight->fused = fused;
        flight->sent = true;
        made = (read ? row_of_read : row_of_write)(fused, i) && made;
    }
    return made;
}

static as_status start(Fused *fused, Pump *pump, as_error *err)
{
    const Command *command = &fused->flights[0]->command;
    aerospike *as = command->connection->as;
    as_policy_batch policy;
    if (!rows_make(fused)) {
        return as_error_update(err, AEROSPIKE_ERR_CLIENT, "out of memory");
    }
    policy_of(fused, &policy);
    return (command->kind->fusion == FUSION_READ ? aerospike_batch_read_async : aerospike_batch_write_async)(
        as, err, &policy, fused->records, on_batch, fused, pump->slot->events);
}

static void fused_send(Pump *pump, Lane *lane, Fused *fused)
{
    as_error err;
    as_error_init(&err);
    lane->under_way++;
    lane->batches++;
    *(fused->flights[0]->command.kind->fusion == FUSION_READ ? &lane->fused_reads : &lane->fused_writes) +=
        fused->count;
    pump->launched = true;
    uv_update_time(&pump->slot->uv);
    if (start(fused, pump, &err) != AEROSPIKE_OK) {
        for (uint32_t i = 0; i < fused->count; i++) {
            if (!fused->flights[i]->landed) {
                flight_land(fused->flights[i], &err);
            }
        }
    }
}

void fused_launch(Pump *pump, Lane *lane, Flight *flight)
{
    bool alone = lane->waiting_count == 0 || !may_join(flight, lane->waiting.first);
    Fused *fused = alone ? NULL : fused_new(pump, lane, flight);
    if (fused == NULL) {
        flight_launch(flight);
    } else {
        fused_send(pump, lane, fused);
    }
}

// ---- the end ----

bool fused_leave(Flight *flight)
{
    return --flight->fused->in_lane == 0;
}

void fused_release(Flight *flight)
{
    Fused *fused = flight->fused;
    if (fused != NULL) {
        flight->fused = NULL;
        flight->command.record = NULL;  // the batch's
        if (--fused->needed == 0) {
            as_batch_records_destroy(fused->records);
            for (uint32_t i = 0; i < fused->count; i++) {
                PyMem_Free(fused->operations[i].binops.entries);
            }
            PyMem_Free(fused);
        }
    }
}
