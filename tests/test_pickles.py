# SPDX-License-Identifier: Apache-2.0
"""SERIALIZER_PYTHON: what only Python understands is stored as pickles, and read where a program asks for it."""

import asyncio
import datetime
import pickle
import warnings

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers.batch import records as batches
from aerospike_helpers.operations import list_operations, map_operations, operations

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    PYTHON = aerospike.SERIALIZER_PYTHON

VALUES = [{1, 2}, (1, "a"), 3 + 4j, datetime.date(1815, 12, 10), range(3), frozenset({1, 2})]
NESTED = {"l": [1, {2}, [(3,)]], "m": {"a": (1,), "b": [b"x"]}}


class Unpicklable:
    def __reduce__(self):
        raise RuntimeError("mine")


@pytest.fixture
def pickling(connect):
    return connect(serialization=(PYTHON, None), unpickle=pickle.loads)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_there_and_back(client, pickling, key, value):
    client.put(key, {"v": value}, serializer=PYTHON)
    assert pickling.get(key)[2] == {"v": value}
    assert client.get(key)[2] == {"v": bytearray(pickle.dumps(value, 2))}


def test_only_what_aerospike_has_no_type_for_is_pickled(client, key):
    plain = {"i": 5, "s": "a", "f": 1.5, "b": b"x", "t": True, "l": [1, {"a": b"y"}]}
    client.put(key, plain, serializer=PYTHON)
    assert client.get(key)[2] == plain


def test_inside_lists_and_maps(client, pickling, key):
    client.put(key, NESTED, serializer=PYTHON)
    assert pickling.get(key)[2] == NESTED
    assert client.get(key)[2]["m"] == {"a": bytearray(pickle.dumps((1,), 2)), "b": [b"x"]}


def test_nothing_is_unpickled_where_nobody_asks(client, connect, key):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("unpickled",)

    bins = {"v": Trap(), "l": [Trap()], "m": {"a": Trap()}}
    client.put(key, bins, serializer=PYTHON)
    for reader in (client, connect(unpickle=None), connect(serialization=(PYTHON, pickle.loads))):
        read = reader.get(key)[2]
        assert type(read["v"]) is type(read["l"][0]) is type(read["m"]["a"]) is bytearray
        assert reader.batch_read([key]).batch_records[0].record[2] == read
        assert reader.operate(key, [operations.read("v")])[2]["v"] == read["v"]


def test_unpickling_is_no_deserializer(connect, key):
    seen = []
    client = connect(serialization=(PYTHON, lambda blob: seen.append(blob) or "a blob"), unpickle=pickle.loads)
    client.put(key, {"v": {1}, "b": b"\xff"})
    assert client.get(key)[2] == {"v": {1}, "b": "a blob"}
    assert seen == [b"\xff"]


def test_in_every_command_of_a_client_that_says_so(pickling, make_key):
    key, other = make_key(), make_key()
    _, _, bins = pickling.operate(
        key,
        [
            operations.write("v", {1}),
            list_operations.list_append("l", (1, 2)),
            map_operations.map_put("m", "a", {"b": (3,)}),
            operations.read("v"),
            list_operations.list_get("l", 0),
        ],
    )
    assert (bins["v"], bins["l"]) == ({1}, (1, 2))
    written = batches.Write(other, [operations.write("v", 1j), operations.read("v")])
    pickling.batch_write(batches.BatchRecords([written]))
    assert written.record[2] == {"v": 1j}
    rows = pickling.batch_read([key, other]).batch_records
    assert [row.record[2] for row in rows] == [{"v": {1}, "l": [(1, 2)], "m": {"a": {"b": (3,)}}}, {"v": 1j}]
    pickling.put(key, {"v": frozenset()})
    assert pickling.select(key, ["v"])[2] == {"v": frozenset()}


def test_in_queries(pickling, namespace, make_key):
    key = make_key("pickled", "pickles")
    pickling.put(key, {"v": {1}})
    assert [bins for _, _, bins in pickling.query(namespace, "pickles").results()] == [{"v": {1}}]


def test_in_asyncio(config, make_key):
    keys = [make_key() for _ in range(5)]

    async def main():
        async with aerospike.AsyncClient({**config, "unpickle": pickle.loads}) as client:
            await asyncio.gather(*(client.put(key, {"v": {key[2]}}, serializer=PYTHON) for key in keys))
            records = await asyncio.gather(*map(client.get, keys))
            assert [bins for _, _, bins in records] == [{"v": {key[2]}} for key in keys]
            with pytest.raises(exception.ClientError, match="bin 'v' cannot be pickled"):
                await client.put(keys[0], {"v": Unpicklable()}, serializer=PYTHON)

    asyncio.run(main())


def test_what_a_call_says_comes_before_what_its_client_does(pickling, connect, key):
    with pytest.raises(exception.ParamError, match="of type set"):
        pickling.put(key, {"v": {1}}, serializer=aerospike.SERIALIZER_NONE)
    with pytest.raises(exception.ClientError, match="no serializer is set"):
        pickling.put(key, {"v": {1}}, serializer=aerospike.SERIALIZER_USER)
    own = connect(serialization=(repr, None))
    own.put(key, {"v": {1}}, serializer=PYTHON)
    assert pickling.get(key)[2] == {"v": {1}}


@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [1, value], lambda value: {"a": value}])
def test_what_cannot_be_pickled_names_its_bin(client, pickling, key, wrap):
    for call in (
        lambda: client.put(key, {"v": wrap(Unpicklable())}, serializer=PYTHON),
        lambda: pickling.put(key, {"v": wrap(Unpicklable())}),
        lambda: pickling.operate(key, [operations.write("v", wrap(Unpicklable()))]),
    ):
        with pytest.raises(exception.ClientError, match=r"v.* cannot be pickled: RuntimeError: mine") as caught:
            call()
        assert caught.value.code == -1
        assert isinstance(caught.value.__cause__, RuntimeError)
    assert client.exists(key)[1] is None


@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [1, value], lambda value: {"a": value}])
def test_what_cannot_be_unpickled_names_its_bin(client, connect, key, wrap):
    def refuse(blob):
        assert type(blob) is bytes
        raise pickle.UnpicklingError("not that")

    client.put(key, {"bad": wrap({1})}, serializer=PYTHON)
    careful = connect(unpickle=refuse)
    for call in (
        lambda: careful.get(key),
        lambda: careful.batch_read([key]),
        lambda: careful.operate(key, [operations.read("bad")]),
    ):
        with pytest.raises(exception.ClientError, match=r"bin 'bad' cannot be unpickled: .*: not that") as caught:
            call()
        assert isinstance(caught.value.__cause__, pickle.UnpicklingError)
    assert careful.select(key, ["other"])[2] == {}


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_what_ends_a_program_passes(client, connect, key, kind):
    class Ends:
        def __reduce__(self):
            raise kind("now")

    def end(blob):
        raise kind("now")

    client.put(key, {"v": {1}}, serializer=PYTHON)
    with pytest.raises(kind, match="now"):
        client.put(key, {"v": Ends()}, serializer=PYTHON)
    with pytest.raises(kind, match="now"):
        connect(unpickle=end).get(key)


def test_the_name_warns():
    with pytest.warns(DeprecationWarning, match="pickles can run code"):
        assert aerospike.SERIALIZER_PYTHON == 1
