// SPDX-License-Identifier: Apache-2.0
// The part of a transport that encrypts. The client's bytes and those of TLS itself share the socket: one write at a
// time, and what has come about meanwhile in the next.
#include <new>

#include "net/transport.hpp"

namespace embedded {

namespace {

constexpr size_t kPlainPiece = 64 * 1024;
constexpr size_t kKeep = 1024 * 1024;  // what a buffer may hold on to
constexpr char kHandshakeRecord = 0x16;  // the first byte of TLS, which no frame begins with

}  // namespace

void Transport::on_encrypted(View bytes) {
    bool plain = encryption_->maybe_plain && !bytes.empty() && bytes.front() != kHandshakeRecord;
    encryption_->maybe_plain = false;
    if (plain) {
        encryption_.reset();
        user_.on_bytes(bytes);
    } else if (!encryption_->session.put(bytes)) {
        user_.on_end();
    } else {
        decrypt();
    }
}

// What is wrong with the bytes is told the client, and ends the connection.
void Transport::decrypt() {
    static thread_local char shared[kPlainPiece];
    TlsSession::Got got = TlsSession::Got::bytes;
    while (got == TlsSession::Got::bytes && !closing_) {
        View plain;
        got = encryption_->session.read(shared, sizeof shared, plain);
        if (got == TlsSession::Got::bytes) {
            user_.on_bytes(plain);
        }
    }
    if (!closing_ && (send_encrypted() == Sent::failed || got == TlsSession::Got::end)) {
        user_.on_end();
    }
}

Transport::Sent Transport::send_encrypted() {
    if (encryption_->busy) {
        return Sent::later;
    }
    try {
        encryption_->session.take(encryption_->sending);
    } catch (const std::bad_alloc &) {
        return Sent::failed;
    }
    Sent sent = encryption_->sending.empty() ? Sent::all : write(encryption_->sending);
    encryption_->busy = sent == Sent::later;
    if (sent == Sent::all && encryption_->sending.capacity() > kKeep) {
        Bytes().swap(encryption_->sending);
    }
    return sent;
}

// Tell the client that this is the end, and nobody has cut the connection, if that is possible now.
void Transport::end_encryption() {
    if (encryption_->session.end() && !encryption_->busy) {
        send_encrypted();
    }
}

void Transport::go_on_sending(bool good) {
    encryption_->busy = false;
    Sent sent = good ? send_encrypted() : Sent::failed;
    if (sent == Sent::failed) {
        user_.on_end();
    } else if (sent == Sent::all && encryption_->owes) {
        encryption_->owes = false;
        user_.on_sent(true);
    }
}

}  // namespace embedded
