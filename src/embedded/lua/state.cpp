// SPDX-License-Identifier: Apache-2.0
#include "lua/state.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <new>

#include "lua/objects.hpp"
#include "lua/patterns.hpp"
#include "lua/sandbox.hpp"
#include "lua/values.hpp"

// The modules that a server brings are in the C client's mod-lua; each size counts a NUL at the end.
extern "C" {
extern const char as_lua_as[], as_lua_stream_ops[], as_lua_aerospike[];
extern size_t as_lua_as_size, as_lua_stream_ops_size, as_lua_aerospike_size;
}

namespace embedded {

namespace {

constexpr size_t kMemoryMost = size_t{64} << 20;
constexpr size_t kBytesOfInstruction = 64;  // allocating so many takes as long as an instruction
constexpr int64_t kInstructionsMost = 50'000'000;  // about half a second
constexpr int64_t kSecondsMost = 2;
constexpr int kCounted = 100;  // instructions between looks at the bounds
constexpr int kEvents = LUA_MASKCOUNT | LUA_MASKCALL;
constexpr char kTimeout[] = "UDF Execution Timeout";

// What the registry keeps under the addresses of these.
constexpr char kApplyRecord = 0, kApplyStream = 0, kLibrary = 0, kTimeoutText = 0;

int64_t clock_now() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

// What this thread has had of the processor. To ask takes a system call.
int64_t processor_now() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return used.tv_sec * kSecond + used.tv_nsec;
}

void run_brought(lua_State *lua, const char *source, size_t size, const char *name) {
    if (luaL_loadbufferx(lua, source, size - 1, name, "t") != LUA_OK) {
        lua_error(lua);
    }
    lua_call(lua, 0, 0);
}

void keep_global(lua_State *lua, const char *name, const void *place) {
    lua_getglobal(lua, name);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, place);
}

}  // namespace

// What a function of ours is given, which has no C++ objects of its own.
struct ScriptState::Call {
    View file = {}, source = {};
    const char *function = "";
    const List *arguments = nullptr;
    ScriptRecord *record = nullptr;
    Value result = {};
    Taken taken = Taken::too_large;
};

void *ScriptState::allocate(void *user, void *block, size_t old_size, size_t size) {
    auto &state = *static_cast<ScriptState *>(user);
    size_t before = block == nullptr ? 0 : old_size;
    if (size == 0) {
        std::free(block);
        state.used_ -= before;
        return nullptr;
    }
    if (size > before) {
        if (state.exhausted() || state.used_ - before + size > kMemoryMost) {
            return nullptr;
        }
        state.instructions_left_ -= static_cast<int64_t>((size - before) / kBytesOfInstruction);
    }
    void *moved = std::realloc(block, size);
    if (moved != nullptr) {
        state.used_ = state.used_ - before + size;
    }
    return moved;
}

// The clock is read at each call, too: a function in C is one instruction, however long it takes, and may call others.
void ScriptState::on_event(lua_State *lua, lua_Debug *event) {
    of(lua).spend(lua, event->event == LUA_HOOKCOUNT ? kCounted : 0);
}

// On a busy machine seconds go by that the script has not had. It cannot wait for anything itself.
bool ScriptState::has_time_left() {
    int64_t left = processor_until_ - processor_now();
    until_ = clock_now() + left;
    return left > 0;
}

// Beyond a bound nothing can be allocated, not even the text of the error: it waits in the registry, and where the
// script was is noted outside of Lua.
void ScriptState::spend(lua_State *lua, int64_t instructions) {
    instructions_left_ -= instructions;
    if (!exhausted() && (clock_now() < until_ || has_time_left())) {
        return;
    }
    instructions_left_ = 0;
    lua_Debug at;
    for (int level = 0; stopped_[0] == '\0' && lua_getstack(lua, level, &at) != 0; level++) {
        if (lua_getinfo(lua, "Sl", &at) != 0 && at.currentline > 0) {
            std::snprintf(stopped_, sizeof stopped_, "%s:%d: %s", at.short_src, at.currentline, kTimeout);
        }
    }
    lua_sethook(lua, on_event, kEvents, 1);
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &kTimeoutText);
    lua_error(lua);
}

int ScriptState::open(lua_State *lua) {
    open_sandbox(lua);
    define_patterns(lua);
    define_lists(lua);
    define_maps(lua);
    define_bytes(lua);
    define_geojson(lua);
    define_iterators(lua);
    define_records(lua);
    define_streams(lua);
    run_brought(lua, as_lua_as, as_lua_as_size, "as.lua");
    run_brought(lua, as_lua_stream_ops, as_lua_stream_ops_size, "stream_ops.lua");
    run_brought(lua, as_lua_aerospike, as_lua_aerospike_size, "aerospike.lua");
    keep_global(lua, "apply_record", &kApplyRecord);
    keep_global(lua, "apply_stream", &kApplyStream);
    new_object<Object>(lua, Class::aerospike, 0);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &kLibrary);
    lua_pushstring(lua, kTimeout);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, &kTimeoutText);
    return 0;
}

ScriptState::ScriptState(ModulesPointer modules) : modules_(std::move(modules)) {
    instructions_left_ = kInstructionsMost;
    lua_ = lua_newstate(allocate, this);
    if (lua_ == nullptr) {
        throw std::bad_alloc();
    }
    *static_cast<ScriptState **>(lua_getextraspace(lua_)) = this;
    Call call;
    if (!run(open, call)) {
        lua_close(lua_);
        throw std::bad_alloc();  // nothing else can fail there
    }
}

ScriptState::~ScriptState() {
    lua_close(lua_);
}

