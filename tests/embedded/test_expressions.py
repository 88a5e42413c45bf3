# SPDX-License-Identifier: Apache-2.0
"""Expressions as operations and as filters, packed by hand: what a client would never send, too."""

import struct
import time

import frames
import pytest
from frames import BLOB, BOOL, DOUBLE, GEOJSON, INTEGER, LIST, MAP, STRING, Operation
from packing import INFINITY, Geo, Packed, Raw, pack

OK, PARAMETER, BIN_EXISTS, BIN_NOT_FOUND, NOT_APPLICABLE, FILTERED_OUT = 0, 4, 6, 17, 26, 27
CREATE_ONLY, UPDATE_ONLY, ALLOW_DELETE, POLICY_NO_FAIL, EVAL_NO_FAIL = 1, 2, 4, 8, 16

# operators, and types of results, by the wire's numbers
UNKNOWN, EQ, NE, GT, GE, LT, LE, REGEX, GEO, IN_LIST = range(10)
AND, OR, NOT, EXCLUSIVE, ADD, SUB, MUL, DIV, POW, LOG, MOD, ABS, FLOOR, CEIL, TO_INT, TO_FLOAT = range(16, 32)
INT_AND, INT_OR, INT_XOR, INT_NOT, LSHIFT, RSHIFT, ARSHIFT, COUNT, LSCAN, RSCAN = range(32, 42)
MIN, MAX = 50, 51
DIGEST_MODULO, DEVICE_SIZE, LAST_UPDATE, SINCE_UPDATE, VOID_TIME, TTL, SET_NAME, KEY_EXISTS = range(64, 72)
IS_TOMBSTONE, MEMORY_SIZE, RECORD_SIZE = 72, 73, 74
KEY, BIN, BIN_TYPE, TO_STRING, REMOVE_RESULT, MAP_KEYS, MAP_VALUES = 80, 81, 82, 99, 100, 101, 102
LOOP_VARIABLE, COND, VAR, LET, QUOTE, CALL = range(122, 128)
T_NIL, T_BOOL, T_INT, T_STR, T_LIST, T_MAP, T_BLOB, T_FLOAT, T_GEO, T_HLL = range(10)

INT_BIN, TEXT_BIN = [BIN, T_INT, Raw(b"i")], [BIN, T_STR, Raw(b"s")]
MAP_BIN, NO_INT = [BIN, T_MAP, Raw(b"m")], [BIN, T_INT, Raw(b"none")]
YES, NO = True, False
LEAST = -(2**63)


class RefusedError(Exception):
    """The server's answer is an error: its code."""


class Record:
    """One record, spoken to in frames."""

    def __init__(self, connection, namespace):
        self.connection = connection
        self.digest = frames.new_digest()
        self.fields = {
            frames.FIELD_NAMESPACE: namespace.encode(),
            frames.FIELD_SET: b"expressions",
            frames.FIELD_DIGEST: self.digest,
        }

    def ask(self, *info, operations=None, ttl=0, **extra_fields):
        fields = {**self.fields, **{getattr(frames, f"FIELD_{name.upper()}"): v for name, v in extra_fields.items()}}
        return self.connection.ask(*info, fields=fields, operations=operations, ttl=ttl)

    def write(self, *bins, **extra):
        operations = [Operation(frames.OP_WRITE, name, particle, value) for name, particle, value in bins]
        assert self.ask(0, frames.WRITE, operations=operations, **extra).code == OK

    def read(self, tree, flags=0):
        """The value of an expression."""
        operation = Operation(frames.OP_EXP_READ, "out", BLOB, pack([tree, flags]))
        answer = self.ask(frames.READ, frames.RESPOND_ALL, operations=[operation])
        if answer.code != OK:
            raise RefusedError(answer.code)
        return frames.value_of(answer.operations[0])

    def modify(self, name, tree, flags=0):
        operation = Operation(frames.OP_EXP_MODIFY, name, BLOB, pack([tree, flags]))
        answer = self.ask(0, frames.WRITE, operations=[operation])
        if answer.code != OK:
            raise RefusedError(answer.code)

    def bins(self):
        answer = self.ask(frames.READ | frames.GET_ALL)
        assert answer.code == OK
        return {op.name: frames.value_of(op) for op in answer.operations}

    def filtered(self, tree):
        """The code that a read with this filter is answered with."""
        return self.ask(frames.READ | frames.GET_ALL, filter=pack(tree)).code


