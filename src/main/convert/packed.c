// SPDX-License-Identifier: Apache-2.0
#include "convert/packed.h"

#include "convert/msgpack.h"

#include <aerospike/as_msgpack.h>
#include <citrusleaf/alloc.h>

static uint32_t list_size(const as_list *list)
{
    return ((const PackedValue *)list)->count;
}

static uint32_t map_size(const as_map *map)
{
    return ((const PackedValue *)map)->count;
}

// Arguments of functions are packed into a buffer of 8 KiB, which the C client lets grow for values of its own alone.
// It was allocated in any case where it is too small.
static bool make_room(as_packer *packer, uint32_t size)
{
    size_t needed = (size_t)packer->offset + size;
    if (packer->buffer == NULL || needed <= packer->capacity) {
        return true;
    }
    unsigned char *buffer = cf_realloc(packer->buffer, needed);
    if (buffer == NULL) {
        return false;
    }
    packer->buffer = buffer;
    packer->capacity = (uint32_t)needed;
    return true;
}

static bool append_items(const void *container, void *packer)
{
    const PackedValue *packed = container;
    return make_room(packer, packed->size) && as_pack_append(packer, packed->items, packed->size) == 0;
}

static bool list_walk(const as_list *list, as_list_foreach_callback callback, void *packer)
{
    (void)callback;
    return append_items(list, packer);
}

static bool map_walk(const as_map *map, as_map_foreach_callback callback, void *packer)
{
    (void)callback;
    return append_items(map, packer);
}

// The items belong to a Packer, or stand behind the value in its own memory.
static bool list_destroy(as_list *list)
{
    (void)list;
    return true;
}

static bool map_destroy(as_map *map)
{
    (void)map;
    return true;
}

static const as_list_hooks list_hooks = {.destroy = list_destroy, .size = list_size, .foreach = list_walk};
static const as_map_hooks map_hooks = {.destroy = map_destroy, .size = map_size, .foreach = map_walk};

as_val *packed_value_init(PackedValue *value, const Packer *packer, bool is_list)
{
    Msgpack in = {packer->bytes, packer->bytes + packer->size};
    uint64_t count = 0;
    msgpack_head(&in, &count);
    value->count = (uint32_t)count;
    value->items = in.at;
    value->size = (uint32_t)msgpack_left(&in);
    return is_list ? (as_val *)as_list_init(&value->list, &list_hooks) : (as_val *)as_map_init(&value->map, &map_hooks);
}

as_val *packed_value_new(const Packer *packer, bool is_list)
{
    PackedValue *value = cf_malloc(sizeof *value + packer->size);
    if (value == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    packed_value_init(value, packer, is_list);
    uint8_t *items = (uint8_t *)(value + 1);
    memcpy(items, value->items, value->size);
    value->items = items;
    value->value.free = true;
    return &value->value;
}
