# SPDX-License-Identifier: Apache-2.0
"""The list and map operations as methods of the client, as they were until 2020: one operation a call."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

from aerospike import _native
from aerospike._legacy import warn
from aerospike.exception import ParamError

LIST, MAP = "list_operations", "map_operations"
ANNOTATIONS = {
    "key": "Key",
    "bin": "str",
    "index": "int",
    "rank": "int",
    "count": "int",
    "return_type": "int",
    "list": "list[Any]",
    "map_policy": "MapPolicy | None",
    "meta": "Meta | None",
    "policy": "OperatePolicy | None",
}
OPTIONAL = ("map_policy", "meta", "policy")

# The parameters between the bin and meta, in the order of the operation's.
SELECTIONS = {
    "by_key": "map_key return_type",
    "by_key_list": "list return_type",
    "by_key_range": "map_key range return_type",
    "by_value": "val return_type",
    "by_value_list": "list return_type",
    "by_value_range": "val range return_type",
    "by_index": "index return_type",
    "by_index_range": "index range return_type",
    "by_rank": "rank return_type",
    "by_rank_range": "rank range return_type",
}
METHODS = {
    "list_append": "val",
    "list_extend": "items",
    "list_insert": "index val",
    "list_insert_items": "index items",
    "list_pop": "index",
    "list_pop_range": "index count",
    "list_remove": "index",
    "list_remove_range": "index count",
    "list_clear": "",
    "list_set": "index val",
    "list_get": "index",
    "list_get_range": "index count",
    "list_trim": "index count",
    "list_size": "",
    "map_set_policy": "map_policy",
    "map_put": "map_key val map_policy",
    "map_put_items": "items map_policy",
    "map_increment": "map_key incr map_policy",
    "map_decrement": "map_key decr map_policy",
    "map_size": "",
    "map_clear": "",
    **{f"map_{verb}_{what}": names for verb in ("remove", "get") for what, names in SELECTIONS.items()},
}
RENAMED = {"list_extend": "list_append_items"}


def signature_of(name: str) -> Signature:
    names = ["self", "key", "bin", *METHODS[name].split(), "meta", "policy"]
    optional = () if name == "map_set_policy" else OPTIONAL[:1]
    return Signature(
        [
            Parameter(
                each,
                Parameter.POSITIONAL_OR_KEYWORD,
                default=None if each in (*optional, *OPTIONAL[1:]) else Parameter.empty,
                annotation=Parameter.empty if each == "self" else ANNOTATIONS.get(each, "Any"),
            )
            for each in names
        ],
        return_annotation="Any",
    )


def method_of(name: str) -> Callable[..., Any]:
    """The method of a row: its operation alone, by operate()."""
    kind, today = LIST if name.startswith("list") else MAP, RENAMED.get(name, name)
    signature = signature_of(name)
    defaults = [each.default for each in signature.parameters.values()]
    required = defaults.count(Parameter.empty)

    def by_name(args: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
        try:
            given = signature.bind(*args, **keywords)
        except TypeError as error:
            raise ParamError(-2, f"{name}(): {error}") from None
        given.apply_defaults()
        return given.args

    def call(*args: Any, **keywords: Any) -> Any:
        warn(f"{name}() is deprecated, use operate() with {kind}.{today}()")
        if keywords or not required <= len(args) <= len(defaults):
            args = by_name(args, keywords)
        client, key, bin, *operands, meta, policy = (*args, *defaults[len(args) :])
        operation = getattr(importlib.import_module(f"aerospike_helpers.operations.{kind}"), today)
        results = client.operate(key, [operation(bin, *operands)], meta, policy)[2]
        return next(iter(results.values()), None)

    call.__name__, call.__qualname__, call.__module__ = name, f"CollectionCalls.{name}", "aerospike"
    call.__signature__ = signature  # type: ignore[attr-defined]
    call.__doc__ = (
        f"Deprecated: :meth:`operate` with :func:`aerospike_helpers.operations.{kind}.{today}`,\n"
        "whose result is returned, and which says what the arguments mean."
    )
    return call


class CollectionCalls(_native._Client):
    """A method for each row of METHODS."""

    __slots__ = ()


for row in METHODS:
    setattr(CollectionCalls, row, method_of(row))
