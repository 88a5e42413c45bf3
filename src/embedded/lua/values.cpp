// SPDX-License-Identifier: Apache-2.0
#include "lua/values.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "lua/objects.hpp"
#include "lua/state.hpp"
#include "wire/msgpack.hpp"

namespace embedded {

namespace {

// ---- into scripts ----

void push_text(lua_State *lua, View text) {
    lua_pushlstring(lua, text.data(), std::min(text.size(), text.find('\0')));
}

void push_blob(lua_State *lua, const Blob &blob) {
    char *bytes = push_bytes(lua, blob.bytes.size());
    std::copy(blob.bytes.begin(), blob.bytes.end(), bytes);
    static_cast<BytesObject *>(lua_touserdata(lua, -1))->type = static_cast<lua_Integer>(blob.particle);
}

void push_list(lua_State *lua, const List &list) {
    auto *object = new_object<ListObject>(lua, Class::list, 1);
    object->size = static_cast<lua_Integer>(list.items.size());
    object->ordered = list.ordered;
    lua_createtable(lua, static_cast<int>(list.items.size()), 0);
    lua_Integer at = 0;
    for (const Value &item : list.items) {
        push_value(lua, item);
        to_item(lua);
        lua_rawseti(lua, -2, ++at);
    }
    lua_setiuservalue(lua, -2, 1);
}

void push_key(lua_State *lua, const Value &key) {
    if (key.is(Type::blob)) {
        lua_pushlstring(lua, "", 1);
        lua_pushlstring(lua, key.blob().bytes.data(), key.blob().bytes.size());
        lua_concat(lua, 2);
    } else {
        push_value(lua, key);
    }
}

void push_map(lua_State *lua, const Map &map) {
    auto *object = new_object<MapObject>(lua, Class::map, 1);
    object->size = 0;
    object->order = map.order;
    lua_createtable(lua, 0, static_cast<int>(map.entries.size()));
    for (const auto &[key, value] : map.entries) {
        push_key(lua, key);
        lua_pushvalue(lua, -1);
        object->size += lua_rawget(lua, -3) == LUA_TNIL ? 1 : 0;  // texts that end alike are one key
        lua_pop(lua, 1);
        push_value(lua, value);
        to_item(lua);
        lua_rawset(lua, -3);
    }
    lua_setiuservalue(lua, -2, 1);
}

// ---- out of scripts ----

// What is taken costs memory: so much in all, for what is within other values is counted each time that it comes.
class Taker {
  public:
    explicit Taker(lua_State *lua) : lua_(lua) {}

    Taken take(int index, Value &out, int depth) {
        spent_ += kOfOne;
        if (depth > kMaxDepth || spent_ > kMost || lua_checkstack(lua_, kSlots) == 0) {
            return Taken::too_large;
        }
        switch (lua_type(lua_, index)) {
        case LUA_TNIL:
        case LUA_TLIGHTUSERDATA:
            out = depth == 0 ? Value() : Value(Nil());
            return Taken::taken;
        case LUA_TBOOLEAN:
            out = Value(lua_toboolean(lua_, index) != 0);
            return Taken::taken;
        case LUA_TNUMBER:
            out = lua_isinteger(lua_, index) != 0 ? Value(static_cast<int64_t>(lua_tointeger(lua_, index)))
                                                  : Value(static_cast<double>(lua_tonumber(lua_, index)));
            return Taken::taken;
        case LUA_TSTRING:
            return text(index, out);
        case LUA_TUSERDATA:
            return object(lua_absindex(lua_, index), out, depth);
        default:
            return Taken::unsupported;
        }
    }

  private:
    static constexpr int kSlots = 8;
    static constexpr size_t kOfOne = 32, kMost = size_t{32} << 20;  // bytes, about

    Taken text(int index, Value &out) {
        size_t size = 0;
        const char *begin = lua_tolstring(lua_, index, &size);
        spent_ += size;
        out = Value(Bytes(begin, strnlen(begin, size)));
        return Taken::taken;
    }

    Taken object(int index, Value &out, int depth) {
        switch (static_cast<Object *>(lua_touserdata(lua_, index))->kind) {
        case Class::list:
            return list(index, out, depth);
        case Class::map:
            return map(index, out, depth);
        case Class::bytes:
            out = blob(index);
            return Taken::taken;
        case Class::geojson: {
            lua_getiuservalue(lua_, index, 1);
            Taken taken = text(-1, out);
            out = Value(GeoJson{std::move(out.text())});
            lua_pop(lua_, 1);
            return taken;
        }
        default:
            return Taken::unsupported;
        }
    }

    Value blob(int index) {
        constexpr lua_Integer kFirst = 7, kLast = 12;  // the languages' own
        auto type = static_cast<BytesObject *>(lua_touserdata(lua_, index))->type;
        bool named = (type >= kFirst && type <= kLast) || type == static_cast<lua_Integer>(Particle::hll);
        View bytes = bytes_of(lua_, index);
        spent_ += bytes.size();
        return Value(Blob{Bytes(bytes), named ? static_cast<Particle>(type) : Particle::blob});
    }

    Taken list(int index, Value &out, int depth) {
        auto *object = static_cast<ListObject *>(lua_touserdata(lua_, index));
        lua_Integer size = object->size;
        List list;
        list.ordered = object->ordered;
        lua_getiuservalue(lua_, index, 1);
        Taken taken = Taken::taken;
        for (lua_Integer i = 1; i <= size && taken == Taken::taken; i++) {
            lua_rawgeti(lua_, -1, i);
            taken = take(-1, list.items.emplace_back(), depth + 1);
            lua_pop(lua_, 1);
        }
        lua_pop(lua_, 1);
        if (list.ordered) {
            std::sort(list.items.begin(), list.items.end());
        }
        out = Value(std::move(list));
        return taken;
    }

