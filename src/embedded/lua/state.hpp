// SPDX-License-Identifier: Apache-2.0
// One Lua, with a module loaded into it, for one call at a time.
#pragma once

#include <optional>

#include "lua/api.hpp"
#include "lua/modules.hpp"
#include "lua/script_outcome.hpp"
#include "lua/script_record.hpp"
#include "lua/script_stream.hpp"

namespace embedded {

// A state is bounded in what it takes: memory; and of one call, instructions, and time, where instructions are long
// ones. What is over a bound is an error that a script cannot hold up: as long as it goes on, each instruction is one,
// and nothing is allocated any more.
class ScriptState {
  public:
    explicit ScriptState(ModulesPointer modules);
    ScriptState(const ScriptState &) = delete;
    ScriptState &operator=(const ScriptState &) = delete;
    ~ScriptState();

    static ScriptState &of(lua_State *lua) { return **static_cast<ScriptState **>(lua_getextraspace(lua)); }

    // Run a module's source; its text is as of one that is checked before it is registered.
    std::optional<ScriptError> check(View file, View source);
    // Load the module that the following calls are of. False: there is none, or it fails.
    bool load(View module);

    ScriptOutcome call_record(View function, const List &arguments, ScriptRecord &record);
    ScriptOutcome call_stream(View function, const List &arguments, ScriptStream &stream);

    const ModulesPointer &modules() const { return modules_; }
    // May it serve another call?
    bool sound();

    // For the functions that scripts call.
    uint64_t call() const { return call_; }  // what was lent by another one is of no use
    ScriptStream *stream() const { return stream_; }
    void spend(lua_State *lua, int64_t instructions);  // what a function did that counts as so many
    Value held;  // of a function that needs one

  private:
    struct Call;  // what a function of ours is given

    static void *allocate(void *state, void *block, size_t old_size, size_t size);
    static void on_event(lua_State *lua, lua_Debug *event);
    static int open(lua_State *lua);
    static int run_source(lua_State *lua);
    static int run_module(lua_State *lua);
    static int run_record(lua_State *lua);
    static int run_stream(lua_State *lua);

    bool exhausted() const { return instructions_left_ <= 0; }
    bool has_time_left();
    // Call a function of ours with what it needs, protected. False: it failed, and the error is on top.
    bool run(lua_CFunction function, Call &call);
    Bytes error_text() const;
    ScriptOutcome failure() const;

    ModulesPointer modules_;
    lua_State *lua_ = nullptr;
    size_t used_ = 0;  // bytes
    int64_t instructions_left_ = 0, until_ = 0, processor_until_ = 0;
    char stopped_[LUA_IDSIZE + 64] = "";  // where a bound was reached
    uint64_t call_ = 0;
    ScriptStream *stream_ = nullptr;
};

}  // namespace embedded
