# SPDX-License-Identifier: Apache-2.0
"""Nodes that send what no server sends, as the results of functions: an error or a value, no crash.

The lengths in frames, and the numbers of cells of regions, are true here: test_lying_lengths.py has those that are not.
"""

import struct

import pytest

from aerospike import exception

REDUCE = """
function kept(s) return s : reduce(function(a, b) return a end) end
function all(s) return s : map(function(value) return value end) end
function shown(s) return s : map(function(value) return tostring(value) end) end
"""
STRING, HLL, MAP, LIST, GEOJSON = 3, 18, 19, 20, 23
# (particle, bytes) of a value
LIES = {
    "no such particle": (99, b"abc"),
    "another language's": (7, b"abc"),
    "null with bytes": (0, b"abc"),
    "a text that is no UTF-8": (STRING, b"\xff\xfe\xc0"),
    "a text with a NUL": (STRING, b"a\0b"),
    "a large text": (STRING, b"x" * 3_000_000),
    "a sketch of 1 byte": (HLL, b"\1"),
    "a region without text": (GEOJSON, b"\0\0\0"),
    "a region that is no JSON": (GEOJSON, b"\0\0\0{]"),
    "a region that is no UTF-8": (GEOJSON, b"\0\0\0\xff\xfe"),
    "a region with a NUL": (GEOJSON, b'\0\0\0{"type"\0: 5}'),
    "an empty list": (LIST, b""),
    "a list cut short": (LIST, b"\x93\1"),
    "a list of 4294967295": (LIST, b"\xdd\xff\xff\xff\xff"),
    "a list with a text cut short": (LIST, b"\x91\xdb\xff\xff\xff\xff\3"),
    "a list with bytes behind": (LIST, b"\x91\1\2\3"),
    "a list that is a map": (LIST, b"\x81\1\2"),
    "a list that is a number": (LIST, b"\5"),
    "a list that is a reserved code": (LIST, b"\xc1"),
    "a list of an extension": (LIST, b"\x91\xc7\xff\1"),
    "a list of texts without a type": (LIST, b"\x91\xa0"),
    "a list of odd types": (LIST, b"\x91\xa3\x63ab"),
    "a list of regions": (LIST, b"\x92\xa3\x17{]\xa1\x17"),
    "a list 65 deep": (LIST, b"\x91" * 65 + b"\1"),
    "a list 100,000 deep": (LIST, b"\x91" * 100_000 + b"\1"),
    "an empty map": (MAP, b""),
    "a map cut short": (MAP, b"\x82\1\2\3"),
    "a map of 4294967295": (MAP, b"\xdf\xff\xff\xff\xff"),
    "a map with a key twice": (MAP, b"\x82\1\2\1\3"),
    "a map with keys of odd types": (MAP, b"\x84\xcb" + b"\0" * 8 + b"\1\xc0\1\x90\1\xc3\1"),
    "a map that is a list": (MAP, b"\x92\1\2"),
    "a map with a flag alone": (MAP, b"\x81\xc7\0\1\xc0"),
    "a map with a flag and no value": (MAP, b"\x82\xc7\0\1\xc0\1"),
    "a map 100,000 deep": (MAP, b"\x81\1" * 100_000 + b"\1"),
}


@pytest.fixture
def asked(asking, senders):
    senders.modules["many.lua"] = REDUCE
    return lambda function: asking.query("test", "demo").apply("many", function).results()


def given(ask, function):
    """What comes of it; None: an error of the client's."""
    try:
        values = ask(function)
    except (exception.AerospikeError, UnicodeDecodeError):
        return None
    repr(values)
    return values


@pytest.mark.parametrize("lie", LIES)
def test_values_of_an_aggregation(asked, senders, lie):
    for values in ([LIES[lie]], [1, LIES[lie], 2], [LIES[lie]] * 50):
        senders.values = tuple(values)
        for function in ("kept", "all", "shown"):
            given(asked, function)
    senders.values = (7, 8)
    assert asked("kept") == [7]


def result(particle, data, name=b"SUCCESS"):
    """The body of the answer to a call of a function on a record."""
    op = struct.pack(">IBBBB", 4 + len(name) + len(data), 1, particle, 0, len(name)) + name + data
    return struct.pack(">BBBBBBIIIHH", 22, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1) + op


@pytest.mark.parametrize("lie", LIES)
def test_the_result_of_a_function_on_a_record(nodes, lie):
    key = ("test", "demo", 1)
    for name in (b"SUCCESS", b"FAILURE", b"", b"x" * 15):
        nodes.reply = result(*LIES[lie], name)
        given(lambda function: nodes.client.apply(key, "many", function, []), "f")
        given(lambda _: nodes.client.get(key), "")
    nodes.reply = result(STRING, b"fine")
    assert nodes.client.apply(key, "many", "f", []) == "fine"
