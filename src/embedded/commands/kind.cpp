// SPDX-License-Identifier: Apache-2.0
#include "commands/kind.hpp"

#include "commands/background.hpp"

namespace embedded {

Kind kind_of(const Request &request) {
    if ((request.info1 & info1::batch) != 0) {
        return Kind::batch;
    }
    if (!request.has(FieldType::digest)) {
        return is_background(request) ? Kind::background : Kind::query;
    }
    if (request.has(FieldType::udf_module)) {
        return Kind::udf;
    }
    return (request.info2 & info2::write) != 0 ? Kind::write : Kind::read;
}

}  // namespace embedded
