// SPDX-License-Identifier: Apache-2.0
#include "lua/patterns.hpp"

#include <cctype>
#include <cstring>

#include "lua/matcher.hpp"

namespace embedded {

namespace {

View check_text(lua_State *lua, int index) {
    size_t size = 0;
    const char *text = luaL_checklstring(lua, index, &size);
    return {text, size};
}

// The place that an argument gives, from 0; beyond the text's end: there is none. Negative ones count from its end.
size_t place(lua_State *lua, int index, View text) {
    lua_Integer at = luaL_optinteger(lua, index, 1);
    if (at > 0) {
        return static_cast<size_t>(at) - 1;
    }
    auto size = static_cast<lua_Integer>(text.size());
    return at == 0 || at < -size ? 0 : static_cast<size_t>(size + at);
}

bool take_anchor(View &pattern) {
    bool anchored = !pattern.empty() && pattern[0] == '^';
    pattern.remove_prefix(anchored ? 1 : 0);
    return anchored;
}

// In steps that are as many as the text's and the pattern's characters, where Lua's own library multiplies them.
int plain_first(lua_State *lua, View text, size_t at, View what) {
    const void *found = memmem(text.data() + at, text.size() - at, what.data(), what.size());
    if (found == nullptr) {
        lua_pushnil(lua);
        return 1;
    }
    auto begin = static_cast<lua_Integer>(static_cast<const char *>(found) - text.data());
    lua_pushinteger(lua, begin + 1);
    lua_pushinteger(lua, begin + static_cast<lua_Integer>(what.size()));
    return 2;
}

int first(lua_State *lua, bool finds) {
    View text = check_text(lua, 1), pattern = check_text(lua, 2);
    size_t at = place(lua, 3, text);
    if (at > text.size()) {
        lua_pushnil(lua);
        return 1;
    }
    bool plain = lua_toboolean(lua, 4) != 0 || pattern.find_first_of("^$*+?.([%-") == View::npos;
    if (finds && plain) {
        return plain_first(lua, text, at, pattern);
    }
    bool anchored = take_anchor(pattern);
    Matcher matcher(lua, text, pattern);
    for (const char *from = text.data() + at; from <= text.data() + text.size(); from++) {
        const char *to = matcher.match(from);
        if (to != nullptr && !finds) {
            return matcher.push_all(from, to, true);
        }
        if (to != nullptr) {
            lua_pushinteger(lua, from - text.data() + 1);
            lua_pushinteger(lua, to - text.data());
            return 2 + matcher.push_all(from, to, false);
        }
        if (anchored) {
            break;
        }
    }
    lua_pushnil(lua);
    return 1;
}

int find(lua_State *lua) {
    return first(lua, true);
}

int match(lua_State *lua) {
    return first(lua, false);
}

// Upvalues: the text, the pattern, where to go on, and where the last match ended, -1 before there was one.
int next_match(lua_State *lua) {
    View text = check_text(lua, lua_upvalueindex(1)), pattern = check_text(lua, lua_upvalueindex(2));
    const char *last = text.data() + lua_tointeger(lua, lua_upvalueindex(4));
    Matcher matcher(lua, text, pattern);
    const char *from = text.data() + lua_tointeger(lua, lua_upvalueindex(3));
    for (; from <= text.data() + text.size(); from++) {
        const char *to = matcher.match(from);
        if (to != nullptr && to != last) {
            for (int value : {3, 4}) {
                lua_pushinteger(lua, to - text.data());
                lua_replace(lua, lua_upvalueindex(value));
            }
            return matcher.push_all(from, to, true);
        }
    }
    return 0;
}

int all_matches(lua_State *lua) {
    View text = check_text(lua, 1);
    check_text(lua, 2);
    size_t at = place(lua, 3, text);
    lua_settop(lua, 2);
    lua_pushinteger(lua, static_cast<lua_Integer>(at > text.size() ? text.size() + 1 : at));
    lua_pushinteger(lua, -1);
    lua_pushcclosure(lua, next_match, 4);
    return 1;
}

// ---- replacements ----

void add_text(lua_State *lua, luaL_Buffer &out, const Matcher &matcher, const char *from, const char *to) {
    View text = check_text(lua, 3);
    for (size_t i = 0; i < text.size(); i++) {
        if (text[i] != '%') {
            luaL_addchar(&out, text[i]);
            continue;
        }
        char kind = ++i < text.size() ? text[i] : '\0';
        if (kind == '%') {
            luaL_addchar(&out, '%');
        } else if (kind == '0') {
            luaL_addlstring(&out, from, static_cast<size_t>(to - from));
        } else if (std::isdigit(static_cast<unsigned char>(kind)) != 0) {
            matcher.push(kind - '1', from, to);
            luaL_addvalue(&out);
        } else {
            luaL_error(lua, "invalid use of '%%' in replacement string");
        }
    }
}

// False: the text stays as it is.
bool add_replacement(lua_State *lua, luaL_Buffer &out, const Matcher &matcher, const char *from, const char *to) {
    switch (lua_type(lua, 3)) {
    case LUA_TFUNCTION:
        lua_pushvalue(lua, 3);
        lua_call(lua, matcher.push_all(from, to, true), 1);
        break;
    case LUA_TTABLE:
        matcher.push(0, from, to);
        lua_gettable(lua, 3);
        break;
    default:
        add_text(lua, out, matcher, from, to);
        return true;
    }
    if (lua_toboolean(lua, -1) == 0) {
        lua_pop(lua, 1);
        luaL_addlstring(&out, from, static_cast<size_t>(to - from));
        return false;
    }
    if (lua_isstring(lua, -1) == 0) {
        luaL_error(lua, "invalid replacement value (a %s)", luaL_typename(lua, -1));
    }
    luaL_addvalue(&out);
    return true;
}

int replace(lua_State *lua) {
    View text = check_text(lua, 1), pattern = check_text(lua, 2);
    int type = lua_type(lua, 3);
    lua_Integer most = luaL_optinteger(lua, 4, static_cast<lua_Integer>(text.size()) + 1), count = 0;
    luaL_argexpected(lua, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
                     "string/function/table");
    bool anchored = take_anchor(pattern), changed = false;
    Matcher matcher(lua, text, pattern);
    const char *at = text.data(), *end = at + text.size(), *last = nullptr;
    luaL_Buffer out;
    luaL_buffinit(lua, &out);
    while (count < most) {
        const char *to = matcher.match(at);
        if (to != nullptr && to != last) {
            count++;
            changed = add_replacement(lua, out, matcher, at, to) || changed;
            at = last = to;
        } else if (at < end) {
            luaL_addchar(&out, *at++);
        } else {
            break;
        }
        if (anchored) {
            break;
        }
    }
    if (changed) {
        luaL_addlstring(&out, at, static_cast<size_t>(end - at));
        luaL_pushresult(&out);
    } else {
        lua_pushvalue(lua, 1);
    }
    lua_pushinteger(lua, count);
    return 2;
}

}  // namespace

void define_patterns(lua_State *lua) {
    constexpr luaL_Reg kFunctions[] = {
        {"find", find}, {"match", match}, {"gmatch", all_matches}, {"gsub", replace}, {nullptr, nullptr}};
    lua_getglobal(lua, LUA_STRLIBNAME);
    luaL_setfuncs(lua, kFunctions, 0);
    lua_pop(lua, 1);
}

}  // namespace embedded
