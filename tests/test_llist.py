# SPDX-License-Identifier: Apache-2.0
"""The calls of an LList: what they do, and what they say of wrong use."""

import asyncio
import math

import pytest

import aerospike
from aerospike import _llist_tree, embedded, exception

SMALL = 256  # bytes: the least, so that lists spread early


@pytest.fixture
def llist(client, make_key):
    made = client.llist(make_key(), "l")
    yield made
    made.destroy()


@pytest.fixture
def spread(llist):
    llist.set_page_size(SMALL)
    llist.add_many(range(0, 400, 2))
    assert llist.config()["levels"] > 1
    return llist


@pytest.fixture
def commands(monkeypatch):
    """The commands that LLists send from here on."""
    sent = []

    class Told:
        def __init__(self, client):
            self.client = client

        def __getattr__(self, name):
            sent.append(name)
            return getattr(self.client, name)

    run = _llist_tree.run
    monkeypatch.setattr("aerospike.llist.run", lambda client, steps, policy: run(Told(client), steps, policy))
    return sent


# ---- one element ----


@pytest.mark.parametrize("element", [0, -(2**63), 2**63 - 1, "", "ä", b"", b"\xff", 0.0, -math.inf, 1e-300])
def test_an_element_that_is_its_own_key(llist, element):
    llist.add(element)
    assert llist.get(element) == element
    assert type(llist.get(element)) is type(element)
    assert llist.filter() == [element]
    with pytest.raises(exception.LDTUniqueKeyError):
        llist.add(element)
    llist.remove(element)
    assert llist.filter() == []


def test_an_element_with_a_key(llist):
    element = {"key": "ann", "age": 41, "tags": [1, {"a": b"x"}]}
    llist.add(element)
    assert llist.get("ann") == llist.get({"key": "ann"}) == element
    llist.update({"key": "ann"})
    assert list(llist) == [{"key": "ann"}]
    llist.add("bob")  # whose key is of the same type
    assert list(llist) == [{"key": "ann"}, "bob"]


def test_floats_are_in_their_order(llist):
    numbers = [-math.inf, -1e300, -2.5, -1e-300, 0.0, 1e-300, 2.5, 1e300, math.inf]
    llist.add_many(reversed(numbers))
    assert list(llist) == numbers
    assert llist.exists(-0.0)
    assert llist.find_from(-3.0, 2) == [-2.5, -1e-300]


def test_what_is_not_there(llist):
    assert not llist.exists(1)
    assert 1 not in llist
    assert llist.size() == 0
    assert list(llist) == llist.filter() == llist.find_first(3) == llist.find_last(3) == llist.find_from(1, 3) == []
    assert llist.range_limit(1, 2) == []
    for call in (llist.get, llist.remove):
        with pytest.raises(exception.LargeItemNotFound) as caught:
            call(1)
        assert (caught.value.code, caught.value.key, caught.value.bin) == (125, llist.key, "l")
    llist.destroy()


# ---- many ----


def test_a_list_spreads_and_is_whole(spread):
    assert list(spread) == spread.filter() == list(range(0, 400, 2))
    assert spread.size() == 200
    assert spread.find_first(3) == [0, 2, 4]
    assert spread.find_last(3) == [398, 396, 394]
    assert spread.find_last(300) == list(range(398, -1, -2))
    assert spread.find_from(7, 3) == [8, 10, 12]
    assert spread.range_limit(3, 9) == [4, 6, 8]
    assert spread.range_limit(4, 10, 2) == [4, 6]
    assert spread.config() == {"page_size": SMALL, "key_type": "int", "levels": spread.config()["levels"]}


def test_functions_choose(spread):
    def is_multiple(element, of):
        return element % of == 0

    assert spread.filter(is_multiple, [100]) == [0, 100, 200, 300]
    assert spread.find_first_filter(2, is_multiple, [30]) == [0, 30]
    assert spread.find_last_filter(2, is_multiple, [30]) == [390, 360]
    assert spread.find_from_filter(31, 2, is_multiple, (30,)) == [60, 90]
    assert spread.range_limit(31, 100, None, is_multiple, [30]) == [60, 90]


