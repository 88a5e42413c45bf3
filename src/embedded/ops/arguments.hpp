// SPDX-License-Identifier: Apache-2.0
// The payload of an operation against the row of its table: the code, and what arguments it takes.
#pragma once

#include <array>
#include <cstddef>

#include "ops/operation.hpp"

namespace embedded {

// A signature has a letter for each argument: i integer, b blob, l list, s text, t truth (a boolean or an integer),
// v any value. What comes after '|' may be left out.
bool arguments_fit(View signature, const List &payload);

// The argument at a place (the code is at 0), or what stands for one that was left out.
int64_t integer_at(const List &payload, size_t place, int64_t otherwise);
bool truth_at(const List &payload, size_t place);

// Is it [0xff, context, [code, arguments…]]?
bool are_nested(const Value &payload);

// The row of a table for the code at the payload's front; null where there is none that has this access and takes
// these arguments. A row has `code`, `access` and `signature`.
template <typename Row, size_t size>
const Row *find_row(const Row (&table)[size], Access access, const Value &payload) {
    if (!payload.is(Type::list)) {
        return nullptr;
    }
    const List &list = payload.list();
    if (list.items.empty() || !list.items[0].is(Type::integer)) {
        return nullptr;
    }
    for (const Row &row : table) {
        if (row.code == list.items[0].integer() && row.access == access) {
            return arguments_fit(row.signature, list) ? &row : nullptr;
        }
    }
    return nullptr;
}

}  // namespace embedded
