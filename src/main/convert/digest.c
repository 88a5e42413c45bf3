// SPDX-License-Identifier: Apache-2.0
// They are not left to the C client, which would put the primary key on the stack.
#include "convert/digest.h"

#include <citrusleaf/cf_byte_order.h>
#include <citrusleaf/cf_digest.h>
#include <stdlib.h>
#include <string.h>

// ---- one ----

// What a digest is made of, after the set: the type of the key, then its bytes.
typedef struct Hashed {
    uint64_t integer;
    const void *bytes;
    size_t size, set_size;
    uint8_t type;
} Hashed;

static void hashed_of(const as_key *key, Hashed *out)
{
    out->set_size = strlen(key->set);
    switch (as_val_type(key->valuep)) {
    case AS_INTEGER:
        out->type = AS_BYTES_INTEGER;
        out->integer = cf_swap_to_be64((uint64_t)key->value.integer.value);
        out->bytes = &out->integer;
        out->size = sizeof out->integer;
        break;
    case AS_STRING:
        out->type = AS_BYTES_STRING;
        out->bytes = key->value.string.value;
        out->size = key->value.string.len;
        break;
    default:
        out->type = AS_BYTES_BLOB;
        out->bytes = key->value.bytes.value;
        out->size = key->value.bytes.size;
        break;
    }
}

static bool digest_compute(const Hashed *hashed, as_key *key)
{
    uint8_t small[128];
    uint8_t *buffer = hashed->size < sizeof small ? small : malloc(hashed->size + 1);
    if (buffer == NULL) {
        return false;
    }
    buffer[0] = hashed->type;
    memcpy(buffer + 1, hashed->bytes, hashed->size);
    cf_digest_compute2(key->set, hashed->set_size, buffer, hashed->size + 1, (cf_digest *)key->digest.value);
    key->digest.init = true;
    if (buffer != small) {
        free(buffer);
    }
    return true;
}

bool digest_make(as_key *key)
{
    Hashed hashed;
    hashed_of(key, &hashed);
    return digest_compute(&hashed, key);
}

// ---- many ----

static bool is_short(const Hashed *hashed)
{
    return hashed->set_size + sizeof hashed->type + hashed->size <= RIPEMD_SHORT;
}

static void block_write(const Hashed *hashed, const as_key *key, uint8_t *block)
{
    memcpy(block, key->set, hashed->set_size);
    block[hashed->set_size] = hashed->type;
    memcpy(block + hashed->set_size + 1, hashed->bytes, hashed->size);
    ripemd_pad(block, hashed->set_size + 1 + hashed->size);
}

bool digests_add(Digests *digests, as_key *key)
{
    Hashed hashed;
    if (key->digest.init) {
        return true;
    }
    hashed_of(key, &hashed);
    if (!is_short(&hashed)) {
        return digest_compute(&hashed, key);
    }
    block_write(&hashed, key, digests->blocks.bytes[digests->count]);
    digests->keys[digests->count++] = key;
    if (digests->count == RIPEMD_LANES) {
        digests_end(digests);
    }
    return true;
}

void digests_end(Digests *digests)
{
    uint8_t made[RIPEMD_LANES][RIPEMD_SIZE];
    if (digests->count > 0) {
        ripemd_digest(&digests->blocks, made);
    }
    for (int i = 0; i < digests->count; i++) {
        memcpy(digests->keys[i]->digest.value, made[i], sizeof made[i]);
        digests->keys[i]->digest.init = true;
    }
    digests->count = 0;
}
