// SPDX-License-Identifier: Apache-2.0
// What a user may do, and the privileges that allow it.
#pragma once

#include <vector>

#include "value/value.hpp"

namespace embedded {

// Kinds of work, as bits.
using Rights = uint16_t;
namespace right {
constexpr Rights read = 1 << 0, write = 1 << 1, call = 1 << 2, truncate = 1 << 3;  // of records
constexpr Rights indexes = 1 << 4, modules = 1 << 5, jobs = 1 << 6, configure = 1 << 7, users = 1 << 8;
}  // namespace right

// As numbers on the wire.
enum class PrivilegeCode : uint8_t {
    user_admin = 0,
    sys_admin = 1,
    data_admin = 2,
    udf_admin = 3,
    sindex_admin = 4,
    read = 10,
    read_write = 11,
    read_write_udf = 12,
    write = 13,
    truncate = 14,
};

// From here on a privilege may be one of a namespace, or of a set in it.
constexpr auto kScoped = PrivilegeCode::read;

struct Privilege {
    PrivilegeCode code;
    Bytes ns = {}, set = {};  // empty: all

    bool operator==(const Privilege &other) const { return code == other.code && ns == other.ns && set == other.set; }
    // Of the rights that are asked for, those that it gives.
    Rights gives(Rights asked, View of_ns, View of_set) const;
};

// A privilege that everybody knows, with the role of that name which has it alone.
struct PrivilegeRow {
    PrivilegeCode code;
    View role;
    Rights rights;
};

constexpr PrivilegeRow kPrivileges[] = {
    {PrivilegeCode::user_admin, "user-admin", right::users},
    {PrivilegeCode::sys_admin, "sys-admin",
     right::configure | right::indexes | right::modules | right::jobs | right::truncate},
    {PrivilegeCode::data_admin, "data-admin", right::indexes | right::modules | right::jobs | right::truncate},
    {PrivilegeCode::udf_admin, "udf-admin", right::modules},
    {PrivilegeCode::sindex_admin, "sindex-admin", right::indexes},
    {PrivilegeCode::read, "read", right::read},
    {PrivilegeCode::read_write, "read-write", right::read | right::write},
    {PrivilegeCode::read_write_udf, "read-write-udf", right::read | right::write | right::call},
    {PrivilegeCode::write, "write", right::write},
    {PrivilegeCode::truncate, "truncate", right::truncate},
};

const PrivilegeRow *find_privilege(PrivilegeCode code);

}  // namespace embedded
