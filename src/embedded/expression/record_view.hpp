// SPDX-License-Identifier: Apache-2.0
// What expressions see of a record: as it is stored, or with the bins that operations have changed so far.
#pragma once

#include "expression/expression.hpp"
#include "store/bins.hpp"
#include "store/store.hpp"

namespace embedded {

class StoredView : public RecordView {
  public:
    // `record` is null where there is none; `bins` are those of a command at work, or null for the stored ones.
    StoredView(const Digest &digest, const Record *record, View set_name, View key, const Bins *bins)
        : digest_(digest), record_(record), set_name_(set_name), key_(key), bins_(bins) {}

    bool exists() const override { return record_ != nullptr; }
    Value bin(View name) const override;
    Particle bin_type(View name) const override;
    View set_name() const override { return set_name_; }
    Value key() const override;
    View digest() const override { return {digest_.data(), digest_.size()}; }
    int64_t ttl_seconds() const override;
    int64_t void_time() const override;
    int64_t last_update() const override { return record_ == nullptr ? now() : record_->last_update; }
    int64_t now() const override { return now_nanoseconds(); }
    int64_t record_size() const override;

  private:
    const Digest &digest_;
    const Record *record_;
    View set_name_;
    View key_;  // type and value, as stored or as sent
    const Bins *bins_;
};

}  // namespace embedded
