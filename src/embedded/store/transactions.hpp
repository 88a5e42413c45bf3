// SPDX-License-Identifier: Apache-2.0
// The transactions that work on a namespace: until when each may, what it has written, whether it is committed.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "store/record.hpp"
#include "value/status.hpp"

namespace embedded {

// A record as a transaction has written it, beside the record as all others see it.
struct Provisional {
    uint64_t transaction;
    uint32_t deadline;  // seconds of the wire
    std::optional<Record> record;  // nullopt: it is removed
};

// Its lock is taken while a partition's is held, and none is taken meanwhile.
class Transactions {
  public:
    // What is to become of what a transaction has written.
    enum class Fate : uint8_t { open, stands, goes };

    // A client tells of the records before it writes them, to the transaction's monitor, which has a digest as a record
    // has. The first time (`begun` has its number) it comes to be, for so many seconds (0: the server's own number).
    struct Telling {
        std::optional<uint64_t> begun;
        uint32_t seconds;
        std::vector<Digest> written;
    };
    Status tell(const Digest &monitor, const Telling &telling, uint32_t &deadline);
    Status commit(const Digest &monitor);
    Status end(const Digest &monitor);

    // Whether a transaction may write, and until when.
    Status may_write(uint64_t transaction, uint32_t &deadline) const;
    Fate fate(uint64_t transaction) const;
    void settled(uint64_t transaction, const Digest &written);
    size_t size() const;
    void clear();

  private:
    struct Monitor {
        uint64_t transaction;
        uint32_t deadline;
        bool committed;
        std::set<Digest, DigestLess> written;
    };
    using Monitors = std::map<Digest, Monitor, DigestLess>;
    static bool over(const Monitor &monitor);
    const Monitor *find(uint64_t transaction) const;
    Status begin(const Digest &monitor, const Telling &telling);
    void forget_old();
    Monitors::iterator forget(Monitors::iterator monitor);

    mutable std::mutex mutex_;
    Monitors monitors_;
    std::map<uint64_t, Digest> digests_;  // of the monitors, by transaction
};

}  // namespace embedded