bool ScriptState::run(lua_CFunction function, Call &call) {
    call_++;
    instructions_left_ = kInstructionsMost;
    until_ = clock_now() + kSecondsMost * kSecond;
    processor_until_ = processor_now() + kSecondsMost * kSecond;
    lua_settop(lua_, 0);
    lua_sethook(lua_, on_event, kEvents, kCounted);
    lua_pushcfunction(lua_, function);
    lua_pushlightuserdata(lua_, &call);
    bool good = lua_pcall(lua_, 1, 0, 0) == LUA_OK;
    lua_sethook(lua_, nullptr, 0, 0);
    call_++;
    return good;
}

// A text that ends at its first NUL, of what is on top after a failure.
Bytes ScriptState::error_text() const {
    if (stopped_[0] != '\0') {
        return stopped_;
    }
    return lua_type(lua_, -1) == LUA_TSTRING ? Bytes(lua_tostring(lua_, -1)) : Bytes();
}

ScriptOutcome ScriptState::failure() const {
    Bytes text = error_text();
    return {true, Value(text.empty() ? Bytes("result value type unexpected") : text)};
}

bool ScriptState::sound() {
    lua_settop(lua_, 0);
    if (!exhausted() && used_ > kMemoryMost / 4) {
        lua_gc(lua_, LUA_GCCOLLECT);
    }
    return !exhausted() && used_ <= kMemoryMost / 4;
}

// ---- modules ----

int ScriptState::run_source(lua_State *lua) {
    auto &call = *static_cast<Call *>(lua_touserdata(lua, 1));
    if (luaL_loadbufferx(lua, call.source.data(), call.source.size(), call.file.data(), "t") != LUA_OK) {
        return lua_error(lua);
    }
    lua_call(lua, 0, 0);
    return 0;
}

namespace {

// A text without a place is given up to its line end, and no further than this.
ScriptError split_error(const Bytes &text) {
    constexpr size_t kMessageMost = 256;
    ScriptError error;
    size_t file = text.find('"'), end = text.find('"', file + 1);
    size_t line = text.find(':', end), after = text.find(':', line + 1);
    if (text.empty()) {
        error.message = "(Null error message returned by lua)";
    } else if (text[0] != '[' || file == Bytes::npos || end == Bytes::npos || after == Bytes::npos) {
        error.message = text.substr(0, std::min(text.find('\n'), kMessageMost));
    } else {
        error.file = text.substr(file + 1, end - file - 1);
        error.line = std::atoi(text.c_str() + line + 1);
        error.message = after + 2 <= text.size() ? text.substr(after + 2) : Bytes();
    }
    return error;
}

}  // namespace

std::optional<ScriptError> ScriptState::check(View file, View source) {
    Bytes name(file);
    Call call;
    call.file = name;
    call.source = source;
    if (run(run_source, call)) {
        return std::nullopt;
    }
    return split_error(error_text());
}

int ScriptState::run_module(lua_State *lua) {
    auto &call = *static_cast<Call *>(lua_touserdata(lua, 1));
    lua_getglobal(lua, "require");
    lua_pushlstring(lua, call.source.data(), call.source.size());
    lua_call(lua, 1, 0);
    return 0;
}

bool ScriptState::load(View module) {
    Call call;
    call.source = module;
    return run(run_module, call);
}

// ---- calls ----

namespace {

// The function that applies, what it applies, and in a moment its arguments.
void push_applied(lua_State *lua, const void *apply, const char *function) {
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &kLibrary);
    lua_setglobal(lua, "aerospike");
    lua_rawgetp(lua, LUA_REGISTRYINDEX, apply);
    lua_getglobal(lua, function);
}

int push_arguments(lua_State *lua, const List &arguments) {
    luaL_checkstack(lua, static_cast<int>(arguments.items.size()) + LUA_MINSTACK, "too many arguments");
    for (const Value &value : arguments.items) {
        push_value(lua, value);
    }
    return static_cast<int>(arguments.items.size());
}

}  // namespace

int ScriptState::run_record(lua_State *lua) {
    auto &call = *static_cast<Call *>(lua_touserdata(lua, 1));
    push_applied(lua, &kApplyRecord, call.function);
    push_record(lua, *call.record);
    int count = push_arguments(lua, *call.arguments);
    lua_call(lua, 2 + count, 1);
    guarded([&] { call.taken = take_value(lua, -1, call.result); });
    return 0;
}

ScriptOutcome ScriptState::call_record(View function, const List &arguments, ScriptRecord &record) {
    Bytes name(function);
    Call call;
    call.function = name.c_str();
    call.arguments = &arguments;
    call.record = &record;
    if (!run(run_record, call)) {
        return failure();
    }
    switch (call.taken) {
    case Taken::taken:
        return {false, std::move(call.result)};
    case Taken::unsupported:
        return {false, Value()};
    default:
        return {true, Value(Bytes("the result is nested too deeply, or too large"))};
    }
}

int ScriptState::run_stream(lua_State *lua) {
    constexpr lua_Integer kOnServer = 1;
    auto &call = *static_cast<Call *>(lua_touserdata(lua, 1));
    push_applied(lua, &kApplyStream, call.function);
    lua_pushinteger(lua, kOnServer);
    push_stream(lua);
    push_stream(lua);
    int count = push_arguments(lua, *call.arguments);
    lua_call(lua, 4 + count, 0);
    return 0;
}

ScriptOutcome ScriptState::call_stream(View function, const List &arguments, ScriptStream &stream) {
    Bytes name(function);
    Call call;
    call.function = name.c_str();
    call.arguments = &arguments;
    stream_ = &stream;
    bool good = run(run_stream, call);
    stream_ = nullptr;
    return good ? ScriptOutcome() : failure();
}

}  // namespace embedded
