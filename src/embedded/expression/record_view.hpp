// SPDX-License-Identifier: Apache-2.0
// What expressions see of a record: as it is stored, or with the bins that operations have changed so far.
#pragma once

#include "expression/expression.hpp"
#include "store/bins.hpp"
#include "store/store.hpp"

namespace embedded {

// What a record of this set takes in a server's storage. Neither the cells of regions nor the indexes of lists and
// maps are counted.
size_t stored_size(const Record &record, View set_name);

// What a command that writes gives the record: a time of its own, in nanoseconds, and a void time.
struct Written {
    int64_t at;
    uint32_t void_time;
};

class StoredView : public RecordView {
  public:
    // `record` is null where there is none. `bins` are those of a command at work, or null for the stored ones;
    // `written` is null where it does not write.
    StoredView(const Digest &digest, const Record *record, View set_name, const Bins *bins = nullptr,
               const Written *written = nullptr)
        : digest_(digest), record_(record), set_name_(set_name), bins_(bins), written_(written) {}

    bool exists() const override { return record_ != nullptr; }
    Value bin(View name) const override;
    Particle bin_type(View name) const override;
    View set_name() const override { return set_name_; }
    Value key() const override;
    View digest() const override { return {digest_.data(), digest_.size()}; }
    int64_t ttl_seconds() const override;
    int64_t void_time() const override;
    int64_t last_update() const override;
    int64_t now() const override { return written_ != nullptr ? written_->at : now_nanoseconds(); }
    int64_t record_size() const override;

  private:
    uint32_t expires() const;  // seconds of the wire, 0: never

    const Digest &digest_;
    const Record *record_;
    View set_name_;
    const Bins *bins_;
    const Written *written_;
};

}  // namespace embedded
