// SPDX-License-Identifier: Apache-2.0
#include "commands/jobs.hpp"

#include <algorithm>
#include <cstdio>

#include "store/record.hpp"

namespace embedded {

namespace {

constexpr size_t kDoneMost = 100;  // that are remembered
constexpr int64_t kMillisecond = 1000000;

template <typename Entries>
auto find_entry(const Entries &entries, uint64_t id) {
    return std::find_if(entries.begin(), entries.end(),
                        [id](const auto &entry) { return entry->job->facts().id == id; });
}

}  // namespace

void Jobs::wake() const {
    if (wake_) {
        wake_();
    }
}

bool Jobs::start(std::unique_ptr<BackgroundJob> job) {
    {
        std::lock_guard guard(mutex_);
        if (find_entry(active_, job->facts().id) != active_.end()) {
            return false;
        }
        auto entry = std::make_shared<Entry>();
        entry->job = std::move(job);
        active_.push_back(std::move(entry));
    }
    wake();
    return true;
}

// Null: all are busy, or wait for their time.
std::shared_ptr<Jobs::Entry> Jobs::next_due(Clock now) const {
    std::shared_ptr<Entry> best;
    for (const auto &entry : active_) {
        if (!entry->busy && entry->due <= now && (best == nullptr || entry->due < best->due)) {
            best = entry;
        }
    }
    return best;
}

std::optional<uint64_t> Jobs::wait_for_next(Clock now) const {
    std::optional<uint64_t> wait;
    for (const auto &entry : active_) {
        if (!entry->busy) {
            Clock left = std::max<Clock>(0, entry->due - now);
            auto milliseconds = static_cast<uint64_t>((left + kMillisecond - 1) / kMillisecond);
            wait = std::min(milliseconds, wait.value_or(milliseconds));
        }
    }
    return wait;
}

std::optional<uint64_t> Jobs::run_piece() {
    std::unique_lock lock(mutex_);
    std::shared_ptr<Entry> entry = next_due(now_nanoseconds());
    if (entry == nullptr) {
        return wait_for_next(now_nanoseconds());
    }
    entry->busy = true;
    lock.unlock();
    std::optional<uint64_t> pause;
    const char *outcome = "ok";
    try {
        pause = entry->job->run();
    } catch (const std::exception &) {  // memory has run out
        outcome = "server-error";
    }
    lock.lock();
    entry->busy = false;
    Clock now = now_nanoseconds();
    if (entry->aborted) {
        end(entry, "user-aborted");
    } else if (!pause) {
        end(entry, outcome);
    } else {
        entry->due = now + static_cast<Clock>(*pause) * kMillisecond;
    }
    rested_.notify_all();
    return wait_for_next(now);
}

void Jobs::end(const std::shared_ptr<Entry> &entry, const char *outcome) {
    entry->outcome = outcome;
    entry->ended = now_nanoseconds();
    done_.push_back(entry);
    if (done_.size() > kDoneMost) {
        done_.pop_front();
    }
    active_.erase(std::find(active_.begin(), active_.end(), entry));
}

// One that is busy ends after its piece.
void Jobs::abort_entry(const std::shared_ptr<Entry> &entry) {
    entry->aborted = true;
    if (!entry->busy) {
        end(entry, "user-aborted");
    }
}

bool Jobs::abort(uint64_t id) {
    std::lock_guard guard(mutex_);
    auto found = find_entry(active_, id);
    if (found == active_.end() || (*found)->aborted) {
        return false;
    }
    abort_entry(std::shared_ptr<Entry>(*found));
    return true;
}

size_t Jobs::abort_all() {
    std::lock_guard guard(mutex_);
    size_t count = 0;
    for (const auto &entry : Entries(active_)) {
        if (!entry->aborted) {
            abort_entry(entry);
            count++;
        }
    }
    return count;
}

void Jobs::end_all() {
    abort_all();
    std::unique_lock lock(mutex_);
    rested_.wait(lock, [this] {
        return std::none_of(active_.begin(), active_.end(), [](const auto &entry) { return entry->aborted; });
    });
}

Bytes Jobs::text(const Entry &entry) {
    const JobFacts &facts = entry.job->facts();
    bool done = entry.ended != 0;
    int64_t now = now_nanoseconds();
    auto milliseconds = [](int64_t nanoseconds) { return std::to_string(nanoseconds / kMillisecond); };
    auto count = [](const std::atomic<uint64_t> &number) { return std::to_string(number); };
    char progress[16];
    std::snprintf(progress, sizeof progress, "%.2f", facts.progress / 100.0);
    Bytes out = "trid=" + std::to_string(facts.id) + ":ns=" + facts.ns;
    out += facts.set.empty() ? Bytes() : ":set=" + facts.set;
    out += ":job-type=" + facts.type + ":rps=" + std::to_string(facts.per_second);
    out += Bytes(":active-threads=") + (entry.busy ? "1" : "0");
    out += ":status=" + Bytes(done ? "done" : "active") + "(" + entry.outcome + ")";
    out += ":job-progress=" + Bytes(progress);
    out += ":run-time=" + milliseconds((done ? entry.ended : now) - facts.started);
    out += ":time-since-done=" + milliseconds(done ? now - entry.ended : 0);
    out += ":recs-throttled=" + count(facts.throttled);
    out += ":recs-filtered-meta=0:recs-filtered-bins=" + count(facts.filtered);
    out += ":recs-succeeded=" + count(facts.succeeded) + ":recs-failed=" + count(facts.failed);
    return out + ":net-io-bytes=0:socket-timeout=" + std::to_string(facts.socket_timeout);
}

std::optional<Bytes> Jobs::show(uint64_t id) const {
    std::lock_guard guard(mutex_);
    auto found = find_entry(active_, id);
    if (found != active_.end()) {
        return text(**found);
    }
    auto last =
        std::find_if(done_.rbegin(), done_.rend(), [id](const auto &entry) { return entry->job->facts().id == id; });
    return last == done_.rend() ? std::nullopt : std::optional<Bytes>(text(**last));
}

Bytes Jobs::show_all() const {
    std::lock_guard guard(mutex_);
    Bytes out;
    for (const Entries *entries : {&active_, &done_}) {
        for (const auto &entry : *entries) {
            out += (out.empty() ? "" : ";") + text(*entry);
        }
    }
    return out;
}

}  // namespace embedded
