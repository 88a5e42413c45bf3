# SPDX-License-Identifier: Apache-2.0
"""Values go in and come back whole, or are refused with an error that names their place."""

import datetime
import decimal
import gc
import math
import pickle
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import aerospike
from aerospike import exception
from aerospike_helpers import HyperLogLog, cdt_ctx
from aerospike_helpers.operations import hll_operations, list_operations, operations

integers = st.integers(-(2**63), 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
scalars = st.none() | st.booleans() | integers | st.floats(allow_nan=False) | texts | st.binary(max_size=40)
keys = integers | texts | st.binary(max_size=20)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(keys, inner, max_size=6), max_leaves=25
)


@pytest.fixture
def round_trip(client, key):
    def there_and_back(value):
        client.put(key, {"v": value})
        return client.get(key)[2]["v"]

    return there_and_back


@pytest.mark.parametrize(
    "value",
    [0, 1, -1, 127, 128, 255, 256, -32, -33, -128, -129, 65535, 65536, -32769, 2**31, 2**32, 2**63 - 1, -(2**63)]
    + ["", "a", "é" * 100, "x" * 300, "y" * 70000, "a\0b", "\0", "🚀"]
    + [b"", b"\0\xff", b"z" * 300, b"z" * 70000]
    + [True, False, 0.0, -1.5, 1e300, math.inf, -math.inf]
    + [[], {}, [[]], {"a": {}}, [None], {"a": None}, list(range(20)), list(range(70000))]
    + [{n: n for n in range(17)}, {"a\0b": 1, "a\0c": 2}, {b"k": b"v", "k": "v", 1: 1}],
    ids=lambda value: repr(value)[:20],
)
def test_value_round_trips(round_trip, value):
    assert round_trip(value) == value
    assert type(round_trip(value)) is type(value)
    assert round_trip([value]) == [value]
    assert round_trip({"k": value}) == {"k": value}


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values)
def test_any_value_round_trips(client, key, value):
    client.put(key, {"v": value, "other": 1})
    assert client.get(key)[2].get("v") == value


def test_nan(round_trip):
    assert math.isnan(round_trip(math.nan))
    assert math.isnan(round_trip([math.nan])[0])


def test_bytearray_reads_back_as_bytes(round_trip):
    assert round_trip(bytearray(b"ab")) == b"ab"
    assert type(round_trip([bytearray(b"ab")])[0]) is bytes


def test_a_map_reads_back_in_key_order(round_trip):
    assert list(round_trip({"b": 1, 5: 2, b"x": 3, "a": 4, -1: 5})) == [-1, 5, "a", "b", b"x"]
    assert list(round_trip([{"b": 1, "a": 2}])[0]) == ["a", "b"]


def test_key_ordered_dict_is_its_own_type(round_trip):
    given_value = aerospike.KeyOrderedDict({"b": 1, "a": {"z": 1}, 3: 4, b"x": 5, -7: 6})
    back = round_trip(given_value)
    assert type(back) is aerospike.KeyOrderedDict
    assert back == given_value
    assert list(back) == [-7, 3, "a", "b", b"x"]
    assert type(back["a"]) is dict
    assert type(round_trip([given_value])[0]) is aerospike.KeyOrderedDict
    assert round_trip(aerospike.KeyOrderedDict()) == {}


def test_geojson(client, key, round_trip):
    point = aerospike.GeoJSON({"type": "Point", "coordinates": [10.75, 59.91]})
    assert round_trip(point) == point
    assert type(round_trip(point)) is aerospike.GeoJSON
    assert round_trip([point, {"p": point}]) == [point, {"p": point}]
    assert round_trip(aerospike.geojson(point.dumps())).unwrap() == point.geo_data


