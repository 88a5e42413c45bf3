// SPDX-License-Identifier: Apache-2.0
// What the C client reads of its socket at a time: a block, of some records. Where the linker can wrap the C client's
// functions (setup.py), the records of scans and queries stay as they came, in the block, rather than being made values
// that are copied and freed; and a sink may put records aside until the block has ended, which is soon. The bins of
// batches' rows stay as they came, too, in the rows, but where they are results of operations.
#ifndef BLOCK_H
#define BLOCK_H

#include "convert/wire.h"

#include <aerospike/as_command.h>
#include <stdbool.h>
#include <time.h>

struct Chunk;
struct Row;

// Rows in the order in which they came, and the memory in which they lie. A zeroed one is empty.
typedef struct Burst {
    struct Row *first, *last;
    struct Chunk *chunks;
    size_t bytes;  // of the chunks
} Burst;

typedef struct Block {
    bool stays;  // its records stay as they came, in it
    bool of_batch;  // its records are rows of a batch; of neither kind: only the clock is looked at once
    WireRecord wire;  // the record that was read last
    as_record *record;  // the C client's of it: no more than the digest, before block_bins()
    struct timespec now;  // by which records' times are told; 0: to be looked up
    // what a sink put aside
    Burst aside;
    struct Chunk *spare;
    void (*finish)(struct Block *block, void *sink);  // called at the end of the block; NULL: nothing was
    void *sink;
} Block;

// Who takes records of batches as they came. Where their bins end; NULL: the C client is to make values of them after
// all.
typedef struct Taker {
    const uint8_t *(*take)(struct Taker *taker, const as_record *record, const uint8_t *bins, uint32_t count);
} Taker;

// The block that this thread reads and whose records stay as they came; NULL: none, they come with their bins.
Block *block_current(void);

// Have what was read, in which all lengths are true, read by the C client's function.
as_status block_read(as_parse_results_fn read, as_error *err, as_command *command, as_node *node, uint8_t *bytes,
                     size_t size);

// What this thread reads from now on is that block, until it has ended.
void block_begin(Block *block);
void block_end(void);

// Records of batches that this thread reads are given to that taker; NULL: to none. They have no bins, if it takes
// them.
void block_give(Taker *taker);

// For a sink that looks into the last record: have the C client make its key, once, and say where its bins lie as they
// came. None: the record has them.
WireBins block_bins(void);

#endif
