# SPDX-License-Identifier: Apache-2.0
"""Batches as a matrix: its numbers, what is missing, what is refused, and its memory."""

import array
import asyncio
import gc
import itertools
import math
import random

import pytest

import aerospike
from aerospike import exception

COUNT = 40


@pytest.fixture(scope="module")
def keys(client, namespace):
    keys = [(namespace, "batch matrix", n) for n in range(COUNT)]
    for n, key in enumerate(keys):
        client.put(key, {"n": n, "half": n / 2, "text": "x"} | ({"third": n} if n % 3 == 0 else {}))
    yield keys
    client.truncate(namespace, "batch matrix", 0)


@pytest.fixture
def put_one(client, keys):
    """Put one record with that value in the bin a; its key."""
    key = (*keys[0][:2], "one")

    def put(value):
        client.put(key, {"a": value}, policy={"exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE})
        return key

    yield put
    client.remove(key)


def absent(keys):
    return (*keys[0][:2], "absent")


def rows(matrix):
    """Its numbers, None for NaN."""
    shown = memoryview(matrix).tolist()
    return [[None if math.isnan(number) else number for number in row] for row in shown]


def test_rows_are_in_the_order_of_the_keys(client, keys):
    asked = [keys[4], absent(keys), keys[3], keys[4]]
    matrix = client.batch_matrix(asked, ["half", "n", "third"])
    assert rows(matrix) == [[2.0, 4.0, None], [None] * 3, [1.5, 3.0, 3.0], [2.0, 4.0, None]]
    assert matrix.status.tolist() == [0, 2, 0, 0]
    assert matrix.result == client.batch_read(asked).result
    assert (matrix.shape, matrix.type) == ((4, 3), "float64")
    assert repr(matrix) == "<aerospike.Matrix of 4 x 3 float64>"


@pytest.mark.parametrize(
    ("kind", "letter"),
    [("float64", "d"), ("float32", "f"), ("int64", "q"), ("int32", "i"), ("int16", "h"), ("int8", "b")],
)
def test_every_type(client, keys, kind, letter):
    matrix = client.batch_matrix([*keys, absent(keys)], ("n", "third"), kind, -1)
    shown = memoryview(matrix)
    assert shown.tolist() == [[n, n if n % 3 == 0 else -1] for n in range(COUNT)] + [[-1, -1]]
    assert (shown.format, shown.itemsize, shown.ndim) == (letter, array.array(letter).itemsize, 2)
    assert shown.c_contiguous
    assert not shown.readonly
    assert matrix.type == kind


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("int64", value) for value in (2**63 - 1, -(2**63))),
        *(("int32", value) for value in (2**31 - 1, -(2**31))),
        *(("int16", value) for value in (2**15 - 1, -(2**15))),
        *(("int8", value) for value in (127, -128)),
        *(("float64", value) for value in (2**53, -(2**53), 0.1, math.inf, 5e-324)),
        *(("float32", value) for value in (2**24, -(2**24), 0.5, -math.inf)),
    ],
)
def test_the_limits_of_types(client, put_one, kind, value):
    assert memoryview(client.batch_matrix([put_one(value)], ["a"], kind, 0)).tolist() == [[value]]
    assert memoryview(client.batch_matrix([put_one(1)], ["b"], kind, value)).tolist() == [[value]]


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("int64", 0.5, "float 0.5"),
        ("int32", 2**31, "2147483648"),
        ("int16", -(2**15) - 1, "-32769"),
        ("int8", 128, "128"),
        ("float64", 2**53 + 1, "9007199254740993"),
        ("float32", 2**24 + 1, "16777217"),
        ("float32", 1e39, "float 9.9999999999999994e+38"),
        ("float64", "x", "string"),
        ("float64", True, "bool"),
        ("int8", b"x", "bytes"),
        ("float64", [1], "list"),
        ("float64", {"a": 1}, "map"),
    ],
)
def test_a_value_of_another_type(client, keys, put_one, kind, value, shown):
    key = put_one(value)
    with pytest.raises(exception.BinIncompatibleType) as caught:
        client.batch_matrix([absent(keys), key], ["n", "a"], kind, 0)
    assert caught.value.msg == f"bin 'a' of record 'one': value is {shown}, the matrix is {kind}"
    assert (caught.value.bin, caught.value.key) == ("a", key)


def test_a_null_is_missing(client, put_one):
    assert rows(client.batch_matrix([put_one(1)], ["a", "b", "a"])) == [[1.0, None, 1.0]]


