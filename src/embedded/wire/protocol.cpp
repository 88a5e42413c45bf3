// SPDX-License-Identifier: Apache-2.0
#include "wire/protocol.hpp"

#include <zlib.h>

#include <utility>

#include "wire/msgpack.hpp"
#include "wire/wire.hpp"

namespace embedded {

bool read_frame(View in, Frame &out) {
    auto type = static_cast<uint8_t>(in[1]);
    if (static_cast<uint8_t>(in[0]) != kProtocolVersion || type == 0) {
        return false;
    }
    out.type = static_cast<FrameType>(type);
    out.size = read_number(in.data() + 2, 6);
    return out.size <= kFrameMost;
}

void write_frame(FrameType type, size_t size, char *out) {
    out[0] = static_cast<char>(kProtocolVersion);
    out[1] = static_cast<char>(type);
    write_number(out + 2, size, 6);
}

bool inflate_frame(View body, Bytes &out) {
    if (body.size() < sizeof(uint64_t)) {
        return false;
    }
    uint64_t size = read_number(body.data(), 8);
    body.remove_prefix(sizeof(uint64_t));
    // zlib makes a byte of nothing smaller than 1/1032 of it: a larger claim is a lie
    if (size > kFrameMost || size > body.size() * 1040 + 64) {
        return false;
    }
    out.resize(size);
    uLongf made = size;
    int result = uncompress(reinterpret_cast<Bytef *>(out.data()), &made, reinterpret_cast<const Bytef *>(body.data()),
                            body.size());
    return result == Z_OK && made == size;
}

void deflate_frame(Bytes &frame, size_t begin) {
    size_t size = frame.size() - begin;
    uLongf room = compressBound(size);
    Bytes made(kFrameHeader + sizeof(uint64_t) + room, '\0');
    int result = compress2(reinterpret_cast<Bytef *>(made.data() + kFrameHeader + sizeof(uint64_t)), &room,
                           reinterpret_cast<const Bytef *>(frame.data() + begin), size, Z_BEST_SPEED);
    size_t whole = kFrameHeader + sizeof(uint64_t) + room;
    if (result != Z_OK || whole >= size) {
        return;
    }
    write_frame(FrameType::compressed, sizeof(uint64_t) + room, made.data());
    write_number(made.data() + kFrameHeader, size, 8);
    frame.replace(begin, size, made, 0, whole);
}

void Request::set_field(FieldType type, View value) {
    if (index(type) < kFieldTypes) {
        fields_[index(type)] = value;
        present_[index(type)] = true;
    }
}

namespace {

bool read_fields(View &in, uint16_t count, Request &out) {
    for (uint16_t i = 0; i < count; i++) {
        if (in.size() < 5) {
            return false;
        }
        uint64_t size = read_number(in.data(), 4);  // the type is part of it
        if (size == 0 || size > in.size() - 4) {
            return false;
        }
        out.set_field(static_cast<FieldType>(in[4]), in.substr(5, size - 1));
        in.remove_prefix(4 + size);
    }
    return true;
}

bool read_ops(View &in, uint16_t count, Request &out) {
    for (uint16_t i = 0; i < count; i++) {
        if (in.size() < kOpHeader) {
            return false;
        }
        uint64_t size = read_number(in.data(), 4);
        auto name = static_cast<uint8_t>(in[7]);
        if (size < 4u + name || size > in.size() - 4) {
            return false;
        }
        Op op{static_cast<OpType>(in[4]), static_cast<Particle>(in[5]), in.substr(kOpHeader, name),
              in.substr(kOpHeader + name, size - 4 - name)};
        out.ops.push_back(op);
        in.remove_prefix(4 + size);
    }
    return true;
}

}  // namespace

bool read_contents(View &in, Request &out) {
    if (in.size() < 4) {
        return false;
    }
    auto fields = static_cast<uint16_t>(read_number(in.data(), 2));
    auto ops = static_cast<uint16_t>(read_number(in.data() + 2, 2));
    in.remove_prefix(4);
    return read_fields(in, fields, out) && read_ops(in, ops, out);
}

bool read_request(View body, Request &out) {
    if (body.size() < kMessageHeader || static_cast<uint8_t>(body[0]) != kMessageHeader) {
        return false;
    }
    out.info1 = static_cast<uint8_t>(body[1]);
    out.info2 = static_cast<uint8_t>(body[2]);
    out.info3 = static_cast<uint8_t>(body[3]);
    out.info4 = static_cast<uint8_t>(body[4]);
    out.generation = static_cast<uint32_t>(read_number(body.data() + 6, 4));
    out.ttl = static_cast<uint32_t>(read_number(body.data() + 10, 4));
    out.timeout = static_cast<uint32_t>(read_number(body.data() + 14, 4));
    body.remove_prefix(kMessageHeader - 4);
    return read_contents(body, out);
}

KeptRequest::KeptRequest(const Request &from) : request(from) {
    std::vector<View *> views;
    for (View &field : request.fields_) {
        views.push_back(&field);
    }
    for (Op &op : request.ops) {
        views.push_back(&op.name);
        views.push_back(&op.value);
    }
    for (const View *view : views) {
        bytes_.append(*view);
    }
    size_t at = 0;
    for (View *view : views) {
        *view = View(bytes_).substr(at, view->size());
        at += view->size();
    }
}

Reply::Reply(Bytes &out) : out_(out), frame_(out.size()), message_(out.size() + kFrameHeader) {
    out_.append(kFrameHeader + kMessageHeader, '\0');
}

void Reply::fail(Status status) {
    out_.resize(message_ + kMessageHeader);
    status_ = status;
    fields_ = ops_ = 0;
}

void Reply::field(FieldType type, View value) {
    append_number(out_, value.size() + 1, 4);
    out_.push_back(static_cast<char>(type));
    out_.append(value);
    fields_++;
}

void append_op(Bytes &out, OpType type, View name, Particle particle, View value) {
    append_number(out, 4 + name.size() + value.size(), 4);
    out.push_back(static_cast<char>(type));
    out.push_back(static_cast<char>(particle));
    out.push_back(0);
    out.push_back(static_cast<char>(name.size()));
    out.append(name);
    out.append(value);
}

void Reply::op(OpType type, View name, Particle particle, View value) {
    ops_++;
    if (!keeps_index(particle, value)) {
        append_op(out_, type, name, particle, value);
        return;
    }
    Value kept;
    Bytes told;
    from_particle(particle, value, kept);
    pack(kept, told);
    append_op(out_, type, name, particle, told);
}

void Reply::ops(uint16_t count, View wire) {
    out_.append(wire);
    ops_ += count;
}

void Reply::value(OpType type, View name, const Value &value) {
    Bytes bytes;
    to_particle(value, bytes);
    op(type, name, particle_of(value), bytes);
}

void Reply::complete_message() {
    char *at = out_.data() + message_;
    at[0] = static_cast<char>(kMessageHeader);
    at[3] = static_cast<char>(info3_);
    at[5] = static_cast<char>(status_);
    write_number(at + 6, generation_, 4);
    write_number(at + 10, void_time_, 4);
    write_number(at + 14, index_, 4);
    write_number(at + 18, fields_, 2);
    write_number(at + 20, ops_, 2);
}

void Reply::next() {
    if (!std::exchange(begun_, true)) {
        return;
    }
    complete_message();
    message_ = out_.size();
    out_.append(kMessageHeader, '\0');
    status_ = Status::ok;
    generation_ = void_time_ = index_ = 0;
    fields_ = ops_ = 0;
    info3_ = 0;
}

void Reply::finish() {
    complete_message();
    write_frame(FrameType::message, out_.size() - frame_ - kFrameHeader, out_.data() + frame_);
}

}  // namespace embedded
