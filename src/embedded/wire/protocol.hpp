// SPDX-License-Identifier: Apache-2.0
// Frames: eight bytes of version, type and size, then a message of header, fields and operations.
#pragma once

#include <array>
#include <vector>

#include "value/status.hpp"
#include "value/value.hpp"

namespace embedded {

constexpr size_t kFrameHeader = 8;
constexpr size_t kMessageHeader = 22;
constexpr size_t kOpHeader = 8;
constexpr size_t kFrameMost = 128 << 20;
constexpr size_t kDigestSize = 20;
constexpr uint8_t kProtocolVersion = 2;

enum class FrameType : uint8_t { info = 1, admin = 2, message = 3, compressed = 4 };

struct Frame {
    FrameType type;  // or a number that is none of them
    size_t size;  // of the body
};

// Read a frame's header. False: no frame of this protocol, the connection is of no use any more.
bool read_frame(View in, Frame &out);
void write_frame(FrameType type, size_t size, char *out);

// The body of a compressed frame as the frame inside. False: malformed.
bool inflate_frame(View body, Bytes &out);
// A message frame as a compressed one; left as it is where that would not be smaller.
void deflate_frame(Bytes &frame, size_t begin);

namespace info1 {
constexpr uint8_t read = 1 << 0, get_all = 1 << 1, short_query = 1 << 2, batch = 1 << 3, no_bin_data = 1 << 5,
                  compress_response = 1 << 7;
}
namespace info2 {
constexpr uint8_t write = 1 << 0, remove = 1 << 1, generation = 1 << 2, generation_greater = 1 << 3,
                  durable_delete = 1 << 4, create_only = 1 << 5, respond_all = 1 << 7;
}
namespace info3 {
constexpr uint8_t last = 1 << 0, commit_master = 1 << 1, partition_done = 1 << 2, update_only = 1 << 3,
                  create_or_replace = 1 << 4, replace_only = 1 << 5;
}

namespace info4 {
constexpr uint8_t verify_read = 1 << 0, roll_forward = 1 << 1, roll_back = 1 << 2, on_locking_only = 1 << 4;
}

enum class FieldType : uint8_t {
    ns = 0,
    set = 1,
    key = 2,
    record_version = 3,
    digest = 4,
    transaction = 5,
    transaction_deadline = 6,
    task_id = 7,
    socket_timeout = 9,
    records_per_second = 10,
    partitions = 11,
    digests = 12,
    max_records = 13,
    index_keys = 15,
    index_name = 21,
    index_range = 22,
    index_context = 23,
    index_expression = 24,
    index_source = 26,
    udf_module = 30,
    udf_function = 31,
    udf_arguments = 32,
    udf_op = 33,
    query_bins = 40,
    batch = 41,
    filter = 43,
};
constexpr size_t kFieldTypes = 64;

enum class OpType : uint8_t {
    read = 1,
    write = 2,
    cdt_read = 3,
    cdt_modify = 4,
    increment = 5,
    expression_read = 7,
    expression_modify = 8,
    append = 9,
    prepend = 10,
    touch = 11,
    bit_read = 12,
    bit_modify = 13,
    remove = 14,
    hll_read = 15,
    hll_modify = 16,
    string_read = 17,
    string_modify = 18,
    to_string = 19,
};

struct Op {
    OpType type;
    Particle particle;
    View name;
    View value;
};

struct Request {
    uint8_t info1, info2, info3, info4;
    uint32_t generation, ttl, timeout;
    std::vector<Op> ops;

    bool has(FieldType type) const { return present_[index(type)]; }
    View field(FieldType type) const { return fields_[index(type)]; }
    void set_field(FieldType type, View value);

  private:
    friend struct KeptRequest;
    static size_t index(FieldType type) { return static_cast<size_t>(type); }
    std::array<View, kFieldTypes> fields_{};
    std::array<bool, kFieldTypes> present_{};
};

// A request of its own bytes, for what goes on when those of the frame are gone.
struct KeptRequest {
    explicit KeptRequest(const Request &request);
    KeptRequest(const KeptRequest &) = delete;
    KeptRequest &operator=(const KeptRequest &) = delete;

    Request request;

  private:
    Bytes bytes_;
};

// Read a message frame's body. False: malformed.
bool read_request(View body, Request &out);
// Read numbers of fields and operations, then these, and take them off `in`. False: malformed.
bool read_contents(View &in, Request &out);

// One answer at the end of `out`: the header is written first and completed by finish().
class Reply {
  public:
    explicit Reply(Bytes &out);
    // What the message held so far is dropped, but not the record's generation and time.
    void fail(Status status);
    // What the message holds is kept.
    void status(Status status) { status_ = status; }
    void record(uint32_t generation, uint32_t void_time) {
        generation_ = generation;
        void_time_ = void_time;
    }
    void info3(uint8_t bits) { info3_ = bits; }
    void index(uint32_t in_batch) { index_ = in_batch; }
    void field(FieldType type, View value);
    // An operation carries the code of the one that it answers.
    void op(OpType type, View name, Particle particle, View value);
    void ops(uint16_t count, View wire);  // operations in the form of the wire
    uint16_t op_count() const { return ops_; }
    View contents() const { return View(out_).substr(message_ + kMessageHeader); }  // of the message at work
    void value(OpType type, View name, const Value &value);
    // Several messages may share a frame: begin the first one, or the next.
    void next();
    bool begun() const { return begun_; }
    void finish();
    Bytes &bytes() { return out_; }
    size_t frame_begin() const { return frame_; }

  private:
    void complete_message();

    Bytes &out_;
    size_t frame_, message_;
    Status status_ = Status::ok;
    uint32_t generation_ = 0, void_time_ = 0, index_ = 0;
    uint16_t fields_ = 0, ops_ = 0;
    uint8_t info3_ = 0;
    bool begun_ = false;
};

// An operation in the form that the wire and the stored record share.
void append_op(Bytes &out, OpType type, View name, Particle particle, View value);

}  // namespace embedded