def test_elements_replace_and_go_by_many(spread):
    spread.update_many([{"key": number, "new": True} for number in range(0, 40, 4)])
    assert spread.get(8) == {"key": 8, "new": True}
    spread.remove_many(range(0, 390, 2))
    assert list(spread) == [390, 392, 394, 396, 398]
    with pytest.raises(exception.LargeItemNotFound, match="2 of the keys") as caught:
        spread.remove_many([1, 390, 392, 5])
    assert caught.value.done == [390, 392]
    assert spread.size() == 3


def test_what_was_added_before_a_key_that_is_there(spread):
    with pytest.raises(exception.LDTUniqueKeyError) as caught:
        spread.add_many([1, 398])
    assert caught.value.done == [1]
    assert 1 in spread
    assert spread.find_last(1) == [398]


def test_a_page_takes_all_elements_of_a_call_or_none(llist):
    llist.add(2)
    with pytest.raises(exception.LDTUniqueKeyError):
        llist.add_many([1, 2, 3])
    assert list(llist) == [2]


def test_an_element_as_large_as_a_page(llist):
    llist.set_page_size(SMALL)
    elements = [f"{number}{'x' * (SMALL - 10)}" for number in range(9)]
    for element in elements[::2] + elements[1::2]:
        llist.add(element)
    assert list(llist) == elements


def test_a_record_without_the_list_is_an_empty_one(client, make_key):
    key = make_key()
    client.put(key, {"other": 1})
    llist = client.llist(key, "l")
    assert llist.size() == 0
    assert list(llist) == llist.filter() == llist.find_last(3) == []
    assert 1 not in llist


def test_other_bins_and_lists_of_the_record_are_left_alone(client, make_key):
    key = make_key()
    client.put(key, {"other": 1})
    lists = [client.llist(key, name) for name in ("a", "b")]
    for number, one in enumerate(lists):
        one.set_page_size(SMALL)
        one.add_many(range(number, 200 + number))
    assert [one.filter() for one in lists] == [list(range(200)), list(range(1, 201))]
    lists[0].destroy()
    assert lists[1].size() == 200
    lists[1].destroy()
    assert client.get(key)[2] == {"other": 1}


@pytest.mark.sync_only("it looks at the records behind the list")
def test_a_destroyed_list_leaves_nothing(client, llist):
    llist.set_page_size(SMALL)
    llist.add_many(range(300))
    pages = llist._tree.set
    assert any(list(bins) == ["l"] for _, _, bins in client.scan(llist.key[0], pages).results())
    llist.destroy()
    assert not client.exists(llist.key)[1]
    assert list(llist) == []
    llist.add("another type")
    assert list(llist) == ["another type"]


# ---- how much is sent ----


def test_a_list_of_one_record_takes_a_command_a_call(llist, commands):
    def sent(call, *arguments):
        commands.clear()
        call(*arguments)
        return len(commands)

    assert sent(llist.add, 5) == 1
    assert sent(llist.add, 7) == 1
    assert sent(llist.add_many, [8, 9]) == 1
    assert sent(llist.update, 7) == 1
    assert sent(llist.get, 7) == sent(llist.exists, 4) == sent(llist.size) == sent(llist.config) == 1
    assert (
        sent(llist.filter) == sent(llist.find_first, 3) == sent(llist.find_last, 3) == sent(llist.find_from, 5, 2) == 1
    )
    assert sent(llist.range_limit, 5, 8) == 1
    assert sent(llist.remove, 7) == 1
    assert sent(llist.destroy) == 1


def test_a_large_list_takes_a_handful(llist, commands):
    llist.add_many(range(30000))
    commands.clear()
    assert llist.config()["levels"] == 2
    for call, argument, most in ((llist.get, 777, 2), (llist.add, 10**6, 2), (llist.remove, 777, 3)):
        commands.clear()
        call(argument)
        assert len(commands) <= most


