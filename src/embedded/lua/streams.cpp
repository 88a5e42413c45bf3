// SPDX-License-Identifier: Apache-2.0
// The library `stream`, and the class Stream: what a stream function reads from and writes to.
#include "lua/objects.hpp"
#include "lua/state.hpp"
#include "lua/values.hpp"

namespace embedded {

namespace {

struct StreamObject : Object {
    uint64_t call;
};

// Null: the stream is of a call that has ended.
ScriptStream *check_stream(lua_State *lua) {
    auto *object = check_object<StreamObject>(lua, 1, Class::stream);
    ScriptState &state = ScriptState::of(lua);
    return object->call == state.call() ? state.stream() : nullptr;
}

int read(lua_State *lua) {
    ScriptStream *stream = check_stream(lua);
    ScriptRecord *record = nullptr;
    if (stream != nullptr && !guarded([&] { record = stream->read(); })) {
        return luaL_error(lua, "not enough memory");
    }
    if (record == nullptr) {
        lua_pushnil(lua);
    } else {
        push_record(lua, *record);
    }
    return 1;
}

// Nil ends a stream, and what is no value is left out.
int write(lua_State *lua) {
    ScriptStream *stream = check_stream(lua);
    Taken taken = Taken::too_large;
    ScriptState &state = ScriptState::of(lua);
    bool done = guarded([&] {
        taken = take_value(lua, 2, state.held);
        if (taken == Taken::taken && state.held.present() && stream != nullptr) {
            stream->write(state.held);
        }
    });
    if (!done || taken == Taken::too_large) {
        return luaL_error(lua, "the value is nested too deeply, or too large");
    }
    lua_pushinteger(lua, 0);
    return 1;
}

int is_open(lua_State *lua) {
    lua_pushboolean(lua, check_stream(lua) != nullptr ? 1 : 0);
    return 1;
}

int tostring(lua_State *lua) {
    lua_pushfstring(lua, "Stream<%p>", lua_topointer(lua, 1));
    return 1;
}

constexpr luaL_Reg kLibrary[] = {
    {"read", read},        {"write", write},       {"readable", is_open},
    {"writable", is_open}, {"tostring", tostring}, {nullptr, nullptr},
};

constexpr luaL_Reg kClass[] = {{"__tostring", tostring}, {nullptr, nullptr}};

}  // namespace

void push_stream(lua_State *lua) {
    new_object<StreamObject>(lua, Class::stream, 0)->call = ScriptState::of(lua).call();
}

void define_streams(lua_State *lua) {
    define_library(lua, "stream", kLibrary, nullptr);
    define_class(lua, Class::stream, kClass);
}

}  // namespace embedded