@pytest.fixture
def connection(hosts):
    with frames.Connection(hosts[0]) as connection:
        yield connection


def integer(value):
    return value.to_bytes(8, "big", signed=True)


def geo_particle(text):
    return b"\0\0\0" + text.encode()


POINT = '{"type": "Point", "coordinates": [1.5, 2.5]}'


@pytest.fixture
def record(connection, namespace):
    """A record with a bin of each type, that never expires."""
    record = Record(connection, namespace)
    record.write(
        ("i", INTEGER, integer(7)),
        ("f", DOUBLE, struct.pack(">d", 2.5)),
        ("s", STRING, b"abc"),
        ("t", BOOL, b"\1"),
        ("b", BLOB, b"\xa5\xc3"),
        ("l", LIST, pack([1, "x", None])),
        ("m", MAP, pack({"a": 1, "b": 2})),
        ("g", GEOJSON, geo_particle(POINT)),
        ttl=0xFFFFFFFF,
    )
    yield record
    record.ask(0, frames.WRITE | frames.REMOVE)


def refusal(record, tree, flags=0):
    with pytest.raises(RefusedError) as caught:
        record.read(tree, flags)
    return caught.value.args[0]


def assert_unknown(record, tree):
    assert refusal(record, tree) == NOT_APPLICABLE
    assert record.read(tree, EVAL_NO_FAIL) is None


# ---- the record ----


def test_times_of_a_record_that_never_expires(record):
    assert record.read([TTL]) == -1
    assert record.read([VOID_TIME]) == -1
    assert abs(record.read([LAST_UPDATE]) / 1e9 - time.time()) < 60
    assert 0 <= record.read([SINCE_UPDATE]) < 60_000


def test_times_of_a_record_that_expires(record):
    record.write(("i", INTEGER, integer(7)), ttl=100)
    assert 95 <= record.read([TTL]) <= 100
    assert abs(record.read([VOID_TIME]) / 1e9 - (time.time() + 100)) < 60


def test_set_name_and_state(record):
    assert record.read([SET_NAME]) == "expressions"
    assert record.read([IS_TOMBSTONE]) is False
    assert record.read([RECORD_SIZE]) > 0
    assert record.read([EQ, [RECORD_SIZE], [ADD, [DEVICE_SIZE], [MEMORY_SIZE]]]) is True  # it lies in one place


def test_digest_modulo_takes_the_last_four_bytes(record):
    tail = int.from_bytes(record.digest[16:], "little")
    for divisor in (1, 3, 1000):
        assert record.read([DIGEST_MODULO, divisor]) == tail % divisor
    assert refusal(record, [DIGEST_MODULO, 0]) == PARAMETER


@pytest.mark.parametrize(
    ("stored", "kind", "value"),
    [(b"\1" + integer(42), T_INT, 42), (b"\3name", T_STR, "name"), (b"\4\0\xff", T_BLOB, b"\0\xff")],
    ids=["int", "str", "blob"],
)
def test_key_by_its_type(record, stored, kind, value):
    assert record.read([KEY_EXISTS]) is False
    assert_unknown(record, [KEY, kind])
    record.write(("i", INTEGER, integer(8)), key=stored)
    assert record.read([KEY_EXISTS]) is True
    assert record.read([KEY, kind]) == value
    for other in {T_INT, T_STR, T_BLOB} - {kind}:
        assert_unknown(record, [KEY, other])


