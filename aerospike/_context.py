# SPDX-License-Identifier: Apache-2.0
"""One entry of a context: what the functions of aerospike_helpers.cdt_ctx return, and what is read back from text."""

from __future__ import annotations

from typing import Any

# The function that makes an entry, by its id. Those that create take more than a value: the names of extra_args.
_FUNCTIONS: dict[int, tuple[str, tuple[str, ...]]] = {
    0x10: ("list_index", ()),
    0x14: ("list_index_create", ("order_key", "pad_key")),
    0x11: ("list_rank", ()),
    0x13: ("list_value", ()),
    0x20: ("map_index", ()),
    0x21: ("map_rank", ()),
    0x22: ("map_key", ()),
    0x24: ("map_key_create", ("order_key",)),
    0x23: ("map_value", ()),
    0x2A: ("map_keys_in", ()),
    0x04: ("all_children_with_filter", ()),
    0x204: ("and_filter", ()),
}


class ContextEntry:
    """One entry of a context: what the functions ``cdt_ctx_*`` return."""

    __module__ = "aerospike_helpers.cdt_ctx"

    def __init__(self, *, id: int | None = None, value: Any = None, extra_args: dict[str, Any] | None = None) -> None:
        self.id = id
        self.value = value
        self.extra_args = extra_args

    def __repr__(self) -> str:
        function = _FUNCTIONS.get(self.id) if isinstance(self.id, int) else None
        given = {} if self.extra_args is None else self.extra_args
        if function is None or not isinstance(given, dict):
            return f"_cdt_ctx(id={self.id!r}, value={self.value!r}, extra_args={self.extra_args!r})"
        name, extra = function
        if name == "all_children_with_filter" and self.value is None:
            return "cdt_ctx_all_children()"
        arguments = [repr(self.value), *(repr(given.get(key, 0)) for key in extra)]
        return f"cdt_ctx_{name}({', '.join(arguments)})"
