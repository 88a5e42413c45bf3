# SPDX-License-Identifier: Apache-2.0
"""One entry of a context: what the functions of aerospike_helpers.cdt_ctx return, and what is read back from text."""

from __future__ import annotations

from typing import Any

from aerospike import _native

# Ids for which there is no constant CDT_CTX_*; AND is a bit beside EXPRESSION.
EXPRESSION, MAP_KEYS_IN, AND = 0x04, 0x2A, 0x200
# Those that create take more than a value: keys of extra_args.
ORDER, PAD = "order_key", "pad_key"
_EXTRA: dict[str, tuple[str, ...]] = {"list_index_create": (ORDER, PAD), "map_key_create": (ORDER,)}


_PREFIX = "CDT_CTX_"
# What stands behind "cdt_ctx_" in the name of the function that makes an entry, by its id. The native module, which
# imports this one, has its constants by then.
_NAMES = {
    **{id: name[len(_PREFIX) :].lower() for name, id in vars(_native).items() if name.startswith(_PREFIX)},
    EXPRESSION: "all_children_with_filter",
    MAP_KEYS_IN: "map_keys_in",
    AND | EXPRESSION: "and_filter",
}


class ContextEntry:
    """One entry of a context: what the functions ``cdt_ctx_*`` return."""

    __module__ = "aerospike_helpers.cdt_ctx"

    def __init__(self, *, id: int | None = None, value: Any = None, extra_args: dict[str, Any] | None = None) -> None:
        self.id = id
        self.value = value
        self.extra_args = extra_args

    def __repr__(self) -> str:
        name = _NAMES.get(self.id) if isinstance(self.id, int) else None
        given = {} if self.extra_args is None else self.extra_args
        if name is None or not isinstance(given, dict):
            return f"_cdt_ctx(id={self.id!r}, value={self.value!r}, extra_args={self.extra_args!r})"
        if self.id == EXPRESSION and self.value is None:
            return "cdt_ctx_all_children()"
        arguments = [repr(self.value), *(repr(given.get(key, 0)) for key in _EXTRA.get(name, ()))]
        return f"cdt_ctx_{name}({', '.join(arguments)})"
