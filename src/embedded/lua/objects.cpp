// SPDX-License-Identifier: Apache-2.0
#include "lua/objects.hpp"

namespace embedded {

namespace {

// Lua keeps the metatables by the addresses of these.
constexpr const char *kNames[] = {"List", "Map", "Bytes", "GeoJSON", "Iterator", "Record", "Stream", "Aerospike"};

}  // namespace

const char *name_of(Class kind) {
    return kNames[static_cast<size_t>(kind)];
}

void *new_object(lua_State *lua, Class kind, size_t size, int values) {
    void *made = lua_newuserdatauv(lua, size, values);
    static_cast<Object *>(made)->kind = kind;
    lua_rawgetp(lua, LUA_REGISTRYINDEX, name_of(kind));
    lua_setmetatable(lua, -2);
    return made;
}

// There is no other userdata: no library that makes some is open, but for the buffers of bytes, which no script sees.
Object *object_at(lua_State *lua, int index, Class kind) {
    if (lua_type(lua, index) != LUA_TUSERDATA) {
        return nullptr;
    }
    auto *object = static_cast<Object *>(lua_touserdata(lua, index));
    return object->kind == kind ? object : nullptr;
}

Object *check_object(lua_State *lua, int index, Class kind) {
    luaL_checktype(lua, index, LUA_TUSERDATA);
    Object *object = object_at(lua, index, kind);
    if (object == nullptr) {
        luaL_typeerror(lua, index, name_of(kind));
    }
    return object;
}

void push_nil_item(lua_State *lua) {
    lua_pushlightuserdata(lua, nullptr);
}

bool is_nil_item(lua_State *lua, int index) {
    return lua_type(lua, index) == LUA_TLIGHTUSERDATA;
}

void to_item(lua_State *lua) {
    if (lua_isnil(lua, -1)) {
        lua_pop(lua, 1);
        push_nil_item(lua);
    }
}

void from_item(lua_State *lua) {
    if (is_nil_item(lua, -1)) {
        lua_pop(lua, 1);
        lua_pushnil(lua);
    }
}

bool is_item(lua_State *lua, int index) {
    switch (lua_type(lua, index)) {
    case LUA_TNIL:
    case LUA_TBOOLEAN:
    case LUA_TNUMBER:
    case LUA_TSTRING:
        return true;
    default:
        return object_at(lua, index, Class::list) != nullptr || object_at(lua, index, Class::map) != nullptr ||
               object_at(lua, index, Class::bytes) != nullptr || object_at(lua, index, Class::geojson) != nullptr;
    }
}

void define_library(lua_State *lua, const char *name, const luaL_Reg *functions, lua_CFunction call) {
    lua_newtable(lua);
    luaL_setfuncs(lua, functions, 0);
    if (call != nullptr) {
        lua_createtable(lua, 0, 1);
        lua_pushcfunction(lua, call);
        lua_setfield(lua, -2, "__call");
        lua_setmetatable(lua, -2);
    }
    lua_setglobal(lua, name);
}

void define_class(lua_State *lua, Class kind, const luaL_Reg *methods) {
    lua_newtable(lua);
    luaL_setfuncs(lua, methods, 0);
    lua_pushstring(lua, name_of(kind));
    lua_setfield(lua, -2, "__name");
    lua_newtable(lua);
    lua_setfield(lua, -2, "__metatable");
    lua_rawsetp(lua, LUA_REGISTRYINDEX, name_of(kind));
}

}  // namespace embedded
