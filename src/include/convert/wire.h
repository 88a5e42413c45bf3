// SPDX-License-Identifier: Apache-2.0
// A record as it comes from a server. All lengths in it were looked over (answers.c), and are true.
#ifndef WIRE_H
#define WIRE_H

#include "convert/convert.h"

#include <stddef.h>
#include <stdint.h>

// Its fields, of which some are its key, and its bins; no bytes: there is none.
typedef struct WireRecord {
    const uint8_t *bytes;
    size_t size;
    uint32_t ttl;
    uint16_t gen, fields, bins;
} WireRecord;

// A bin as it came.
typedef struct WireBin {
    const char *name;
    const uint8_t *bytes;
    size_t name_size, size;
    uint8_t type;
} WireBin;

// Bytes behind the last bin that may be read, whatever is there.
enum { WIRE_MARGIN = 16 };

// So many fields that begin there, of which those that say where the record is are given; returns where they end.
const uint8_t *wire_place(const uint8_t *at, uint32_t fields, as_digest *digest, uint64_t *bval);

// The bin that begins there; returns where it ends.
const uint8_t *wire_bin(const uint8_t *at, WireBin *out);

// Where so many bins end.
const uint8_t *wire_bins_end(const uint8_t *at, uint32_t bins);

// Whether a record's bins lie as they came where the C client would have its values of them, with the margin behind
// them, as many as would have been room for. The C client frees them as if they were none.
static inline bool wire_is_kept(const as_record *record)
{
    return record->bins.entries != NULL && record->_.data == record->bins.entries;
}

// {name: value} of so many bins that begin there.
PyObject *wire_bins_to_py(const Codec *codec, const uint8_t *at, uint16_t bins);

// (key, meta, bins), of a record with the margin behind it.
PyObject *wire_record_to_py(const Codec *codec, const WireRecord *record);

#endif
