// SPDX-License-Identifier: Apache-2.0
// What the fuzzers share: an embedded server without its network, and answers read back.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include "commands/info.hpp"
#include "commands/message_command.hpp"
#include "wire/wire.hpp"

namespace fuzz
{

using embedded::Bytes;
using embedded::View;

constexpr size_t kPiecesMost = 10000;

// Something that must hold, whatever is sent.
inline void require(bool holds, const char *what)
{
    if (!holds) {
        std::fprintf(stderr, "broken: %s\n", what);
        std::abort();
    }
}

// The bins of an answer to a command on a record.
template <typename Visit>
void visit_bins(View answer, Visit visit)
{
    const char *header = answer.data() + embedded::kFrameHeader;
    auto count = static_cast<uint16_t>(embedded::read_number(header + 20, 2));
    View wire = answer.substr(embedded::kFrameHeader + embedded::kMessageHeader);
    for (uint16_t i = 0; i < count; i++) {
        visit(embedded::next_bin(wire));
    }
}

// An answer must be whole frames of whole messages; the status of the last message.
inline uint8_t check_messages(View out)
{
    uint8_t status = 0;
    while (!out.empty()) {
        embedded::Frame frame{};
        require(out.size() >= embedded::kFrameHeader && embedded::read_frame(out, frame), "the answer is a frame");
        require(out.size() - embedded::kFrameHeader >= frame.size, "the frame is whole");
        View body = out.substr(embedded::kFrameHeader, frame.size);
        if (frame.type == embedded::FrameType::message) {
            require(body.size() >= embedded::kMessageHeader, "the frame has a message");
            status = static_cast<uint8_t>(body[5]);
        }
        out.remove_prefix(embedded::kFrameHeader + frame.size);
    }
    return status;
}

// A server of one node, without its network.
struct OneNode {
    explicit OneNode(embedded::Options options = {}) : server(std::move(options)), node(server, 0)
    {
        server.cluster.introduce(0, 3000);
        server.cluster.begin();
    }
    OneNode(const OneNode &) = delete;
    OneNode &operator=(const OneNode &) = delete;

    embedded::Session session() { return {node, server}; }

    embedded::Server server;
    embedded::ClusterNode node;
};

// Do what jobs in the background have to do, as the loops do between requests; those that may wait are ended.
inline void run_jobs(embedded::Jobs &jobs)
{
    std::optional<uint64_t> wait = jobs.run_piece();
    for (size_t pieces = 0; wait && *wait == 0; pieces++) {
        require(pieces < kPiecesMost, "a job ends");
        wait = jobs.run_piece();
    }
    jobs.end_all();
}

// Carry out a message as a connection does; the frames of the answer.
inline Bytes serve_message(OneNode &server, View body)
{
    Bytes out;
    embedded::Request request{};
    if (!embedded::read_request(body, request)) {
        return out;
    }
    embedded::Session session = server.session();
    auto job = embedded::message_command(session, embedded::kind_of(request), request, out);
    for (size_t pieces = 0; job != nullptr && job->produce(out); pieces++) {
        require(pieces < kPiecesMost, "an answer ends");
    }
    run_jobs(server.node.jobs);
    return out;
}

// The bytes of a request that a fuzzer puts together.
class Message
{
  public:
    // Without a digest, it names no record.
    Message(uint8_t info1, uint8_t info2, View digest)
    {
        bytes_.append(embedded::kMessageHeader, '\0');
        bytes_[0] = static_cast<char>(embedded::kMessageHeader);
        bytes_[1] = static_cast<char>(info1);
        bytes_[2] = static_cast<char>(info2);
        field(embedded::FieldType::ns, "test");
        if (!digest.empty()) {
            field(embedded::FieldType::digest, digest);
        }
    }
    Message(uint8_t info1, uint8_t info2) : Message(info1, info2, Bytes(embedded::kDigestSize, 'd')) {}

    void info3(uint8_t bits) { bytes_[3] = static_cast<char>(bits); }

    Message &field(embedded::FieldType type, View value)
    {
        require(ops_ == 0, "fields stand before operations");
        embedded::append_number(bytes_, value.size() + 1, 4);
        bytes_.push_back(static_cast<char>(type));
        bytes_.append(value);
        embedded::write_number(bytes_.data() + 18, ++fields_, 2);
        return *this;
    }

    Message &op(uint8_t type, View bin, uint8_t particle, View value)
    {
        embedded::append_op(bytes_, static_cast<embedded::OpType>(type), bin, static_cast<embedded::Particle>(particle),
                            value);
        embedded::write_number(bytes_.data() + 20, ++ops_, 2);
        return *this;
    }

    View bytes() const { return bytes_; }

  private:
    Bytes bytes_;
    uint16_t fields_ = 0, ops_ = 0;
};

// Takes pieces from the front of a fuzzer's input.
class Input
{
  public:
    Input(const uint8_t *data, size_t size) : left_(reinterpret_cast<const char *>(data), size) {}

    uint8_t byte()
    {
        View one = take(1);
        return one.empty() ? 0 : static_cast<uint8_t>(one[0]);
    }
    View take(size_t size)
    {
        View piece = left_.substr(0, size);
        left_.remove_prefix(piece.size());
        return piece;
    }
    // A piece with its size, two bytes, before it.
    View sized()
    {
        size_t high = byte();
        return take(high << 8 | byte());
    }
    View rest() const { return left_; }

  private:
    View left_;
};

}  // namespace fuzz
