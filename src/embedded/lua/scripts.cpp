// SPDX-License-Identifier: Apache-2.0
#include "lua/scripts.hpp"

#include <utility>

#include "lua/state.hpp"

namespace embedded {

namespace {

constexpr char kNoModule[] = "UDF: Execution Error 1";
constexpr char kStreamFailed[] = "UDF: Execution Error 2 : ";

}  // namespace

Scripts::Scripts() = default;
Scripts::~Scripts() = default;

std::optional<ScriptError> Scripts::put(View file, View source) {
    auto error = ScriptState(modules()).check(file, source);
    if (!error) {
        Module module = make_module(file, source);
        std::lock_guard guard(mutex_);
        auto changed = std::make_shared<Modules>(*modules_);
        changed->insert_or_assign(Bytes(file), std::move(module));
        set_modules(std::move(changed));
    }
    return error;
}

void Scripts::remove(View file) {
    std::lock_guard guard(mutex_);
    auto changed = std::make_shared<Modules>(*modules_);
    changed->erase(Bytes(file));
    set_modules(std::move(changed));
}

void Scripts::set_modules(ModulesPointer modules) {
    modules_ = std::move(modules);
    resting_.clear();
}

ModulesPointer Scripts::modules() const {
    std::lock_guard guard(mutex_);
    return modules_;
}

void Scripts::clear_cache() {
    std::lock_guard guard(mutex_);
    resting_.clear();
}

Scripts::StatePointer Scripts::take(View module) {
    std::unique_lock guard(mutex_);
    auto found = resting_.find(Bytes(module));
    if (found != resting_.end() && !found->second.empty()) {
        StatePointer state = std::move(found->second.back());
        found->second.pop_back();
        return state;
    }
    ModulesPointer modules = modules_;
    guard.unlock();
    if (find_module(*modules, module) == nullptr) {
        return nullptr;
    }
    auto state = std::make_unique<ScriptState>(modules);
    return state->load(module) ? std::move(state) : nullptr;
}

void Scripts::give_back(View module, StatePointer state) {
    if (!state->sound()) {
        return;
    }
    std::lock_guard guard(mutex_);
    if (state->modules() == modules_) {
        resting_[Bytes(module)].push_back(std::move(state));
    }
}

ScriptOutcome Scripts::call_record(View module, View function, const List &arguments, ScriptRecord &record) {
    StatePointer state = take(module);
    if (state == nullptr) {
        return {true, Value(Bytes(kNoModule))};
    }
    ScriptOutcome outcome = state->call_record(function, arguments, record);
    give_back(module, std::move(state));
    return outcome;
}

ScriptOutcome Scripts::call_stream(View module, View function, const List &arguments, ScriptStream &stream) {
    StatePointer state = take(module);
    if (state == nullptr) {
        return {true, Value(Bytes(kNoModule))};
    }
    ScriptOutcome outcome = state->call_stream(function, arguments, stream);
    give_back(module, std::move(state));
    if (outcome.failed) {
        outcome.value = Value(kStreamFailed + outcome.value.text());
    }
    return outcome;
}

}  // namespace embedded
