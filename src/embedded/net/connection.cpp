// SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include "commands/info.hpp"
#include "commands/message_command.hpp"
#include "net/sockets.hpp"

namespace embedded {

namespace {

constexpr size_t kReadPiece = 64 * 1024;
constexpr size_t kSendPiece = 64 * 1024;
constexpr size_t kKeep = 1024 * 1024;  // what a buffer may hold on to between answers

Connection *of(void *handle) {
    return static_cast<Connection *>(static_cast<uv_handle_t *>(handle)->data);
}

// An administration command: security is an Enterprise Edition's.
void refuse_admin(Bytes &out) {
    constexpr size_t kAdminHeader = 16;
    size_t begin = out.size();
    out.append(kFrameHeader + kAdminHeader, '\0');
    write_frame(FrameType::admin, kAdminHeader, out.data() + begin);
    out[begin + kFrameHeader + 1] = static_cast<char>(Status::security_not_supported);
}

constexpr size_t kWaitingMost = size_t(512) << 20;  // bytes of frames that are not whole, of all connections

void refuse(Status status, Bytes &out) {
    Reply reply(out);
    reply.fail(status);
    reply.finish();
}

}  // namespace

Connection::Connection(Server &server, uv_loop_t *loop, void *owner, Closed closed)
    : server_(server), session_{server}, owner_(owner), closed_(closed) {
    uv_tcp_init(loop, &stream_);
    uv_timer_init(loop, &timer_);
    stream_.data = timer_.data = write_.data = this;
    handles_ = 2;
}

bool Connection::open(uv_os_sock_t socket) {
    if (uv_tcp_open(&stream_, socket) != 0) {
        return false;
    }
    socket_ = socket;
    uv_tcp_nodelay(&stream_, 1);
    read_or_wait();
    return true;
}

void Connection::close() {
    if (!closing_) {
        closing_ = true;
        Bytes().swap(in_);
        count_waiting();
        NoFork no_fork;
        no_fork.forget(socket_);  // which is closed at once
        uv_close(reinterpret_cast<uv_handle_t *>(&stream_), on_closed);
        uv_close(reinterpret_cast<uv_handle_t *>(&timer_), on_closed);
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

// Tell the server how much waits here. False: more than all connections together may have, and not a little.
bool Connection::count_waiting() {
    server_.waiting += in_.size() - counted_;
    counted_ = in_.size();
    return server_.waiting <= kWaitingMost || in_.size() <= kReadPiece;
}

void Connection::on_closed(uv_handle_t *handle) {
    Connection *self = of(handle);
    if (--self->handles_ == 0) {
        self->closed_(self);
    }
}

// What is read is served before the loop reads again, so that a thread needs one buffer for all its connections.
void Connection::on_allocate(uv_handle_t *, size_t, uv_buf_t *buffer) {
    static thread_local char shared[kReadPiece];
    *buffer = uv_buf_init(shared, sizeof shared);
}

void Connection::on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer) {
    Connection *self = of(stream);
    if (size < 0) {
        self->close();
        return;
    }
    View bytes(buffer->base, static_cast<size_t>(size));
    self->or_close([self, bytes] { self->take(bytes); });
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

void Connection::on_written(uv_write_t *write, int status) {
    auto *self = static_cast<Connection *>(write->data);
    self->writing_ = false;
    if (status != 0) {
        self->close();
    } else {
        self->or_close([self] { self->advance(); });
    }
}

void Connection::on_timer(uv_timer_t *timer) {
    Connection *self = of(timer);
    self->pausing_ = false;
    self->or_close([self] { self->advance(); });
}

// Do what can be done now: send, go on with a long answer, serve what waits. Called whenever something has changed.
void Connection::advance() {
    while (!closing_ && !writing_) {
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
            if (out_.empty() && job_ == nullptr && !last_) {
                break;
            }
        }
    }
    read_or_wait();
}

// A client that takes its answers slowly, or waits for a long one, is not read from.
void Connection::read_or_wait() {
    bool wanted = !closing_ && !writing_ && job_ == nullptr;
    if (wanted == reading_ || closing_) {
        return;
    }
    reading_ = wanted;
    auto *stream = reinterpret_cast<uv_stream_t *>(&stream_);
    if (!wanted) {
        uv_read_stop(stream);
    } else if (uv_read_start(stream, on_allocate, on_read) != 0) {
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
    while (job_ == nullptr && !last_ && out_.size() < kSendPiece && frames.size() >= kFrameHeader) {
        if (!read_frame(frames, frame)) {
            last_ = true;
        } else if (frames.size() - kFrameHeader < frame.size) {
            needed_ = kFrameHeader + frame.size;
            break;
        } else {
            last_ = !serve_frame(frame, frames.substr(kFrameHeader, frame.size));
            frames.remove_prefix(kFrameHeader + frame.size);
        }
    }
    return frames;
}

// False: nothing sensible can follow on this connection.
bool Connection::serve_frame(const Frame &frame, View body) {
    switch (frame.type) {
    case FrameType::info:
        return info_command(session_, body, out_);
    case FrameType::admin:
        refuse_admin(out_);
        return true;
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
        server_.malformed++;
        refuse(Status::parameter, out_);
        return false;
    }
    if (!server_.options.compression) {
        request.info1 &= static_cast<uint8_t>(~info1::compress_response);
    }
    job_ = message_command(session_, request, out_);
    return true;
}

// The next piece of a long answer. Before the one after it, other connections have their turn.
void Connection::produce() {
    if (!job_->produce(out_)) {
        job_.reset();
        return;
    }
    pausing_ = true;
    uv_timer_start(&timer_, on_timer, job_->pause(), 0);
}

void Connection::flush() {
    sending_.swap(out_);
    out_.clear();
    auto *stream = reinterpret_cast<uv_stream_t *>(&stream_);
    uv_buf_t buffer = uv_buf_init(sending_.data(), static_cast<unsigned>(sending_.size()));
    int written = uv_try_write(stream, &buffer, 1);
    size_t done = written > 0 ? static_cast<size_t>(written) : 0;
    if (done < sending_.size()) {
        buffer.base += done;
        buffer.len -= done;
        writing_ = uv_write(&write_, stream, &buffer, 1, on_written) == 0;
        if (!writing_) {
            close();
        }
    } else if (sending_.capacity() > kKeep) {
        Bytes().swap(sending_);
    }
}

}  // namespace embedded
