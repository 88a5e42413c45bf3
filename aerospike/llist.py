# SPDX-License-Identifier: Apache-2.0
"""LList: a large ordered list, as servers once had it, on what every server has."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from aerospike import exception
from aerospike._error import shown
from aerospike._llist_commands import ANY, NEW
from aerospike._llist_node import KINDS, Kind, Node, packed_float, unpacked_float, weight
from aerospike._llist_tree import Item, Steps, Tree, run

if TYPE_CHECKING:
    from aerospike.types import Key

__all__ = ["LList"]

PAGE_SIZES = (256, 131072)
PAGE_SIZE = 32768
BIN_NAME = 15  # bytes, at the most
SET_NAME = 57  # so that a set's name with ".llist" is none too long
BURST = 1000  # elements that a filter from the end looks at together
FEW = 4  # pages; after two empty ones four times so many are looked at together, then twice as many each time

Result = TypeVar("Result")


class LList:
    """An ordered list of any number of elements: in a bin while it is small, then in records of its own.

    Elements have keys: an int, str, bytes or float is its own, a dict has it in its entry ``"key"``. They are in the
    order of keys, and each key is there once. All keys of a list are of one type.

    Every call is safe beside others, of this process and of all others. A call costs one command while the list is in
    one record, and a handful when it is not. Servers from version 6.0 on have what it needs.

    ``policy``, of every method, is a dict with the timeouts and retries of each command that the call takes, see
    :ref:`operate`; default: the client's.

    :param client: a :class:`Client`.
    :param tuple key: the key of the record that has the list's bin.
    :param str bin: the bin's name.
    :param module: accepted for programs of 2015, and without effect.
    :raises LDTInputParamError: the key or the set's name is not valid.
    :raises LDTBinNameNotString: the bin's name is no str; :exc:`LDTBinNameNull`: it is None or empty;
        :exc:`LDTBinNameTooLong`: it is longer than 15 bytes.
    """

    __module__ = "aerospike"

    def __init__(self, client: Any, key: Key, bin: str, module: str | None = None) -> None:
        self._client = client
        self.key, self.bin = checked_key(key), checked_bin(bin)
        self._tree = Tree(self.key, bin, PAGE_SIZE)

    def __repr__(self) -> str:
        return f"<aerospike.LList {self.bin!r} of {self.key!r}>"

    def _run(self, steps: Steps[Result], policy: dict[str, Any] | None) -> Result:
        if policy is not None and not isinstance(policy, dict):
            raise exception.LDTInputParamError._of(f"policy must be a dict, not {type(policy).__name__}")
        try:
            return run(self._client, steps, policy or {})
        except exception.ElementExistsError:
            raise self._told(exception.LDTUniqueKeyError._of("a key is there already; nothing was changed")) from None
        except (exception.BinIncompatibleType, exception.OpNotApplicable) as error:
            raise self._told(exception.LDTBinDamaged._of(f"the bin {self.bin!r} has no LList")) from error
        except exception.LDTError as error:
            raise self._told(error) from None

    def _told(self, error: exception.LDTError) -> exception.LDTError:
        error.key, error.bin = self.key, self.bin
        return error

    # ---- elements and their keys ----

    def _key(self, value: Any, name: str) -> tuple[Any, Kind]:
        """Return a key as the tree has it, and its kind; of a dict its entry "key"."""
        if isinstance(value, dict):
            if "key" not in value:
                raise self._wrong(f'{name} is a dict without an entry "key"')
            value, name = value["key"], f'{name}["key"]'
        if isinstance(value, bytearray):
            value = bytes(value)
        kind = None if isinstance(value, bool) else KINDS.get(type(value))
        if kind is None:
            raise self._wrong(f"{name} must be an int, str, bytes or float, not {type(value).__name__}")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise self._wrong(f"{name} is out of range: an int has 64 bits")
        if isinstance(value, str) and not value.isascii() and any("\ud800" <= one <= "\udfff" for one in value):
            raise self._wrong(f"{name} has a lone surrogate, which UTF-8 cannot encode")
        if isinstance(value, float) and math.isnan(value):
            raise self._wrong(f"{name} is not a number, which has no order")
        return packed_float(value) if isinstance(value, float) else value, kind

    def _wrong(self, text: str) -> exception.LDTError:
        return self._told(exception.LDTInputParamError._of(text))

    def _item(self, element: Any, name: str) -> tuple[Item, Kind]:
        key, kind = self._key(element, name)
        value = element if isinstance(element, dict) else None
        size = weight(key) + weight(value)
        if size > PAGE_SIZES[1]:
            raise self._wrong(f"{name} takes about {size} bytes, and a page {PAGE_SIZES[1]} at the most")
        return Item(key, value, size), kind

    def _items(self, elements: Iterable[Any]) -> tuple[list[Item], Kind | None]:
        """Return the items of elements, in the order of their keys."""
        if isinstance(elements, (str, bytes, dict)) or not isinstance(elements, Iterable):
            raise self._wrong(f"elements must be an iterable of elements, not {type(elements).__name__}")
        items: dict[Any, Item] = {}
        kinds = set()
        for number, element in enumerate(elements):
            item, kind = self._item(element, f"elements[{number}]")
            if item.key in items:
                raise self._wrong(f"elements[{number}] has a key that another one has, too")
            items[item.key] = item
            kinds.add(kind)
        if len(kinds) > 1:
            raise self._told(exception.LDTTypeMismatch._of("the elements have keys of several types"))
        return sorted(items.values()), kinds.pop() if kinds else None

    def _element(self, key: Any, value: Any, kind: int) -> Any:
        if value is not None:
            return value
        return unpacked_float(key) if kind == KINDS[float].number else key

    def _elements(self, node: Node) -> list[Any]:
        return [self._element(key, value, node.head["k"]) for key, value in node.entries]

    def _count(self, count: Any) -> int:
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise self._wrong(f"count must be an int from 0 on, not {shown(count)}")
        return count

    # ---- changes ----

    def _put(self, items: list[Item], kind: Kind | None, how: dict[str, int], policy: dict[str, Any] | None) -> None:
        done: list[Any] = []
        while items and kind is not None:
            try:
                count = self._run(self._tree.put(items, kind, how), policy)
            except exception.LDTError as error:
                error.done = done
                raise
            done += [self._element(item.key, None, kind.number) for item in items[:count]]
            items = items[count:]

    def add(self, element: Any, policy: dict[str, Any] | None = None) -> None:
        """Add an element.

        :param element: an int, str, bytes or float, or a dict with an entry ``"key"`` that is one.
        :param dict policy: see :class:`LList`.
        :raises LDTUniqueKeyError: an element with that key is there.
        :raises LDTTypeMismatch: the list has keys of another type.
        :raises LDTInputParamError: the element is not valid, or larger than a page.
        """
        item, kind = self._item(element, "element")
        self._put([item], kind, NEW, policy)

    def add_many(self, elements: Iterable[Any], policy: dict[str, Any] | None = None) -> None:
        """Add elements, page by page: those of one page in one command.

        :param elements: an iterable of what :meth:`add` takes, in any order.
        :param dict policy: see :class:`LList`.
        :raises LDTUniqueKeyError: an element with one of the keys is there. None of that page was added; the error's
            ``done`` has the keys of those that were, on pages before.
        :raises LDTInputParamError: an element is not valid, or two have the same key. Nothing was sent.
        :raises LDTTypeMismatch: keys are of several types, or of another type than the list's.
        """
        items, kind = self._items(elements)
        self._put(items, kind, NEW, policy)

    def update(self, element: Any, policy: dict[str, Any] | None = None) -> None:
        """Put an element in the place of the one with its key, or add it.

        :param element: what :meth:`add` takes.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        :raises LDTInputParamError: the element is not valid, or larger than a page.
        """
        item, kind = self._item(element, "element")
        self._put([item], kind, ANY, policy)

    def update_many(self, elements: Iterable[Any], policy: dict[str, Any] | None = None) -> None:
        """Put elements in the place of those with their keys, or add them, page by page.

        :param elements: an iterable of what :meth:`add` takes, in any order.
        :param dict policy: see :class:`LList`.
        :raises LDTInputParamError: an element is not valid, or two have the same key. Nothing was sent.
        :raises LDTTypeMismatch: keys are of several types, or of another type than the list's.
        """
        items, kind = self._items(elements)
        self._put(items, kind, ANY, policy)

    def _remove(self, keys: list[Any], kind: Kind | None, policy: dict[str, Any] | None) -> list[Any]:
        done: list[Any] = []
        while keys and kind is not None:
            try:
                count, found = self._run(self._tree.remove(keys, kind), policy)
            except exception.LDTError as error:
                error.done = done
                raise
            done += [self._element(key, None, kind.number) for key in found]
            keys = keys[count:]
        return done

    def remove(self, value: Any, policy: dict[str, Any] | None = None) -> None:
        """Remove the element with a key.

        :param value: the key, or the element.
        :param dict policy: see :class:`LList`.
        :raises LargeItemNotFound: no element has it.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
        key, kind = self._key(value, "value")
        if not self._remove([key], kind, policy):
            raise self._missing(value)

    def _missing(self, value: Any) -> exception.LDTError:
        return self._told(exception.LargeItemNotFound._of(f"no element has the key {shown(value)}"))

    def remove_many(self, values: Iterable[Any], policy: dict[str, Any] | None = None) -> None:
        """Remove the elements with some keys, page by page.

        :param values: an iterable of keys, or elements.
        :param dict policy: see :class:`LList`.
        :raises LargeItemNotFound: some were not there. The others were removed; the error's ``done`` has their keys.
        :raises LDTTypeMismatch: keys are of several types, or of another type than the list's.
        """
        if isinstance(values, (str, bytes, dict)) or not isinstance(values, Iterable):
            raise self._wrong(f"values must be an iterable of keys, not {type(values).__name__}")
        keyed = [self._key(value, f"values[{number}]") for number, value in enumerate(values)]
        kinds = {kind for _, kind in keyed}
        if len(kinds) > 1:
            raise self._told(exception.LDTTypeMismatch._of("the keys are of several types"))
        keys = sorted({key for key, _ in keyed})
        done = self._remove(keys, kinds.pop() if kinds else None, policy)
        if len(done) < len(keys):
            missing = self._told(exception.LargeItemNotFound._of(f"{len(keys) - len(done)} of the keys were not there"))
            missing.done = done
            raise missing

    # ---- one element ----

    def _get(self, value: Any, policy: dict[str, Any] | None) -> tuple[Any, ...] | None:
        key, kind = self._key(value, "value")
        entry = self._run(self._tree.get(key, kind), policy)
        return None if entry is None else (self._element(*entry, kind.number),)

    def get(self, value: Any, policy: dict[str, Any] | None = None) -> Any:
        """Return the element with a key.

        :param value: the key, or a dict with it.
        :param dict policy: see :class:`LList`.
        :raises LargeItemNotFound: no element has it.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
        found = self._get(value, policy)
        if found is None:
            raise self._missing(value)
        return found[0]

    def exists(self, value: Any, policy: dict[str, Any] | None = None) -> bool:
        """Return whether an element has a key; ``value in llist`` asks the same.

        :param value: the key, or a dict with it.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
        return self._get(value, policy) is not None

    def __contains__(self, value: Any) -> bool:
        return self.exists(value)

    # ---- elements in order ----

    def _upward(self, low: Any, kind: Kind | None, count: int | None, policy: dict[str, Any] | None) -> Iterator[Node]:
        """Give the nodes from a key on, each with its elements."""
        place, empty = None, 0
        while count is None or count > 0:
            node = self._run(self._tree.after(low, place, count, kind), policy)
            if node is None:
                return
            yield node
            if "n" not in node.head:
                return
            count = None if count is None else count - len(node.entries)
            low, place = node.high, self._tree.place(node.head["n"])
            empty = 0 if node.entries else empty + 1
            if empty > 1:
                low, place = self._run(self._tree.past_empty(low, place, FEW << empty), policy)

    def _downward(self, count: int | None, policy: dict[str, Any] | None) -> Iterator[Any]:
        """Give the elements from the last on."""
        high, empty = None, 0
        while count is None or count > 0:
            burst = BURST if count is None else count
            node = self._run(self._tree.before(high, burst), policy)
            if node is None:
                return
            yield from reversed(self._elements(node))
            if len(node.entries) == burst:
                high = node.entries[0][0]
            elif "w" in node.head:
                high = node.head["w"]
            else:
                return
            count = None if count is None else count - len(node.entries)
            empty = 0 if node.entries else empty + 1
            if empty > 1:
                high = self._run(self._tree.before_empty(high, FEW << empty), policy)

    def _from(self, value: Any, count: int | None, policy: dict[str, Any] | None) -> Iterator[Any]:
        key, kind = (None, None) if value is None else self._key(value, "value")
        for node in self._upward(key, kind, count, policy):
            yield from self._elements(node)

    def __iter__(self) -> Iterator[Any]:
        """Give the elements in order, a page at a time."""
        return self._from(None, None, None)

    def __len__(self) -> int:
        return self.size()

    def _test(self, function: Any, args: Any) -> Callable[[Any], bool]:
        if function is None:
            return lambda element: True
        if not callable(function):
            raise self._wrong(
                f"function must be a callable that gets an element and args, not {type(function).__name__}: "
                "functions in Lua and expressions cannot look at the elements of a list"
            )
        given = () if args is None else args
        if not isinstance(given, (list, tuple)):
            raise self._wrong(f"args must be a list, not {type(args).__name__}")
        return lambda element: bool(function(element, *given))

    def filter(
        self, function: Callable[..., Any] | None = None, args: Any = None, policy: dict[str, Any] | None = None
    ) -> list[Any]:
        """Return the elements, in order, all or those of which a function says so.

        :param function: is called in this process with each element and ``args``; None: all elements.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        """
        test = self._test(function, args)
        return [element for element in self._from(None, None, policy) if test(element)]

    def _first(self, elements: Iterator[Any], count: int, test: Callable[[Any], bool]) -> list[Any]:
        found: list[Any] = []
        while len(found) < count:
            for element in elements:
                if test(element):
                    found.append(element)
                    break
            else:
                break
        return found

    def find_first(self, count: int, policy: dict[str, Any] | None = None) -> list[Any]:
        """Return the first elements.

        :param int count: how many at the most.
        :param dict policy: see :class:`LList`.
        """
        return list(self._from(None, self._count(count), policy))

    def find_last(self, count: int, policy: dict[str, Any] | None = None) -> list[Any]:
        """Return the last elements, the last one first.

        :param int count: how many at the most.
        :param dict policy: see :class:`LList`.
        """
        return list(self._downward(self._count(count), policy))

    def find_from(self, value: Any, count: int, policy: dict[str, Any] | None = None) -> list[Any]:
        """Return the first elements from a key on.

        :param value: the key; it need not be there.
        :param int count: how many at the most.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
        self._key(value, "value")
        return list(self._from(value, self._count(count), policy))

    def find_first_filter(
        self, count: int, function: Callable[..., Any] | None, args: Any = None, policy: dict[str, Any] | None = None
    ) -> list[Any]:
        """Return the first elements of which a function says so.

        :param int count: how many at the most.
        :param function: as of :meth:`filter`.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        """
        return self._first(self._from(None, None, policy), self._count(count), self._test(function, args))

    def find_last_filter(
        self, count: int, function: Callable[..., Any] | None, args: Any = None, policy: dict[str, Any] | None = None
    ) -> list[Any]:
        """Return the last elements of which a function says so, the last one first.

        :param int count: how many at the most.
        :param function: as of :meth:`filter`.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        """
        return self._first(self._downward(None, policy), self._count(count), self._test(function, args))

    def find_from_filter(
        self,
        value: Any,
        count: int,
        function: Callable[..., Any] | None,
        args: Any = None,
        policy: dict[str, Any] | None = None,
    ) -> list[Any]:
        """Return the first elements from a key on of which a function says so.

        :param value: the key; it need not be there.
        :param int count: how many at the most.
        :param function: as of :meth:`filter`.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
        self._key(value, "value")
        return self._first(self._from(value, None, policy), self._count(count), self._test(function, args))

    def range_limit(
        self,
        start_value: Any,
        end_value: Any,
        count: int | None = None,
        function: Callable[..., Any] | None = None,
        args: Any = None,
        policy: dict[str, Any] | None = None,
    ) -> list[Any]:
        """Return the elements from one key to another, both included.

        :param start_value: the lowest key; it need not be there.
        :param end_value: the highest key; it need not be there.
        :param int count: how many at the most; None: all.
        :param function: as of :meth:`filter`.
        :param list args: what else it is given.
        :param dict policy: see :class:`LList`.
        :raises LDTTypeMismatch: the list has keys of another type.
        """
        self._key(start_value, "start_value")
        end, kind = self._key(end_value, "end_value")
        most = math.inf if count is None else self._count(count)
        test = self._test(function, args)
        found: list[Any] = []
        for node in self._upward(self._key(start_value, "start_value")[0], kind, None, policy):
            for key, value in node.entries:
                if key > end or len(found) >= most:
                    return found
                element = self._element(key, value, kind.number)
                if test(element):
                    found.append(element)
        return found

    # ---- the list ----

    def size(self, policy: dict[str, Any] | None = None) -> int:
        """Return how many elements there are; ``len(llist)`` does the same.

        :param dict policy: see :class:`LList`.
        """
        return self._run(self._tree.size(), policy)

    def config(self, policy: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return how the list is made.

        :param dict policy: see :class:`LList`.
        :return: ``{"page_size": bytes, "key_type": "int", "str", "bytes", "float" or None, "levels": of nodes, 1 while
            it is in one record, 0 where there is none}``.
        """
        root = self._run(self._tree.head(), policy)
        if root is None:
            return {"page_size": self._tree.page_size, "key_type": None, "levels": 0}
        return {"page_size": root.head["p"], "key_type": root.kind.name, "levels": root.level + 1}

    def set_page_size(self, size: int, policy: dict[str, Any] | None = None) -> None:
        """Set how large pages grow before they are split.

        A list that is there keeps it; where there is none, the one that this object makes will have it.

        :param int size: bytes, 256 to 131,072; new lists have 32,768.
        :param dict policy: see :class:`LList`.
        """
        least, most = PAGE_SIZES
        if isinstance(size, bool) or not isinstance(size, int) or not least <= size <= most:
            raise self._wrong(f"size must be an int from {least} to {most}, not {shown(size)}")
        self._tree.page_size = size
        self._run(self._tree.resize(size), policy)

    def destroy(self, policy: dict[str, Any] | None = None) -> None:
        """Remove the list: its bin, and the record where that had nothing else, and all pages.

        :param dict policy: see :class:`LList`.
        """
        self._run(self._tree.destroy(), policy)


def checked_key(key: Any) -> tuple[Any, ...]:
    """Return the key of a record; raise an error where it is none, or its set's name is too long."""
    if isinstance(key, dict):
        key = (key.get("ns"), key.get("set"), key.get("key"), key.get("digest"))
    if not isinstance(key, tuple) or len(key) not in (3, 4):
        raise exception.LDTInputParamError._of("key must be a tuple (namespace, set, primary key)")
    if not isinstance(key[0], str) or not isinstance(key[1], (str, type(None))):
        raise exception.LDTInputParamError._of("key must begin with the names of a namespace and a set")
    if len((key[1] or "").encode()) > SET_NAME:
        raise exception.LDTInputParamError._of(f"key[1]: a set with lists has a name of at most {SET_NAME} bytes")
    return key


def checked_bin(name: Any) -> str:
    """Return the name of a bin; raise an error where it is none."""
    if name is None or name == "":
        raise exception.LDTBinNameNull._of("bin must be a name, not None or empty")
    if not isinstance(name, str):
        raise exception.LDTBinNameNotString._of(f"bin must be a str, not {type(name).__name__}")
    if len(name.encode()) > BIN_NAME:
        raise exception.LDTBinNameTooLong._of(f"bin must have at most {BIN_NAME} bytes")
    return name