def test_geojson_is_made_of_dicts_and_texts():
    point = aerospike.geodata({"type": "Point", "coordinates": [1, 2]})
    assert str(point) == point.dumps() == '{"type": "Point", "coordinates": [1, 2]}'
    assert point.wrap({"a": 1}) == 0
    assert point.unwrap() == {"a": 1}
    assert point.loads('{"b": 2}') == 0
    assert point == aerospike.GeoJSON('{"b": 2}')
    assert hash(point) == hash(aerospike.GeoJSON('{"b":2}'))
    for call, bad, error in [
        (aerospike.GeoJSON, 5, exception.ParamError),
        (aerospike.GeoJSON, "x", exception.ClientError),
        (aerospike.GeoJSON, "[" * 100_000, exception.ClientError),
        (aerospike.geodata, "{}", exception.ParamError),
        (aerospike.geojson, {}, exception.ParamError),
        (point.wrap, "x", exception.ParamError),
        (point.loads, 5, exception.ParamError),
        (point.loads, "{", exception.ClientError),
        (point.loads, "[1]", exception.ParamError),
        (aerospike.GeoJSON, "5", exception.ParamError),
    ]:
        with pytest.raises(error) as caught:
            call(bad)
        assert type(caught.value) is error


@pytest.mark.parametrize("nothing", [None, aerospike.null()])
def test_none_and_null_remove_the_bin(client, record, nothing):
    client.put(record, {"a": nothing})
    assert "a" not in client.get(record)[2]


