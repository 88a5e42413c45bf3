// SPDX-License-Identifier: Apache-2.0
// Harm on purpose (commands/faults.hpp): to a command before it is carried out, or to its answer.
#include "commands/info.hpp"
#include "net/connection.hpp"
#include "security/admin_command.hpp"

namespace embedded {

using Action = Harm::Action;

// A command came, and perhaps harm comes to it. One that was delayed has been here before.
std::optional<Harm> Connection::strike(const Target &target) {
    if (delayed_) {
        delayed_ = false;
        return std::nullopt;
    }
    node_.commands[static_cast<size_t>(target.kind)].fetch_add(1, std::memory_order_relaxed);
    return server_.faults->strike(target);
}

// Nothing goes out, and nothing else is served, until time has passed.
void Connection::hold(uint32_t milliseconds) {
    held_ = true;
    pause_.start(milliseconds);
}

// Instead of carrying it out.
void Connection::harm_command(const Harm &harm, Kind kind, View body) {
    if (harm.action == Action::delay) {
        delayed_ = true;  // the frame stays, and is served when time has passed
        hold(harm.milliseconds);
    } else {
        end_harm(harm, kind, body);
    }
}

// A piece of an answer, from `begin` on. Half of the first one goes out where the answer is cut.
void Connection::harm_piece(const Harm &harm, size_t begin, bool first) {
    if (harm.action != Action::delay) {
        bool cut = harm.action == Action::truncate && first;
        out_.resize(begin + (cut ? (out_.size() - begin) / 2 : 0));
    } else if (first) {
        hold(harm.milliseconds);
    }
}

// All of the answer came by.
void Connection::end_harm(const Harm &harm, Kind kind, View body) {
    switch (harm.action) {
    case Action::error:
        answer_error(harm.status, kind, body);
        break;
    case Action::reset:
        out_.clear();
        last_ = resets_ = true;
        break;
    case Action::truncate:
        last_ = true;
        break;
    case Action::delay:
    case Action::drop:
        break;
    }
}

// The piece that was just produced, which is all of out_.
void Connection::harm_job(bool more) {
    harm_piece(*harm_, 0, !harmed_);
    harmed_ = true;
    if (!more) {
        end_harm(*harm_, kind_, {});
        harm_.reset();
        harmed_ = false;
    }
}

void Connection::answer_error(Status status, Kind kind, View body) {
    if (kind == Kind::info) {
        info_refuse(status, body, out_);
    } else if (kind == Kind::admin) {
        admin_refuse(status, out_);
    } else {
        Reply reply(out_);
        reply.fail(status);
        reply.info3(kind == Kind::batch || kind == Kind::query || kind == Kind::background ? info3::last : 0);
        reply.finish();
    }
}

}  // namespace embedded
