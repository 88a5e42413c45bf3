// SPDX-License-Identifier: Apache-2.0
#include "wire/batch.hpp"

#include "wire/wire.hpp"

namespace embedded {

namespace {

constexpr size_t kHead = 4 + 1;  // how many, and flags
constexpr uint8_t kRespondAll = 1 << 2;  // of the flags
constexpr size_t kEntryHead = 4 + kDigestSize + 1;  // index, digest, and what the entry has

namespace entry {
constexpr uint8_t repeats = 1 << 0, info = 1 << 1, generation = 1 << 2, ttl = 1 << 3, info4 = 1 << 4;
}

// Take a number off the front; the caller has seen that it is there.
uint32_t take(View &in, int width) {
    auto number = static_cast<uint32_t>(read_number(in.data(), width));
    in.remove_prefix(static_cast<size_t>(width));
    return number;
}

}  // namespace

Batch::Batch(View field, std::optional<View> filter) : in_(field), filter_(filter) {
    if (in_.size() >= kHead) {
        left_ = take(in_, 4);
        respond_all_ = (take(in_, 1) & kRespondAll) != 0;
    }
}

bool Batch::next() {
    if (in_.size() < kEntryHead) {
        return false;
    }
    left_--;
    index_ = take(in_, 4);
    View digest = in_.substr(0, kDigestSize);
    in_.remove_prefix(kDigestSize);
    auto has = static_cast<uint8_t>(take(in_, 1));
    if ((has & entry::repeats) == 0) {
        request_ = Request{};
        repeatable_ = read_attributes(has) && read_contents(in_, request_);
        if (filter_ && !request_.has(FieldType::filter)) {
            request_.set_field(FieldType::filter, *filter_);
        }
    }
    request_.set_field(FieldType::digest, digest);
    return repeatable_;
}

// What a header says of a request in a message of its own.
bool Batch::read_attributes(uint8_t has) {
    bool info = (has & entry::info) != 0, info4 = (has & entry::info4) != 0;
    bool generation = (has & entry::generation) != 0, ttl = (has & entry::ttl) != 0;
    if (in_.size() < (info ? 3u : 1u) + (info4 ? 1u : 0u) + (generation ? 2u : 0u) + (ttl ? 4u : 0u)) {
        return false;
    }
    request_.info1 = static_cast<uint8_t>(take(in_, 1));  // clients of old read alone, and give no more
    if (info) {
        request_.info2 = static_cast<uint8_t>(take(in_, 1));
        request_.info3 = static_cast<uint8_t>(take(in_, 1));
    }
    request_.info4 = info4 ? static_cast<uint8_t>(take(in_, 1)) : 0;
    request_.generation = generation ? take(in_, 2) : 0;
    request_.ttl = ttl ? take(in_, 4) : 0;
    return true;
}

}  // namespace embedded
