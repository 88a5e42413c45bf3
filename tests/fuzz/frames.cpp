// SPDX-License-Identifier: Apache-2.0
// Frames as they come from a socket, one after the other: whatever they hold, the answers are whole frames.
#include "harness.hpp"
#include "security/admin_command.hpp"

namespace
{

using embedded::Bytes;
using embedded::View;

// To an administrator of users, of whom each message finds the same.
void serve_admin(View body)
{
    embedded::SecurityOptions options;
    options.users.push_back({"admin", Bytes(60, 'h'), {"user-admin"}});
    options.quotas = true;
    embedded::Accounts accounts{options};
    embedded::Login login{"admin"};
    Bytes out;
    embedded::Frame frame{};
    embedded::admin_command(&accounts, login, body, out);
    if (!embedded::read_frame(out, frame) || frame.size != out.size() - embedded::kFrameHeader) {
        __builtin_trap();
    }
}

// False: the connection would be closed.
bool serve_frame(fuzz::OneNode &server, const embedded::Frame &frame, View body, bool inside)
{
    Bytes out;
    embedded::Session session = server.session();
    switch (frame.type) {
    case embedded::FrameType::info:
        embedded::info_command(session, body, out);
        break;
    case embedded::FrameType::admin:
        serve_admin(body);
        return true;
    case embedded::FrameType::message:
        out = fuzz::serve_message(server, body);
        break;
    case embedded::FrameType::compressed: {
        Bytes inflated;
        embedded::Frame inner{};
        return !inside && embedded::inflate_frame(body, inflated) && inflated.size() >= embedded::kFrameHeader &&
               embedded::read_frame(inflated, inner) && inner.size == inflated.size() - embedded::kFrameHeader &&
               serve_frame(server, inner, View(inflated).substr(embedded::kFrameHeader), true);
    }
    }
    fuzz::check_messages(out);
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    embedded::Options options;
    if (size % 2 == 1) {  // half of them meet transactions
        options.strongly_consistent = options.namespaces;
    }
    fuzz::OneNode server{options};
    View frames(reinterpret_cast<const char *>(data), size);
    embedded::Frame frame{};
    while (frames.size() >= embedded::kFrameHeader && embedded::read_frame(frames, frame) &&
           frames.size() - embedded::kFrameHeader >= frame.size) {
        if (!serve_frame(server, frame, frames.substr(embedded::kFrameHeader, frame.size), false)) {
            break;
        }
        frames.remove_prefix(embedded::kFrameHeader + frame.size);
    }
    return 0;
}