@pytest.mark.parametrize("left", [[0, 2500, 4999], []])
def test_pages_that_are_empty_are_passed_together(llist, commands, left):
    llist.set_page_size(1024)
    llist.add_many(range(5000))
    llist.remove_many([number for number in range(5000) if number not in left])
    for call, wanted in (
        (llist.filter, left),
        (lambda: llist.find_last(4), left[::-1]),
        (lambda: llist.find_from(1, 1), left[1:2]),
    ):
        commands.clear()
        assert call() == wanted
        assert len(commands) < 60  # of about a hundred pages
    llist.add_many(range(1, 2400, 7))
    assert llist.filter() == llist.find_last(5000)[::-1] == sorted([*left, *range(1, 2400, 7)])


# ---- misuse ----


@pytest.mark.parametrize(
    "element",
    [None, True, [1], 2**63, math.nan, {}, {"key": None}, {"key": [1]}, {"a": 1}, object(), "\ud800", "x" * 132000],
)
def test_elements_that_are_none(llist, element):
    with pytest.raises(exception.LDTInputParamError, match="element") as caught:
        llist.add(element)
    assert caught.value.code == 1409
    with pytest.raises(exception.LDTInputParamError, match=r"elements\[1\]"):
        llist.add_many([1, element])
    assert llist.size() == 0


def test_pages_are_those_of_the_list_not_of_the_object(client, llist):
    other = client.llist(llist.key, "l")
    with pytest.raises(exception.LDTInputParamError, match="page 32768"):
        other.add("x" * 100000)  # the size that new lists have
    llist.set_page_size(131072)
    llist.add("a")
    other.add("x" * 100000)
    assert other.filter() == ["a", "x" * 100000]


def test_elements_larger_than_the_pages_of_the_list(client, spread):
    other = client.llist(spread.key, "l")
    before = spread.filter()
    for number in (0, 7, 398, 1000, -1):
        for call in (other.add, other.update, spread.update):
            with pytest.raises(exception.LDTInputParamError, match="page 256"):
                call({"key": number, "text": "x" * 3000})
    assert spread.filter() == before


def test_keys_of_another_type(spread):
    for call in (spread.add, spread.update, spread.get, spread.exists, spread.remove):
        with pytest.raises(exception.LDTTypeMismatch, match="the keys of the list are int, not str"):
            call("a")
    with pytest.raises(exception.LDTTypeMismatch):
        spread.find_from("a", 1)
    with pytest.raises(exception.LDTTypeMismatch):
        spread.add_many([1, "a"])
    assert spread.size() == 200


@pytest.mark.parametrize("many", [None, 5, "abc", b"abc", {"key": 1}])
def test_many_are_an_iterable(llist, many):
    for call in (llist.add_many, llist.update_many):
        with pytest.raises(exception.LDTInputParamError, match="elements must be an iterable"):
            call(many)
    with pytest.raises(exception.LDTInputParamError, match="values must be an iterable"):
        llist.remove_many(many)


def test_the_same_key_twice(llist):
    with pytest.raises(exception.LDTInputParamError, match=r"elements\[2\] has a key that another one has"):
        llist.add_many([1, 2, {"key": 1}])


@pytest.mark.parametrize("count", [-1, 1.5, None, True, "1"])
def test_counts(llist, count):
    for call in (llist.find_first, llist.find_last):
        with pytest.raises(exception.LDTInputParamError, match="count must be an int from 0 on"):
            call(count)
    with pytest.raises(exception.LDTInputParamError, match="count"):
        llist.find_from(1, count)


@pytest.mark.parametrize("size", [0, 255, 131073, None, True, 1000.0])
def test_sizes_of_pages(llist, size):
    with pytest.raises(exception.LDTInputParamError, match="size must be an int from 256 to 131072"):
        llist.set_page_size(size)


def test_functions_in_lua_are_no_longer(llist):
    for call in (llist.filter, lambda function: llist.find_first_filter(1, function)):
        with pytest.raises(exception.LDTInputParamError, match="function must be a callable"):
            call("my_filter")
    with pytest.raises(exception.LDTInputParamError, match="args must be a list"):
        llist.filter(bool, 5)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (None, exception.LDTBinNameNull),
        (b"l", exception.LDTBinNameNotString),
        ("", exception.LDTBinNameNull),
        ("x" * 16, exception.LDTBinNameTooLong),
        ("ä" * 8, exception.LDTBinNameTooLong),
    ],
)
def test_names_of_bins(client, make_key, name, error):
    with pytest.raises(error, match="bin must"):
        client.llist(make_key(), name)


