# SPDX-License-Identifier: Apache-2.0
"""How a node of an LList lies in a bin, and the commands on one node.

docs/contributing/llist.md has the whole design. A node is a map in key order, with these entries:

===  ==========================================================================================
b    bytes that its elements take, at the most: what is removed still counts
h    high key: all keys of the node are below it; absent: there is no bound, the node is the last of its level
k    kind of keys, of KINDS
l    level: 0 has elements, others have nodes of the level below
m    the map in key order: {key: element}, or {lowest key: id of a node}
n    id of the next node of its level; absent: it is the last
p    size of a page in bytes; in the root
s    change under way, [id, key]: the node is being split at the key, into the node id; or the root moves into it. While
     it is there nothing else is changed. The id GONE: the list is being destroyed
u    id of the list, another one each time that it is made
w    low key: all keys are that or above; absent: the first of its level
===  ==========================================================================================
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

from aerospike._expression import ResultType
from aerospike._llist_commands import COUNT, VALUE, exp, get_all, get_by_index, get_keys, get_near, within

GONE = b""
FANOUT = 4  # a node of nodes has so many before it is full, however large their keys
ENTRY = 16  # bytes that an id takes beside its key
NUMBER = 9

ELEMENTS, CHANGE = within("m"), within("s")
HEAD = ["b", "h", "k", "l", "n", "p", "s", "u", "w"]


# ---- keys ----


def packed_float(number: float) -> bytes:
    """Return bytes that are ordered as the numbers are: servers take no floats as keys of maps."""
    bits = int.from_bytes(struct.pack(">d", number + 0.0), "big")  # one zero
    return (bits ^ (2**64 - 1 if bits >> 63 else 2**63)).to_bytes(8, "big")


def unpacked_float(key: bytes) -> float:
    """Return what packed_float() packed."""
    bits = int.from_bytes(key, "big")
    number: float = struct.unpack(">d", (bits ^ (2**63 if bits >> 63 else 2**64 - 1)).to_bytes(8, "big"))[0]
    return number


class Kind(NamedTuple):
    """A type of keys."""

    number: int
    name: str
    type: int  # in expressions
    lowest: Any


KINDS = {
    int: Kind(1, "int", ResultType.INTEGER, -(2**63)),
    str: Kind(2, "str", ResultType.STRING, ""),
    bytes: Kind(3, "bytes", ResultType.BLOB, b""),
    float: Kind(4, "float", ResultType.BLOB, b""),
}
BY_NUMBER = {kind.number: kind for kind in KINDS.values()}


def weight(value: Any) -> int:
    """Return about how many bytes a value takes."""
    if isinstance(value, str):
        return 5 + len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, (bytes, bytearray)):
        return 6 + len(value)
    if isinstance(value, dict):
        return 5 + sum(weight(key) + weight(one) for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return 5 + sum(map(weight, value))
    return 1 if value is None else NUMBER


# ---- what is read ----


class Node(NamedTuple):
    """What was read of a node."""

    key: tuple[Any, ...]  # of its record
    head: dict[str, Any]
    entries: list[tuple[Any, Any]]  # those that were asked for, in order

    @property
    def level(self) -> int:
        """Its level."""
        return int(self.head["l"])

    @property
    def kind(self) -> Kind:
        """The kind of its keys."""
        return BY_NUMBER[self.head["k"]]

    @property
    def change(self) -> list[Any] | None:
        """The change under way."""
        return self.head.get("s")

    @property
    def high(self) -> Any:
        """The high key, or None."""
        return self.head.get("h")

    @property
    def gone(self) -> bool:
        """Whether the list is being destroyed."""
        return self.change is not None and self.change[0] == GONE


def pairs(flat: list[Any]) -> list[tuple[Any, Any]]:
    """Return the entries of a list of keys and values."""
    return list(zip(flat[::2], flat[1::2], strict=True))


class Around(NamedTuple):
    """The entries from ``offset`` on from a key's place, so many; ``number`` None: to the end."""

    key: Any
    offset: int = 0
    number: int | None = None


class First(NamedTuple):
    """The first entries; ``number`` None: all."""

    number: int | None = None


class Last(NamedTuple):
    """The last entries."""

    number: int


def entries_of(bin_name: str, what: Around | First | Last) -> Any:
    """Return the operation that reads entries."""
    if isinstance(what, Around):
        return get_near(bin_name, what.key, what.offset, what.number, ELEMENTS)
    if what.number is None:
        return get_all(bin_name, ELEMENTS)
    return get_by_index(bin_name, 0 if isinstance(what, First) else -what.number, what.number, ELEMENTS)


def head_of(bin_name: str) -> Any:
    """Return the operation that reads all but the elements."""
    return get_keys(bin_name, HEAD)


# ---- when a node may be changed ----


class Guard:
    """Expressions on the node in a bin: the server carries a command out where they hold."""

    def __init__(self, bin_name: str) -> None:
        self.map = exp("MapBin", bin_name)

    def entry(self, name: str, kind: int = ResultType.INTEGER) -> Any:
        """Return an entry of the head."""
        return exp("MapGetByKey", None, VALUE, kind, name, self.map)

    def absent(self, name: str) -> Any:
        """Return whether the head has no such entry."""
        return exp("Eq", exp("MapGetByKey", None, COUNT, ResultType.INTEGER, name, self.map), 0)

    def quiet(self, level: int) -> Any:
        """Return whether no change is under way in a node of that level."""
        return exp("And", exp("Eq", self.entry("l"), level), self.absent("s"))

    def before(self, node_id: bytes | None) -> Any:
        """Return whether no change is under way in a node, nor was one since that node was the next."""
        same = self.absent("n") if node_id is None else exp("Eq", self.entry("n", ResultType.BLOB), node_id)
        return exp("And", self.absent("s"), same)

    def holds(self, kind: Kind, key: Any) -> Any:
        """Return whether keys of that kind as high as this one belong to the node."""
        below = exp("GT", self.entry("h", kind.type), key)
        return exp("And", exp("Eq", self.entry("k"), kind.number), exp("Or", self.absent("h"), below))

    def room(self, level: int, size: int, page: int | None) -> Any:
        """Return whether so many bytes more are not too many; ``page`` None: as the node says."""
        most = self.entry("p") if page is None else page
        few = exp("LT", exp("MapSize", ELEMENTS, self.map), FANOUT if level > 0 else 1)
        return exp("Or", exp("LE", exp("Add", self.entry("b"), size), most), few)

    def made_as(self, list_id: bytes) -> Any:
        """Return whether it is still the same list."""
        return exp("Eq", self.entry("u", ResultType.BLOB), list_id)

    def changing(self, node_id: bytes) -> Any:
        """Return whether the change under way is that to this node."""
        first = exp("ListGetByIndex", CHANGE, VALUE, ResultType.BLOB, 0, self.map)
        return exp("And", exp("Not", self.absent("s")), exp("Eq", first, node_id))
