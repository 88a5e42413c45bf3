// SPDX-License-Identifier: Apache-2.0
// Lists and maps that are msgpack already, in the shape in which the C client's as_pack_val() takes them: it walks the
// items by a hook, whose user data is its as_packer, and they are appended to it as they are. So nothing that our
// packer can write is lost on the way through the C client's own values.
#ifndef PACKED_H
#define PACKED_H

#include "convert/pack.h"

#include <aerospike/as_list.h>
#include <aerospike/as_map.h>

typedef struct PackedValue {
    union {
        as_val value;
        as_list list;
        as_map map;
    };
    const uint8_t *items;
    uint32_t count, size;
} PackedValue;

// A view of the one list or map in a packer, which must outlive it.
as_val *packed_value_init(PackedValue *value, const Packer *packer, bool is_list);

// A copy, which as_val_destroy frees; NULL with MemoryError.
as_val *packed_value_new(const Packer *packer, bool is_list);

#endif
