// SPDX-License-Identifier: Apache-2.0
// A batch: many requests in one field of a message, each for one record, with an index that its answer repeats.
#pragma once

#include <optional>

#include "wire/protocol.hpp"

namespace embedded {

// Its requests, one after the other. The field's bytes must stay.
class Batch {
  public:
    // The filter of the message is that of requests that have none.
    Batch(View field, std::optional<View> filter);

    // The requests that were not read yet, as far as is known.
    uint32_t left() const { return left_; }
    // Is an answer wanted for all requests, without an error for the whole?
    bool respond_all() const { return respond_all_; }

    // Read the next request. False: malformed.
    bool next();
    uint32_t index() const { return index_; }
    const Request &request() const { return request_; }

  private:
    bool read_attributes(uint8_t has);

    View in_;
    std::optional<View> filter_;
    Request request_{};
    uint32_t left_ = 0, index_ = 0;
    bool respond_all_ = false, repeatable_ = false;
};

}  // namespace embedded
