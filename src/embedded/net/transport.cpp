// SPDX-License-Identifier: Apache-2.0
#include "net/transport.hpp"

#include "net/sockets.hpp"

namespace embedded {

namespace {

constexpr size_t kReadPiece = 64 * 1024;

}  // namespace

Transport::Transport(uv_loop_t *loop, User &user) : user_(user) {
    uv_tcp_init(loop, &socket_handle_);
    socket_handle_.data = write_.data = this;
}

bool Transport::open(uv_os_sock_t socket, const TlsContext *tls) {
    try {
        encryption_ = tls == nullptr ? nullptr : std::make_unique<Encryption>(*tls);
    } catch (const std::bad_alloc &) {
        return false;
    }
    if (uv_tcp_open(&socket_handle_, socket) != 0) {
        return false;
    }
    socket_ = socket;
    uv_tcp_nodelay(&socket_handle_, 1);
    return true;
}

uint32_t Transport::peer() const {
    sockaddr_storage name{};
    int size = sizeof name;
    if (uv_tcp_getpeername(&socket_handle_, reinterpret_cast<sockaddr *>(&name), &size) != 0 ||
        name.ss_family != AF_INET) {
        return 0;
    }
    return ntohl(reinterpret_cast<const sockaddr_in *>(&name)->sin_addr.s_addr);
}

// What is read is served before the loop reads again, so that a thread needs one buffer for all its connections.
void Transport::on_allocate(uv_handle_t *, size_t, uv_buf_t *buffer) {
    static thread_local char shared[kReadPiece];
    *buffer = uv_buf_init(shared, sizeof shared);
}

void Transport::on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer) {
    auto *self = static_cast<Transport *>(stream->data);
    View bytes(buffer->base, size < 0 ? 0 : static_cast<size_t>(size));
    if (size < 0) {
        self->user_.on_end();
    } else if (self->encryption_ != nullptr) {
        self->on_encrypted(bytes);
    } else {
        self->user_.on_bytes(bytes);
    }
}

bool Transport::read(bool wanted) {
    return wanted ? uv_read_start(stream(), on_allocate, on_read) == 0 : uv_read_stop(stream()) == 0;
}

void Transport::on_written(uv_write_t *write, int status) {
    auto *self = static_cast<Transport *>(write->data);
    if (self->encryption_ != nullptr) {
        self->go_on_sending(status == 0);
    } else {
        self->user_.on_sent(status == 0);
    }
}

Transport::Sent Transport::write(View bytes) {
    uv_buf_t buffer = uv_buf_init(const_cast<char *>(bytes.data()), static_cast<unsigned>(bytes.size()));
    int written = uv_try_write(stream(), &buffer, 1);
    size_t done = written > 0 ? static_cast<size_t>(written) : 0;
    if (done == bytes.size()) {
        return Sent::all;
    }
    buffer.base += done;
    buffer.len -= done;
    return uv_write(&write_, stream(), &buffer, 1, on_written) == 0 ? Sent::later : Sent::failed;
}

Transport::Sent Transport::send(View bytes) {
    if (encryption_ == nullptr) {
        return write(bytes);
    }
    if (!encryption_->session.write(bytes)) {
        return Sent::failed;
    }
    Sent sent = send_encrypted();
    encryption_->owes = sent == Sent::later;
    return sent;
}

void Transport::close(bool resets) {
    closing_ = true;
    if (resets && socket_ >= 0) {
        linger none{1, 0};
        setsockopt(socket_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    } else if (encryption_ != nullptr) {
        end_encryption();
    }
    NoFork no_fork;
    no_fork.forget(socket_);  // which is closed at once
    uv_close(reinterpret_cast<uv_handle_t *>(&socket_handle_),
             [](uv_handle_t *handle) { static_cast<Transport *>(handle->data)->user_.on_closed(); });
}

}  // namespace embedded