def test_none_as_the_only_bin_of_a_replacement(client, record):
    with pytest.raises(exception.InvalidRequest):
        client.put(record, {"a": None}, {}, {"exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE})


def test_send_bool_as_integer(connect, key):
    client = connect(send_bool_as=aerospike.INTEGER)
    client.put(key, {"t": True, "l": [True, False], "m": {"x": True}})
    bins = client.get(key)[2]
    assert bins == {"t": 1, "l": [1, 0], "m": {"x": 1}}
    assert not isinstance(bins["t"], bool)
    assert not isinstance(bins["l"][0], bool)


@pytest.mark.parametrize(
    ("bins", "error", "texts"),
    [
        ({"v": 2**63}, exception.ParamError, ["bin 'v'", "9223372036854775807"]),
        ({"v": -(2**63) - 1}, exception.ParamError, ["bin 'v'"]),
        ({"v": 10**5000}, exception.ParamError, ["bin 'v'"]),
        ({"v": [1, {"x": 2**63}]}, exception.ParamError, ["bin 'v'[1]['x']", "64 bits"]),
        ({"v": (1, 2)}, exception.ParamError, ["bin 'v'", "tuple"]),
        ({"v": [(1, 2)]}, exception.ParamError, ["bin 'v'[0]", "tuple"]),
        ({"v": {1, 2}}, exception.ParamError, ["bin 'v'", "set"]),
        ({"v": decimal.Decimal(1)}, exception.ParamError, ["bin 'v'", "Decimal"]),
        ({"v": datetime.datetime(2026, 1, 1)}, exception.ParamError, ["bin 'v'", "datetime"]),
        ({"v": memoryview(b"x")}, exception.ParamError, ["bin 'v'", "memoryview"]),
        ({"v": object()}, exception.ParamError, ["bin 'v'", "object"]),
        ({"v": "\ud800"}, exception.ClientError, ["bin 'v'", "surrogate"]),
        ({"v": ["\ud800"]}, exception.ClientError, ["bin 'v'[0]", "surrogate"]),
        ({"v": {"\ud800": 1}}, exception.ClientError, ["surrogate"]),
        ({"v": {1.5: 1}}, exception.ParamError, ["bin 'v'", "key", "float"]),
        ({"v": {None: 1}}, exception.ParamError, ["bin 'v'", "key", "NoneType"]),
        ({"v": {True: 1}}, exception.ParamError, ["bin 'v'", "key", "bool"]),
        ({"v": {(1,): 1}}, exception.ParamError, ["bin 'v'", "key", "tuple"]),
        ({"v": {2**63: 1}}, exception.ParamError, ["bin 'v'", "64 bits"]),
        ({"v": [{"a": {1.5: 1}}]}, exception.ParamError, ["bin 'v'[0]['a']", "float"]),
        ({"v": aerospike.KeyOrderedDict({1.5: 1})}, exception.ParamError, ["bin 'v'", "float"]),
        ({"v": aerospike.KeyOrderedDict({"\ud800": 1})}, exception.ClientError, ["surrogate"]),
        ({"v": aerospike.CDTInfinite()}, exception.ClientError, ["bin 'v'", "CDTInfinite"]),
        ({"v": aerospike.CDTWildcard()}, exception.ClientError, ["bin 'v'", "CDTWildcard"]),
        ({"v": [aerospike.CDTInfinite()]}, exception.ClientError, ["bin 'v'[0]", "CDTInfinite"]),
    ],
)
def test_refused_values_change_nothing(client, record, bins, error, texts):
    with pytest.raises(error) as caught:
        client.put(record, {"a": 99, **bins})
    assert type(caught.value) is error
    for text in texts:
        assert text in caught.value.msg
    assert client.get(record)[2]["a"] == 1


def nested(levels):
    value = []
    for _ in range(levels - 1):
        value = [value]
    return value


def test_sixty_four_levels_are_the_most(client, key):
    client.put(key, {"v": nested(64)})
    assert client.get(key)[2]["v"] == nested(64)
    for levels in (65, 100_000):
        with pytest.raises(exception.ParamError, match="64 levels"):
            client.put(key, {"v": nested(levels)})


def test_containers_that_contain_themselves(client, key):
    loop = []
    loop.append(loop)
    around = {}
    around["x"] = [around]
    for value in (loop, around):
        with pytest.raises(exception.ParamError, match="contains itself"):
            client.put(key, {"v": value})


# ---- serializers ----


@pytest.fixture
def no_serializers():
    yield
    aerospike.unset_serializers()


def test_module_serializer(client, key, no_serializers):
    assert aerospike.set_serializer(lambda value: repr(value)) == 0
    assert aerospike.set_deserializer(lambda blob: ("made of", blob)) == 0
    client.put(key, {"v": (1, 2), "l": [(3,)], "i": 5, "b": b"\xff"}, serializer=aerospike.SERIALIZER_USER)
    read = {"v": ("made of", "(1, 2)"), "l": [("made of", "(3,)")], "i": 5, "b": ("made of", b"\xff")}
    assert client.get(key)[2] == read
    assert aerospike.unset_serializers() == 0
    assert client.get(key)[2]["v"] == b"(1, 2)"


@pytest.mark.parametrize("value", [(1, 2), [(1, 2)], {"a": (1, 2)}])
def test_the_modules_serializer_serves_put_alone_where_it_is_asked(client, key, no_serializers, value):
    aerospike.set_serializer(repr)
    aerospike.set_deserializer(lambda blob: ("made of", blob))
    for command, error in (
        (lambda: client.put(key, {"v": value}), exception.ParamError),
        (lambda: client.operate(key, [operations.write("v", value)]), exception.ClientError),
        (lambda: client.operate(key, [list_operations.list_append("l", value)]), exception.ClientError),
    ):
        with pytest.raises(error, match="of type tuple, which a server cannot store"):
            command()
    client.put(key, {"v": b"blob"})
    assert client.operate(key, [operations.read("v")])[2] == {"v": ("made of", "blob")}


@pytest.mark.parametrize("value", [(1, 2), [(1, 2)], {"a": (1, 2)}])
def test_a_serializer_that_is_promised_and_not_set(client, key, no_serializers, value):
    assert client.put(key, {"v": [1]}, serializer=aerospike.SERIALIZER_USER) == 0
    with pytest.raises(exception.ClientError, match="no serializer is set") as caught:
        client.put(key, {"v": value}, serializer=aerospike.SERIALIZER_USER)
    assert caught.value.code == -1
    assert client.get(key)[2] == {"v": [1]}


def test_client_serializer_wins(connect, key, no_serializers):
    aerospike.set_serializer(lambda value: b"module")
    client = connect(serialization=(lambda value: b"client", None))
    client.put(key, {"v": {1, 2}})
    assert client.get(key)[2]["v"] == b"client"


def test_put_can_say_no_serializer(client, key, no_serializers):
    aerospike.set_serializer(lambda value: b"x")
    client.put(key, {"v": {1}}, serializer=aerospike.SERIALIZER_USER)
    with pytest.raises(exception.ParamError):
        client.put(key, {"v": {1}}, serializer=aerospike.SERIALIZER_NONE)
    with pytest.raises(exception.ParamError, match="SERIALIZER_NONE or SERIALIZER_USER"):
        client.put(key, {"v": {1}}, serializer=aerospike.SERIALIZER_JSON)


def test_what_a_serializer_raises_comes_out(client, key, no_serializers):
    def fail(value):
        raise KeyError("mine")

    aerospike.set_serializer(fail)
    for bins in ({"v": (1,)}, {"v": [(1,)]}, {"v": aerospike.KeyOrderedDict({"a": (1,)})}):
        with pytest.raises(KeyError, match="mine"):
            client.put(key, bins, serializer=aerospike.SERIALIZER_USER)
    aerospike.set_serializer(lambda value: 5)
    with pytest.raises(exception.ClientError, match="serializer returns"):
        client.put(key, {"v": (1,)}, serializer=aerospike.SERIALIZER_USER)


def test_a_deserializer_that_raises_loses_nothing(client, key, no_serializers, caplog):
    client.put(key, {"a": 1, "v": b"x", "l": [b"y", b"good"]})

    def fail(blob):
        if blob != "good":
            raise KeyError(f"mine {blob}")
        return "fine"

    aerospike.set_deserializer(fail)
    with caplog.at_level("WARNING", "aerospike"):
        assert client.get(key)[2] == {"a": 1, "v": b"x", "l": [b"y", "fine"]}
    told = [(record.levelname, record.getMessage(), record.exc_info[1].args) for record in caplog.records]
    assert [(level, "'v'" in text or "'l'" in text, args) for level, text, args in told] == [
        ("WARNING", True, ("mine x",)),
        ("WARNING", True, ("mine y",)),
    ]
    assert all(record.exc_info[2] is not None for record in caplog.records)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_a_deserializer_may_end_the_program(client, key, no_serializers, kind):
    client.put(key, {"v": [b"x"]})

    def end(blob):
        raise kind("now")

    aerospike.set_deserializer(end)
    with pytest.raises(kind, match="now"):
        client.get(key)


def test_what_is_half_read_is_not_to_be_seen(client, key, no_serializers):
    client.put(key, {"l": [b"x"] * 7777})
    looks, seen = iter(range(3)), []

    def look(blob):
        if next(looks, None) is not None:
            seen.extend(len(one) for one in gc.get_objects() if type(one) is list and len(one) == 7777)
        return blob

    aerospike.set_deserializer(look)
    assert client.get(key)[2] == {"l": ["x"] * 7777}
    assert seen == []
    assert gc.is_tracked(client.get(key)[2]["l"])


def test_a_serializer_that_changes_the_container(client, key, no_serializers):
    grown = [(0,)] * 5
    aerospike.set_serializer(lambda value: grown.clear() or b"x")
    with pytest.raises(RuntimeError):
        client.put(key, {"v": grown}, serializer=aerospike.SERIALIZER_USER)
    table = {n: (n,) for n in range(5)}
    aerospike.set_serializer(lambda value: table.update({len(table) + 100: 1}) or b"x")
    with pytest.raises(RuntimeError):
        client.put(key, {"v": table}, serializer=aerospike.SERIALIZER_USER)
    bins = {"v": (1,), "w": (2,)}
    aerospike.set_serializer(lambda value: bins.update({f"x{len(bins)}": 1}) or b"x")
    with pytest.raises(RuntimeError):
        client.put(key, bins, serializer=aerospike.SERIALIZER_USER)


@pytest.mark.parametrize("bad", [5, None, "name"])
def test_serializers_are_callables(bad):
    with pytest.raises(exception.ParamError, match="function must be a callable"):
        aerospike.set_serializer(bad)
    with pytest.raises(exception.ParamError, match="function must be a callable"):
        aerospike.set_deserializer(function=bad)


def test_collections_as_the_bytes_that_the_server_sent(client, key):
    client.put(key, {"l": [1, 2], "i": 5})
    bins = client.get(key, {"deserialize": False})[2]
    assert bins["i"] == 5
    assert bins["l"] == b"\x92\x01\x02"


def test_a_dict_changed_by_another_thread(client, key):
    shared = {"v": {str(n): "x" * n for n in range(200)}}
    stop = threading.Event()

    def churn():
        n = 0
        while not stop.is_set():
            shared["v"][str(n % 200)] = "y" * (n % 300)
            n += 1

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(300):
            client.put(key, shared)
            assert len(client.get(key)[2]["v"]) == 200
    finally:
        stop.set()
        thread.join()


def test_a_hyper_log_log_is_read_as_one_and_goes_back_as_one(client, key):
    client.operate(key, [hll_operations.hll_add("h", ["a", "b"], 4)])
    sketch = client.get(key)[2]["h"]
    assert type(sketch) is HyperLogLog
    assert isinstance(sketch, bytes)
    assert repr(sketch) == f"HyperLogLog({bytes(sketch)!r})"
    assert pickle.loads(pickle.dumps(sketch)) == sketch

    client.put(key, {"copy": sketch, "bytes": bytes(sketch)})
    reads = [hll_operations.hll_get_count("copy"), hll_operations.hll_get_union_count("h", [sketch])]
    assert client.operate(key, reads)[2] == {"copy": 2, "h": 2}
    with pytest.raises(exception.BinIncompatibleType):
        client.operate(key, [hll_operations.hll_get_count("bytes")])


def test_a_hyper_log_log_within_a_list(client, key):
    client.operate(key, [hll_operations.hll_add("h", ["a", "b"], 4)])
    client.put(key, {"l": [client.get(key)[2]["h"], b"bytes"]})
    assert [type(item) for item in client.get(key)[2]["l"]] == [HyperLogLog, bytes]


def test_geojson_that_is_no_json(client, record):
    loop = {}
    loop["a"] = loop
    for inner in (object(), loop, {1, 2}):
        bad = aerospike.GeoJSON({"a": inner})
        for call in (bad.dumps, lambda bad=bad: str(bad)):
            with pytest.raises(exception.ClientError, match="JSON"):
                call()
        for value, place in ((bad, "bin 'v'"), ([1, {"k": bad}], r"bin 'v'\[1\]\['k'\]")):
            with pytest.raises(exception.ClientError, match=f"{place}: geo_data"):
                client.put(record, {"v": value})
        with pytest.raises(exception.ClientError, match="geo_data"):
            client.operate(record, [list_operations.list_append("l", bad)])
    assert "v" not in client.get(record)[2]


@pytest.mark.parametrize("make", [bytes, bytearray, lambda size: "x" * size], ids=["bytes", "bytearray", "str"])
def test_a_value_larger_than_a_request_is_refused_before_it_is_sent(client, record, make):
    large = make(2**27 - 1)
    contexts = [cdt_ctx.cdt_ctx_list_value(bytes(large) if isinstance(large, bytearray) else large)]
    for call in (
        lambda: client.put(record, {"b": large}),
        lambda: client.operate(record, [operations.write("b", large)]),
        lambda: client.get_cdtctx_base64(contexts),
    ):
        with pytest.raises(exception.RecordTooBig, match="has 134217727 bytes"):
            call()
    assert client.get(record)[2]["a"] == 1
