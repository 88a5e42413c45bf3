# SPDX-License-Identifier: Apache-2.0
"""Lists and maps in plain Python: the order of values, and which of them an operation is about."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

NONE, INDEX, REVERSE_INDEX, RANK, REVERSE_RANK, COUNT, KEY, VALUE, KEY_VALUE = range(9)
EXISTS, UNORDERED_MAP, ORDERED_MAP, INVERTED = 13, 16, 17, 0x10000

OK, PARAMETER, INCOMPATIBLE, TOO_BIG, NOT_FOUND, EXISTS_ALREADY, NOT_APPLICABLE = 0, 4, 12, 13, 23, 24, 26

LEAST, MOST = -(2**63), 2**63 - 1

_TYPES: tuple[type, ...] = (type(None), bool, int, str, list, dict, bytes, float)


def order(value: Any) -> tuple[Any, ...]:
    """A key that sorts values of all types as the server does."""
    kind = _TYPES.index(type(value))
    if isinstance(value, list):
        return (kind, [order(item) for item in value])
    if isinstance(value, dict):
        items = sorted((order(k), order(v)) for k, v in value.items())
        return (kind, len(items), items)
    return (kind, 0 if value is None else value.encode() if isinstance(value, str) else value)


def cut(start: int, count: int | None, size: int, place: int | None = None) -> range:
    """Indexes from ``start`` on, which counts from the end where negative; or from ``place`` plus ``start``."""
    if start < -(2**31):
        return range(0)
    if place is not None:
        start += place
    elif start < 0:
        start += size
    end = size if count is None else min(size, start + count)
    start = max(start, 0)
    return range(start, max(start, end))


def ranked(values: list[Any]) -> list[int]:
    """Indexes in order of rank."""
    return sorted(range(len(values)), key=lambda i: (order(values[i]), i))


def less(values: list[Any], than: Any) -> int:
    return sum(order(value) < order(than) for value in values)


def choose(values: list[Any], how: str, arguments: tuple[Any, ...]) -> list[int]:
    """The indexes of the elements that an operation is about."""
    size = len(values)
    if how == "index":
        return list(cut(*arguments, size))
    if how == "rank":
        return [ranked(values)[i] for i in cut(*arguments, size)]
    if how == "value":
        return [i for i in range(size) if order(values[i]) == order(arguments[0])]
    if how == "values":
        wanted = [order(value) for value in arguments[0]]
        return [i for i in range(size) if order(values[i]) in wanted]
    if how == "interval":
        begin, end = map(order, arguments)
        return [i for i in range(size) if begin <= order(values[i]) < end]
    assert how == "relative rank"
    value, start, count = arguments
    return [ranked(values)[i] for i in cut(start, count, size, less(values, value))]


scalars = st.one_of(
    st.integers(-4, 5),
    st.sampled_from(["", "a", "b", "é"]),
    st.sampled_from([b"", b"a", b"\0\1"]),
    st.sampled_from([-1.5, 0.0, 2.5]),
    st.booleans(),
    st.none(),
    st.sampled_from([LEAST, MOST, 2**40]),
)
values = st.one_of(scalars, st.lists(scalars, max_size=2), st.dictionaries(st.sampled_from("abc"), scalars, max_size=2))
keys = st.one_of(st.integers(-3, 8), st.sampled_from(["a", "b", "c", "é"]), st.sampled_from([b"k", b"\1"]))
starts = st.one_of(st.integers(-9, 9), st.sampled_from([LEAST, MOST]))
counts = st.one_of(st.none(), st.integers(0, 9), st.just(MOST))

property_test = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def given_count(count: int | None) -> tuple[int, ...]:
    """The argument that may be left out."""
    return () if count is None else (count,)
