# SPDX-License-Identifier: Apache-2.0
"""The tree of nodes that an LList is, as steps that yield commands.

docs/contributing/llist.md says why this is right with several writers, and when one dies. Each method here that is a
generator yields a Command, gets its answer, or its error, and returns a result: who carries the commands out is not
known here. ``run`` does so with a client.
"""

from __future__ import annotations

import bisect
import itertools
import os
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from aerospike import _native, exception
from aerospike._llist_commands import (
    ANY,
    MISSING,
    NEW,
    compute,
    erase,
    exp,
    increment,
    put,
    put_items,
    remove,
    remove_from,
    remove_keys,
)
from aerospike._llist_node import (
    ELEMENTS,
    ENTRY,
    FANOUT,
    GONE,
    Around,
    First,
    Guard,
    Kind,
    Last,
    Node,
    entries_of,
    head_of,
    pairs,
    weight,
)
from aerospike._values import KeyOrderedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TRIES = 1000  # of a change that others are always faster than
ALIVE = {"ttl": _native.TTL_NEVER_EXPIRE}  # a page must not go before its list does
SAME = {"ttl": _native.TTL_DONT_UPDATE}

Result = TypeVar("Result")


class Command(NamedTuple):
    """A call of a client's method, and what its policy must have, beside what the caller's policy has."""

    method: str
    arguments: tuple[Any, ...]
    policy: dict[str, Any] = {}


Steps = Generator[Command, Any, Result]


def policy_of(command: Command, policy: dict[str, Any]) -> dict[str, Any]:
    """Return the policy of a command; of a batch's only the timeouts are the caller's."""
    if command.method == "batch_operate":
        policy = {name: value for name, value in policy.items() if name.endswith("timeout")}
    return {**policy, **command.policy}


def run(client: Any, steps: Steps[Result], policy: dict[str, Any]) -> Result:
    """Carry out the commands of steps with a client, by a policy."""
    try:
        command = next(steps)
        while True:
            try:
                answer = getattr(client, command.method)(*command.arguments, policy_of(command, policy))
            except exception.AerospikeError as error:
                command = steps.throw(error)
            else:
                command = steps.send(answer)
    except StopIteration as end:
        result: Result = end.value
        return result


def new_id() -> bytes:
    """Return an id that no node and no list has had."""
    return os.urandom(12)


class Item(NamedTuple):
    """An element to write, by its key as the tree has it."""

    key: Any
    value: Any
    size: int


class Found(NamedTuple):
    """A node to which a key leads."""

    node: Node
    page: int  # the list's size of pages
    beside: list[tuple[int, Any, bytes]]  # (level, low key, id) of nodes on the way that their parents do not know


