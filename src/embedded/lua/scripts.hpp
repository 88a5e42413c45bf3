// SPDX-License-Identifier: Apache-2.0
// A server's modules, and the states that run them.
//
// A call has a state to itself. States that rest are kept by module, as many as were ever at work at the same time,
// which the loops that serve connections bound; those of modules that are no longer what they were go. So what a script
// keeps in globals lasts, as on a server, and no longer than that.
//
// A function on a record runs while its partition is locked, as a real server holds the record: what it reads is what
// it changes. The bounds of a state say how long others may wait for that. The lock here is never held meanwhile.
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "lua/modules.hpp"
#include "lua/script_outcome.hpp"
#include "lua/script_stream.hpp"

namespace embedded {

class ScriptState;

class Scripts {
  public:
    Scripts();
    ~Scripts();

    // Register a module; or what is wrong with it.
    std::optional<ScriptError> put(View file, View source);
    void remove(View file);
    ModulesPointer modules() const;
    void clear_cache();

    // The outcome is a failure where there is no such module.
    ScriptOutcome call_record(View module, View function, const List &arguments, ScriptRecord &record);
    ScriptOutcome call_stream(View module, View function, const List &arguments, ScriptStream &stream);

  private:
    using StatePointer = std::unique_ptr<ScriptState>;

    StatePointer take(View module);  // null: there is no such module
    void give_back(View module, StatePointer state);
    void set_modules(ModulesPointer modules);

    mutable std::mutex mutex_;  // guards what follows
    ModulesPointer modules_ = std::make_shared<Modules>();
    std::map<Bytes, std::vector<StatePointer>> resting_;  // by module
};

}  // namespace embedded
