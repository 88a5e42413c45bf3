// SPDX-License-Identifier: Apache-2.0
// Iterators over lists and maps, for `for` and for the library `iterator`.
#include "lua/objects.hpp"

namespace embedded {

namespace {

// Its user values are what it goes over, what that belongs to, and its function.
struct IteratorObject : Object {
    lua_Integer at;
};

// Call the iterator's function with the iterator, which is the first argument.
int next(lua_State *lua) {
    check_object(lua, 1, Class::iterator);
    lua_settop(lua, 1);
    lua_getiuservalue(lua, 1, 3);
    lua_pushvalue(lua, 1);
    lua_call(lua, 1, 1);
    return 1;
}

// There is another item if one comes of the function; it will come again.
int has_next(lua_State *lua) {
    auto *iterator = check_object<IteratorObject>(lua, 1, Class::iterator);
    lua_Integer at = iterator->at;
    lua_settop(lua, 1);
    lua_getiuservalue(lua, 1, 3);
    lua_pushvalue(lua, 1);
    lua_call(lua, 1, LUA_MULTRET);
    iterator->at = at;
    lua_pushboolean(lua, lua_gettop(lua) > 1 ? 1 : 0);
    return 1;
}

constexpr luaL_Reg kLibrary[] = {{"has_next", has_next}, {"next", next}, {nullptr, nullptr}};
constexpr luaL_Reg kClass[] = {{nullptr, nullptr}};

}  // namespace

void push_iterator(lua_State *lua, int index, lua_CFunction function) {
    lua_pushcfunction(lua, function);
    auto *iterator = new_object<IteratorObject>(lua, Class::iterator, 3);
    iterator->at = 0;
    lua_pushvalue(lua, index);
    lua_setiuservalue(lua, -2, 1);
    lua_pushvalue(lua, -2);
    lua_setiuservalue(lua, -2, 3);
}

bool iterator_step(lua_State *lua, lua_Integer &at) {
    auto *iterator = static_cast<IteratorObject *>(object_at(lua, 1, Class::iterator));
    if (iterator == nullptr) {
        return false;
    }
    at = ++iterator->at;
    lua_getiuservalue(lua, 1, 1);
    return true;
}

void define_iterators(lua_State *lua) {
    define_library(lua, "iterator", kLibrary, next);
    define_class(lua, Class::iterator, kClass);
}

}  // namespace embedded