class Tree:
    """The nodes of one list."""

    def __init__(self, key: tuple[Any, ...], bin_name: str, page_size: int) -> None:
        self.root, self.bin, self.page_size = key, bin_name, page_size
        self.set = (key[1] or "") + ".llist"
        self.guard = Guard(bin_name)
        self.counting = [head_of(bin_name), compute("count", exp("MapSize", ELEMENTS, exp("MapBin", bin_name)))]
        self.spread = False  # whether the root had other nodes when it was read last

    def place(self, node_id: bytes) -> tuple[Any, ...]:
        """Return the key of a node's record."""
        return (self.root[0], self.set, node_id)

    # ---- one node ----

    def read(self, place: tuple[Any, ...], what: Around | First | Last) -> Steps[Node | None]:
        """Read a node's head and some of its entries. None: it is not there."""
        reads = [head_of(self.bin), entries_of(self.bin, what)]
        try:
            answer = yield Command("operate_ordered", (place, reads, None))
        except exception.RecordNotFound:
            return None
        (_, head), (_, entries) = answer[2]
        return None if head is None else Node(place, self.checked(head), pairs(entries))

    def checked(self, head: list[Any]) -> dict[str, Any]:
        """Return the head of a node; raise an error where it is that of another map."""
        made = dict(pairs(head))
        if not {"b", "k", "l", "u"} <= made.keys():
            raise exception.LDTBinDamaged._of(f"the bin {self.bin!r} has no LList")
        return made

    def change(
        self, place: tuple[Any, ...], writes: list[Any], guard: Any, exists: int, meta: dict[str, int] | None = None
    ) -> Steps[list[Any] | None]:
        """Change a node where the guard holds. None: it does not, or the node is not there."""
        try:
            answer = yield Command("operate_ordered", (place, writes, meta), {"expressions": [guard], "exists": exists})
        except (exception.FilteredOut, exception.RecordNotFound):
            return None
        return [value for _, value in answer[2]]

    def update(self, place: tuple[Any, ...], writes: list[Any], guard: Any) -> Steps[list[Any] | None]:
        """Change a node that is there."""
        meta = None if place == self.root and not self.spread else SAME
        return self.change(place, writes, guard, _native.POLICY_EXISTS_UPDATE, meta)

    def elements(self, items: Sequence[Item], how: dict[str, int]) -> list[Any]:
        """Return the operations that write items, and count their bytes."""
        entries = {item.key: item.value for item in items}
        size = sum(item.size for item in items)
        return [
            put_items(self.bin, entries, how, ELEMENTS),
            increment(self.bin, "b", size),
        ]

    # ---- the way to a key ----

    def around(self, key: Any, before: bool) -> Around | First | Last:
        """Return which entries of a node of nodes say where to go; ``key`` None: the first, or the last."""
        if key is None:
            return Last(1) if before else First(1)
        return Around(key, -1, 2)

    def child(self, node: Node, key: Any, before: bool) -> bytes:
        """Return where to go from a node of nodes: to where the key lies, or ``before``, what is below it."""
        low = 0
        if key is not None:
            keys = [one for one, _ in node.entries]
            low = (bisect.bisect_left(keys, key) if before else bisect.bisect_right(keys, key)) - 1
        child: bytes = node.entries[max(low, 0)][1]
        return child

    def beyond(self, node: Node, key: Any, before: bool) -> bool:
        """Whether the key lies in nodes to the right."""
        if node.high is None:
            return False
        if key is None:
            return before
        return bool(node.high < key or (node.high == key and not before))

    def find(
        self,
        key: Any,
        level: int,
        what: Around | First | Last | None = None,
        before: bool = False,
        of: Kind | bytes | None = None,
    ) -> Steps[Found | None]:
        """Find the node of a level where a key lies. None: there is no list.

        ``key`` None: the first node; ``before``: the node of what is below the key, None: the last node. Of the node
        the entries are read that ``what`` says, otherwise those around the key. ``of``: the kind that the list's keys
        must have; or the id that the list must have, there is none otherwise.
        """
        way = self.around(key, before)
        what = what or way
        for _ in range(TRIES):
            node: Node | None = yield from self.reach(self.root, what, way, level, 1 if self.spread else 0)
            if node is None or node.gone or node.level < level or (isinstance(of, bytes) and node.head["u"] != of):
                return None
            if isinstance(of, Kind):
                self.check_kind(node, of)
            page, beside = int(node.head["p"]), []
            self.spread = node.level > 0
            while node is not None and (node.level > level or self.beyond(node, key, before)):
                if self.beyond(node, key, before):
                    next_id, expected = node.head["n"], node.level
                    beside.append((node.level, node.high, next_id))
                else:
                    next_id, expected = self.child(node, key, before), node.level - 1
                node = yield from self.reach(self.place(next_id), what, way, level, expected)
            if node is not None:
                return Found(node, page, beside)
        raise exception.LDTSubRecNotFound._of("a page of the list is not there")

    def reach(self, place: tuple[Any, ...], what: Any, way: Any, level: int, expected: int) -> Steps[Node | None]:
        """Read a node by the level that it is expected to have: ``what`` of one sought, ``way`` of those above."""
        asked = what if expected <= level else way
        node: Node | None = yield from self.read(place, asked)
        if node is not None:
            right = what if node.level <= level else way
            if right != asked:
                node = yield from self.read(place, right)
        return node

    # ---- writing ----

    def put(self, items: Sequence[Item], kind: Kind, how: dict[str, int]) -> Steps[int]:
        """Write the first of some items, and of the others those that go to the same node at once. Return how many."""
        for _ in range(TRIES):
            written = yield from self.put_quickly(items, kind, how)
            if written > 0:
                return written
            found: Found | None = yield from self.find(items[0].key, 0, of=kind)
            self.check_size(items[0], self.page_size if found is None else found.page)
            if found is None:
                yield from self.clear()
                continue
            if found.node.change is not None:
                yield from self.finish(found.node.key)
                continue
            most = self.fitting(found, items)
            if most == 0:
                yield from self.make_room(found, items[0].key, items[0].size)
                continue
            guard = self.writable(0, kind, items[most - 1].key, sum(item.size for item in items[:most]), found.page)
            if (yield from self.update(found.node.key, self.elements(items[:most], how), guard)) is not None:
                yield from self.tell_parents(found)
                return most
        raise self.lost()

    def check_size(self, item: Item, page: int) -> None:
        """Raise an error where an element is larger than the list's pages."""
        if item.size > page:
            text = f"the element takes about {item.size} bytes, and a page {page}: see set_page_size()"
            raise exception.LDTInputParamError._of(text)

    def fitting(self, found: Found, items: Sequence[Item]) -> int:
        """Return how many of the items fit into a node as it was read."""
        left = found.page - int(found.node.head["b"])
        return self.prefix(left, itertools.takewhile(lambda item: not self.beyond(found.node, item.key, False), items))

    def prefix(self, room: int, items: Iterable[Item]) -> int:
        """Return how many of the items, from the first on, have room."""
        number = 0
        for item in items:
            room -= item.size
            if room < 0:
                break
            number += 1
        return number

    def writable(self, level: int, kind: Kind, key: Any, size: int, page: int | None) -> Any:
        """Return the guard of a write of keys up to this one."""
        guard = self.guard
        return exp("And", guard.quiet(level), guard.holds(kind, key), guard.room(level, size, page))

    def put_quickly(self, items: Sequence[Item], kind: Kind, how: dict[str, int]) -> Steps[int]:
        """Write without a look at the node, where that may be possible. Return how many."""
        if not self.spread:
            return (yield from self.put_into_root(items, kind, how))
        return 0 if len(items) > 1 else (yield from self.put_into_page(items, kind, how))

    def put_into_root(self, items: Sequence[Item], kind: Kind, how: dict[str, int]) -> Steps[int]:
        """Write to a list of one record, or make it. Return how many."""
        items = items[: self.prefix(self.page_size, items)]
        if not items:
            return 0  # pages of a list that is there may be larger
        size = sum(item.size for item in items)
        ready = exp("Or", exp("Eq", exp("BinType", self.bin), 0), self.writable(0, kind, items[-1].key, size, None))
        empty = {"b": 0, "k": kind.number, "l": 0, "m": KeyOrderedDict()}
        head = {**empty, "p": self.page_size, "u": new_id()}
        writes = [put_items(self.bin, head, MISSING), *self.elements(items, how)]
        done = yield from self.change(self.root, writes, ready, _native.POLICY_EXISTS_IGNORE)
        return 0 if done is None else len(items)

    def put_into_page(self, items: Sequence[Item], kind: Kind, how: dict[str, int]) -> Steps[int]:
        """Write one item to where it seems to belong. Return how many."""
        (item,) = items
        parent: Found | None = yield from self.find(item.key, 1, of=kind)
        if parent is None or parent.node.level != 1 or item.size > parent.page:
            return 0
        place = self.place(self.child(parent.node, item.key, False))
        guard = self.writable(0, kind, item.key, item.size, parent.page)
        done = yield from self.update(place, self.elements(items, how), guard)
        return 0 if done is None else 1

    def remove(self, keys: Sequence[Any], kind: Kind) -> Steps[tuple[int, list[Any]]]:
        """Remove the first of some keys, and others of its node. Return how many were looked for, and those found."""
        for _ in range(TRIES):
            if not self.spread:
                found_keys = yield from self.remove_from(self.root, keys, kind)
                if found_keys is not None:
                    return len(keys), found_keys
            found: Found | None = yield from self.find(keys[0], 0, of=kind)
            if found is None:
                yield from self.clear()
                return len(keys), []
            if found.node.change is not None:
                yield from self.finish(found.node.key)
                continue
            here = [key for key in keys if not self.beyond(found.node, key, False)]
            found_keys = yield from self.remove_from(found.node.key, here, kind)
            if found_keys is not None:
                yield from self.tell_parents(found)
                return len(here), found_keys
        raise self.lost()

    def remove_from(self, place: tuple[Any, ...], keys: Sequence[Any], kind: Kind) -> Steps[list[Any] | None]:
        """Remove keys from a node that has no other keys above, and return those that it had. None: it is not so."""
        guard = exp("And", self.guard.quiet(0), self.guard.holds(kind, keys[-1]))
        done = yield from self.update(place, [remove_keys(self.bin, list(keys), ELEMENTS)], guard)
        return None if done is None else done[0]

    def check_kind(self, node: Node, kind: Kind) -> None:
        """Raise an error where the list has keys of another type."""
        if node.kind != kind:
            raise exception.LDTTypeMismatch._of(f"the keys of the list are {node.kind.name}, not {kind.name}")

    def lost(self) -> Exception:
        """Return the error of a change that did not come about."""
        return exception.LDTInternalError._of(f"others changed the list {TRIES} times before this call could")

    # ---- a full node ----

    def make_room(self, found: Found, key: Any, size: int) -> Steps[None]:
        """Count a full node's bytes anew, or begin to split it."""
        node: Node | None = yield from self.read(found.node.key, First())
        if node is None or node.change is not None:
            return
        level = node.level
        sizes = {one: self.size_of(level, one, value) for one, value in node.entries if one != key}
        true = sum(sizes.values())
        if true + size <= found.page or len(sizes) < (FANOUT if level > 0 else 1):
            same = exp("And", self.guard.quiet(level), exp("Eq", self.guard.entry("b"), node.head["b"]))
            yield from self.update(node.key, [put(self.bin, "b", true, ANY)], same)
        elif node.key == self.root:
            yield from self.begin(node, node.kind.lowest)
        else:
            yield from self.begin(node, self.split_key(level, sizes, key, size))

    def size_of(self, level: int, key: Any, value: Any) -> int:
        """Return the bytes of an entry."""
        return weight(key) + (ENTRY if level > 0 else weight(value))

    def split_key(self, level: int, sizes: dict[Any, int], key: Any, size: int) -> Any:
        """Return where to split: what grows at its end leaves full nodes behind, others are halved."""
        keys = sorted(sizes)
        if level > 0:
            return keys[-1] if key > keys[-1] else keys[len(keys) // 2]
        if key > keys[-1]:
            return key
        keys = sorted({*keys, key})
        sizes = {**sizes, key: size}
        half, total = 0, sum(sizes.values())
        for number, one in enumerate(keys):
            if half * 2 >= total and number > 0:
                return one
            half += sizes[one]
        return keys[-1]

    def begin(self, node: Node, key: Any) -> Steps[None]:
        """Begin to split a node at a key, or to move the root into a node of its own; then finish it."""
        guard = exp("And", self.guard.quiet(node.level), self.guard.holds(node.kind, key))
        change = [put(self.bin, "s", [new_id(), key], NEW)]
        if (yield from self.update(node.key, change, guard)) is not None:
            yield from self.finish(node.key)

    def finish(self, place: tuple[Any, ...]) -> Steps[None]:
        """Finish the change that is under way in a node."""
        node: Node | None = yield from self.read(place, First())
        if node is None or node.change is None:
            return
        if node.gone:
            yield from self.clear()
            return
        node_id, key = node.change
        grows = place == self.root
        new, writes, meta = self.moved(node) if grows else self.halved(node)
        created = True
        try:
            bins = {self.bin: KeyOrderedDict(new)}
            yield Command("put", (self.place(node_id), bins, ALIVE), {"exists": _native.POLICY_EXISTS_CREATE})
        except exception.RecordExistsError:
            created = False
        writes.append(remove(self.bin, "s"))
        guard = self.guard.changing(node_id)
        done = yield from self.change(place, writes, guard, _native.POLICY_EXISTS_UPDATE, meta)
        if done is None and created:
            yield from self.take_back(node_id, key, node)
        elif not grows:
            yield from self.tell_parent(node.level, key, node_id, node.head["u"])

    def moved(self, root: Node) -> tuple[dict[str, Any], list[Any], dict[str, int]]:
        """Return the node into which the root moves, and what makes the root its parent."""
        node_id, key = root.change or []
        new = {name: root.head[name] for name in ("b", "k", "l", "u")}
        new["m"] = KeyOrderedDict(root.entries)
        parent = {
            "b": self.size_of(1, key, node_id),
            "l": root.level + 1,
            "m": KeyOrderedDict({key: node_id}),
        }
        return new, [put_items(self.bin, parent, ANY)], ALIVE

    def halved(self, node: Node) -> tuple[dict[str, Any], list[Any], dict[str, int]]:
        """Return the upper part of a node, and what makes the node the lower."""
        node_id, key = node.change or []
        upper = [(one, value) for one, value in node.entries if one >= key]
        size = sum(self.size_of(node.level, one, value) for one, value in upper)
        new: dict[str, Any] = {name: node.head[name] for name in ("h", "k", "l", "n", "u") if name in node.head}
        new = {**new, "b": size, "m": KeyOrderedDict(upper), "w": key}
        left = sum(self.size_of(node.level, one, value) for one, value in node.entries if one < key)
        writes = [
            remove_from(self.bin, key, ELEMENTS),
            put_items(self.bin, {"b": left, "h": key, "n": node_id}, ANY),
        ]
        return new, writes, SAME

    def take_back(self, node_id: bytes, key: Any, node: Node) -> Steps[None]:
        """Remove a node that was created after others had finished the change, where the list does not have it.

        Writers that have known the node may have split it since.
        """
        found: Found | None = yield from self.find(key, node.level, of=node.head["u"])
        if found is not None and found.node.key == self.place(node_id):
            return
        yield from self.clear()
        while (yield from self.clear_from(self.place(node_id))):
            pass

    # ---- what parents know ----

    def tell_parents(self, found: Found) -> Steps[None]:
        """Tell parents of the nodes beside the way: whoever split them has not done so, or not yet."""
        for level, low, node_id in found.beside:
            yield from self.tell_parent(level, low, node_id, found.node.head["u"])

    def tell_parent(self, level: int, key: Any, node_id: bytes, list_id: bytes) -> Steps[None]:
        """Write into the level above that a node begins at a key."""
        size = self.size_of(level + 1, key, node_id)
        for _ in range(TRIES):
            found: Found | None = yield from self.find(key, level + 1, of=list_id)
            if found is None:
                return
            node = found.node
            if any(one == key for one, _ in node.entries):
                return
            if node.change is not None:
                yield from self.finish(node.key)
                continue
            guard = exp("And", self.writable(level + 1, node.kind, key, size, found.page), self.guard.made_as(list_id))
            item = Item(key, node_id, size)
            if (yield from self.update(node.key, self.elements([item], ANY), guard)) is not None:
                return
            yield from self.make_room_if_full(found, key, size)
        raise self.lost()

    def make_room_if_full(self, found: Found, key: Any, size: int) -> Steps[None]:
        """Make room in a node of nodes, if that is what it lacks."""
        if int(found.node.head["b"]) + size > found.page:
            yield from self.make_room(found, key, size)

    # ---- the end of a list ----

    def destroy(self) -> Steps[None]:
        """Remove all nodes."""
        nothing = [erase(self.bin)]
        small = exp("And", self.guard.quiet(0), exp("Not", self.guard.absent("u")))
        for _ in range(TRIES):
            if not self.spread and (yield from self.update(self.root, nothing, small)) is not None:
                return
            node: Node | None = yield from self.read(self.root, First(1))
            if node is None:
                return
            self.spread = node.level > 0
            if node.gone or (yield from self.condemn(node)):
                yield from self.clear()
                return  # what is there now was added later
            if node.change is not None:
                yield from self.finish(self.root)
        raise self.lost()

    def condemn(self, root: Node) -> Steps[bool]:
        """Make a list of several nodes one that is being destroyed. False: it is not one, or a change is under way."""
        if root.level == 0 or root.change is not None:
            return False
        gone = [put(self.bin, "s", [GONE, None], NEW)]
        return (yield from self.update(self.root, gone, self.guard.quiet(root.level))) is not None

    def clear(self) -> Steps[None]:
        """Go on to destroy the list where that has begun: a level after the other, from the lowest."""
        root: Node | None = yield from self.read(self.root, First(1))
        self.spread = False
        if root is None or not root.gone:
            return
        for level in range(root.level):
            while (yield from self.clear_level(root, level)):
                pass
        nothing = [erase(self.bin)]
        yield from self.update(self.root, nothing, self.guard.changing(GONE))

    def clear_level(self, root: Node, level: int) -> Steps[bool]:
        """Remove the nodes of a level. False: none is left."""
        node: Node | None = root
        while node is not None and node.level > level + 1:
            node = yield from self.read(self.place(node.entries[0][1]), First(1))
        return node is not None and (yield from self.clear_from(self.place(node.entries[0][1])))

    def clear_from(self, place: tuple[Any, ...]) -> Steps[bool]:
        """Remove a node and those to its right, the last first, so that those left are found. False: none is left."""
        node: Node | None = yield from self.read(place, First(1))
        chain = []
        while node is not None:
            if node.change is not None:
                yield from self.finish(node.key)
                node = yield from self.read(node.key, First(1))
                continue
            chain.append((node.key, self.guard.before(node.head.get("n"))))
            node = (yield from self.read(self.place(node.head["n"]), First(1))) if "n" in node.head else None
        for known, guard in reversed(chain):
            if not (yield from self.erase(known, guard)):
                break
        return len(chain) > 0

    def erase(self, place: tuple[Any, ...], guard: Any) -> Steps[bool]:
        """Remove a node's record. False: the guard does not hold."""
        try:
            yield Command("remove", (place, None), {"expressions": [guard]})
        except exception.RecordNotFound:
            pass
        except exception.FilteredOut:
            return False
        return True

    # ---- reading ----

    def get(self, key: Any, kind: Kind) -> Steps[tuple[Any, Any] | None]:
        """Return the entry of a key."""
        found: Found | None = yield from self.find(key, 0, of=kind)
        if found is None:
            return None
        return next((entry for entry in found.node.entries if entry[0] == key), None)

    def after(
        self, low: Any, place: tuple[Any, ...] | None, count: int | None, kind: Kind | None
    ) -> Steps[Node | None]:
        """Return a node with its entries from a key on, None: from the first; ``place``: where it should be."""
        node: Node | None = None
        if place is not None:
            node = yield from self.read(place, First(count))
        if node is None:
            what = First(count) if low is None else Around(low, 0, count)
            found: Found | None = yield from self.find(low, 0, what, of=kind)
            node = None if found is None else found.node
        return node

    def before(self, high: Any, count: int) -> Steps[Node | None]:
        """Return a node with so many entries below a key, None: below all."""
        what = Last(count) if high is None else Around(high, -count, count)
        found: Found | None = yield from self.find(high, 0, what, before=True)
        return None if found is None else found.node

    def size(self) -> Steps[int]:
        """Count the elements, by the sizes of nodes in their order: each counts what lies below its high key."""
        for _ in range(TRIES):
            bins = yield from self.count_at(self.root)
            if bins is None:
                return 0
            head = self.checked(bins[self.bin])
            if head.get("s", [None])[0] == GONE:
                return 0
            if head["l"] == 0:
                return int(bins["count"])
            self.spread = True
            total = yield from self.size_of_pages()
            if total is not None:
                return total
        raise self.lost()

    def count_at(self, place: tuple[Any, ...]) -> Steps[dict[str, Any] | None]:
        """Count the entries of a node. None: it is not there."""
        try:
            bins: dict[str, Any] = (yield Command("operate", (place, self.counting, None)))[2]
        except exception.RecordNotFound:
            return None
        return bins if bins.get(self.bin) is not None else None

    def size_of_pages(self) -> Steps[int | None]:
        """Count the elements of all pages. None: the list was destroyed meanwhile."""
        first: Found | None = yield from self.find(None, 0, First(1))
        if first is None:
            return None
        place, low, total = first.node.key, None, 0
        known: dict[tuple[Any, ...], Any] = {}
        while True:
            if place not in known:
                known = yield from self.sizes_below((yield from self.find(low, 1, First())))
            bins = known[place] if place in known else (yield from self.count_at(place))
            if bins is None:
                return None
            total += int(bins["count"])
            head = dict(pairs(bins[self.bin]))
            if "n" not in head:
                return total
            place, low = self.place(head["n"]), head["h"]

    def sizes_below(self, parent: Found | None) -> Steps[dict[tuple[Any, ...], Any]]:
        """Return what the nodes below a parent answer that were read of it, by their keys."""
        if parent is None:
            return {}
        places = [self.place(node_id) for _, node_id in parent.node.entries]
        answers = yield Command("batch_operate", (places, self.counting))
        return {
            place: one.record[2]
            for place, one in zip(places, answers.batch_records, strict=True)
            if one.result == 0 and one.record is not None
        }

    def past_empty(self, low: Any, place: tuple[Any, ...], many: int) -> Steps[tuple[Any, tuple[Any, ...]]]:
        """Return the low key and the place of a node to the right; between are empty ones, so many at the most."""
        known = yield from self.sizes_below((yield from self.find(low, 1, Around(low, -1, many))))
        while place in known and int(known[place]["count"]) == 0:
            head = dict(pairs(known[place][self.bin]))
            if "n" not in head:
                break
            low, place = head["h"], self.place(head["n"])
        return low, place

    def before_empty(self, high: Any, many: int) -> Steps[Any]:
        """Return a key below, of which nothing lies from it to the high key; it passes so many nodes at the most."""
        known = yield from self.sizes_below((yield from self.find(high, 1, Around(high, -many, many), before=True)))
        for bins in reversed(known.values()):
            head = dict(pairs(bins[self.bin]))
            if int(bins["count"]) > 0 or head.get("h") != high or "w" not in head:
                break
            high = head["w"]
        return high

    def head(self) -> Steps[Node | None]:
        """Read the root."""
        node: Node | None = yield from self.read(self.root, First(0))
        return None if node is None or node.gone else node

    def resize(self, page_size: int) -> Steps[None]:
        """Set the size of pages of a list that is there."""
        quiet = exp("And", exp("Not", self.guard.absent("p")), self.guard.absent("s"))
        for _ in range(TRIES):
            done = yield from self.update(self.root, [put(self.bin, "p", page_size, ANY)], quiet)
            node: Node | None = yield from self.head()
            if done is not None or node is None:
                return
            yield from self.finish(self.root)
        raise self.lost()
