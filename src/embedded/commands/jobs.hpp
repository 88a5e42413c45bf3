// SPDX-License-Identifier: Apache-2.0
// Background jobs: work that goes on, a piece at a time, after its request was answered. The loops run the pieces
// between what they serve; info commands show, and end, the jobs.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "value/value.hpp"

namespace embedded {

// What is told of a job. Its texts never change; its counts are written by the loop that runs a piece, and read by all.
struct JobFacts {
    uint64_t id = 0;
    Bytes ns, set, type;
    uint32_t per_second = 0, socket_timeout = 0;
    int64_t started = 0;  // nanoseconds
    std::atomic<uint64_t> succeeded{0}, failed{0}, filtered{0}, throttled{0};  // records
    std::atomic<uint32_t> progress{0};  // in hundredths of a percent
};

class BackgroundJob {
  public:
    virtual ~BackgroundJob() = default;

    // Do a piece, which takes little time. Milliseconds until the next one may begin; nullopt: it was the last one. One
    // thread at a time calls this, not always the same.
    virtual std::optional<uint64_t> run() = 0;

    const JobFacts &facts() const { return facts_; }

  protected:
    JobFacts facts_;
};

// All functions may be called on any thread.
class Jobs {
  public:
    // Called whenever a job has come, to have some thread call run_piece(). Set once, before there are other threads.
    void on_start(std::function<void()> wake) { wake_ = std::move(wake); }

    // Have the threads look whether there is something to do.
    void wake() const;

    // False: a job of that id is at work.
    bool start(std::unique_ptr<BackgroundJob> job);

    // Run a piece of the job that has waited longest, if one is due. Milliseconds until it makes sense to call again;
    // nullopt: not before a job has come.
    std::optional<uint64_t> run_piece();

    bool abort(uint64_t id);  // whether it was at work
    size_t abort_all();  // how many were
    void end_all();  // the same, and none of them does anything any more

    // A job that is at work, or one of the last that have ended; nullopt: there is none.
    std::optional<Bytes> show(uint64_t id) const;
    Bytes show_all() const;

  private:
    using Clock = int64_t;  // nanoseconds

    struct Entry {
        std::unique_ptr<BackgroundJob> job;
        Clock due = 0;
        Clock ended = 0;  // 0: it is at work
        bool busy = false;  // a thread runs a piece, and alone touches the job but for its facts
        const char *outcome = "ok";
        bool aborted = false;
    };

    using Entries = std::deque<std::shared_ptr<Entry>>;

    std::shared_ptr<Entry> next_due(Clock now) const;
    std::optional<uint64_t> wait_for_next(Clock now) const;
    void end(const std::shared_ptr<Entry> &entry, const char *outcome);
    void abort_entry(const std::shared_ptr<Entry> &entry);
    static Bytes text(const Entry &entry);

    std::function<void()> wake_;
    mutable std::mutex mutex_;  // guards all below, but what a busy entry's thread runs; taken before any other lock
    std::condition_variable rested_;  // an entry is busy no more
    Entries active_, done_;
};

}  // namespace embedded