@pytest.fixture(scope="module")
def uneven(client, namespace):
    """Keys of records that have some bins each, in different orders, whose names have every length."""
    chance = random.Random(5)
    names = [letter * size for size in range(1, 16) for letter in "ab"] + ["a" * 14 + "b", "b" + "a" * 7]
    keys = [(namespace, "uneven matrix", n) for n in range(60)]
    for key in keys:
        bins = {name: chance.choice([chance.randrange(-(2**53), 2**53), chance.random()]) for name in names}
        client.put(key, {name: bins[name] for name in chance.sample(names, chance.randrange(1, len(names) + 1))})
    yield keys, names
    client.truncate(namespace, "uneven matrix", 0)


@pytest.mark.parametrize("policy", [{}, {"concurrent": True}])
@pytest.mark.parametrize("count", [1, 2, 60])
def test_it_has_what_a_batch_reads(client, uneven, count, policy):
    keys, names = uneven
    chance = random.Random(count)
    for _ in range(20):
        bins = [chance.choice(names) for _ in range(chance.randrange(1, 40))]  # some of them twice
        asked = [chance.choice(keys) for _ in range(count)]
        read = [row.record[2] for row in client.batch_read(asked, list(set(bins))).batch_records]
        assert rows(client.batch_matrix(asked, bins, policy=policy)) == [
            [row.get(name) for name in bins] for row in read
        ]


@pytest.mark.parametrize("value", ["8 bytes.", b"8 bytes.", [1, 2, 3]])
def test_what_is_as_long_as_a_number_is_none(client, put_one, value):
    with pytest.raises(exception.BinIncompatibleType, match="bin 'a'"):
        client.batch_matrix([put_one(value)], ["a"])


def test_no_keys(client):
    matrix = client.batch_matrix([], ["a", "b"])
    assert (matrix.shape, matrix.result, matrix.status.tolist()) == ((0, 2), 0, [])
    assert memoryview(matrix).shape == (0, 2)


def test_the_policy(client, keys):
    from aerospike_helpers import expressions as exp

    policy = {"expressions": exp.LT(exp.IntBin("n"), 1).compile()}
    matrix = client.batch_matrix(keys[:2], ["n"], policy=policy)
    assert (rows(matrix), matrix.status.tolist()) == ([[0.0], [None]], [0, 27])


# ---- into memory of the program ----


def shaped(letter, rows, columns):
    return memoryview(array.array(letter, [7] * rows * columns)).cast("B").cast(letter, (rows, columns))


@pytest.mark.parametrize("letter", "dfqilhb")
def test_into_out(client, keys, letter):
    out = shaped(letter, 3, 2)
    matrix = client.batch_matrix(keys[:3], ["n", "third"], fill=9, out=out)
    assert out.tolist() == [[0, 0], [1, 9], [2, 9]]
    assert memoryview(matrix).tolist() == out.tolist()
    out[0, 0] = 5
    assert memoryview(matrix)[0, 0] == 5


def test_out_is_held_as_long_as_the_matrix(client, keys):
    own = bytearray(16)
    matrix = client.batch_matrix(keys[:2], ["n"], out=memoryview(own).cast("d", (2, 1)))
    shown = memoryview(matrix)
    del matrix
    with pytest.raises(BufferError):
        own.clear()
    del shown
    gc.collect()
    own.clear()


@pytest.mark.parametrize(
    ("out", "text"),
    [
        (5, "out must be a buffer that can be written, C-contiguous, not a int"),
        (bytes(16), "out must be a buffer"),
        (bytearray(16), "2 dimensions, of 2 rows and 1 columns"),
        (shaped("d", 1, 2), "2 dimensions, of 2 rows and 1 columns"),
        (shaped("d", 2, 1).toreadonly(), "out must be a buffer"),
        (shaped("Q", 2, 1), "format 'Q'"),
        (shaped("B", 2, 1), "format 'B'"),
    ],
)
def test_an_out_that_does_not_do(client, keys, out, text):
    with pytest.raises(exception.ParamError, match=text):
        client.batch_matrix(keys[:2], ["n"], out=out)


def test_an_out_of_another_type(client, keys):
    with pytest.raises(exception.ParamError, match="format 'f', which is not the type"):
        client.batch_matrix(keys[:2], ["n"], "float64", out=shaped("f", 2, 1))


