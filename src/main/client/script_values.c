// SPDX-License-Identifier: Apache-2.0
#include "client/script_values.h"

#include "convert/convert.h"

#include <aerospike/as_arraylist.h>
#include <aerospike/as_boolean.h>
#include <aerospike/as_bytes.h>
#include <aerospike/as_hashmap.h>
#include <aerospike/as_nil.h>
#include <aerospike/mod_lua_bytes.h>
#include <aerospike/mod_lua_list.h>
#include <aerospike/mod_lua_map.h>
#include <aerospike/mod_lua_val.h>
#include <lauxlib.h>
#include <string.h>

enum {
    DEPTH_MOST = 4 * CONVERT_MAX_DEPTH,  // of a result, as of what is read
    SIZE_MOST = 1 << 30,  // bytes of a result in Python, about
    SIZE_OF_ONE = 32,
    LEVEL_SHIFT = 16,
    CAPACITY_MOST = 1 << 24,  // items that a list or map is made for, or grows by, at once
    BYTES_MOST = 1 << 28,
    VARIABLE_MOST = 5,  // bytes of an integer of 32 bits
};

// ---- how large a value is ----

typedef struct Measure {
    size_t size;
    unsigned depth;
} Measure;

static bool measure_value(as_val *value, void *udata);

static bool measure_entry(const as_val *key, const as_val *value, void *udata)
{
    return measure_value((as_val *)key, udata) && measure_value((as_val *)value, udata);
}

static size_t own_size(const as_val *value)
{
    switch (as_val_type(value)) {
    case AS_STRING:
    case AS_GEOJSON:
        return as_string_len((as_string *)value);
    case AS_BYTES:
        return ((const as_bytes *)value)->size;
    default:
        return 0;
    }
}

static bool measure_value(as_val *value, void *udata)
{
    Measure *measure = udata;
    as_val_t type = as_val_type(value);
    measure->size += SIZE_OF_ONE + own_size(value);
    if (measure->size > SIZE_MOST || measure->depth > DEPTH_MOST) {
        return false;
    }
    measure->depth++;
    bool fits = type == AS_LIST  ? as_list_foreach((as_list *)value, measure_value, measure)
                : type == AS_MAP ? as_map_foreach((as_map *)value, measure_entry, measure)
                                 : true;
    measure->depth--;
    return fits;
}

bool script_value_fits(const as_val *value)
{
    Measure measure = {0};
    return measure_value((as_val *)value, &measure);
}

// ---- how deep it lies ----

// Lists and maps have a level, in bits of their flags that the C client has no use for: greater than that of all in
// which a script has put them. So a level within bounds is a bound of the depth, and what would hold itself finds none.
static uint32_t *flags_of(as_val *value)
{
    as_val_t type = as_val_type(value);
    return type == AS_LIST ? &((as_list *)value)->flags : type == AS_MAP ? &((as_map *)value)->flags : NULL;
}

static uint32_t level_of(as_val *value)
{
    return *flags_of(value) >> LEVEL_SHIFT;
}

static bool sink_value(as_val *value, void *udata);

static bool sink_entry(const as_val *key, const as_val *value, void *udata)
{
    return sink_value((as_val *)key, udata) && sink_value((as_val *)value, udata);
}

// Have a value, and what is in it, lie below a level.
static bool sink_value(as_val *value, void *udata)
{
    uint32_t level = *(const uint32_t *)udata + 1;
    uint32_t *flags = flags_of(value);
    if (flags == NULL || *flags >> LEVEL_SHIFT >= level) {
        return true;
    }
    if (level > DEPTH_MOST) {
        return false;
    }
    *flags = (*flags & ((1U << LEVEL_SHIFT) - 1)) | level << LEVEL_SHIFT;
    return as_val_type(value) == AS_LIST ? as_list_foreach((as_list *)value, sink_value, &level)
                                         : as_map_foreach((as_map *)value, sink_entry, &level);
}

