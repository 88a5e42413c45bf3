// SPDX-License-Identifier: Apache-2.0
// The library `list`, and the class List.
#include "lua/objects.hpp"
#include "lua/values.hpp"

namespace embedded {

namespace {

// Items that an index may lead to beyond the end of a list.
constexpr lua_Integer kIndexMost = UINT32_MAX;

ListObject *check_list(lua_State *lua, int index = 1) {
    return check_object<ListObject>(lua, index, Class::list);
}

// An empty one, its table on top of it.
ListObject *begin_list(lua_State *lua, lua_Integer capacity = 0) {
    auto *list = new_object<ListObject>(lua, Class::list, 1);
    list->size = 0;
    list->ordered = false;
    lua_createtable(lua, capacity < 1024 ? static_cast<int>(capacity) : 1024, 0);
    lua_pushvalue(lua, -1);
    lua_setiuservalue(lua, -3, 1);
    return list;
}

void push_items(lua_State *lua, int index) {
    lua_getiuservalue(lua, index, 1);
}

// The argument at `value` becomes the item at `at`, which is at most one behind the end.
void set_item(lua_State *lua, ListObject *list, int items, lua_Integer at, int value) {
    lua_pushvalue(lua, value);
    to_item(lua);
    lua_rawseti(lua, items, at);
    list->size = at > list->size ? at : list->size;
}

// Nils up to before `at`.
void fill(lua_State *lua, ListObject *list, int items, lua_Integer at) {
    while (list->size + 1 < at) {
        push_nil_item(lua);
        lua_rawseti(lua, items, list->size + 1);
        list->size++;
    }
}

void insert_item(lua_State *lua, ListObject *list, lua_Integer at, int value) {
    if (at < 1 || at > kIndexMost || !is_item(lua, value)) {
        return;
    }
    push_items(lua, 1);
    int items = lua_gettop(lua);
    fill(lua, list, items, at);
    for (lua_Integer i = list->size; i >= at; i--) {
        lua_rawgeti(lua, items, i);
        lua_rawseti(lua, items, i + 1);
    }
    list->size += at <= list->size ? 1 : 0;
    set_item(lua, list, items, at, value);
}

// The items from `first` to `last` as a list of their own.
void push_part(lua_State *lua, lua_Integer first, lua_Integer last) {
    push_items(lua, 1);
    int items = lua_gettop(lua);
    ListObject *part = begin_list(lua, last - first + 1);
    for (lua_Integer i = first; i <= last; i++) {
        lua_rawgeti(lua, items, i);
        lua_rawseti(lua, -2, ++part->size);
    }
    lua_pop(lua, 1);
}

// ---- the library ----

int make(lua_State *lua) {
    int count = lua_gettop(lua);
    if (count < 1 || count > 2) {
        return 0;
    }
    lua_Integer capacity = luaL_optinteger(lua, 1, -1);
    if (capacity < 0 || luaL_optinteger(lua, 2, 10) < 0) {
        return 0;
    }
    begin_list(lua);
    lua_pop(lua, 1);
    return 1;
}

// list {…}: what stands under numbers, in the order in which Lua has it.
int make_of(lua_State *lua) {
    ListObject *list = begin_list(lua);
    int items = lua_gettop(lua);
    if (items == 4 && lua_type(lua, 2) == LUA_TTABLE) {
        for (lua_pushnil(lua); lua_next(lua, 2) != 0; lua_pop(lua, 1)) {
            if (lua_type(lua, -2) == LUA_TNUMBER && is_item(lua, -1)) {
                set_item(lua, list, items, list->size + 1, -1);
            }
        }
    }
    lua_pop(lua, 1);
    return 1;
}

int insert(lua_State *lua) {
    insert_item(lua, check_list(lua), luaL_optinteger(lua, 2, 0), 3);
    return 0;
}

int append(lua_State *lua) {
    ListObject *list = check_list(lua);
    insert_item(lua, list, list->size + 1, 2);
    return 0;
}

int prepend(lua_State *lua) {
    insert_item(lua, check_list(lua), 1, 2);
    return 0;
}

int remove(lua_State *lua) {
    ListObject *list = check_list(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0);
    if (at < 1 || at > list->size) {
        return 0;
    }
    push_items(lua, 1);
    for (; at < list->size; at++) {
        lua_rawgeti(lua, -1, at + 1);
        lua_rawseti(lua, -2, at);
    }
    lua_pushnil(lua);
    lua_rawseti(lua, -2, list->size--);
    return 0;
}

int concat(lua_State *lua) {
    ListObject *list = check_list(lua);
    lua_Integer more = check_list(lua, 2)->size;
    push_items(lua, 1);
    push_items(lua, 2);
    for (lua_Integer i = 1; i <= more; i++) {
        lua_rawgeti(lua, -1, i);
        lua_rawseti(lua, -3, list->size + 1);
        list->size++;
    }
    return 0;
}

int trim(lua_State *lua) {
    ListObject *list = check_list(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0);
    if (at >= 1) {
        push_items(lua, 1);
        for (; list->size >= at; list->size--) {
            lua_pushnil(lua);
            lua_rawseti(lua, -2, list->size);
        }
    }
    return 0;
}

int drop(lua_State *lua) {
    ListObject *list = check_list(lua);
    lua_Integer count = luaL_optinteger(lua, 2, 0);
    if (count > 0) {
        push_part(lua, count < list->size ? count + 1 : list->size + 1, list->size);
    } else {
        lua_pushnil(lua);
    }
    return 1;
}

int take(lua_State *lua) {
    ListObject *list = check_list(lua);
    lua_Integer count = luaL_optinteger(lua, 2, 0);
    if (count > 0) {
        push_part(lua, 1, count < list->size ? count : list->size);
    } else {
        lua_pushnil(lua);
    }
    return 1;
}

int size(lua_State *lua) {
    lua_pushinteger(lua, check_list(lua)->size);
    return 1;
}

int tostring(lua_State *lua) {
    check_list(lua);
    return object_text(lua);
}

int nbytes(lua_State *lua) {
    check_list(lua);
    return object_packed_size(lua);
}

// The iterator is the first argument: its list, and how far it has come, are its own.
int iterate(lua_State *lua) {
    lua_Integer at = 0;
    ListObject *list = iterator_step(lua, at) ? static_cast<ListObject *>(lua_touserdata(lua, -1)) : nullptr;
    if (list == nullptr || at > list->size) {
        return 0;
    }
    lua_getiuservalue(lua, -1, 1);
    lua_rawgeti(lua, -1, at);
    from_item(lua);
    return 1;
}

int iterator(lua_State *lua) {
    check_list(lua);
    push_iterator(lua, 1, iterate);
    return 2;
}

constexpr luaL_Reg kLibrary[] = {
    {"new", make},      {"create", make},   {"insert", insert},     {"append", append},     {"prepend", prepend},
    {"remove", remove}, {"concat", concat}, {"trim", trim},         {"take", take},         {"drop", drop},
    {"size", size},     {"nbytes", nbytes}, {"iterator", iterator}, {"tostring", tostring}, {nullptr, nullptr},
};

// ---- the class ----

int index(lua_State *lua) {
    ListObject *list = check_list(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0);
    if (at < 1 || at > list->size) {
        lua_pushnil(lua);
        return 1;
    }
    push_items(lua, 1);
    lua_rawgeti(lua, -1, at);
    from_item(lua);
    return 1;
}

int assign(lua_State *lua) {
    ListObject *list = check_list(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0);
    if (at >= 1 && at <= kIndexMost && is_item(lua, 3)) {
        push_items(lua, 1);
        int items = lua_gettop(lua);
        fill(lua, list, items, at);
        set_item(lua, list, items, at, 3);
    }
    return 0;
}

constexpr luaL_Reg kClass[] = {
    {"__index", index}, {"__newindex", assign}, {"__len", size}, {"__tostring", tostring}, {nullptr, nullptr},
};

}  // namespace

void define_lists(lua_State *lua) {
    define_library(lua, "list", kLibrary, make_of);
    define_class(lua, Class::list, kClass);
}

}  // namespace embedded
