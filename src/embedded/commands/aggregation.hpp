// SPDX-License-Identifier: Apache-2.0
// Stream functions over the records of a query. One is called for each partition that has some of them, as on a server:
// what the calls give is reduced by the client.
#pragma once

#include <vector>

#include "commands/server.hpp"

namespace embedded {

class Aggregation {
  public:
    // As the fields of a request have it; error 16 where it has a filter expression, too.
    static Status read(Scripts &scripts, const Request &request, std::unique_ptr<Aggregation> &out);

    struct Item {
        Digest digest;
        const Record *record;
    };

    // Call the function on records whose partition is locked. Each value that it gives is a message of the answer; what
    // Lua says of a failure is the result.
    std::optional<Value> run(const Namespace &ns, const std::vector<Item> &items, Reply &reply) const;

  private:
    Aggregation(Scripts &scripts, const Request &request, List arguments)
        : scripts_(scripts), module_(request.field(FieldType::udf_module)),
          function_(request.field(FieldType::udf_function)), arguments_(std::move(arguments)) {}

    Scripts &scripts_;
    Bytes module_, function_;
    List arguments_;
};

}  // namespace embedded
