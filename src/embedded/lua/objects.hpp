// SPDX-License-Identifier: Apache-2.0
// The objects that scripts have beside Lua's own: lists, maps, bytes, GeoJSON, and what a call lends them.
//
// They behave as those of the C client's mod-lua, but lie in Lua's memory: mod-lua trusts a script with the lifetime of
// its values and with the types of its arguments (a list within itself, an iterator that outlives its list, a list
// where a record is wanted end the process), here nothing that a person can write does harm, and cycles are collected.
// No object has a finalizer.
#pragma once

#include "lua/api.hpp"
#include "value/value.hpp"

namespace embedded {

class ScriptRecord;

// The first member of every object, by which any of them is known without asking Lua.
enum class Class : uint8_t { list, map, bytes, geojson, iterator, record, stream, aerospike };

struct Object {
    Class kind;
};

// Its user value is a table of the items; an item that is nil is `nil_item`.
struct ListObject : Object {
    lua_Integer size;
    bool ordered;
};

// Its user value is a table of the values by key; a key that is bytes is a string that begins with NUL.
struct MapObject : Object {
    lua_Integer size;
    uint8_t order;
};

// Its user value is the buffer of `capacity` bytes, all zero that were never set.
struct BytesObject : Object {
    uint32_t size, capacity;
    lua_Integer type;
};

// Its user value is the text.
struct GeoJsonObject : Object {};

// The class's name, as getmetatable() and messages have it.
const char *name_of(Class kind);

// Make an object on top of the stack, with its metatable and `values` user values that are nil.
void *new_object(lua_State *lua, Class kind, size_t size, int values);
template <typename T>
T *new_object(lua_State *lua, Class kind, int values) {
    return static_cast<T *>(new_object(lua, kind, sizeof(T), values));
}

// The object at an index; null: it is none of that class. Asks Lua what cannot fail.
Object *object_at(lua_State *lua, int index, Class kind);
// The same for an argument: another is an error of the script.
Object *check_object(lua_State *lua, int index, Class kind);
template <typename T>
T *check_object(lua_State *lua, int index, Class kind) {
    return static_cast<T *>(check_object(lua, index, kind));
}

void push_nil_item(lua_State *lua);
bool is_nil_item(lua_State *lua, int index);
// The value on top as an item, nil being `nil_item`, and back.
void to_item(lua_State *lua);
void from_item(lua_State *lua);

// Push a table of functions as a global, callable by `call` where that is not null.
void define_library(lua_State *lua, const char *name, const luaL_Reg *functions, lua_CFunction call);
// Make the metatable of a class. Scripts get another table for it, which is empty.
void define_class(lua_State *lua, Class kind, const luaL_Reg *methods);

// Each makes its class and its library.
void define_lists(lua_State *lua);
void define_maps(lua_State *lua);
void define_bytes(lua_State *lua);
void define_geojson(lua_State *lua);
void define_iterators(lua_State *lua);
void define_records(lua_State *lua);
void define_streams(lua_State *lua);

// May the value at an index be within a list or a map?
bool is_item(lua_State *lua, int index);

// A bytes object of this size, on top of the stack; its bytes are at the result.
char *push_bytes(lua_State *lua, size_t size);
// Those of one; asks Lua what cannot fail.
View bytes_of(lua_State *lua, int index);

// What is lent for the call at work, and of no use after it.
void push_record(lua_State *lua, ScriptRecord &record);
void push_stream(lua_State *lua);

// Push an iterator's function, and an iterator over the object at an index, from its first item.
void push_iterator(lua_State *lua, int index, lua_CFunction next);
// Push the object that the iterator, the first argument, goes over, and count on. False: it is no iterator.
bool iterator_step(lua_State *lua, lua_Integer &at);

}  // namespace embedded
