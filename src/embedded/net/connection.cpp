// SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include "commands/info.hpp"
#include "commands/message_command.hpp"
#include "security/admin_command.hpp"

namespace embedded {

namespace {

constexpr size_t kLittle = 64 * 1024;
constexpr size_t kSendPiece = 64 * 1024;
constexpr size_t kKeep = 1024 * 1024;  // what a buffer may hold on to between answers

constexpr uint64_t kGreetingMost = 10000;  // milliseconds that a handshake may take

constexpr size_t kWaitingMost = size_t(512) << 20;  // bytes of frames that are not whole, of all connections

void refuse(Status status, Bytes &out) {
    Reply reply(out);
    reply.fail(status);
    reply.finish();
}

}  // namespace

Connection::Connection(ClusterNode &node, uv_loop_t *loop, void *owner, Closed closed)
    : node_(node), server_(node.server), session_{node, node.server}, owner_(owner), closed_(closed),
      transport_(loop, *this) {
    pause_.open(loop, this, on_pause);
}

bool Connection::open(uv_os_sock_t socket) {
    if (!transport_.open(socket, server_.tls.get())) {
        return false;
    }
    if (server_.tls != nullptr) {
        pause_.start(kGreetingMost);
    }
    session_.login.address = transport_.peer();
    read_or_wait();
    return true;
}

void Connection::close() {
    if (!closing_) {
        closing_ = true;
        if (server_.accounts != nullptr) {
            server_.accounts->leave(session_.login.user);
        }
        Bytes().swap(in_);
        count_waiting();
        transport_.close(resets_);
        pause_.close([](void *connection) { static_cast<Connection *>(connection)->on_closed(); });
    }
}

// What a loop calls must not throw. Short of memory, this connection goes, and the others go on.
template <typename Work>
void Connection::or_close(Work work) {
    try {
        work();
    } catch (const std::exception &) {
        close();
    }
}

// Tell the node how much waits here. False: more than all connections together may have, and not a little.
bool Connection::count_waiting() {
    node_.waiting += in_.size() - counted_;
    counted_ = in_.size();
    return node_.waiting <= kWaitingMost || in_.size() <= kLittle;
}

void Connection::on_closed() {
    if (--handles_ == 0) {
        closed_(this);
    }
}

void Connection::on_bytes(View bytes) {
    or_close([this, bytes] { take(bytes); });
}

void Connection::take(View bytes) {
    bool waited = !in_.empty();
    if (waited) {
        in_.append(bytes);
    } else {
        in_.assign(serve(bytes));
    }
    if (!count_waiting()) {
        close();
    } else if (!waited || in_.size() >= needed_) {  // a large frame comes in pieces: nothing to do until it is whole
        advance();
    }
}

void Connection::on_sent(bool good) {
    writing_ = false;
    if (good) {
        or_close([this] { advance(); });
    } else {
        close();
    }
}

void Connection::on_pause(void *connection) {
    auto *self = static_cast<Connection *>(connection);
    self->pausing_ = self->held_ = false;
    if (self->transport_.is_greeting()) {
        self->close();
    } else {
        self->or_close([self] { self->advance(); });
    }
}

// Do what can be done now: send, go on with a long answer, serve what waits. Called whenever something has changed.
void Connection::advance() {
    while (!closing_ && !writing_ && !held_) {
        if (!out_.empty()) {
            flush();
        } else if (last_) {
            close();
        } else if (job_ != nullptr) {
            if (pausing_) {
                break;
            }
            produce();
        } else {
            serve_waiting();
            if (out_.empty() && job_ == nullptr && !last_ && !held_) {
                break;
            }
        }
    }
    read_or_wait();
}

// A client that takes its answers slowly, or waits for a long one, is not read from.
void Connection::read_or_wait() {
    bool wanted = !closing_ && !writing_ && !held_ && job_ == nullptr;
    if (wanted == reading_ || closing_) {
        return;
    }
    reading_ = wanted;
    if (!transport_.read(wanted)) {
        close();
    }
}

void Connection::serve_waiting() {
    size_t left = serve(in_).size();
    in_.erase(0, in_.size() - left);
    if (in_.empty() && in_.capacity() > kKeep) {
        Bytes().swap(in_);
    }
    count_waiting();
}

// Serve whole frames, until one needs many pieces or enough is to be sent. What is left of the bytes is returned.
View Connection::serve(View frames) {
    Frame frame;
    needed_ = 0;
    while (job_ == nullptr && !last_ && !held_ && out_.size() < kSendPiece && frames.size() >= kFrameHeader) {
        if (!read_frame(frames, frame)) {
            last_ = true;
        } else if (frames.size() - kFrameHeader < frame.size) {
            needed_ = kFrameHeader + frame.size;
            break;
        } else {
            last_ = !serve_frame(frame, frames.substr(kFrameHeader, frame.size)) || last_;
            frames.remove_prefix(delayed_ ? 0 : kFrameHeader + frame.size);
        }
    }
    return frames;
}

// False: nothing sensible can follow on this connection.
bool Connection::serve_frame(const Frame &frame, View body) {
    switch (frame.type) {
    case FrameType::info:
        return carry_out({node_.place, Kind::info, nullptr}, body, [&] { return info_command(session_, body, out_); });
    case FrameType::admin:
        return carry_out({node_.place, Kind::admin, nullptr}, body, [&] {
            session_.login.certificate = transport_.client_name();
            admin_command(server_.accounts.get(), session_.login, body, out_);
            return true;
        });
    case FrameType::message:
        return serve_message(body);
    case FrameType::compressed:
        return serve_compressed(body);
    }
    refuse(Status::parameter, out_);  // of a type that nobody knows: what follows may make sense
    return true;
}

// Without the option it is what an Enterprise Edition's server alone takes.
bool Connection::serve_compressed(View body) {
    if (!server_.options.compression) {
        refuse(Status::enterprise_only, out_);
        return true;
    }
    Bytes inside;
    Frame inner;
    if (!inflate_frame(body, inside) || inside.size() < kFrameHeader || !read_frame(inside, inner) ||
        inner.type != FrameType::message || inner.size != inside.size() - kFrameHeader) {
        return false;
    }
    return serve_message(View(inside).substr(kFrameHeader));
}

bool Connection::serve_message(View body) {
    Request request{};
    if (!read_request(body, request)) {
        node_.malformed++;
        refuse(Status::parameter, out_);
        return false;
    }
    if (!server_.options.compression) {
        request.info1 &= static_cast<uint8_t>(~info1::compress_response);
    }
    Kind kind = kind_of(request);
    return carry_out({node_.place, kind, &request}, body, [&] {
        job_ = message_command(session_, kind, request, out_);
        return true;
    });
}

// One command, and what a fault makes of it. False: as serve_frame().
template <typename Work>
bool Connection::carry_out(const Target &target, View body, Work work) {
    std::optional<Harm> harm = strike(target);
    if (harm && !harm->after) {
        harm_command(*harm, target.kind, body);
        return true;
    }
    size_t begin = out_.size();
    bool good = work();
    if (harm && job_ != nullptr) {
        harm_ = harm;
        kind_ = target.kind;
    } else if (harm) {
        harm_piece(*harm, begin, true);
        end_harm(*harm, target.kind, body);
    }
    return good;
}

// The next piece of a long answer. Before the one after it, other connections have their turn.
void Connection::produce() {
    bool more = job_->produce(out_);
    if (more) {
        pausing_ = true;
        pause_.start(job_->pause());
    } else {
        job_.reset();
    }
    if (harm_) {
        harm_job(more);
    }
}

void Connection::flush() {
    sending_.swap(out_);
    out_.clear();
    switch (transport_.send(sending_)) {
    case Transport::Sent::all:
        if (sending_.capacity() > kKeep) {
            Bytes().swap(sending_);
        }
        break;
    case Transport::Sent::later:
        writing_ = true;
        break;
    case Transport::Sent::failed:
        close();
        break;
    }
}

}  // namespace embedded