def test_key_of_no_key_type(record):
    assert refusal(record, [KEY, T_FLOAT]) == PARAMETER


@pytest.mark.parametrize(
    ("name", "kind", "particle", "value"),
    [
        ("i", T_INT, INTEGER, 7),
        ("f", T_FLOAT, DOUBLE, 2.5),
        ("s", T_STR, STRING, "abc"),
        ("t", T_BOOL, BOOL, True),
        ("b", T_BLOB, BLOB, b"\xa5\xc3"),
        ("l", T_LIST, LIST, [1, "x", None]),
        ("m", T_MAP, MAP, {"a": 1, "b": 2}),
    ],
)
def test_bin_and_its_type(record, name, kind, particle, value):
    assert record.read([BIN_TYPE, Raw(name.encode())]) == particle
    assert record.read([BIN, kind, Raw(name.encode())]) == value
    assert_unknown(record, [BIN, T_HLL, Raw(name.encode())])


def test_absent_bin(record):
    assert record.read([BIN_TYPE, Raw(b"none")]) == 0
    assert_unknown(record, NO_INT)
    assert refusal(record, [BIN, T_INT, Raw(b"longer than a name")]) == PARAMETER


# ---- comparison ----


@pytest.mark.parametrize(
    ("options", "pattern", "text", "found"),
    [
        (0, b"^a.c$", "abc", True),
        (0, b"a\\(b\\|x\\)c", "axc", True),  # basic: the marks are escaped
        (0, b"a(b|x)c", "axc", False),
        (1, b"a(b|x)c", "axc", True),
        (0, b"ABC", "abc", False),
        (2, b"ABC", "abc", True),
        (3, b"A(B|X)C", "axc", True),
        (0, b"^b", "a\nb", False),
        (8, b"^b", "a\nb", False),  # what clients call NEWLINE does nothing
        (8, b"a.b", "a\nb", True),
        (4, b"^b", "a\nb", True),  # and what they call NOSUB does it
        (4, b"a.b", "a\nb", False),
        (0, b"", "abc", True),
    ],
)
def test_regex(record, options, pattern, text, found):
    assert record.read([REGEX, options, Raw(pattern), text]) is found


def test_regex_misused(record):
    assert refusal(record, [REGEX, 1, Raw(b"a(b"), "abc"]) == PARAMETER
    assert refusal(record, [REGEX, 0, Raw(b"a"), 5]) == PARAMETER
    assert_unknown(record, [REGEX, 0, Raw(b"a"), [BIN, T_STR, Raw(b"i")]])


def square(*corners):
    return [[*corner] for corner in (*corners, corners[0])]


OUTER = square((0, 0), (10, 0), (10, 10), (0, 10))
INNER = square((4, 4), (6, 4), (6, 6), (4, 6))


def geometry(kind, coordinates):
    return Geo(f'{{"type": "{kind}", "coordinates": {coordinates}}}')


@pytest.mark.parametrize(
    ("point", "region", "inside"),
    [
        ([5, 5], geometry("Polygon", [OUTER]), True),
        ([15, 5], geometry("Polygon", [OUTER]), False),
        ([5, 5], geometry("Polygon", [OUTER[::-1]]), True),  # whichever way round: the smaller part is inside
        ([5, 5], geometry("Polygon", [OUTER, INNER]), False),
        ([2, 2], geometry("Polygon", [OUTER, INNER]), True),
        ([5, 5], geometry("MultiPolygon", [[OUTER, INNER], [INNER]]), True),
        ([20, 20], geometry("MultiPolygon", [[OUTER], [INNER]]), False),
        ([0, 0.0089], geometry("AeroCircle", [[0, 0], 1000]), True),
        ([0, 0.0091], geometry("AeroCircle", [[0, 0], 1000]), False),
        ([179.5, 0], geometry("Polygon", [square((179, -1), (-179, -1), (-179, 1), (179, 1))]), True),
    ],
)
def test_geo_contains(record, point, region, inside):
    point = geometry("Point", point)
    assert record.read([GEO, point, region]) is inside
    assert record.read([GEO, region, point]) is inside