static as_val *value_at(lua_State *lua, int index)
{
    return lua_isuserdata(lua, index) ? mod_lua_box_value(lua_touserdata(lua, index)) : NULL;
}

// Before the value at an index is put into a container.
static void nest(lua_State *lua, as_val *container, as_val *value)
{
    uint32_t level = level_of(container);
    if (!sink_value(value, &level) || level_of(container) != level) {
        luaL_error(lua, "a value is nested more than %d deep, or in itself", DEPTH_MOST);
    }
}

// ---- what is what ----

bool script_value_is(lua_State *lua, int index)
{
    static const char *const classes[] = {"List", "Map", "Bytes", "GeoJSON"};
    bool is = !lua_isuserdata(lua, index);
    for (size_t i = 0; !is && i < sizeof classes / sizeof classes[0]; i++) {
        is = luaL_testudata(lua, index, classes[i]) != NULL;
    }
    return is;
}

static void check_fits(lua_State *lua, int index)
{
    as_val *value = value_at(lua, index);
    if (value != NULL && !script_value_fits(value)) {
        luaL_error(lua, "the value is too large");
    }
}

static void check_most(lua_State *lua, int index, lua_Integer most)
{
    luaL_argcheck(lua, lua_tointeger(lua, index) <= most, index, "too large");
}

// The first argument is of the library's class, and values are behind it; behind the object `aerospike`, records.
static void check_arguments(lua_State *lua)
{
    const char *class = lua_tostring(lua, lua_upvalueindex(2));
    bool records = strcmp(class, "Aerospike") == 0;
    if (lua_isuserdata(lua, 1)) {
        luaL_checkudata(lua, 1, class);
    }
    for (int i = lua_gettop(lua); i > 1; i--) {
        if (records && lua_isuserdata(lua, i)) {
            luaL_checkudata(lua, i, "Record");
        }
        luaL_argcheck(lua, records || script_value_is(lua, i), i, "no value of Aerospike's");
    }
}

// ---- what stands in the place of the C client's functions: theirs are the first upvalue, the class the second ----

