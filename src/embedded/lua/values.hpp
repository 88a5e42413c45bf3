// SPDX-License-Identifier: Apache-2.0
// Values into scripts and out of them.
#pragma once

#include "lua/api.hpp"
#include "value/value.hpp"

namespace embedded {

// Push a value as an object of scripts, nil where it is none. Texts end at their first NUL.
void push_value(lua_State *lua, const Value &value);

enum class Taken : uint8_t {
    taken,
    unsupported,  // no value: a function, a table, a record
    too_large,  // nested too deeply, within itself, or of more than a server takes
};

// The value at an index, `none` where it is nil. Asks Lua what cannot fail; may throw for want of memory.
Taken take_value(lua_State *lua, int index, Value &out);

// A key of a map's table as a value; what asks Lua cannot fail.
Value key_of(lua_State *lua, int index);

// As tostring() of scripts has it.
Bytes value_text(const Value &value);

// Functions of a library, for the object that is their first argument: its text, and the bytes that it takes packed.
int object_text(lua_State *lua);
int object_packed_size(lua_State *lua);

}  // namespace embedded
