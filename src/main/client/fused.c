// SPDX-License-Identifier: Apache-2.0
// Gets that come together are read in one batch: most of what a command costs is the system's, for sending and
// receiving.
#include "client/flight.h"

#include <aerospike/aerospike_batch.h>
#include <citrusleaf/cf_clock.h>

enum { FUSED_MOST = 128 };

typedef struct Fused {
    as_batch_records *records;
    uint32_t count;
    uint32_t in_lane;  // flights that have not left it
    uint32_t needed;  // flights that have not released it
    Flight *flights[FUSED_MOST];  // of the records, in their order
} Fused;

bool fused_allows(const Flight *flight)
{
    const Command *command = &flight->command;
    const as_policy_read *policy = &command->policy.read;
    return command->kind->fusible && command->settings->fuse_reads && policy->key == AS_POLICY_KEY_DIGEST &&
           policy->base.filter_exp == NULL && !policy->base.compress;
}

static bool same_policy(const Flight *one, const Flight *other)
{
    const as_policy_read *a = &one->command.policy.read, *b = &other->command.policy.read;
    return a->base.socket_timeout == b->base.socket_timeout && a->base.max_retries == b->base.max_retries &&
           a->base.sleep_between_retries == b->base.sleep_between_retries &&
           a->base.timeout_delay == b->base.timeout_delay && a->base.connect_timeout == b->base.connect_timeout &&
           a->base.total_timeout == b->base.total_timeout && a->replica == b->replica &&
           a->read_mode_ap == b->read_mode_ap && a->read_mode_sc == b->read_mode_sc &&
           a->read_touch_ttl_percent == b->read_touch_ttl_percent;
}

static void policy_of(const Flight *flight, as_policy_batch *out)
{
    const as_policy_read *policy = &flight->command.policy.read;
    as_policy_batch_init(out);
    out->base = policy->base;
    if (flight->deadline != 0) {  // which counts from the call
        uint64_t now = cf_getms();
        out->base.total_timeout = now < flight->deadline ? (uint32_t)(flight->deadline - now) : 1;
    }
    out->replica = policy->replica;
    out->read_mode_ap = policy->read_mode_ap;
    out->read_mode_sc = policy->read_mode_sc;
    out->read_touch_ttl_percent = policy->read_touch_ttl_percent;
    out->deserialize = policy->deserialize;
}

// ---- its answer ----

static void land(Flight *flight, as_batch_read_record *record, const as_error *err)
{
    as_error own;
    if (record->result == AEROSPIKE_OK) {
        flight->command.record = &record->record;
        flight_land(flight, NULL);
        return;
    }
    if (record->result != AEROSPIKE_NO_RESPONSE && (err == NULL || record->result != err->code)) {
        as_error_update(&own, record->result, "%s",
                        record->message == NULL ? as_error_string(record->result) : record->message);
        own.subcode = record->subcode;
        err = &own;
    } else if (err == NULL) {
        as_error_update(&own, record->result, "%s", as_error_string(record->result));
        err = &own;
    }
    flight_land(flight, err);
}

static void on_batch(as_error *err, as_batch_records *records, void *data, as_event_loop *Py_UNUSED(loop))
{
    Fused *fused = data;
    for (uint32_t i = 0; i < fused->count; i++) {
        land(fused->flights[i], as_vector_get(&records->list, i), err);
    }
}

// ---- sending ----

static Fused *fused_new(Pump *pump, Lane *lane, Flight *first)
{
    Fused *fused = PyMem_Malloc(sizeof *fused);
    if (fused == NULL) {
        return NULL;
    }
    fused->flights[0] = first;
    fused->count = 1;
    while (lane->waiting_count > 0 && fused->count < FUSED_MOST) {
        Flight *next = lane->waiting.first;
        if (!next->fusible || next->awaited == NULL || !same_policy(first, next)) {
            break;
        }
        fused->flights[fused->count++] = lane_next(pump, lane);
    }
    fused->records = as_batch_records_create(fused->count);
    fused->in_lane = fused->needed = fused->count;
    return fused;
}

static bool read_of(Flight *flight, as_batch_read_record *record)
{
    as_key *key = &flight->command.key;
    as_digest *digest = as_key_digest(key);
    if (digest == NULL) {
        return false;
    }
    as_key_init_digest(&record->key, key->ns, key->set, digest->value);
    record->read_all_bins = true;
    return true;
}

static void fused_send(Pump *pump, Lane *lane, Fused *fused)
{
    as_policy_batch policy;
    as_error err;
    Flight *first = fused->flights[0];
    bool ready = true;
    for (uint32_t i = 0; i < fused->count; i++) {
        Flight *flight = fused->flights[i];
        as_error_init(&flight->command.err);
        flight->fused = fused;
        flight->sent = true;
        ready = read_of(flight, as_batch_read_reserve(fused->records)) && ready;
    }
    policy_of(first, &policy);
    as_error_init(&err);
    lane->under_way++;
    pump->launched = true;
    uv_update_time(&pump->slot->uv);
    if (!ready) {
        as_error_update(&err, AEROSPIKE_ERR_CLIENT, "a key has no digest");
    }
    if (!ready || aerospike_batch_read_async(first->command.connection->as, &err, &policy, fused->records, on_batch,
                                             fused, pump->slot->events) != AEROSPIKE_OK) {
        for (uint32_t i = 0; i < fused->count; i++) {
            if (!fused->flights[i]->landed) {
                flight_land(fused->flights[i], &err);
            }
        }
    }
}

void fused_launch(Pump *pump, Lane *lane, Flight *flight)
{
    Flight *next = lane->waiting_count == 0 ? NULL : lane->waiting.first;
    bool alone = next == NULL || !next->fusible || next->awaited == NULL || !same_policy(flight, next);
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
            PyMem_Free(fused);
        }
    }
}