# ---- arguments ----


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (((), ["a"]), exception.ParamError, "keys must be a list"),
        (([5], ["a"]), exception.ParamError, r"keys\[0\]"),
        (([], "a"), exception.ParamError, "bins must be a list of bin names"),
        (([], []), exception.ParamError, "bins must have a name"),
        (([], [5]), exception.AerospikeError, "bin name"),
        (([], ["x" * 16]), exception.BinNameError, "x" * 16),
        (([], ["a"], 5), exception.ParamError, "type must be a str"),
        (([], ["a"], "bool", 0), exception.ParamError, "type must be 'float64'"),
        (([], ["a"], "list<int8>", 0), exception.ParamError, "type must be 'float64'"),
        (([], ["a"], "int64"), exception.ParamError, "fill must be given: int64 has no NaN"),
        (([], ["a"], "int8", 128), exception.ParamError, "fill is 128, the matrix is int8"),
        (([], ["a"], "int8", 1.5), exception.ParamError, "fill is 1.5"),
        (([], ["a"], None, "0"), exception.ParamError, "fill must be a number"),
        (([], ["a"], None, 2**64), exception.ParamError, "fill"),
        (([], ["a"], None, None, None, 5), exception.ParamError, "policy must be a dict"),
    ],
)
def test_wrong_arguments(client, arguments, error, text):
    with pytest.raises(error, match=text):
        client.batch_matrix(*arguments)


def test_a_matrix_is_not_made_by_hand():
    with pytest.raises(TypeError):
        aerospike.Matrix()


def test_memory_whose_columns_lie_together_is_not_there(client, keys):
    import ctypes

    fortran, view = 0x58, ctypes.create_string_buffer(256)  # PyBUF_F_CONTIGUOUS, more than a Py_buffer
    get = ctypes.pythonapi.PyObject_GetBuffer
    get.argtypes = [ctypes.py_object, ctypes.c_void_p, ctypes.c_int]
    with pytest.raises(BufferError, match="one after another"):
        get(client.batch_matrix(keys[:2], ["n", "half"]), ctypes.addressof(view), fortran)


# ---- libraries ----


def test_numpy_takes_it_without_a_copy(client, keys):
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    matrix = client.batch_matrix([*keys, absent(keys)], ["n", "half"], "float32")
    shown = numpy.asarray(matrix)
    assert (shown.dtype, shown.shape) == (numpy.float32, (COUNT + 1, 2))
    assert shown.base.obj is matrix
    assert numpy.isnan(shown[-1]).all()
    assert shown[:-1, 1].tolist() == [n / 2 for n in range(COUNT)]
    assert numpy.asarray(matrix.status).tolist() == [0] * COUNT + [2]
    del matrix
    gc.collect()
    assert shown[:-1].sum() == 1.5 * sum(range(COUNT))
    assert numpy.asarray(client.batch_matrix([], ["n"])).shape == (0, 1)


def test_numpy_gives_memory(client, keys):
    numpy = pytest.importorskip("numpy", reason="NumPy is not installed")
    for kind, ask in itertools.product(("float64", "float32", "int64", "int32", "int16", "int8"), (True, False)):
        out = numpy.zeros((3, 2), kind)
        client.batch_matrix(keys[:3], ["n", "third"], kind if ask else None, fill=9, out=out)
        assert out.tolist() == [[0, 0], [1, 9], [2, 9]]
    for wrong in (numpy.zeros((2, 3)), numpy.zeros((2, 3)).T, numpy.zeros((3, 2), ">f8"), numpy.zeros((3, 2), "u1")):
        with pytest.raises(exception.ParamError, match="out "):
            client.batch_matrix(keys[:3], ["n", "third"], fill=0, out=wrong)


# ---- asyncio ----


def test_asyncio(config, keys):
    async def read():
        async with aerospike.AsyncClient(config) as client:
            several = await asyncio.gather(*(client.batch_matrix(keys[n:], ["n"]) for n in range(3)))
            with pytest.raises(exception.BinIncompatibleType, match="bin 'text' of record 0") as caught:
                await client.batch_matrix(keys, ["text"])
            assert caught.value.key == keys[0]
            out = shaped("i", 2, 1)
            return several, await client.batch_matrix(keys[:2], ["n"], fill=0, out=out), out

    several, matrix, out = asyncio.run(read())
    for n, made in enumerate(several):
        assert memoryview(made).tolist() == [[float(at)] for at in range(n, COUNT)]
    assert out.tolist() == memoryview(matrix).tolist() == [[0], [1]]
