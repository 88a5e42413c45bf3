// SPDX-License-Identifier: Apache-2.0
#include "lua/script_record.hpp"

#include "wire/msgpack.hpp"

namespace embedded {

Value ScriptRecord::bin(View name) const {
    if (bins_) {
        return bins_->value(name);
    }
    Value value;
    auto found = stored_ == nullptr ? std::nullopt : find_bin(stored_->bins(), name);
    if (found) {
        from_particle(found->particle, found->value, value);
    }
    return value;
}

Bins &ScriptRecord::bins() {
    if (!bins_) {
        bins_.emplace(stored_ == nullptr ? View() : stored_->bins());
    }
    return *bins_;
}

// As it is stored: one that is sent with the command does not count.
Value ScriptRecord::key() const {
    Value value;
    if (stored_ != nullptr && stored_->key_size > 0 && !key_dropped_) {
        View key = stored_->key();
        from_particle(static_cast<Particle>(key[0]), key.substr(1), value);
    }
    return value;
}

void ScriptRecord::removed() {
    bins().clear();
    changed_ = true;
}

}  // namespace embedded
