// SPDX-License-Identifier: Apache-2.0
// Requests that name no record: queries of every kind, and work in the background, on some records and between info
// commands, which make indexes. The input says which, step by step; whatever it says, the answers are whole frames, and
// jobs end.
#include "harness.hpp"

namespace
{

using embedded::Bytes;
using embedded::FieldType;
using embedded::View;

constexpr size_t kRecords = 24, kStepsMost = 8;
enum Step : uint8_t { kInfo, kQuery, kSteps };

// Records of all types of values in a set, and one in another.
void fill(fuzz::OneNode &server)
{
    for (size_t i = 0; i < kRecords; i++) {
        Bytes digest(embedded::kDigestSize, static_cast<char>(i * 11)), number;
        digest[1] = static_cast<char>(i % 3);
        embedded::append_number(number, i, 8);
        fuzz::Message message(0, embedded::info2::write, digest);
        message.field(FieldType::set, i == 0 ? "other" : "set");
        message.op(2, "i", 1, number).op(2, "s", 3, i % 2 == 0 ? "even" : "odd");
        message.op(2, "l", 20, Bytes("\x92\x01", 2) + static_cast<char>(i)).op(2, "m", 19, Bytes("\x81\x01\x02", 3));
        message.op(2, "b", 4, Bytes(i % 4, 'b'));
        message.op(2, "g", 23, Bytes("\0\0\0", 3) + "{\"type\": \"Point\", \"coordinates\": [1.5, 2.5]}");
        fuzz::require(fuzz::check_messages(fuzz::serve_message(server, message.bytes())) == 0, "a record is written");
    }
}

void ask_info(fuzz::OneNode &server, fuzz::Input &input)
{
    embedded::Session session = server.session();
    Bytes out;
    embedded::info_command(session, input.sized(), out);
    fuzz::check_messages(out);
}

void query(fuzz::OneNode &server, fuzz::Input &input)
{
    uint8_t info1 = input.byte(), info2 = input.byte(), info3 = input.byte();
    fuzz::Message message(info1, info2, {});
    message.info3(info3);
    for (uint8_t left = input.byte() % embedded::kFieldTypes; left > 0; left--) {
        auto type = static_cast<FieldType>(input.byte());
        message.field(type, input.sized());
    }
    for (uint8_t left = input.byte() % 16; left > 0; left--) {
        uint8_t type = input.byte(), particle = input.byte();
        View name = input.take(input.byte() % 17);
        message.op(type, name, particle, input.sized());
    }
    fuzz::check_messages(fuzz::serve_message(server, message.bytes()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz::OneNode server;
    fill(server);
    fuzz::Input input(data, size);
    for (size_t steps = 0; steps < kStepsMost && !input.rest().empty(); steps++) {
        if (input.byte() % kSteps == kInfo) {
            ask_info(server, input);
        } else {
            query(server, input);
        }
    }
    return 0;
}
