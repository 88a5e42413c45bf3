// SPDX-License-Identifier: Apache-2.0
// The library `map`, and the class Map.
#include <algorithm>

#include "lua/objects.hpp"
#include "lua/state.hpp"
#include "lua/values.hpp"

namespace embedded {

namespace {

MapObject *check_map(lua_State *lua) {
    return check_object<MapObject>(lua, 1, Class::map);
}

// An empty one, its table on top of it.
MapObject *begin_map(lua_State *lua) {
    auto *map = new_object<MapObject>(lua, Class::map, 1);
    map->size = 0;
    map->order = 0;
    lua_newtable(lua);
    lua_pushvalue(lua, -1);
    lua_setiuservalue(lua, -3, 1);
    return map;
}

// Push the value at an index as the map's table has it as a key. False, and nothing is pushed: it can be none.
bool push_as_key(lua_State *lua, int index) {
    index = lua_absindex(lua, index);
    if (lua_isinteger(lua, index) != 0) {
        lua_pushvalue(lua, index);
        return true;
    }
    if (lua_type(lua, index) == LUA_TSTRING) {
        lua_pushstring(lua, lua_tostring(lua, index));  // up to its first NUL
        return true;
    }
    if (object_at(lua, index, Class::bytes) == nullptr) {
        return false;
    }
    lua_pushlstring(lua, "", 1);
    View bytes = bytes_of(lua, index);
    lua_pushlstring(lua, bytes.data(), bytes.size());
    lua_concat(lua, 2);
    return true;
}

// The key is on top, and is taken off; the map's table is at `entries`, the value at `value`.
void set_entry(lua_State *lua, MapObject *map, int entries, int value) {
    lua_pushvalue(lua, -1);
    bool is_new = lua_rawget(lua, entries) == LUA_TNIL;
    lua_pop(lua, 1);
    lua_pushvalue(lua, value);
    to_item(lua);
    lua_rawset(lua, entries);
    map->size += is_new ? 1 : 0;
}

void remove_entry(lua_State *lua, MapObject *map) {
    lua_getiuservalue(lua, 1, 1);
    if (!push_as_key(lua, 2)) {
        return;
    }
    lua_pushvalue(lua, -1);
    if (lua_rawget(lua, -3) != LUA_TNIL) {
        lua_pop(lua, 1);
        lua_pushnil(lua);
        lua_rawset(lua, -3);
        map->size--;
    }
}

// ---- the library ----

int make(lua_State *lua) {
    if (lua_gettop(lua) != 1 || luaL_optinteger(lua, 1, 0) < 1) {
        return 0;
    }
    begin_map(lua);
    lua_pop(lua, 1);
    return 1;
}

int make_of(lua_State *lua) {
    int count = lua_gettop(lua);
    luaL_optinteger(lua, 3, 0);
    MapObject *map = begin_map(lua);
    int entries = lua_gettop(lua);
    if ((count == 2 || count == 3) && lua_type(lua, 2) == LUA_TTABLE) {
        for (lua_pushnil(lua); lua_next(lua, 2) != 0; lua_pop(lua, 1)) {
            int value = lua_gettop(lua);
            if (is_item(lua, value) && push_as_key(lua, value - 1)) {
                set_entry(lua, map, entries, value);
            }
        }
    }
    lua_pop(lua, 1);
    return 1;
}

int remove(lua_State *lua) {
    remove_entry(lua, check_map(lua));
    return 0;
}

int size(lua_State *lua) {
    lua_pushinteger(lua, check_map(lua)->size);
    return 1;
}

int tostring(lua_State *lua) {
    check_map(lua);
    return object_text(lua);
}

int nbytes(lua_State *lua) {
    check_map(lua);
    return object_packed_size(lua);
}

// ---- iterators: over the keys that the map had at the start, in their order ----

// The map's keys into the state's own value, in order.
bool hold_keys(lua_State *lua) {
    return guarded([lua] {
        List keys;
        lua_getiuservalue(lua, 1, 1);
        for (lua_pushnil(lua); lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
            keys.items.push_back(key_of(lua, -2));
        }
        std::sort(keys.items.begin(), keys.items.end());
        ScriptState::of(lua).held = Value(std::move(keys));
    });
}

int start(lua_State *lua, lua_CFunction next) {
    check_map(lua);
    if (!hold_keys(lua)) {
        return luaL_error(lua, "not enough memory");
    }
    lua_settop(lua, 1);
    push_value(lua, ScriptState::of(lua).held);
    push_iterator(lua, 2, next);
    lua_pushvalue(lua, 1);
    lua_setiuservalue(lua, -2, 2);
    return 2;
}

// Push the next key that the map still has, and its value. False: there are no more, or the iterator is not a map's.
bool push_next(lua_State *lua) {
    lua_Integer at = 0;
    while (iterator_step(lua, at)) {
        auto *keys = static_cast<ListObject *>(lua_touserdata(lua, -1));
        lua_getiuservalue(lua, 1, 2);
        if (at > keys->size || object_at(lua, -1, Class::map) == nullptr) {
            return false;
        }
        lua_getiuservalue(lua, -2, 1);
        lua_rawgeti(lua, -1, at);
        int key = lua_gettop(lua);
        lua_getiuservalue(lua, -3, 1);
        push_as_key(lua, key);
        if (lua_rawget(lua, -2) != LUA_TNIL) {
            lua_pushvalue(lua, key);
            lua_insert(lua, -2);
            from_item(lua);
            return true;
        }
        lua_settop(lua, 1);
    }
    return false;
}

int next_pair(lua_State *lua) {
    return push_next(lua) ? 2 : 0;
}

int next_key(lua_State *lua) {
    if (!push_next(lua)) {
        return 0;
    }
    lua_pop(lua, 1);
    return 1;
}

int next_value(lua_State *lua) {
    return push_next(lua) ? 1 : 0;
}

int pairs(lua_State *lua) {
    return start(lua, next_pair);
}

int keys(lua_State *lua) {
    return start(lua, next_key);
}

int values(lua_State *lua) {
    return start(lua, next_value);
}

constexpr luaL_Reg kLibrary[] = {
    {"new", make},      {"create", make},       {"iterator", pairs}, {"pairs", pairs},
    {"keys", keys},     {"values", values},     {"remove", remove},  {"size", size},
    {"nbytes", nbytes}, {"tostring", tostring}, {nullptr, nullptr},
};

// ---- the class ----

int index(lua_State *lua) {
    check_map(lua);
    lua_getiuservalue(lua, 1, 1);
    if (!push_as_key(lua, 2)) {
        lua_pushnil(lua);
        return 1;
    }
    lua_rawget(lua, -2);
    from_item(lua);
    return 1;
}

// What cannot be a key, or a record, is left out in silence; what is no value at all removes the entry.
int assign(lua_State *lua) {
    MapObject *map = check_map(lua);
    if (object_at(lua, 3, Class::record) != nullptr) {
        return 0;
    }
    if (!is_item(lua, 3)) {
        remove_entry(lua, map);
        return 0;
    }
    lua_getiuservalue(lua, 1, 1);
    int entries = lua_gettop(lua);
    if (push_as_key(lua, 2)) {
        set_entry(lua, map, entries, 3);
    }
    return 0;
}

constexpr luaL_Reg kClass[] = {
    {"__index", index}, {"__newindex", assign}, {"__len", size}, {"__tostring", tostring}, {nullptr, nullptr},
};

}  // namespace

void define_maps(lua_State *lua) {
    define_library(lua, "map", kLibrary, make_of);
    define_class(lua, Class::map, kClass);
}

}  // namespace embedded