@pytest.mark.parametrize("key", [None, "key", ("test",), ("test", 5, 1), (None, "set", 1), ("test", "x" * 58, 1)])
def test_keys_of_records(client, key):
    with pytest.raises(exception.LDTInputParamError, match="key"):
        client.llist(key, "l")


@pytest.mark.parametrize("value", [5, "text", [1], {"a": 1}, {"l": 0}])
def test_a_bin_that_has_something_else(client, make_key, value):
    key = make_key()
    client.put(key, {"l": value})
    llist = client.llist(key, "l")
    for call in (lambda: llist.get(1), lambda: llist.add(1), llist.filter, llist.size, llist.destroy):
        with pytest.raises(exception.LDTBinDamaged, match="the bin 'l' has no LList"):
            call()
    assert client.get(key)[2] == {"l": value}


def test_policies_are_checked_and_reach_the_commands(client, llist):
    with pytest.raises(exception.LDTInputParamError, match="policy must be a dict, not int"):
        llist.add(1, 5)
    with pytest.raises(exception.ParamError, match="total_timeout"):
        llist.add(1, {"total_timeout": "soon"})
    assert llist.size({"total_timeout": 5000}) == 0


@pytest.mark.embedded_only("answers by a fault")
def test_a_code_of_2015_is_of_no_answer_of_a_server():
    assert exception.LargeItemNotFound.code == exception.TransactionAborted.code == 125
    assert issubclass(exception.LDTError, exception.ServerError)
    with embedded.Server() as server, aerospike.client(server.config) as client, server.fault("error", code=125):
        with pytest.raises(exception.TransactionAborted):
            client.get(("test", "suite", 1))
        with pytest.deprecated_call(), pytest.raises(exception.TransactionAborted):
            client.get_many([("test", "suite", 1)])


def test_calls_that_overlap_have_policies_of_their_own(client, make_key):
    sent, meanwhile = [], []

    class Told:
        def __getattr__(self, name):
            def call(*arguments):
                sent.append(arguments[-1]["total_timeout"])
                answer = getattr(client, name)(*arguments)
                if meanwhile:
                    meanwhile.pop()()
                return answer

            return call

    llist = aerospike.LList(Told(), make_key(), "l")
    llist.set_page_size(SMALL, {"total_timeout": 7000})
    llist.add_many(range(100), {"total_timeout": 7000})
    del sent[:]
    meanwhile.append(lambda: llist.config({"total_timeout": 6000}))
    assert llist.get(50, {"total_timeout": 5000}) == 50
    assert sent == [5000, 6000, 5000]
    llist.destroy({"total_timeout": 7000})


@pytest.mark.sync_only("len() cannot be awaited")
def test_len(llist):
    assert len(llist) == 0
    llist.add_many(range(3))
    assert len(llist) == 3


@pytest.mark.sync_only("AsyncLList has another name")
def test_it_prints(llist):
    assert repr(llist) == f"<aerospike.LList 'l' of {llist.key!r}>"


# ---- asyncio ----


def test_lists_of_the_asyncio_client(config, make_key):
    key = make_key()

    async def work():
        async with aerospike.AsyncClient(config) as client:
            llist = client.llist(key, "l")
            await llist.set_page_size(SMALL)
            await llist.add_many(range(100))
            assert await llist.size() == 100
            assert [element async for element in llist] == list(range(100))
            with pytest.raises(exception.LDTUniqueKeyError):
                await llist.add(5)
            await llist.destroy()
            assert (llist.key, llist.bin) == (key, "l")
            assert repr(llist).startswith("<aerospike.AsyncLList")
        with pytest.raises(TypeError, match="to make an AsyncLList"):
            aerospike.AsyncLList()

    asyncio.run(work())
