// SPDX-License-Identifier: Apache-2.0
#include "lua/sandbox.hpp"

#include <cstring>

#include "lua/state.hpp"

namespace embedded {

namespace {

// ---- refused ----

struct Refused {
    const char *library;  // "_G": none
    const char *name;
};

constexpr Refused kRefused[] = {
    {"_G", "dofile"},       {"_G", "loadfile"},
    {"os", "execute"},      {"os", "exit"},
    {"os", "getenv"},       {"os", "remove"},
    {"os", "rename"},       {"os", "setlocale"},
    {"os", "tmpname"},      {"io", "close"},
    {"io", "flush"},        {"io", "input"},
    {"io", "lines"},        {"io", "open"},
    {"io", "output"},       {"io", "popen"},
    {"io", "read"},         {"io", "tmpfile"},
    {"io", "type"},         {"io", "write"},
    {"package", "loadlib"}, {"package", "searchpath"},
};

int refuse(lua_State *lua) {
    return luaL_error(lua, "'%s' is not available to UDFs", lua_tostring(lua, lua_upvalueindex(1)));
}

void refuse_all(lua_State *lua) {
    for (const Refused &one : kRefused) {
        lua_getglobal(lua, one.library);
        lua_pushstring(lua, one.name);
        lua_pushcclosure(lua, refuse, 1);
        lua_setfield(lua, -2, one.name);
        lua_pop(lua, 1);
    }
}

// ---- otherwise than Lua's ----

int print(lua_State *) {
    return 0;
}

// A metatable with a finalizer is refused: finalizers run where nothing could stop them.
int set_metatable(lua_State *lua) {
    int type = lua_type(lua, 2);
    luaL_checktype(lua, 1, LUA_TTABLE);
    luaL_argexpected(lua, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(lua, 1, "__metatable") != LUA_TNIL) {
        return luaL_error(lua, "cannot change a protected metatable");
    }
    if (type == LUA_TTABLE) {
        lua_pushliteral(lua, "__gc");
        if (lua_rawget(lua, 2) != LUA_TNIL) {
            return luaL_error(lua, "'__gc' is not available to UDFs");
        }
    }
    lua_settop(lua, 2);
    lua_setmetatable(lua, 1);
    return 1;
}

// What a script may ask of the collector; all else would last beyond its call.
int collect_garbage(lua_State *lua) {
    const char *what = luaL_optstring(lua, 1, "collect");
    if (std::strcmp(what, "count") == 0) {
        lua_pushnumber(lua, lua_gc(lua, LUA_GCCOUNT) + lua_gc(lua, LUA_GCCOUNTB) / 1024.0);
    } else {
        lua_pushinteger(lua, std::strcmp(what, "collect") == 0 ? lua_gc(lua, LUA_GCCOLLECT) : 0);
    }
    return 1;
}

// What follows goes on in Lua's own function, with the same arguments, as if that had been called.
int go_on(lua_State *lua) {
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

// Of texts alone: what is compiled could do anything.
int load(lua_State *lua) {
    if (lua_gettop(lua) < 3) {
        lua_settop(lua, 3);
    }
    lua_pushliteral(lua, "t");
    lua_replace(lua, 3);
    return go_on(lua);
}

// Steps that do not count as instructions do, so many at the most.
constexpr lua_Unsigned kStepsMost = 1 << 24;

int move(lua_State *lua) {
    lua_Integer from = lua_tointeger(lua, 2), to = lua_tointeger(lua, 3);
    if (to > from && lua_Unsigned(to) - lua_Unsigned(from) >= kStepsMost) {
        return luaL_error(lua, "too many elements to move");
    }
    return go_on(lua);
}

// A table's own count of its elements is not to be trusted.
int shift(lua_State *lua) {
    if (lua_type(lua, 1) == LUA_TTABLE && luaL_getmetafield(lua, 1, "__len") != LUA_TNIL) {
        lua_pop(lua, 1);
        if (lua_Unsigned(luaL_len(lua, 1)) >= kStepsMost) {
            return luaL_error(lua, "too many elements to move");
        }
    }
    return go_on(lua);
}

bool is_empty_text(lua_State *lua, int index) {
    return lua_isnoneornil(lua, index) || (lua_type(lua, index) == LUA_TSTRING && lua_rawlen(lua, index) == 0);
}

int repeat(lua_State *lua) {
    if (lua_type(lua, 1) == LUA_TSTRING && is_empty_text(lua, 1) && is_empty_text(lua, 3) && lua_isinteger(lua, 2)) {
        lua_pushliteral(lua, "");
        return 1;
    }
    return go_on(lua);
}

int less(lua_State *lua) {
    lua_pushboolean(lua, lua_compare(lua, 1, 2, LUA_OPLT));
    return 1;
}

// Each comparison is a call, so that it is stopped.
int sort(lua_State *lua) {
    if (lua_gettop(lua) > 0 && lua_isnoneornil(lua, 2)) {
        lua_settop(lua, 1);
        lua_pushcfunction(lua, less);
    }
    return go_on(lua);
}

void wrap(lua_State *lua, const char *library, const char *name, lua_CFunction function) {
    lua_getglobal(lua, library);
    lua_getfield(lua, -1, name);
    lua_pushcclosure(lua, function, 1);
    lua_setfield(lua, -2, name);
    lua_pop(lua, 1);
}

// ---- require ----

// A registered module, once in a state.
int require(lua_State *lua) {
    const char *name = luaL_checkstring(lua, 1);
    lua_settop(lua, 1);
    lua_getfield(lua, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_getfield(lua, 2, name) != LUA_TNIL) {
        return 1;
    }
    const Modules::value_type *module = nullptr;
    if (!guarded([&] { module = find_module(*ScriptState::of(lua).modules(), name); }) || module == nullptr) {
        return luaL_error(lua, "module '%s' not found", name);
    }
    const char *place = lua_pushfstring(lua, "@%s", module->first.c_str());
    const Bytes &source = module->second.source;
    if (luaL_loadbufferx(lua, source.data(), source.size(), place, "t") != LUA_OK) {
        return lua_error(lua);
    }
    lua_pushvalue(lua, 1);
    lua_pushstring(lua, place + 1);
    lua_call(lua, 2, 1);
    if (lua_isnil(lua, -1)) {
        lua_pop(lua, 1);
        lua_pushboolean(lua, 1);
    }
    lua_pushvalue(lua, -1);
    lua_setfield(lua, 2, name);
    return 1;
}

// Tables that are there, without Lua's functions.
void make_tables(lua_State *lua) {
    lua_newtable(lua);
    lua_setglobal(lua, "io");
    lua_newtable(lua);
    lua_getfield(lua, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_setfield(lua, -2, "loaded");
    lua_newtable(lua);
    lua_setfield(lua, -2, "preload");
    lua_pushliteral(lua, "");
    lua_setfield(lua, -2, "path");
    lua_pushliteral(lua, "");
    lua_setfield(lua, -2, "cpath");
    lua_setglobal(lua, "package");
}

constexpr luaL_Reg kLibraries[] = {
    {LUA_GNAME, luaopen_base},       {LUA_TABLIBNAME, luaopen_table}, {LUA_STRLIBNAME, luaopen_string},
    {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8}, {LUA_COLIBNAME, luaopen_coroutine},
    {LUA_OSLIBNAME, luaopen_os},
};

constexpr luaL_Reg kOwn[] = {
    {"print", print},   {"setmetatable", set_metatable}, {"collectgarbage", collect_garbage}, {"require", require},
    {nullptr, nullptr},
};

}  // namespace

void open_sandbox(lua_State *lua) {
    for (const luaL_Reg &library : kLibraries) {
        luaL_requiref(lua, library.name, library.func, 1);
        lua_pop(lua, 1);
    }
    make_tables(lua);
    refuse_all(lua);
    lua_pushglobaltable(lua);
    luaL_setfuncs(lua, kOwn, 0);
    lua_pop(lua, 1);
    wrap(lua, LUA_GNAME, "load", load);
    wrap(lua, LUA_TABLIBNAME, "move", move);
    wrap(lua, LUA_TABLIBNAME, "insert", shift);
    wrap(lua, LUA_TABLIBNAME, "remove", shift);
    wrap(lua, LUA_TABLIBNAME, "sort", sort);
    wrap(lua, LUA_STRLIBNAME, "rep", repeat);
}

}  // namespace embedded
