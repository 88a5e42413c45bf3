# SPDX-License-Identifier: Apache-2.0
"""Names of 2015 for leaks.py."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from leak_row import Context, Row, refused

import aerospike
from aerospike import _legacy, _legacy_cdt

KEYS = aerospike.MAP_RETURN_KEY
OPERANDS = {
    "index": 0,
    "range": 1,
    "count": 1,
    "return_type": KEYS,
    "list": [1],
    "val": 1,
    "items": [1],
    "map_key": "a",
}
OPERANDS |= {"incr": 1, "decr": 1, "rank": 0, "map_policy": {"map_order": aerospike.MAP_KEY_ORDERED}}


def quietly(function: Callable[..., Any], *args: Any) -> Callable[[], Any]:
    def call() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return function(*args)
            except aerospike.Error as error:
                return error

    return call


PYTHON = 1  # aerospike.SERIALIZER_PYTHON, which warns


def raising(_blob: bytes) -> None:
    raise pickle.UnpicklingError


def pickle_rows(context: Context) -> Iterator[Row]:
    """Pickles there and back, and those that cannot be."""
    client, key = context.client, context.scratch
    value = {"o": {1, 2, 3}, "l": [{1}]}
    reader = aerospike.client({**context.config, "serialization": (PYTHON, None), "unpickle": pickle.loads})
    careful = aerospike.client({**context.config, "unpickle": raising})

    def there_and_back() -> None:
        client.put(key, value, serializer=PYTHON)
        reader.put(key, value)
        reader.get(key)
        client.get(key)

    def not_to_be_read() -> None:
        client.put(key, value, serializer=PYTHON)
        refused(careful.get, key)

    yield Row("SERIALIZER_PYTHON: there and back", there_and_back)
    yield Row("SERIALIZER_PYTHON: cannot be pickled", lambda: refused(reader.put, key, {"o": [lambda: 1]}))
    yield Row("config['unpickle']: it raises", not_to_be_read)


def legacy_rows(context: Context) -> Iterator[Row]:
    """Calls and constants, used well and not."""
    client, key = context.client, context.scratch
    yield from pickle_rows(context)
    yield Row("aerospike.__getattr__: constants", quietly(lambda: [getattr(aerospike, n) for n in _legacy.CONSTANTS]))
    for name in ("get_many", "exists_many"):
        yield Row(f"Client.{name}", quietly(getattr(client, name), [key, context.absent]), 4)
        yield Row(f"Client.{name}: misuse", quietly(refused, getattr(client, name), 5))
    yield Row("Client.select_many", quietly(client.select_many, [key], ["n"]), 4)
    yield Row("Client.key", quietly(lambda: client.key(*key).get()))
    yield Row("Client.isConnected", quietly(client.isConnected))
    yield Row("Client.info", quietly(client.info, "namespaces", client.get_nodes()), 4)
    yield Row("Client.info_node", quietly(client.info_node, "namespaces", client.get_nodes()[0]), 4)
    yield Row("Client.has_geo", quietly(client.has_geo), 4)
    yield Row("Client.scan_info", quietly(client.scan_info, 1), 4)
    yield Row("Client.udf_getRegistered", quietly(client.udf_getRegistered, "none.lua"), 4)
    yield Row("Client.admin_query_user", quietly(client.admin_query_user, "ann"), 4)
    yield Row("Client.admin_query_users", quietly(client.admin_query_users), 4)
    for name, operands in _legacy_cdt.METHODS.items():
        given = [
            {"a": 1} if each == "items" and name.startswith("map") else OPERANDS[each] for each in operands.split()
        ]
        yield Row(f"Client.{name}", quietly(getattr(client, name), key, name[:1] + "old", *given), 4)
