// SPDX-License-Identifier: Apache-2.0
// The libraries `bytes` and `geojson`, and their classes. Positions begin at 1. A function that is not given as many
// arguments as it wants, or numbers out of their range, does nothing and says so.
#include <algorithm>
#include <cstring>

#include "lua/objects.hpp"
#include "lua/values.hpp"
#include "wire/wire.hpp"

namespace embedded {

namespace {

BytesObject *check_bytes(lua_State *lua, int index = 1) {
    return check_object<BytesObject>(lua, index, Class::bytes);
}

char *buffer_of(lua_State *lua, int index) {
    lua_getiuservalue(lua, index, 1);
    char *buffer = static_cast<char *>(lua_touserdata(lua, -1));
    lua_pop(lua, 1);
    return buffer;
}

// Have room for bytes up to `end`; the buffer is the result.
char *make_room(lua_State *lua, BytesObject *bytes, uint32_t end) {
    char *before = buffer_of(lua, 1);
    if (end <= bytes->capacity) {
        return before;
    }
    char *buffer = static_cast<char *>(lua_newuserdatauv(lua, end, 0));
    std::copy_n(before, bytes->capacity, buffer);
    std::fill(buffer + bytes->capacity, buffer + end, '\0');
    lua_setiuservalue(lua, 1, 1);
    bytes->capacity = end;
    return buffer;
}

bool is_position(lua_Integer at) {
    return at >= 1 && at <= UINT32_MAX;
}

// Whether bytes from a position on are within what may ever be had.
bool fits(lua_Integer at, lua_Integer size) {
    return is_position(at) && size >= 0 && size <= UINT32_MAX && at - 1 + size <= UINT32_MAX;
}

bool give(lua_State *lua, bool done) {
    lua_pushboolean(lua, done ? 1 : 0);
    return done;
}

// Write bytes at a position, and answer that.
int write(lua_State *lua, BytesObject *bytes, lua_Integer at, View what) {
    if (!fits(at, static_cast<lua_Integer>(what.size()))) {
        give(lua, false);
        return 1;
    }
    auto begin = static_cast<uint32_t>(at - 1), end = static_cast<uint32_t>(begin + what.size());
    char *buffer = make_room(lua, bytes, end);
    std::memmove(buffer + begin, what.data(), what.size());  // it may be a part of the same
    bytes->size = std::max(bytes->size, end);
    give(lua, true);
    return 1;
}

bool has_arguments(lua_State *lua, int count) {
    return lua_gettop(lua) == count;
}

// ---- numbers ----

template <int width>
bool in_range(lua_Integer value) {
    constexpr auto kMost = static_cast<lua_Integer>(UINT64_MAX >> (65 - 8 * width));
    return width == 1 ? value >= 0 && value <= UINT8_MAX : value >= -kMost - 1 && value <= kMost;
}

template <int width, bool big>
int write_integer(lua_State *lua, BytesObject *bytes, lua_Integer at, lua_Integer value) {
    char packed[8];
    write_number(packed, static_cast<uint64_t>(value), width);
    if (!big) {
        std::reverse(packed, packed + width);
    }
    if (!is_position(at) || !in_range<width>(value)) {
        give(lua, false);
        return 1;
    }
    return write(lua, bytes, at, View(packed, width));
}

template <int width, bool big>
int set_integer(lua_State *lua) {
    if (!has_arguments(lua, 3)) {
        give(lua, false);
        return 1;
    }
    BytesObject *bytes = check_bytes(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0), value = luaL_optinteger(lua, 3, 0);
    return write_integer<width, big>(lua, bytes, at, value);
}

template <int width, bool big>
int append_integer(lua_State *lua) {
    if (!has_arguments(lua, 2)) {
        give(lua, false);
        return 1;
    }
    BytesObject *bytes = check_bytes(lua);
    return write_integer<width, big>(lua, bytes, lua_Integer{bytes->size} + 1, luaL_optinteger(lua, 2, 0));
}

template <int width, bool big>
int get_integer(lua_State *lua) {
    if (!has_arguments(lua, 2)) {
        return 0;
    }
    BytesObject *bytes = check_bytes(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0);
    if (!is_position(at) || at - 1 + width > bytes->size) {
        return 0;
    }
    char packed[8];
    std::copy_n(buffer_of(lua, 1) + at - 1, width, packed);
    if (!big) {
        std::reverse(packed, packed + width);
    }
    constexpr int kUnused = 64 - 8 * width;
    uint64_t number = read_number(packed, width) << kUnused;
    lua_pushinteger(lua, width == 1 ? lua_Integer(number >> kUnused) : lua_Integer(number) >> kUnused);
    return 1;
}

// Integers of seven bits a byte, the lowest first; more follow where the eighth is set. They do not count in the size.
constexpr int kVariableMost = 5;

int write_variable(lua_State *lua, BytesObject *bytes, lua_Integer at, lua_Integer value) {
    if (!fits(at, kVariableMost) || !in_range<4>(value)) {
        lua_pushinteger(lua, 0);
        return 1;
    }
    auto begin = static_cast<uint32_t>(at - 1), left = static_cast<uint32_t>(value);
    char *buffer = make_room(lua, bytes, begin + kVariableMost);
    int used = 0;
    for (; left >= 0x80; left >>= 7) {
        buffer[begin + used++] = static_cast<char>(left | 0x80);
    }
    buffer[begin + used++] = static_cast<char>(left);
    lua_pushinteger(lua, used);
    return 1;
}

int set_variable(lua_State *lua) {
    if (!has_arguments(lua, 3)) {
        lua_pushinteger(lua, 0);
        return 1;
    }
    BytesObject *bytes = check_bytes(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0), value = luaL_optinteger(lua, 3, 0);
    return write_variable(lua, bytes, at, value);
}

int append_variable(lua_State *lua) {
    if (!has_arguments(lua, 2)) {
        lua_pushinteger(lua, 0);
        return 1;
    }
    BytesObject *bytes = check_bytes(lua);
    return write_variable(lua, bytes, lua_Integer{bytes->size} + 1, luaL_optinteger(lua, 2, 0));
}

// The number, and how many bytes it takes; what was never set is zero.
int get_variable(lua_State *lua) {
    if (!has_arguments(lua, 2)) {
        return 0;
    }
    BytesObject *bytes = check_bytes(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0);
    if (!is_position(at)) {
        return 0;
    }
    const char *buffer = buffer_of(lua, 1);
    uint32_t number = 0;
    int used = 0;
    bool more = true;
    while (more && used < kVariableMost) {
        lua_Integer place = at - 1 + used;
        uint8_t byte = place < bytes->capacity ? static_cast<uint8_t>(buffer[place]) : 0;
        number |= static_cast<uint32_t>(byte & 0x7F) << (7 * used++);
        more = (byte & 0x80) != 0;
    }
    lua_pushinteger(lua, number);
    lua_pushinteger(lua, used);
    return 2;
}

// ---- texts and bytes ----

// A part of some bytes that may reach beyond their end, where zeros are.
void copy_part(const char *buffer, const BytesObject *bytes, lua_Integer at, size_t size, char *out) {
    lua_Integer left = std::max<lua_Integer>(0, lua_Integer{bytes->capacity} - (at - 1));
    size_t there = std::min(size, static_cast<size_t>(left));
    std::copy_n(buffer + (there > 0 ? at - 1 : 0), there, out);
    std::fill(out + there, out + size, '\0');
}

int get_part(lua_State *lua, bool as_text) {
    if (!has_arguments(lua, 3)) {
        return 0;
    }
    BytesObject *bytes = check_bytes(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0), size = luaL_optinteger(lua, 3, 0);
    if (!is_position(at) || size < 0 || size > UINT32_MAX) {
        return 0;
    }
    const char *buffer = buffer_of(lua, 1);
    char *part = push_bytes(lua, static_cast<size_t>(size));
    copy_part(buffer, bytes, at, static_cast<size_t>(size), part);
    if (as_text) {
        lua_pushlstring(lua, part, static_cast<size_t>(size));
    }
    return 1;
}

int get_string(lua_State *lua) {
    return get_part(lua, true);
}

int get_bytes(lua_State *lua) {
    return get_part(lua, false);
}

int set_string(lua_State *lua) {
    BytesObject *bytes = has_arguments(lua, 3) ? check_bytes(lua) : nullptr;
    size_t size = 0;
    lua_Integer at = bytes == nullptr ? 0 : luaL_optinteger(lua, 2, 0);
    const char *text = bytes == nullptr ? nullptr : luaL_optlstring(lua, 3, nullptr, &size);
    if (text == nullptr) {
        give(lua, false);
        return 1;
    }
    return write(lua, bytes, at, View(text, size));
}

int append_string(lua_State *lua) {
    BytesObject *bytes = has_arguments(lua, 2) ? check_bytes(lua) : nullptr;
    size_t size = 0;
    const char *text = bytes == nullptr ? nullptr : luaL_optlstring(lua, 2, nullptr, &size);
    if (text == nullptr || size == 0) {
        give(lua, false);
        return 1;
    }
    return write(lua, bytes, lua_Integer{bytes->size} + 1, View(text, size));
}

// Of other bytes, as many as are asked for and there.
int write_bytes(lua_State *lua, BytesObject *bytes, lua_Integer at, int other, lua_Integer size) {
    if (size < 0 || size > UINT32_MAX) {
        give(lua, false);
        return 1;
    }
    lua_pushvalue(lua, other);
    View from = bytes_of(lua, -1);
    return write(lua, bytes, at, from.substr(0, static_cast<size_t>(size)));
}

int set_bytes(lua_State *lua) {
    if (!has_arguments(lua, 4)) {
        give(lua, false);
        return 1;
    }
    BytesObject *bytes = check_bytes(lua);
    lua_Integer at = luaL_optinteger(lua, 2, 0);
    check_bytes(lua, 3);
    return write_bytes(lua, bytes, at, 3, luaL_optinteger(lua, 4, 0));
}

int append_bytes(lua_State *lua) {
    if (!has_arguments(lua, 3)) {
        give(lua, false);
        return 1;
    }
    BytesObject *bytes = check_bytes(lua);
    check_bytes(lua, 2);
    return write_bytes(lua, bytes, lua_Integer{bytes->size} + 1, 2, luaL_optinteger(lua, 3, 0));
}

// ---- what they are ----

int make(lua_State *lua) {
    int count = lua_gettop(lua);
    if (count > 2) {
        return 0;
    }
    auto capacity = static_cast<uint32_t>(count == 2 ? luaL_optinteger(lua, 2, 0) : 0);
    push_bytes(lua, capacity);
    static_cast<BytesObject *>(lua_touserdata(lua, -1))->size = 0;
    return 1;
}

// As the operator # it has two arguments, and says 0.
int size(lua_State *lua) {
    lua_pushinteger(lua, has_arguments(lua, 1) ? check_bytes(lua)->size : 0);
    return 1;
}

// Whether there is room for so many; none is made.
int set_size(lua_State *lua) {
    if (!has_arguments(lua, 2)) {
        give(lua, false);
        return 1;
    }
    BytesObject *bytes = check_bytes(lua);
    lua_Integer wanted = luaL_optinteger(lua, 2, 0);
    give(lua, wanted >= 0 && wanted <= bytes->capacity);
    return 1;
}

int get_type(lua_State *lua) {
    if (lua_gettop(lua) < 1) {
        return 0;
    }
    lua_pushinteger(lua, check_bytes(lua)->type);
    return 1;
}

int set_type(lua_State *lua) {
    if (!has_arguments(lua, 2)) {
        give(lua, false);
        return 1;
    }
    BytesObject *bytes = check_bytes(lua);
    lua_Integer type = luaL_optinteger(lua, 2, 0);
    if (give(lua, type != 0)) {
        bytes->type = type;
    }
    return 1;
}

int tostring(lua_State *lua) {
    if (!has_arguments(lua, 1)) {
        lua_pushinteger(lua, 0);
        return 1;
    }
    if (check_bytes(lua)->size == 0) {
        lua_pushliteral(lua, "Bytes()");
        return 1;
    }
    return object_text(lua);
}

constexpr bool kBig = true, kLittle = false;

constexpr luaL_Reg kLibrary[] = {
    {"size", size},
    {"set_size", set_size},
    {"get_type", get_type},
    {"set_type", set_type},
    {"get_string", get_string},
    {"get_bytes", get_bytes},
    {"get_byte", get_integer<1, kBig>},
    {"get_int16", get_integer<2, kBig>},
    {"get_int16_be", get_integer<2, kBig>},
    {"get_int16_le", get_integer<2, kLittle>},
    {"get_int32", get_integer<4, kBig>},
    {"get_int32_be", get_integer<4, kBig>},
    {"get_int32_le", get_integer<4, kLittle>},
    {"get_int64", get_integer<8, kBig>},
    {"get_int64_be", get_integer<8, kBig>},
    {"get_int64_le", get_integer<8, kLittle>},
    {"get_var_int", get_variable},
    {"set_string", set_string},
    {"set_bytes", set_bytes},
    {"set_byte", set_integer<1, kBig>},
    {"set_int16", set_integer<2, kBig>},
    {"set_int16_be", set_integer<2, kBig>},
    {"set_int16_le", set_integer<2, kLittle>},
    {"set_int32", set_integer<4, kBig>},
    {"set_int32_be", set_integer<4, kBig>},
    {"set_int32_le", set_integer<4, kLittle>},
    {"set_int64", set_integer<8, kBig>},
    {"set_int64_be", set_integer<8, kBig>},
    {"set_int64_le", set_integer<8, kLittle>},
    {"set_var_int", set_variable},
    {"append_string", append_string},
    {"append_bytes", append_bytes},
    {"append_byte", append_integer<1, kBig>},
    {"append_int16", append_integer<2, kBig>},
    {"append_int16_be", append_integer<2, kBig>},
    {"append_int16_le", append_integer<2, kLittle>},
    {"append_int32", append_integer<4, kBig>},
    {"append_int32_be", append_integer<4, kBig>},
    {"append_int32_le", append_integer<4, kLittle>},
    {"append_int64", append_integer<8, kBig>},
    {"append_int64_be", append_integer<8, kBig>},
    {"append_int64_le", append_integer<8, kLittle>},
    {"append_var_int", append_variable},
    {nullptr, nullptr},
};

constexpr luaL_Reg kClass[] = {
    {"__index", get_integer<1, kBig>},
    {"__newindex", set_integer<1, kBig>},
    {"__len", size},
    {"__tostring", tostring},
    {nullptr, nullptr},
};

// ---- GeoJSON ----

int make_geojson(lua_State *lua) {
    const char *text = lua_gettop(lua) == 2 ? luaL_optstring(lua, 2, nullptr) : nullptr;
    if (text == nullptr) {
        return 0;
    }
    new_object<GeoJsonObject>(lua, Class::geojson, 1);
    lua_pushstring(lua, text);
    lua_setiuservalue(lua, -2, 1);
    return 1;
}

int geojson_text(lua_State *lua) {
    check_object(lua, 1, Class::geojson);
    return object_text(lua);
}

constexpr luaL_Reg kNone[] = {{nullptr, nullptr}};
constexpr luaL_Reg kGeoJsonClass[] = {{"__tostring", geojson_text}, {nullptr, nullptr}};

}  // namespace

char *push_bytes(lua_State *lua, size_t size) {
    auto *bytes = new_object<BytesObject>(lua, Class::bytes, 1);
    bytes->size = bytes->capacity = static_cast<uint32_t>(size);
    bytes->type = static_cast<lua_Integer>(Particle::blob);
    char *buffer = static_cast<char *>(lua_newuserdatauv(lua, size, 0));
    std::fill(buffer, buffer + size, '\0');
    lua_setiuservalue(lua, -2, 1);
    return buffer;
}

View bytes_of(lua_State *lua, int index) {
    auto *bytes = static_cast<BytesObject *>(lua_touserdata(lua, index));
    return {buffer_of(lua, index), bytes->size};
}

void define_bytes(lua_State *lua) {
    define_library(lua, "bytes", kLibrary, make);
    define_class(lua, Class::bytes, kClass);
}

void define_geojson(lua_State *lua) {
    define_library(lua, "geojson", kNone, make_geojson);
    define_class(lua, Class::geojson, kGeoJsonClass);
}

}  // namespace embedded