def test_geo_of_a_bin_and_a_feature(record):
    area = Geo('{"type": "Feature", "geometry": {"type": "AeroCircle", "coordinates": [[1.5, 2.5], 10.0]}, "x": null}')
    place = [BIN, T_GEO, Raw(b"g")]
    assert record.read([GEO, place, area]) is True
    assert record.read([GEO, place, place]) is False  # no point contains a point
    assert record.filtered([GEO, area, place]) == OK


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"type": "Point", "coordinates": [1]}',
        '{"type": "Point", "coordinates": [1, 91]}',
        '{"type": "LineString", "coordinates": [[0, 0], [1, 1]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}',
        "[" * 100_000,
    ],
)
def test_geo_refuses_what_is_no_geometry(record, text):
    assert refusal(record, [GEO, Geo(POINT), Geo(text)]) == PARAMETER


@pytest.mark.parametrize(
    ("less", "more"),
    [(1, 2), ("a", "aa"), (b"\x01", b"\x02"), (1.5, 2.5), (False, True), ([QUOTE, [1, 5]], [QUOTE, [2]])],
)
def test_order(record, less, more):
    assert [record.read([op, less, more]) for op in (EQ, NE, GT, GE, LT, LE)] == [False, True, False, False, True, True]
    assert [record.read([op, more, more]) for op in (EQ, NE, GT, GE, LT, LE)] == [True, False, False, True, False, True]


def test_nan_is_unlike_itself(record):
    nan = [LOG, -1.0, 2.0]
    assert record.read([EQ, nan, nan]) is False
    assert record.read([NE, nan, nan]) is True


def test_unordered_maps_have_no_order(record):
    assert_unknown(record, [EQ, MAP_BIN, MAP_BIN])
    assert_unknown(record, [EQ, [QUOTE, [1, {"a": 1}]], [QUOTE, [1, {"a": 1}]]])
    assert record.read([EQ, [QUOTE, [1, {"a": 1}]], [QUOTE, [2, {"a": 1}]]]) is False  # decided before the map
    assert record.read([EQ, {}, {}]) is True


def test_in_list_keys_and_values(record):
    assert record.read([IN_LIST, 2, [MAP_VALUES, MAP_BIN]]) is True
    assert record.read([IN_LIST, "z", [MAP_KEYS, MAP_BIN]]) is False
    assert record.read([IN_LIST, "x", [BIN, T_LIST, Raw(b"l")]]) is True
    assert refusal(record, [IN_LIST, 1, MAP_BIN]) == PARAMETER
    assert_unknown(record, [IN_LIST, NO_INT, [QUOTE, [1]]])


# ---- logic and variables ----

MAYBE = [EQ, NO_INT, 1]


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        ([AND, YES, MAYBE], None),
        ([AND, NO, MAYBE], False),
        ([AND, MAYBE, NO], False),
        ([OR, YES, MAYBE], True),
        ([OR, MAYBE, YES], True),
        ([OR, MAYBE, NO], None),
        ([NOT, MAYBE], None),
        ([EXCLUSIVE, YES, NO], True),
        ([EXCLUSIVE, YES, YES], False),
        ([EXCLUSIVE, YES, YES, MAYBE], False),
        ([EXCLUSIVE, YES, MAYBE], None),
        ([EXCLUSIVE, NO, NO], False),
        ([COND, MAYBE, 1, 2], None),
        ([COND, NO, NO_INT, 2], 2),
        ([COND, NO, 1, YES, [UNKNOWN], 3], None),
        ([COND, YES, "a", [UNKNOWN]], "a"),
    ],
)
def test_unknown_in_logic(record, tree, value):
    assert record.read(tree, EVAL_NO_FAIL) == value
    if value is None:
        assert refusal(record, tree) == NOT_APPLICABLE


