// SPDX-License-Identifier: Apache-2.0
// A record as it comes from a server. All lengths in it were looked over (answers.c), and are true.
#ifndef WIRE_H
#define WIRE_H

#include <aerospike/as_key.h>
#include <aerospike/as_record.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Its fields, of which some are its key, and its bins; no bytes: there is none.
typedef struct WireRecord {
    const uint8_t *bytes;
    size_t size;
    uint32_t ttl;
    uint16_t gen, fields, bins;
} WireRecord;

// One of its fields.
typedef struct WireField {
    const uint8_t *bytes;
    size_t size;
    uint8_t type;
} WireField;

// A bin as it came.
typedef struct WireBin {
    const char *name;
    const uint8_t *bytes;
    size_t name_size, size;
    uint8_t type;
} WireBin;

// Bins as they came, which follow one another. Zeroed: there are none as they came.
typedef struct WireBins {
    const uint8_t *at;
    uint32_t count;
} WireBins;

// Bytes behind the last bin that may be read, whatever is there.
enum { WIRE_MARGIN = 16 };

// The field that begins there; returns where it ends.
const uint8_t *wire_field(const uint8_t *at, WireField *out);

// So many fields that begin there, of which those that say where the record is are given; returns where they end.
const uint8_t *wire_place(const uint8_t *at, uint32_t fields, as_digest *digest, uint64_t *bval);

// The bin that begins there; returns where it ends.
const uint8_t *wire_bin(const uint8_t *at, WireBin *out);

// Where so many bins end.
const uint8_t *wire_bins_end(const uint8_t *at, uint32_t bins);

// Values; of GeoJSON how many bytes come before the text.
int64_t wire_integer(const uint8_t *bytes, size_t size);
double wire_double(const uint8_t *bytes);
size_t wire_geojson_head(const uint8_t *bytes);

// A record's bins, where they lie as they came where the C client would have its values of them, with the margin behind
// them, as many as would have been room for. The C client frees them as if they were none.
static inline WireBins wire_kept_bins(const as_record *record)
{
    const as_bin *bins = record->bins.entries;
    return bins == NULL || record->_.data != bins ? (WireBins){0}
                                                  : (WireBins){(const uint8_t *)bins, record->bins.capacity};
}

#endif
