// SPDX-License-Identifier: Apache-2.0
// Lists, maps and the other values of scripts: the C client's objects, whose functions believe what they are given.
// Here they are told apart before, lists and maps stay within a depth that every recursion over them bears, and none
// holds itself.
#ifndef SCRIPT_VALUES_H
#define SCRIPT_VALUES_H

#include <aerospike/as_val.h>
#include <lua.h>
#include <stdbool.h>

// Put a check before each function of the libraries and classes that the C client has registered.
void script_values_guard(lua_State *lua);

// Whether what stands at an index of the stack is nothing that the C client would take for what it is not.
bool script_value_is(lua_State *lua, int index);

// Whether a value can be had whole. Scripts can put a list twice into another again and again.
bool script_value_fits(const as_val *value);

#endif
