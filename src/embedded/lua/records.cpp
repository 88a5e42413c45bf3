// SPDX-License-Identifier: Apache-2.0
// The library `record`, the class Record, and what the object `aerospike` does with one.
#include <cstring>

#include "expression/record_view.hpp"
#include "lua/objects.hpp"
#include "lua/state.hpp"
#include "lua/values.hpp"

namespace embedded {

namespace {

// Its user values are tables: of the bins as the script has them, and of those that it has set since they were last
// taken over, by their names. So a list that was read is that list when it is read again.
struct RecordObject : Object {
    uint64_t call;
    ScriptRecord *record;
};

RecordObject *usable(lua_State *lua, RecordObject *object) {
    if (object->call != ScriptState::of(lua).call()) {
        luaL_error(lua, "a record is of no use after the call that it was given to");
    }
    return object;
}

ScriptRecord &check_record(lua_State *lua) {
    return *usable(lua, check_object<RecordObject>(lua, 1, Class::record))->record;
}

// ---- bins ----

bool is_bin_name(const char *name) {
    size_t size = std::strlen(name);
    return size > 0 && size <= kBinNameMost;
}

// A bin as it is stored, as an item.
void push_bin(lua_State *lua, const ScriptRecord &record, const char *name) {
    ScriptState &state = ScriptState::of(lua);
    if (!guarded([&] { state.held = record.bin(name); })) {
        luaL_error(lua, "not enough memory");
    }
    push_value(lua, state.held);
    to_item(lua);
}

int index(lua_State *lua) {
    ScriptRecord &record = check_record(lua);
    const char *name = luaL_optstring(lua, 2, nullptr);
    if (name == nullptr || !is_bin_name(name)) {
        lua_pushnil(lua);
        return 1;
    }
    lua_getiuservalue(lua, 1, 1);
    lua_pushstring(lua, name);
    lua_pushvalue(lua, -1);
    if (lua_rawget(lua, -3) == LUA_TNIL) {
        lua_pop(lua, 1);
        push_bin(lua, record, name);
        lua_pushvalue(lua, -2);
        lua_pushvalue(lua, -2);
        lua_rawset(lua, -5);
    }
    from_item(lua);
    return 1;
}

// A name that no bin can have is left out in silence, and so are all bins of a record that is only read.
int assign(lua_State *lua) {
    ScriptRecord &record = check_record(lua);
    const char *name = luaL_optstring(lua, 2, nullptr);
    if (name == nullptr) {
        return 0;
    }
    if (!is_item(lua, 3)) {
        return luaL_error(lua, "can't set bin %s to unsupported type", name);
    }
    if (!is_bin_name(name) || !record.writable()) {
        return 0;
    }
    lua_settop(lua, 3);
    to_item(lua);
    lua_getiuservalue(lua, 1, 1);
    lua_pushstring(lua, name);
    lua_pushvalue(lua, 3);
    lua_rawset(lua, -3);
    lua_getiuservalue(lua, 1, 2);
    lua_pushstring(lua, name);
    lua_pushboolean(lua, 1);
    lua_rawset(lua, -3);
    return 0;
}

constexpr luaL_Reg kClass[] = {{"__index", index}, {"__newindex", assign}, {nullptr, nullptr}};

// The bins that the script has set become the record's. They are set no more.
bool take_bins(lua_State *lua, int at, ScriptRecord &record) {
    bool all = true;
    lua_getiuservalue(lua, at, 1);
    lua_getiuservalue(lua, at, 2);
    bool done = guarded([&] {
        for (lua_pushnil(lua); all && lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
            Value value;
            lua_pushvalue(lua, -2);
            lua_rawget(lua, -5);
            all = take_value(lua, -1, value) == Taken::taken;
            lua_pop(lua, 1);
            record.bins().set(lua_tostring(lua, -2), std::move(value));
        }
    });
    return done && all;
}

void forget_set_bins(lua_State *lua, int at) {
    lua_newtable(lua);
    lua_setiuservalue(lua, at, 2);
}

// ---- the library ----

int generation(lua_State *lua) {
    const Record *stored = check_record(lua).stored();
    lua_pushinteger(lua, stored == nullptr ? 0 : stored->generation);
    return 1;
}

int ttl(lua_State *lua) {
    const Record *stored = check_record(lua).stored();
    uint32_t until = stored == nullptr ? 0 : stored->void_time, now = now_seconds();
    lua_pushinteger(lua, until > now ? until - now : 0);
    return 1;
}

// Milliseconds since 1970.
int last_update_time(lua_State *lua) {
    const Record *stored = check_record(lua).stored();
    lua_pushinteger(lua, stored == nullptr ? 0 : stored->last_update / (kSecond / 1000));
    return 1;
}

int size(lua_State *lua) {
    ScriptRecord &record = check_record(lua);
    const Record *stored = record.stored();
    lua_pushinteger(lua, stored == nullptr ? 0 : static_cast<lua_Integer>(stored_size(*stored, record.set_name())));
    return 1;
}

int key(lua_State *lua) {
    ScriptRecord &record = check_record(lua);
    ScriptState &state = ScriptState::of(lua);
    if (!guarded([&] { state.held = record.key(); })) {
        return luaL_error(lua, "not enough memory");
    }
    push_value(lua, state.held);
    return 1;
}

int set_name(lua_State *lua) {
    ScriptRecord &record = check_record(lua);
    if (record.exists() && !record.set_name().empty()) {
        lua_pushlstring(lua, record.set_name().data(), record.set_name().size());
    } else {
        lua_pushnil(lua);
    }
    return 1;
}

int digest(lua_State *lua) {
    View digest = check_record(lua).digest();
    std::memcpy(push_bytes(lua, digest.size()), digest.data(), digest.size());
    return 1;
}

int bin_count(lua_State *lua) {
    lua_pushinteger(lua, static_cast<lua_Integer>(check_record(lua).bin_count()));
    return 1;
}

int bin_names(lua_State *lua) {
    ScriptRecord &record = check_record(lua);
    const std::vector<Bin> *bins = nullptr;
    if (!guarded([&] { bins = &record.bins().all(); })) {
        return luaL_error(lua, "can't get bin names");
    }
    lua_createtable(lua, static_cast<int>(bins->size()), 0);
    lua_Integer at = 0;
    for (const Bin &bin : *bins) {
        lua_pushlstring(lua, bin.name.data(), bin.name.size());
        lua_rawseti(lua, -2, ++at);
    }
    return 1;
}

int set_ttl(lua_State *lua) {
    ScriptRecord &record = check_record(lua);
    record.set_ttl(static_cast<uint32_t>(luaL_optinteger(lua, 2, 0)));
    return 0;
}

int drop_key(lua_State *lua) {
    check_record(lua).drop_key();
    return 0;
}

constexpr luaL_Reg kLibrary[] = {
    {"ttl", ttl},
    {"last_update_time", last_update_time},
    {"gen", generation},
    {"size", size},
    {"memory_size", size},
    {"device_size", size},
    {"key", key},
    {"setname", set_name},
    {"digest", digest},
    {"numbins", bin_count},
    {"set_ttl", set_ttl},
    {"drop_key", drop_key},
    {"bin_names", bin_names},
    {nullptr, nullptr},
};

// ---- the object `aerospike`, which is the first argument of each ----

constexpr lua_Integer kDone = 0, kNotDone = 1;

ScriptRecord &check_second(lua_State *lua) {
    check_object(lua, 1, Class::aerospike);
    if (lua_touserdata(lua, 2) == nullptr) {
        luaL_argerror(lua, 2, lua_pushfstring(lua, "Record expected, got %s", luaL_typename(lua, 2)));
    }
    return *usable(lua, check_object<RecordObject>(lua, 2, Class::record))->record;
}

// What the script has set is what there is from now on.
int take_over(lua_State *lua, ScriptRecord &record) {
    if (!take_bins(lua, 2, record)) {
        return luaL_error(lua, "a bin is nested too deeply, or too large");
    }
    forget_set_bins(lua, 2);
    lua_pushinteger(lua, kDone);
    return 1;
}

int create(lua_State *lua) {
    ScriptRecord &record = check_second(lua);
    if (record.exists() || !record.writable()) {
        lua_pushinteger(lua, kNotDone);
        return 1;
    }
    record.created();
    return take_over(lua, record);
}

int update(lua_State *lua) {
    ScriptRecord &record = check_second(lua);
    if (!record.exists() || !record.writable()) {
        lua_pushinteger(lua, kNotDone);
        return 1;
    }
    record.changed();
    return take_over(lua, record);
}

int exists(lua_State *lua) {
    lua_pushboolean(lua, check_second(lua).exists() ? 1 : 0);
    return 1;
}

int remove(lua_State *lua) {
    ScriptRecord &record = check_second(lua);
    if (!record.exists() || !record.writable()) {
        lua_pushinteger(lua, kNotDone);
        return 1;
    }
    if (!guarded([&] { record.removed(); })) {
        return luaL_error(lua, "not enough memory");
    }
    for (int values = 1; values <= 2; values++) {
        lua_newtable(lua);
        lua_setiuservalue(lua, 2, values);
    }
    lua_pushinteger(lua, kDone);
    return 1;
}

// There is no log that it could go to.
int log(lua_State *lua) {
    check_object(lua, 1, Class::aerospike);
    luaL_optinteger(lua, 2, 0);
    luaL_optstring(lua, 3, nullptr);
    return 0;
}

// Milliseconds since 1970.
int current_time(lua_State *lua) {
    check_object(lua, 1, Class::aerospike);
    lua_pushinteger(lua, now_nanoseconds() / (kSecond / 1000));
    return 1;
}

constexpr luaL_Reg kNone[] = {{nullptr, nullptr}};
constexpr luaL_Reg kAerospike[] = {
    {"create", create}, {"update", update}, {"exists", exists},
    {"remove", remove}, {"log", log},       {"get_current_time", current_time},
    {nullptr, nullptr},
};

}  // namespace

void push_record(lua_State *lua, ScriptRecord &record) {
    auto *object = new_object<RecordObject>(lua, Class::record, 2);
    object->call = ScriptState::of(lua).call();
    object->record = &record;
    for (int values = 1; values <= 2; values++) {
        lua_newtable(lua);
        lua_setiuservalue(lua, -2, values);
    }
}

void define_records(lua_State *lua) {
    define_library(lua, "record", kLibrary, nullptr);
    define_class(lua, Class::record, kClass);
    define_library(lua, "Aerospike", kAerospike, nullptr);
    define_class(lua, Class::aerospike, kNone);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, name_of(Class::aerospike));
    lua_getglobal(lua, "Aerospike");
    lua_setfield(lua, -2, "__index");
    lua_pop(lua, 1);
}

}  // namespace embedded