static int call_original(lua_State *lua)
{
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

static int any(lua_State *lua)
{
    check_arguments(lua);
    return call_original(lua);
}

// l[i] = v, m[k] = v, and what does the same by another name
static int store(lua_State *lua)
{
    check_arguments(lua);
    as_val *container = value_at(lua, 1);
    if (as_val_type(container) == AS_LIST && lua_gettop(lua) == 3) {
        check_most(lua, 2, (lua_Integer)as_list_size((as_list *)container) + CAPACITY_MOST);
    }
    for (int i = 2; container != NULL && i <= lua_gettop(lua); i++) {
        nest(lua, container, value_at(lua, i));
    }
    return call_original(lua);
}

// tostring(), nbytes()
static int whole(lua_State *lua)
{
    check_arguments(lua);
    check_fits(lua, 1);
    return call_original(lua);
}

static int create(lua_State *lua)
{
    check_most(lua, 1, CAPACITY_MOST);
    check_most(lua, 2, CAPACITY_MOST);
    return call_original(lua);
}

static int next_of(lua_State *lua)
{
    lua_settop(lua, 0);
    lua_pushvalue(lua, lua_upvalueindex(2));
    return call_original(lua);
}

// An iterator keeps what it goes through, and its function goes on with no other.
static int iterate(lua_State *lua)
{
    check_arguments(lua);
    if (call_original(lua) != 2) {
        return 0;
    }
    lua_pushvalue(lua, 1);
    lua_setiuservalue(lua, -2, 1);
    lua_pushvalue(lua, -2);
    lua_pushvalue(lua, -2);
    lua_pushcclosure(lua, next_of, 2);
    lua_replace(lua, -3);
    return 2;
}

// ---- what shares the values of a list: the C client's would free booleans twice ----

static as_val *hold(as_val *value)
{
    return value == NULL                      ? (as_val *)&as_nil
           : as_val_type(value) == AS_BOOLEAN ? (as_val *)as_boolean_new(((as_boolean *)value)->value)
                                              : as_val_reserve(value);
}

static as_list *check_list(lua_State *lua, int index)
{
    luaL_checkudata(lua, index, "List");
    as_list *list = (as_list *)value_at(lua, index);
    luaL_argcheck(lua, list != NULL, index, "no memory");
    return list;
}

static int concat(lua_State *lua)
{
    as_list *list = check_list(lua, 1), *more = check_list(lua, 2);
    uint32_t count = as_list_size(more);  // both may be one
    for (uint32_t i = 0; i < count; i++) {
        nest(lua, (as_val *)list, as_list_get(more, i));
        as_list_append(list, hold(as_list_get(more, i)));
    }
    return 0;
}

static int part(lua_State *lua, uint32_t first, uint32_t end, const as_list *list)
{
    as_list *made = mod_lua_pushlist(lua, (as_list *)as_arraylist_new(end - first + 1, 10));
    for (; first < end; first++) {
        as_list_append(made, hold(as_list_get(list, first)));
    }
    return 1;
}

static int take(lua_State *lua)
{
    as_list *list = check_list(lua, 1);
    lua_Integer count = luaL_optinteger(lua, 2, 0), size = as_list_size(list);
    return count < 1 ? 0 : part(lua, 0, (uint32_t)(count < size ? count : size), list);
}

static int drop(lua_State *lua)
{
    as_list *list = check_list(lua, 1);
    lua_Integer count = luaL_optinteger(lua, 2, 0), size = as_list_size(list);
    return count < 1 ? 0 : part(lua, (uint32_t)(count < size ? count : size), (uint32_t)size, list);
}

// list {…}: what stands under numbers, in the order in which Lua has it
static int list_of(lua_State *lua)
{
    as_list *list = mod_lua_pushlist(lua, (as_list *)as_arraylist_new(5, 10));
    if (lua_gettop(lua) != 3 || !lua_istable(lua, 2)) {
        return 1;
    }
    for (lua_pushnil(lua); lua_next(lua, 2) != 0; lua_pop(lua, 1)) {
        if (lua_type(lua, -2) == LUA_TNUMBER && script_value_is(lua, -1)) {
            nest(lua, (as_val *)list, value_at(lua, -1));
            as_val *value = mod_lua_takeval(lua, -1);
            value = value == NULL ? NULL : as_list_append(list, value) == 0 ? NULL : value;
            as_val_destroy(value);
        }
    }
    return 1;
}

// map {…}, with a capacity or not
static int map_of(lua_State *lua)
{
    lua_Integer capacity = luaL_optinteger(lua, 3, 32);
    check_most(lua, 3, CAPACITY_MOST);
    int count = lua_gettop(lua);
    as_map *map = mod_lua_pushmap(lua, (as_map *)as_hashmap_new(capacity < 1 ? 32 : (uint32_t)capacity));
    if (count < 2 || count > 3 || !lua_istable(lua, 2)) {
        return 1;
    }
    for (lua_pushnil(lua); lua_next(lua, 2) != 0; lua_pop(lua, 1)) {
        if (!script_value_is(lua, -2) || !script_value_is(lua, -1)) {
            continue;
        }
        nest(lua, (as_val *)map, value_at(lua, -1));
        as_val *key = mod_lua_takeval(lua, -2), *value = mod_lua_takeval(lua, -1);
        if (key == NULL || value == NULL || as_map_set(map, key, value) != 0) {
            as_val_destroy(key);
            as_val_destroy(value);
        }
    }
    return 1;
}

// ---- bytes: the C client's read on behind their end ----

static as_bytes *check_bytes(lua_State *lua, int index)
{
    luaL_checkudata(lua, index, "Bytes");
    as_bytes *bytes = (as_bytes *)value_at(lua, index);
    luaL_argcheck(lua, bytes != NULL, index, "no memory");
    return bytes;
}

// Zeros up to an end, which is not the size.
static void make_room(lua_State *lua, as_bytes *bytes, lua_Integer end)
{
    uint32_t before = bytes->capacity;
    if (end <= before) {
        return;
    }
    if (end > BYTES_MOST || !as_bytes_ensure(bytes, (uint32_t)end, true)) {
        luaL_error(lua, "bytes have %d bytes at the most", BYTES_MOST);
    }
    memset(bytes->value + before, 0, bytes->capacity - before);
}

// A write at a position
static int set_bytes(lua_State *lua)
{
    check_arguments(lua);
    if (lua_gettop(lua) > 1) {
        as_bytes *bytes = check_bytes(lua, 1);
        lua_Integer at = lua_tointeger(lua, 2);
        size_t size = lua_type(lua, 3) == LUA_TSTRING ? lua_rawlen(lua, 3) : sizeof(int64_t);
        check_most(lua, 2, BYTES_MOST);
        make_room(lua, bytes, at < 1 ? 0 : at - 1 + (lua_Integer)size);
    }
    return call_original(lua);
}

static int append_bytes(lua_State *lua)
{
    check_arguments(lua);
    if (lua_gettop(lua) > 1) {
        as_bytes *bytes = check_bytes(lua, 1);
        size_t size = lua_type(lua, 2) == LUA_TSTRING ? lua_rawlen(lua, 2) : sizeof(int64_t);
        make_room(lua, bytes, (lua_Integer)(bytes->size + size));
    }
    return call_original(lua);
}

// bytes.set_bytes(b, i, v, n): a copy of v, which may be b
static int set_part(lua_State *lua)
{
    check_arguments(lua);
    if (lua_gettop(lua) == 4) {
        as_bytes *bytes = check_bytes(lua, 1), *other = check_bytes(lua, 3);
        lua_Integer at = luaL_checkinteger(lua, 2), size = luaL_checkinteger(lua, 4);
        check_most(lua, 2, BYTES_MOST);
        lua_pushlstring(lua, (const char *)other->value, other->size);
        as_bytes *copy = as_bytes_new(other->size);
        as_bytes_append(copy, (const uint8_t *)lua_tostring(lua, -1), other->size);
        mod_lua_pushbytes(lua, copy);
        lua_replace(lua, 3);
        lua_pop(lua, 1);
        size = size > copy->size ? copy->size : size;
        lua_pushinteger(lua, size);
        lua_replace(lua, 4);
        make_room(lua, bytes, at < 1 || size < 0 ? 0 : at - 1 + size);
    }
    return call_original(lua);
}

static int get_part(lua_State *lua)
{
    check_arguments(lua);
    if (lua_gettop(lua) == 3) {
        as_bytes *bytes = check_bytes(lua, 1);
        lua_Integer at = luaL_checkinteger(lua, 2), size = luaL_checkinteger(lua, 3);
        check_most(lua, 2, BYTES_MOST);
        check_most(lua, 3, BYTES_MOST);
        make_room(lua, bytes, at < 1 || size < 0 ? 0 : at - 1 + size);
    }
    return call_original(lua);
}

// Seven bits a byte, the lowest first; more follow where the eighth is set.
static int get_var_int(lua_State *lua)
{
    lua_Integer at = lua_gettop(lua) == 2 ? luaL_checkinteger(lua, 2) : 0;
    as_bytes *bytes = at < 1 ? NULL : check_bytes(lua, 1);
    if (bytes == NULL) {
        return 0;
    }
    uint32_t number = 0;
    uint8_t byte = 0x80;
    int used = 0;
    for (; used < VARIABLE_MOST && (byte & 0x80) != 0; used++) {
        lua_Integer place = at - 1 + used;
        byte = place < (lua_Integer)bytes->capacity ? bytes->value[place] : 0;
        number |= (uint32_t)(byte & 0x7F) << (7 * used);
    }
    lua_pushinteger(lua, number);
    lua_pushinteger(lua, used);
    return 2;
}

static int bytes_of(lua_State *lua)
{
    lua_Integer size = luaL_optinteger(lua, 2, 0);
    luaL_argcheck(lua, size >= 0 && size <= BYTES_MOST, 2, "too large");
    return call_original(lua);
}

// ---- which stands for which ----

typedef struct Guard {
    const char *class, *name;  // a name that ends with * begins so
    lua_CFunction function;
} Guard;

static const Guard guards[] = {
    {"List", "create", create},
    {"List", "new", create},
    {"List", "insert", store},
    {"List", "append", store},
    {"List", "prepend", store},
    {"List", "__newindex", store},
    {"List", "concat", concat},
    {"List", "take", take},
    {"List", "drop", drop},
    {"List", "iterator", iterate},
    {"List", "nbytes", whole},
    {"List", "tostring", whole},
    {"List", "__tostring", whole},
    {"List", "__call", list_of},
    {"Map", "create", create},
    {"Map", "new", create},
    {"Map", "__newindex", store},
    {"Map", "iterator", iterate},
    {"Map", "pairs", iterate},
    {"Map", "keys", iterate},
    {"Map", "values", iterate},
    {"Map", "nbytes", whole},
    {"Map", "tostring", whole},
    {"Map", "__tostring", whole},
    {"Map", "__call", map_of},
    {"Bytes", "get_string", get_part},
    {"Bytes", "get_bytes", get_part},
    {"Bytes", "get_var_int", get_var_int},
    {"Bytes", "set_bytes", set_part},
    {"Bytes", "set_type", any},
    {"Bytes", "set_size", any},
    {"Bytes", "set_*", set_bytes},
    {"Bytes", "append_bytes", any},
    {"Bytes", "append_*", append_bytes},
    {"Bytes", "__newindex", set_bytes},
    {"Bytes", "__call", bytes_of},
};

static bool is_named(const Guard *guard, const char *name)
{
    size_t size = strlen(guard->name) - 1;
    return guard->name[size] == '*' ? strncmp(guard->name, name, size) == 0 : strcmp(guard->name, name) == 0;
}

static lua_CFunction guard_of(const char *class, const char *name)
{
    for (size_t i = 0; i < sizeof guards / sizeof guards[0]; i++) {
        if (strcmp(guards[i].class, class) == 0 && is_named(&guards[i], name)) {
            return guards[i].function;
        }
    }
    return any;
}

// Each function in the table on top, but what Lua calls when an object is gone.
static void guard_table(lua_State *lua, const char *class)
{
    for (lua_pushnil(lua); lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
        const char *name = lua_tostring(lua, -2);
        if (lua_iscfunction(lua, -1) && strcmp(name, "__gc") != 0) {
            lua_pushvalue(lua, -2);
            lua_pushvalue(lua, -2);
            lua_pushstring(lua, class);
            lua_pushcclosure(lua, guard_of(class, name), 2);
            lua_rawset(lua, -5);
        }
    }
}

static void guard_library(lua_State *lua, const char *name, const char *class)
{
    if (lua_getglobal(lua, name) == LUA_TTABLE) {
        guard_table(lua, class);
        if (lua_getmetatable(lua, -1) != 0) {
            guard_table(lua, class);
            lua_pop(lua, 1);
        }
    }
    lua_pop(lua, 1);
}

void script_values_guard(lua_State *lua)
{
    static const char *const libraries[][2] = {
        {"list", "List"},         {"map", "Map"},           {"bytes", "Bytes"},
        {"geojson", "GeoJSON"},   {"record", "Record"},     {"stream", "Stream"},
        {"iterator", "Iterator"}, {"Iterator", "Iterator"}, {"Aerospike", "Aerospike"},
    };
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        const char *class = libraries[i][1];
        guard_library(lua, libraries[i][0], class);
        luaL_getmetatable(lua, class);
        lua_getfield(lua, -1, "__metatable");
        if (lua_isnil(lua, -1)) {
            lua_pop(lua, 1);
            guard_table(lua, class);
            lua_pushboolean(lua, 0);
            lua_setfield(lua, -2, "__metatable");  // no script reads or changes it
        }
        lua_settop(lua, 0);
    }
}
