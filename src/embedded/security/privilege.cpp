// SPDX-License-Identifier: Apache-2.0
#include "security/privilege.hpp"

namespace embedded {

const PrivilegeRow *find_privilege(PrivilegeCode code) {
    for (const PrivilegeRow &row : kPrivileges) {
        if (row.code == code) {
            return &row;
        }
    }
    return nullptr;
}

Rights Privilege::gives(Rights asked, View of_ns, View of_set) const {
    const PrivilegeRow *row = find_privilege(code);
    bool covers = (ns.empty() || ns == of_ns) && (set.empty() || set == of_set);
    return row != nullptr && covers ? static_cast<Rights>(row->rights & asked) : Rights{0};
}

}  // namespace embedded
