// SPDX-License-Identifier: Apache-2.0
// The digests by which servers know keys, of the set and the primary key. Python is not needed.
#ifndef DIGEST_H
#define DIGEST_H

#include "convert/ripemd.h"

#include <aerospike/as_key.h>

// Of a key that has a primary key. False: out of memory.
bool digest_make(as_key *key);

// Those of many keys, which are made several at a time: in less than half the time. Begins zeroed.
typedef struct Digests {
    RipemdBlocks blocks;
    as_key *keys[RIPEMD_LANES];
    int count;  // that wait for others
} Digests;

// Nothing where the key has one. False: out of memory.
bool digests_add(Digests *digests, as_key *key);
void digests_end(Digests *digests);  // all have theirs now

#endif
