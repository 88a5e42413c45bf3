# SPDX-License-Identifier: Apache-2.0
"""The operations and expressions that LLists are made of. aerospike_helpers stands above this, and has more."""

from __future__ import annotations

from typing import Any

from aerospike import _native
from aerospike._context import ContextEntry
from aerospike._expression import Node
from aerospike._values import CDTInfinite

NOTHING, KEYS, ENTRIES = _native.MAP_RETURN_NONE, _native.MAP_RETURN_KEY, _native.MAP_RETURN_KEY_VALUE
VALUE, COUNT = _native.MAP_RETURN_VALUE, _native.MAP_RETURN_COUNT
END = CDTInfinite()

# Policies of writes to maps: any entry; only one that is not there; of several those that are not there.
ANY = {"map_order": _native.MAP_KEY_ORDERED}
NEW = {**ANY, "map_write_flags": _native.MAP_WRITE_FLAGS_CREATE_ONLY}
MISSING = {
    **ANY,
    "map_write_flags": _native.MAP_WRITE_FLAGS_CREATE_ONLY
    | _native.MAP_WRITE_FLAGS_NO_FAIL
    | _native.MAP_WRITE_FLAGS_PARTIAL,
}


def within(key: str) -> list[ContextEntry]:
    """Return the context of an entry's value."""
    return [ContextEntry(id=_native.CDT_CTX_MAP_KEY, value=key)]


def exp(name: str, *arguments: Any) -> Node:
    """Return an expression, by the name of its class in aerospike_helpers."""
    return Node((name, *arguments))


def operation(code: int, bin_name: str, ctx: list[ContextEntry] | None = None, **arguments: Any) -> dict[str, Any]:
    """Return an operation."""
    made = {"op": code, "bin": bin_name, **arguments}
    if ctx is not None:
        made["ctx"] = ctx
    return made


def put(bin_name: str, key: Any, value: Any, policy: dict[str, int]) -> dict[str, Any]:
    """Write an entry."""
    return operation(_native.OP_MAP_PUT, bin_name, key=key, val=value, map_policy=policy)


def put_items(
    bin_name: str, items: dict[Any, Any], policy: dict[str, int], ctx: list[ContextEntry] | None = None
) -> dict[str, Any]:
    """Write entries."""
    return operation(_native.OP_MAP_PUT_ITEMS, bin_name, ctx, val=items, map_policy=policy)


def increment(bin_name: str, key: str, amount: int) -> dict[str, Any]:
    """Add to the number of an entry."""
    return operation(_native.OP_MAP_INCREMENT, bin_name, key=key, val=amount, map_policy=ANY)


def remove(bin_name: str, key: str) -> dict[str, Any]:
    """Remove an entry."""
    return operation(_native.OP_MAP_REMOVE_BY_KEY, bin_name, key=key, return_type=NOTHING)


def remove_keys(bin_name: str, keys: list[Any], ctx: list[ContextEntry]) -> dict[str, Any]:
    """Remove entries, and return the keys of those that there were."""
    return operation(_native.OP_MAP_REMOVE_BY_KEY_LIST, bin_name, ctx, val=keys, return_type=KEYS)


def remove_from(bin_name: str, key: Any, ctx: list[ContextEntry]) -> dict[str, Any]:
    """Remove the entries from a key on."""
    return operation(_native.OP_MAP_REMOVE_BY_KEY_RANGE, bin_name, ctx, key=key, val=END, return_type=NOTHING)


def get_keys(bin_name: str, keys: list[str]) -> dict[str, Any]:
    """Return the entries of keys."""
    return operation(_native.OP_MAP_GET_BY_KEY_LIST, bin_name, val=keys, return_type=ENTRIES)


def get_all(bin_name: str, ctx: list[ContextEntry]) -> dict[str, Any]:
    """Return all entries."""
    return operation(_native.OP_MAP_GET_BY_KEY_RANGE, bin_name, ctx, key=None, range=END, return_type=ENTRIES)


def get_by_index(bin_name: str, index: int, count: int, ctx: list[ContextEntry]) -> dict[str, Any]:
    """Return the entries from an index on, so many."""
    return operation(_native.OP_MAP_GET_BY_INDEX_RANGE, bin_name, ctx, index=index, val=count, return_type=ENTRIES)


def get_near(bin_name: str, key: Any, offset: int, count: int | None, ctx: list[ContextEntry]) -> dict[str, Any]:
    """Return the entries from ``offset`` on from a key's place, so many; None: to the end."""
    code, more = _native.OP_MAP_GET_BY_KEY_INDEX_RANGE_REL, {} if count is None else {"count": count}
    return operation(code, bin_name, ctx, key=key, index=offset, return_type=ENTRIES, **more)


def erase(bin_name: str) -> dict[str, Any]:
    """Remove the bin."""
    return operation(_native.OPERATOR_WRITE, bin_name, val=None)


def compute(name: str, expression: Node) -> dict[str, Any]:
    """Return what an expression gives, None where there is nothing that it could look at."""
    return operation(_native.OP_EXPR_READ, name, expr=[expression], expr_flags=_native.EXP_READ_EVAL_NO_FAIL)
