# SPDX-License-Identifier: Apache-2.0
"""Large ordered lists for leaks.py."""

from __future__ import annotations

from collections.abc import Iterator

from leak_row import NAMESPACE, SET, Context, Row, refused

COST = 4  # of a call that is several commands
PAGE = 500  # bytes, so that a hundred elements are many pages


def llist_rows(context: Context) -> Iterator[Row]:
    """Every call on a list of many pages, those that fail among them, and the life of a small one."""
    client = context.client
    numbers = client.llist((NAMESPACE, SET, "llist"), "numbers")
    numbers.set_page_size(PAGE)
    numbers.add_many(list(range(0, 400, 4)))
    small = client.llist((NAMESPACE, SET, "llist"), "small")

    def add_and_remove() -> None:
        numbers.add(101)
        numbers.remove(101)

    def many() -> None:
        odd = list(range(1, 200, 2))
        numbers.add_many(odd)
        numbers.update_many(odd)
        numbers.remove_many(odd)

    def life() -> None:
        small.add("a")
        small.destroy()

    yield Row("llist: made", lambda: client.llist((NAMESPACE, SET, "llist"), "numbers"))
    yield Row("llist: no bin", lambda: refused(client.llist, (NAMESPACE, SET, "llist"), ""))
    yield Row("LList add, remove", add_and_remove, COST)
    yield Row("LList add: it is there", lambda: refused(numbers.add, 100), COST)
    yield Row("LList add: another type", lambda: refused(numbers.add, "a"), COST)
    yield Row("LList remove: missing", lambda: refused(numbers.remove, 101), COST)
    yield Row("LList get", lambda: numbers.get(100), COST)
    yield Row("LList get: missing", lambda: refused(numbers.get, 101), COST)
    yield Row("LList exists", lambda: 100 in numbers, COST)
    yield Row("LList update", lambda: numbers.update(100), COST)
    yield Row("LList add_many, update_many, remove_many: pages split", many, 100)
    yield Row("LList filter", numbers.filter, 20)
    yield Row("LList filter: a function", lambda: numbers.filter(lambda number: number > 50), 20)
    yield Row("LList iterated", lambda: list(numbers), 20)
    yield Row("LList iteration dropped", lambda: next(iter(numbers)), COST)
    yield Row("LList find_first, find_last", lambda: (numbers.find_first(3), numbers.find_last(3)), COST)
    yield Row("LList find_from", lambda: numbers.find_from(100, 3), COST)
    yield Row("LList range_limit", lambda: numbers.range_limit(100, 200), COST)
    yield Row("LList size", numbers.size, COST)
    yield Row("LList config", numbers.config, COST)
    yield Row("LList set_page_size", lambda: numbers.set_page_size(PAGE), COST)
    yield Row("LList destroy: of a small one", life, COST)
