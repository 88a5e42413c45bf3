// SPDX-License-Identifier: Apache-2.0
// Commands that are part of a transaction, and those that clients send for transactions alone.
#pragma once

#include "store/store.hpp"
#include "wire/protocol.hpp"

namespace embedded {

constexpr View kMonitorSet = "<ERO~MRT";  // of the records by which clients tell of transactions

// Has a request to do with transactions, which only namespaces have that are strongly consistent?
bool is_transactional(const Request &request);

// A request to a transaction's monitor.
Status monitor_command(Namespace &ns, const Digest &digest, const Request &request, Reply &reply);

// Look whether a record is as it was read, or let stand or undo what a transaction has written. False: the request asks
// for neither.
bool ends_transaction(const Request &request);
Status ending_command(Namespace &ns, Partition::Locked &partition, const Digest &digest, const Request &request);

// One record as a command sees and changes it: a transaction's own version of it, if the command is part of one.
class Part {
  public:
    Part(Namespace &ns, Partition::Locked &partition, const Digest &digest, const Request &request);

    // Whether the command may go on. It changes the record if `writes`.
    Status admit(bool writes);
    const Record *record() const { return record_; }  // null: there is none
    void put(Record record);
    void remove();
    // By which a transaction knows later that the record is what it was; nullopt: it need not, or there is none.
    std::optional<uint64_t> version() const { return version_; }

  private:
    Namespace &ns_;
    Partition::Locked &partition_;
    const Digest &digest_;
    const Request &request_;
    std::optional<uint64_t> transaction_, version_;
    uint32_t deadline_ = 0;
    const Record *record_;
};

void tell_version(uint64_t version, Reply &reply);

}  // namespace embedded
