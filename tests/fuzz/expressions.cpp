// SPDX-License-Identifier: Apache-2.0
// An expression, as a filter and as an operation that reads, over a record with a bin of every type.
#include "harness.hpp"

namespace
{

using embedded::Bytes;
using embedded::FieldType;
using embedded::OpType;
using embedded::Particle;
using embedded::View;

const struct {
    const char *name;
    Particle particle;
    View value;
} kBins[] = {
    {"i", Particle::integer, View("\0\0\0\0\0\0\0\5", 8)},
    {"f", Particle::real, View("\x40\x04\0\0\0\0\0\0", 8)},
    {"s", Particle::string, "abc"},
    {"b", Particle::blob, View("\0\1\xff", 3)},
    {"t", Particle::boolean, View("\1", 1)},
    {"l", Particle::list, View("\x93\x01\xa2\x03x\xc0", 6)},
    {"m", Particle::map, View("\x82\x01\x02\xa2\x03k\x91\x05", 8)},
};

void fill(fuzz::OneNode &server)
{
    fuzz::Message write(0, embedded::info2::write);
    write.field(FieldType::set, "fuzz");
    for (const auto &bin : kBins) {
        write.op(static_cast<uint8_t>(OpType::write), bin.name, static_cast<uint8_t>(bin.particle), bin.value);
    }
    fuzz::require(fuzz::check_messages(fuzz::serve_message(server, write.bytes())) == 0, "the record is written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz::OneNode *server = nullptr;  // nothing here writes, so one record serves all inputs
    if (server == nullptr) {
        server = new fuzz::OneNode;
        fill(*server);
    }
    View packed(reinterpret_cast<const char *>(data), size);
    fuzz::Message filtered(embedded::info1::read | embedded::info1::get_all, 0);
    filtered.field(FieldType::filter, packed);
    fuzz::check_messages(fuzz::serve_message(*server, filtered.bytes()));
    Bytes payload("\x92");  // the expression, and flags
    payload.append(packed).push_back('\0');
    fuzz::Message read(embedded::info1::read, 0);
    read.op(static_cast<uint8_t>(OpType::expression_read), "e", static_cast<uint8_t>(Particle::blob), payload);
    fuzz::check_messages(fuzz::serve_message(*server, read.bytes()));
    return 0;
}