def test_let(record):
    x, y = [VAR, Raw(b"x")], [VAR, Raw(b"_y2")]
    assert record.read([LET, Raw(b"x"), INT_BIN, Raw(b"_y2"), [ADD, x, 1], [MUL, x, y]]) == 56
    assert record.read([ADD, [LET, Raw(b"x"), 1, x], [LET, Raw(b"x"), 2, x]]) == 3
    assert_unknown(record, [LET, Raw(b"x"), NO_INT, [ADD, x, 1]])
    assert record.read([LET, Raw(b"x"), NO_INT, 5]) == 5


@pytest.mark.parametrize(
    "tree",
    [
        [VAR, Raw(b"x")],
        [LET, Raw(b"x"), 1, Raw(b"x"), 2, [VAR, Raw(b"x")]],
        [LET, Raw(b"x"), 1, [LET, Raw(b"x"), 2, [VAR, Raw(b"x")]]],
        [LET, Raw(b"x"), [VAR, Raw(b"x")], 1],
        [ADD, [LET, Raw(b"x"), 1, 2], [VAR, Raw(b"x")]],
        [LET, Raw(b"2x"), 1, 2],
        [LET, Raw(b"x-y"), 1, 2],
        [LET, Raw(b""), 1, 2],
        [LET, Raw(b"x"), 1],
        [LET, 1],
        [ADD, [LET, Raw(b"x"), "text", [VAR, Raw(b"x")]], 1],
    ],
    ids=str,
)
def test_variables_misused(record, tree):
    assert refusal(record, tree) == PARAMETER


# ---- arithmetic ----


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        ([ADD, 2**63 - 1, 1], LEAST),
        ([SUB, LEAST, 1], 2**63 - 1),
        ([SUB, 5], -5),
        ([MUL, 2**62, 4], 0),
        ([ABS, LEAST], LEAST),
        ([ABS, -5], 5),
        ([DIV, -7, 2], -3),
        ([DIV, 100, 5, 2], 10),
        ([DIV, 2], 0),
        ([DIV, 4.0], 0.25),
        ([DIV, 1.0, 0.0], float("inf")),
        ([MOD, -7, 3], -1),
        ([POW, 2.0, 0.5], 2**0.5),
        ([FLOOR, -1.5], -2.0),
        ([CEIL, -1.5], -1.0),
        ([TO_INT, -2.9], -2),
        ([TO_FLOAT, 3], 3.0),
        ([INT_AND, 12, 10, 9], 8),
        ([INT_OR, 8, 1], 9),
        ([INT_XOR, 5, 1], 4),
        ([INT_NOT, 0], -1),
        ([LSHIFT, 1, 63], LEAST),
        ([LSHIFT, 1, 70], 64),
        ([RSHIFT, -1, 63], 1),
        ([ARSHIFT, -8, 1], -4),
        ([COUNT, -1], 64),
        ([LSCAN, 1, True], 63),
        ([LSCAN, 0, True], -1),
        ([RSCAN, 1, False], 62),
        ([MIN, 3, -1, 2], -1),
        ([MAX, 1.5, 2.5], 2.5),
    ],
    ids=str,
)
def test_arithmetic(record, tree, value):
    assert record.read(tree) == value


@pytest.mark.parametrize("tree", [[DIV, 1, 0], [MOD, 1, 0]], ids=str)
def test_undefined_arithmetic_is_unknown(record, tree):
    assert_unknown(record, tree)


@pytest.mark.embedded_only("a real server dies of it")
@pytest.mark.parametrize("tree", [[DIV, LEAST, -1], [MOD, LEAST, -1]], ids=str)
def test_a_quotient_that_no_integer_holds_is_unknown(record, tree):
    assert_unknown(record, tree)


@pytest.mark.parametrize("operator", [MAP_KEYS, MAP_VALUES])
@pytest.mark.parametrize("operand", [[QUOTE, []], [BIN, T_LIST, Raw(b"l")], 5, "m"], ids=str)
def test_keys_of_what_is_no_map_are_unknown(record, operator, operand):
    assert_unknown(record, [operator, operand])


