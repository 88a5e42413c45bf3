// SPDX-License-Identifier: Apache-2.0
// The records that a request without a key is about: all of them, or those to which an index leads.
#pragma once

#include <optional>

#include "index/predicate.hpp"

namespace embedded {

class RecordSelection {
  public:
    // As the fields of a request have it.
    static Status read(Namespace &ns, const Request &request, RecordSelection &out);

    bool by_index() const { return index_ != nullptr; }
    // The index was removed meanwhile: what is found is not all there is.
    bool lost() const { return index_ != nullptr && !index_->ready(); }

    // How far a walk through a partition has come. Without an index, keys mean nothing.
    struct Place {
        std::optional<IndexEntry> start;  // behind which it began, where that was not the partition's begin
        std::optional<IndexEntry> last;  // that was visited
    };

    // From the highest digest down, or from an index's lowest entry up, until `visit(entry, record)` is false. False:
    // it was. In one walk a record comes once; but for geometries, once for each that fits. A walk that starts behind
    // an entry knows nothing of those before it, so that a list which has several values may come again, as on a
    // server.
    template <typename Visit>
    bool walk(const Partition::Locked &partition, Place &place, Visit visit) const {
        std::optional<IndexEntry> from = place.last ? place.last : place.start;
        auto keep = [&](const IndexEntry &entry, const Record &record) {
            place.last = entry;
            return visit(entry, record);
        };
        if (index_ == nullptr) {
            return partition.visit_below(
                from ? &from->digest : nullptr,
                [&](const Digest &digest, const Record &record) { return keep({0, digest}, record); });
        }
        return partition.visit_index(*index_, predicate_.range(), from ? &*from : nullptr,
                                     [&](const IndexEntry &entry, const Record &record) {
                                         bool taken = predicate_.takes(*index_, place.start, entry, record);
                                         return !taken || keep(entry, record);
                                     });
    }

  private:
    std::shared_ptr<const RecordIndex> index_;
    IndexPredicate predicate_;
};

}  // namespace embedded
