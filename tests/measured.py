# SPDX-License-Identifier: Apache-2.0
"""Reading what was measured on a real server (tests/data/*.jsonl): the notation of values in it."""

import json
import pathlib

import aerospike

DATA = pathlib.Path(__file__).parent / "data"


def lines(name):
    """The measurements of one file."""
    return [json.loads(line) for line in (DATA / name).read_text().splitlines()]


def decode(form):
    """What JSON has stands for itself; other values are objects of one entry."""
    if isinstance(form, list):
        return [decode(item) for item in form]
    if not isinstance(form, dict):
        return form
    ((kind, content),) = form.items()
    if kind in ("m", "om"):
        pairs = [(decode(key), decode(value)) for key, value in content]
        return dict(pairs) if kind == "m" else aerospike.KeyOrderedDict(pairs)
    simple = {
        "i": int,
        "f": float,
        "b": bytes.fromhex,
        "g": aerospike.GeoJSON,
        "inf": lambda _: aerospike.CDTInfinite(),
        "wild": lambda _: aerospike.CDTWildcard(),
    }
    return simple[kind](content)


def encode(value):
    """The same back, for comparison: a dict's entries in a fixed order."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"i": str(value)}
    if isinstance(value, float):
        return {"f": repr(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"b": bytes(value).hex()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if isinstance(value, aerospike.KeyOrderedDict):
        return {"om": [[encode(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, dict):
        return {"m": sorted(([encode(key), encode(item)] for key, item in value.items()), key=repr)}
    if isinstance(value, aerospike.GeoJSON):
        return {"g": value.dumps()}
    raise TypeError(f"no notation for {type(value).__name__}")