def test_a_let_of_an_unknown_has_every_type(record):
    unknown = [LET, Raw(b"x"), 1, [UNKNOWN]]
    assert record.read([COND, True, 5, unknown]) == 5
    assert record.read([COND, False, unknown, "text"]) == "text"
    assert_unknown(record, [COND, True, unknown, 5])


@pytest.mark.usefixtures("since_8_2")
@pytest.mark.parametrize(
    ("value", "text"), [(7, "7"), (2.5, "2.5"), (True, "true"), ("abc", "abc"), ("é".encode(), "é")], ids=str
)
def test_to_string(record, value, text):
    assert record.read([TO_STRING, value]) == text


@pytest.mark.usefixtures("since_8_2")
def test_to_string_misused(record):
    assert refusal(record, [TO_STRING, [QUOTE, []]]) == PARAMETER
    assert_unknown(record, [TO_STRING, b"\xff"])


# ---- types and malformed trees ----

TOO_DEEP = pytest.mark.embedded_only("a real server of 8.1 has no limit, and its stack might end")


@pytest.mark.parametrize(
    "tree",
    [
        [EQ, 1, "a"],
        [EQ, 1, 1.0],
        [EQ, INT_BIN, TEXT_BIN],
        [EQ, Geo(POINT), Geo(POINT)],
        [ADD, 1, 1.0],
        [ADD, "a", "b"],
        [ADD],
        [POW, 2, 2],
        [TO_INT, 5],
        [TO_FLOAT, 5.0],
        [AND, YES],
        [AND, YES, 1],
        [NOT, INT_BIN],
        [COND, YES, 1],
        [COND, YES, 1, "a"],
        [COND, 1, 1, 1],
        [COND, YES, 1, NO, 2],
        [LSCAN, 1, 1],
        [UNKNOWN, 1],
        [BIN, 10, Raw(b"i")],
        [BIN, T_INT],
        [QUOTE, 5],
        [LOOP_VARIABLE, T_INT, 3],
        [LOOP_VARIABLE, T_STR, 2],
        [CALL, T_INT, 9, [16], [BIN, T_LIST, Raw(b"l")]],
        [CALL, T_INT, 0, [16], TEXT_BIN],
        [CALL, T_INT, 0, [], [BIN, T_LIST, Raw(b"l")]],
        [CALL, T_INT, 1, [51, 0, 8], [BIN, T_LIST, Raw(b"l")]],
        [CALL, T_INT, 0, [16]],
        INFINITY,
        {1.5: 1, "a": 2, "b": Packed(b"\xc1")},
    ],
    ids=str,
)
def test_types_that_never_fit(record, tree):
    assert refusal(record, tree) == PARAMETER


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"\x90",
        b"\x91\xc0",
        b"\x93\x01\x01",  # fewer elements than announced
        b"\x92\x12\xc3\xc3",  # and more
        b"\x91\x0a",  # no such operator
        b"\x91\xcc\xff",
        b"\xdd\xff\xff\xff\xff\x10",
        b"\xdb\xff\xff\xff\xff\x03",
        b"\x93\x51\x02\xa5i",
        b"\xc1",
        pytest.param(b"\x92\x12" * 100_000 + b"\xc3", marks=TOO_DEEP),
        pytest.param(b"\x91" * 100_000, marks=TOO_DEEP),
    ],
    ids=lambda packed: packed[:8].hex() or "nothing",
)
def test_malformed_trees(record, packed):
    """Filters are refused, and the connection goes on."""
    assert record.ask(frames.READ | frames.GET_ALL, filter=packed).code == PARAMETER
    assert record.read(Packed(b"\x01")) == 1


def test_deep_trees(record):
    deep = Packed(b"\x92\x12" * 60 + b"\xc3")
    assert record.read(deep) is True