    Taken map(int index, Value &out, int depth) {
        Map map;
        map.order = static_cast<MapObject *>(lua_touserdata(lua_, index))->order;
        lua_getiuservalue(lua_, index, 1);
        Taken taken = Taken::taken;
        for (lua_pushnil(lua_); lua_next(lua_, -2) != 0; lua_pop(lua_, 1)) {
            auto &entry = map.entries.emplace_back(key_of(lua_, -2), Value());
            spent_ += entry.first.is(Type::integer) ? 0 : lua_rawlen(lua_, -2);
            taken = take(-1, entry.second, depth + 1);
            if (taken != Taken::taken) {
                lua_pop(lua_, 2);
                break;
            }
        }
        lua_pop(lua_, 1);
        std::sort(map.entries.begin(), map.entries.end(),
                  [](const auto &a, const auto &b) { return a.first < b.first; });
        out = Value(std::move(map));
        return taken;
    }

    lua_State *lua_;
    size_t spent_ = 0;
};

// ---- text ----

void append_text(const Value &value, Bytes &out);

void append_bytes(View bytes, Bytes &out) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    if (bytes.empty()) {
        out += "<NULL>";
    }
    for (size_t i = 0; i < bytes.size(); i++) {
        auto byte = static_cast<uint8_t>(bytes[i]);
        out += i > 0 ? " " : "";
        out += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
}

void append_list(const List &list, Bytes &out) {
    out += '[';
    for (const Value &item : list.items) {
        out += &item == list.items.data() ? "" : ", ";
        append_text(item, out);
    }
    out += ']';
}

void append_map(const Map &map, Bytes &out) {
    out += '{';
    for (const auto &entry : map.entries) {
        out += &entry == map.entries.data() ? "" : ", ";
        append_text(entry.first, out);
        out += ':';
        append_text(entry.second, out);
    }
    out += '}';
}

void append_text(const Value &value, Bytes &out) {
    char number[32];
    switch (value.type()) {
    case Type::boolean:
        out += value.boolean() ? "true" : "false";
        break;
    case Type::integer:
        out += std::to_string(value.integer());
        break;
    case Type::real:
        std::snprintf(number, sizeof number, "%.16g", value.real());
        out += number;
        break;
    case Type::string:
        out += '"' + value.text() + '"';
        break;
    case Type::geojson:
        out += '"' + value.geojson().text + '"';
        break;
    case Type::blob:
        append_bytes(value.blob().bytes, out);
        break;
    case Type::list:
        append_list(value.list(), out);
        break;
    case Type::map:
        append_map(value.map(), out);
        break;
    default:
        out += "NIL";
    }
}

// The first argument into the state's own value.
void hold_argument(lua_State *lua) {
    ScriptState &state = ScriptState::of(lua);
    Taken taken = Taken::too_large;
    guarded([&] { taken = take_value(lua, 1, state.held); });
    if (taken != Taken::taken) {
        luaL_error(lua, "the value is nested too deeply, or too large");
    }
}

}  // namespace

void push_value(lua_State *lua, const Value &value) {
    luaL_checkstack(lua, 8, "the value is nested too deeply");
    switch (value.type()) {
    case Type::boolean:
        lua_pushboolean(lua, value.boolean() ? 1 : 0);
        break;
    case Type::integer:
        lua_pushinteger(lua, value.integer());
        break;
    case Type::real:
        lua_pushnumber(lua, value.real());
        break;
    case Type::string:
        push_text(lua, value.text());
        break;
    case Type::geojson:
        new_object<GeoJsonObject>(lua, Class::geojson, 1);
        push_text(lua, value.geojson().text);
        lua_setiuservalue(lua, -2, 1);
        break;
    case Type::blob:
        push_blob(lua, value.blob());
        break;
    case Type::list:
        push_list(lua, value.list());
        break;
    case Type::map:
        push_map(lua, value.map());
        break;
    default:
        lua_pushnil(lua);
    }
}

Value key_of(lua_State *lua, int index) {
    size_t size = 0;
    if (lua_type(lua, index) == LUA_TNUMBER) {
        return Value(static_cast<int64_t>(lua_tointeger(lua, index)));
    }
    const char *begin = lua_tolstring(lua, index, &size);
    return size > 0 && *begin == '\0' ? Value(Blob{Bytes(begin + 1, size - 1)}) : Value(Bytes(begin, size));
}

Taken take_value(lua_State *lua, int index, Value &out) {
    return Taker(lua).take(index, out, 0);
}

Bytes value_text(const Value &value) {
    Bytes out;
    append_text(value, out);
    return out;
}

int object_text(lua_State *lua) {
    hold_argument(lua);
    ScriptState &state = ScriptState::of(lua);
    if (!guarded([&] { state.held = Value(value_text(state.held)); })) {
        return luaL_error(lua, "not enough memory");
    }
    lua_pushlstring(lua, state.held.text().data(), state.held.text().size());
    return 1;
}

int object_packed_size(lua_State *lua) {
    hold_argument(lua);
    lua_pushinteger(lua, static_cast<lua_Integer>(packed_size(ScriptState::of(lua).held)));
    return 1;
}

}  // namespace embedded
