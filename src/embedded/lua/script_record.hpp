// SPDX-License-Identifier: Apache-2.0
// A record as a script has it: what is stored, and what create(), update() and remove() have made of it. Nothing is
// written before the script has ended well.
#pragma once

#include <optional>

#include "store/bins.hpp"
#include "store/store.hpp"

namespace embedded {

class ScriptRecord {
  public:
    // `stored` is null where there is none. One that is not `writable` stays as it is, whatever a script says.
    ScriptRecord(const Digest &digest, const Record *stored, View set_name, bool writable)
        : digest_(digest), stored_(stored), set_name_(set_name), writable_(writable) {}

    View digest() const { return {digest_.data(), digest_.size()}; }
    const Record *stored() const { return stored_; }
    View set_name() const { return set_name_; }
    bool writable() const { return writable_; }

    bool exists() const { return stored_ != nullptr || created_; }
    Value bin(View name) const;
    size_t bin_count() const { return bins_ ? bins_->size() : stored_ == nullptr ? 0 : stored_->bin_count; }
    Bins &bins();  // to be changed, or listed
    Value key() const;

    void created() { created_ = changed_ = true; }
    void changed() { changed_ = true; }
    void removed();
    void set_ttl(uint32_t ttl) { ttl_ = ttl; }
    void drop_key() { key_dropped_ = true; }

    // What is to be written in the end.
    bool is_changed() const { return changed_; }
    std::optional<uint32_t> ttl() const { return ttl_; }
    bool key_dropped() const { return key_dropped_; }

  private:
    const Digest &digest_;
    const Record *stored_;
    View set_name_;
    bool writable_;
    bool created_ = false, changed_ = false, key_dropped_ = false;
    std::optional<uint32_t> ttl_;
    std::optional<Bins> bins_;  // once they are not simply those that are stored
};

}  // namespace embedded