@pytest.mark.parametrize(
    "payload", [b"", b"\x90", b"\x93\x01\x00\x00", b"\x91", b"\x01", b"\x92\x01\x20", b"\x92\x01\x04"]
)
def test_malformed_operations(record, payload):
    answer = record.ask(frames.READ, operations=[Operation(frames.OP_EXP_READ, "out", BLOB, payload)])
    assert answer.code == PARAMETER


def test_loop_variables_outside_a_path(record):
    assert_unknown(record, [LOOP_VARIABLE, T_INT, 2])


# ---- filters and writes ----


def test_filters(record):
    assert record.filtered([EQ, INT_BIN, 7]) == OK
    assert record.filtered([EQ, INT_BIN, 8]) == FILTERED_OUT
    assert record.filtered([EQ, NO_INT, 8]) == FILTERED_OUT
    assert record.filtered(True) == OK
    assert record.filtered(INT_BIN) == PARAMETER  # no truth value


def test_filter_of_a_write(record):
    operations = [Operation(frames.OP_WRITE, "i", INTEGER, integer(9))]
    assert record.ask(0, frames.WRITE, operations=operations, filter=pack([EQ, INT_BIN, 8])).code == FILTERED_OUT
    assert record.bins()["i"] == 7
    assert record.ask(0, frames.WRITE, operations=operations, filter=pack([EQ, INT_BIN, 7])).code == OK
    assert record.bins()["i"] == 9


def test_write(record):
    record.modify("i", [ADD, INT_BIN, 1])
    record.modify("new", [GT, INT_BIN, 1])
    record.modify("l", [QUOTE, [3, {"k": 1.5}]])
    bins = record.bins()
    assert (bins["i"], bins["new"], bins["l"]) == (8, True, [3, {"k": 1.5}])


@pytest.mark.parametrize(
    ("name", "tree", "flags", "code"),
    [
        ("i", 1, CREATE_ONLY, BIN_EXISTS),
        ("i", 1, CREATE_ONLY | POLICY_NO_FAIL, OK),
        ("new", 1, UPDATE_ONLY, BIN_NOT_FOUND),
        ("new", 1, UPDATE_ONLY | POLICY_NO_FAIL, OK),
        ("i", NO_INT, 0, NOT_APPLICABLE),
        ("i", NO_INT, POLICY_NO_FAIL, NOT_APPLICABLE),
        ("i", NO_INT, EVAL_NO_FAIL, OK),
        ("i", NO_INT, CREATE_ONLY | EVAL_NO_FAIL, BIN_EXISTS),
        ("i", None, 0, NOT_APPLICABLE),
        ("i", [EQ, 1, "a"], EVAL_NO_FAIL | CREATE_ONLY, PARAMETER),
        ("i", [REMOVE_RESULT], 0, NOT_APPLICABLE),
        ("i", 1, 32, PARAMETER),
    ],
    ids=str,
)
def test_write_that_changes_nothing(record, name, tree, flags, code):
    before = record.bins()
    if code == OK:
        record.modify(name, tree, flags)
    else:
        with pytest.raises(RefusedError) as caught:
            record.modify(name, tree, flags)
        assert caught.value.args[0] == code
    assert record.bins() == before


def test_write_of_nil(record):
    record.modify("i", None, ALLOW_DELETE)
    assert "i" not in record.bins()
    record.modify("new", None)
    assert "new" not in record.bins()


def test_later_operations_see_earlier_ones(record):
    first = Operation(frames.OP_EXP_MODIFY, "i", BLOB, pack([[ADD, INT_BIN, 1], 0]))
    second = Operation(frames.OP_EXP_READ, "out", BLOB, pack([INT_BIN, 0]))
    answer = record.ask(frames.READ, frames.WRITE | frames.RESPOND_ALL, operations=[first, second, first, second])
    assert answer.code == OK
    assert [frames.value_of(op) for op in answer.operations] == [None, 8, None, 9]
