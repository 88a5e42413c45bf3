// SPDX-License-Identifier: Apache-2.0
#include "store/transactions.hpp"

#include <iterator>

namespace embedded {

namespace {

constexpr uint32_t kDuration = 10, kDurationMost = 120;  // seconds
constexpr uint32_t kRemembered = 3600;  // seconds after the end, of those that nobody has ended
constexpr size_t kWritesMost = 4096;

}  // namespace

bool Transactions::over(const Monitor &monitor) {
    return !monitor.committed && monitor.deadline < now_seconds();
}

const Transactions::Monitor *Transactions::find(uint64_t transaction) const {
    auto digest = digests_.find(transaction);
    return digest == digests_.end() ? nullptr : &monitors_.at(digest->second);
}

Status Transactions::begin(const Digest &monitor, const Telling &telling) {
    if (telling.seconds > kDurationMost) {
        return Status::parameter;
    }
    if (monitors_.count(monitor) > 0 || digests_.count(*telling.begun) > 0) {
        return Status::mrt_monitor_exists;
    }
    forget_old();
    uint32_t deadline = now_seconds() + (telling.seconds == 0 ? kDuration : telling.seconds);
    monitors_.emplace(monitor, Monitor{*telling.begun, deadline, false, {}});
    digests_.emplace(*telling.begun, monitor);  // last: it leads to what is there, also where memory runs out
    return Status::ok;
}

Status Transactions::tell(const Digest &monitor, const Telling &telling, uint32_t &deadline) {
    std::lock_guard guard(mutex_);
    Status status = telling.begun ? begin(monitor, telling) : Status::ok;
    if (status != Status::ok) {
        return status;
    }
    auto found = monitors_.find(monitor);
    if (found == monitors_.end() || over(found->second)) {
        return Status::mrt_expired;
    }
    if (found->second.committed) {
        return Status::mrt_committed;
    }
    std::set<Digest, DigestLess> written = found->second.written;
    written.insert(telling.written.begin(), telling.written.end());
    if (written.size() > kWritesMost) {
        return Status::mrt_too_many_writes;
    }
    found->second.written = std::move(written);
    deadline = found->second.deadline;
    return Status::ok;
}

Status Transactions::commit(const Digest &monitor) {
    std::lock_guard guard(mutex_);
    auto found = monitors_.find(monitor);
    if (found == monitors_.end()) {
        return Status::mrt_aborted;
    }
    if (over(found->second)) {
        return Status::mrt_expired;
    }
    bool before = found->second.committed;
    found->second.committed = true;
    return before ? Status::mrt_committed : Status::ok;
}

Status Transactions::end(const Digest &monitor) {
    std::lock_guard guard(mutex_);
    auto found = monitors_.find(monitor);
    if (found == monitors_.end()) {
        return Status::not_found;
    }
    forget(found);
    return Status::ok;
}

Status Transactions::may_write(uint64_t transaction, uint32_t &deadline) const {
    std::lock_guard guard(mutex_);
    const Monitor *monitor = find(transaction);
    if (monitor == nullptr || over(*monitor)) {
        return Status::mrt_expired;
    }
    deadline = monitor->deadline;
    return monitor->committed ? Status::mrt_committed : Status::ok;
}

Transactions::Fate Transactions::fate(uint64_t transaction) const {
    std::lock_guard guard(mutex_);
    const Monitor *monitor = find(transaction);
    if (monitor == nullptr || over(*monitor)) {
        return Fate::goes;
    }
    return monitor->committed ? Fate::stands : Fate::open;
}

void Transactions::settled(uint64_t transaction, const Digest &written) {
    std::lock_guard guard(mutex_);
    auto digest = digests_.find(transaction);
    if (digest != digests_.end()) {
        monitors_.at(digest->second).written.erase(written);
    }
}

void Transactions::clear() {
    std::lock_guard guard(mutex_);
    monitors_.clear();
    digests_.clear();
}

size_t Transactions::size() const {
    std::lock_guard guard(mutex_);
    return monitors_.size();
}

Transactions::Monitors::iterator Transactions::forget(Monitors::iterator monitor) {
    digests_.erase(monitor->second.transaction);
    return monitors_.erase(monitor);
}

// Those whose client has gone. What a committed one has written must stand everywhere before.
void Transactions::forget_old() {
    uint32_t now = now_seconds();
    for (auto at = monitors_.begin(); at != monitors_.end();) {
        bool old = at->second.deadline + kRemembered < now;
        at = old && (!at->second.committed || at->second.written.empty()) ? forget(at) : std::next(at);
    }
}

}  // namespace embedded
