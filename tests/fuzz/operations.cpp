// SPDX-License-Identifier: Apache-2.0
// One operation on one bin. The input: the operation's type, the bin's particle, its value with the size before it, and
// the operation's payload. Whatever they are, an operation that fails changes nothing, and what one that succeeds
// leaves in the bin is a value that the server takes; but for expressions, which may hold literals that no client could
// write.
#include "harness.hpp"

namespace
{

using embedded::Bytes;
using embedded::OpType;
using embedded::View;

constexpr const char *kBin = "b";

bool is_read(uint8_t type)
{
    switch (static_cast<OpType>(type)) {
    case OpType::read:
    case OpType::cdt_read:
    case OpType::expression_read:
    case OpType::bit_read:
    case OpType::hll_read:
    case OpType::string_read:
    case OpType::to_string:
        return true;
    default:
        return false;
    }
}

Bytes record_now(fuzz::OneNode &server)
{
    return fuzz::serve_message(server, fuzz::Message(embedded::info1::read | embedded::info1::get_all, 0).bytes());
}

bool written(fuzz::OneNode &server, View name, uint8_t particle, View value)
{
    fuzz::Message write(0, embedded::info2::write);
    write.op(static_cast<uint8_t>(OpType::write), name, particle, value);
    return fuzz::check_messages(fuzz::serve_message(server, write.bytes())) == 0;
}

// Each bin of the answer to a read of the whole record can be written.
void check_bins(View answer)
{
    fuzz::OneNode other;
    fuzz::visit_bins(answer, [&other](const embedded::BinView &bin) {
        fuzz::require(written(other, bin.name, static_cast<uint8_t>(bin.particle), bin.value),
                      "what an operation left in a bin can be written");
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz::Input input(data, size);
    uint8_t type = input.byte(), particle = input.byte();
    View value = input.sized();
    fuzz::OneNode server;
    written(server, "other", 1, View("\0\0\0\0\0\0\0\7", 8));
    if (particle != 0 && !written(server, kBin, particle, value)) {
        return 0;
    }
    Bytes before = record_now(server);
    bool reads = is_read(type);
    fuzz::Message request(reads ? embedded::info1::read : 0, reads ? 0 : embedded::info2::write);
    request.op(type, kBin, static_cast<uint8_t>(embedded::Particle::blob), input.rest());
    uint8_t status = fuzz::check_messages(fuzz::serve_message(server, request.bytes()));
    Bytes after = record_now(server);
    if (reads || status != 0) {
        fuzz::require(before == after, "a read, or an operation that fails, changes nothing");
    } else if (type != static_cast<uint8_t>(OpType::expression_modify) && fuzz::check_messages(after) == 0) {
        check_bins(after);
    }
    return 0;
}
