# SPDX-License-Identifier: Apache-2.0
"""What holds for every value, key, bin name and number, whichever hypothesis thinks of."""

import copy
import hashlib
import math
import struct

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import aerospike
from aerospike import exception

TEXT = st.characters(exclude_categories=["Cs"])
POLICIES = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

integers = st.integers(-(2**63), 2**63 - 1) | st.sampled_from(
    [sign * 2**bits + shift for sign in (1, -1) for bits in (0, 5, 7, 8, 15, 16, 31, 32, 62) for shift in (-1, 0, 1)]
)
texts = st.text(TEXT, max_size=40)
floats = st.floats() | st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, 2.0**53])
points = st.builds(
    lambda longitude, latitude: aerospike.GeoJSON({"type": "Point", "coordinates": [longitude, latitude]}),
    st.integers(-180, 180) | st.floats(-180, 180),
    st.integers(-90, 90) | st.floats(-90, 90),
)
map_keys = integers | texts | st.binary(max_size=20)
scalars = (
    st.booleans()
    | integers
    | floats
    | texts
    | st.binary(max_size=40)
    | st.builds(bytearray, st.binary(max_size=5))
    | points
)


def containers(inner):
    maps = st.dictionaries(map_keys, inner, max_size=6)
    return st.lists(inner, max_size=6) | maps | maps.map(aerospike.KeyOrderedDict)


values = st.recursive(scalars | st.none(), containers, max_leaves=25)
bin_names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=15).filter(
    lambda name: len(name.encode()) <= 15
)
primary_keys = (
    st.text(TEXT, max_size=100)
    | integers
    | st.binary(max_size=50)
    | st.builds(bytearray, st.binary(min_size=1, max_size=50))
)


def read_back(value):
    """What a value must be when it is read: bytearrays are bytes then, and a map is as the server orders it."""
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, list):
        return [read_back(item) for item in value]
    if isinstance(value, dict):
        return type(value)((key, read_back(item)) for key, item in value.items())
    return value


def identical(a, b):
    """Equal, of the same types, to the last bit of a float."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        types = {(type(key), key) for key in a}
        return types == {(type(key), key) for key in b} and all(identical(a[key], b[key]) for key in a)
    return a == b


@POLICIES
@given(values)
def test_a_value_comes_back_as_it_went(client, key, value):
    client.put(key, {"v": value, "other": 1})
    expected = {"other": 1} if value is None else {"v": read_back(value), "other": 1}
    assert identical(client.get(key)[2], expected)
    assert identical(client.select(key, ["v", "other"])[2], expected)


@POLICIES
@given(st.dictionaries(bin_names, values.filter(lambda value: value is not None), min_size=1, max_size=12))
def test_a_record_comes_back_as_it_went(client, make_key, bins):
    key = make_key()
    client.put(key, bins)
    assert identical(client.get(key)[2], read_back(bins))
    client.remove_bin(key, list(bins))
    assert client.exists(key)[1] is None


@POLICIES
@given(values.filter(lambda value: value is not None))
def test_writing_leaves_the_callers_objects_alone(client, key, value):
    before = copy.deepcopy(value)
    client.put(key, {"v": value})
    assert identical(value, before)


@POLICIES
@given(values)
def test_a_scan_gives_what_get_gives(client, make_key, value):
    key = make_key(set_name="properties")
    client.put(key, {"v": value, "other": 1})
    found = [row for row in client.scan(key[0], key[1]).results() if row[0][3] == client.get(key)[0][3]]
    assert len(found) == 1
    assert identical(found[0][2], client.get(key)[2])
    client.remove(key)


# ---- what is refused, wherever it stands ----


class Foreign:
    """A type that no server knows."""


bad_values = st.sampled_from(
    [Foreign(), (1, 2), {1}, 1j, 2**63, -(2**63) - 1, {1.5: 1}, {None: 1}, {True: 1}, "\ud800"]
)


@st.composite
def spoiled(draw):
    """A value with something in it that cannot be stored, and the path to it as an error shows it."""
    value, path = draw(bad_values), ""
    for _ in range(draw(st.integers(0, 5))):
        if draw(st.booleans()):
            before, after = draw(st.lists(values, max_size=3)), draw(st.lists(values, max_size=3))
            value, path = [*before, value, *after], f"[{len(before)}]{path}"
        else:
            place = draw(map_keys)
            value, path = {**draw(st.dictionaries(map_keys, values, max_size=3)), place: value}, f"[{place!r}]{path}"
    return value, path


@POLICIES
@given(spoiled())
def test_a_bad_value_is_named_with_its_path_and_changes_nothing(client, key, spoiled):
    value, path = spoiled
    client.put(key, {"v": 1})
    with pytest.raises(exception.ClientError) as caught:
        client.put(key, {"other": 2, "v": value})
    assert caught.value.msg.startswith(f"bin 'v'{path} ")
    assert client.get(key)[2] == {"v": 1}


@POLICIES
@given(st.text(TEXT, min_size=1, max_size=30))
def test_a_bin_name_is_taken_whole_or_refused(client, key, name):
    size = len(name.encode())
    try:
        client.put(key, {name: 1})
    except exception.BinNameError:
        assert size > 15
    except exception.ParamError:
        assert "\0" in name
    else:
        assert size <= 15
        assert client.get(key)[2] == {name: 1}
        client.remove(key)


# ---- keys ----


def key_form(pk):
    """What a primary key is when it is read: bytes are the key of a str, where they are one."""
    try:
        return pk.decode() if isinstance(pk, bytes) else pk
    except UnicodeDecodeError:
        return pk


@POLICIES
@given(primary_keys)
def test_a_primary_key_comes_back_as_it_went(client, make_key, pk):
    key = make_key(pk, set_name="properties")
    client.put(key, {"a": 1}, {}, {"key": aerospike.POLICY_KEY_SEND})
    found = [row[0] for row in client.scan(key[0], key[1]).results() if row[0][3] == client.get_key_digest(*key)]
    assert len(found) == 1
    assert identical(found[0][2], key_form(pk))
    client.remove(key)


@POLICIES
@given(primary_keys, primary_keys)
def test_different_keys_have_different_digests(one, two):
    same = identical(key_form(one), key_form(two))
    digests = aerospike.calc_digest("test", "demo", one), aerospike.calc_digest("test", "demo", two)
    assert (digests[0] == digests[1]) == same


@pytest.mark.parametrize(
    ("set_name", "pk", "digest"),
    [
        ("demo", "a", "40013b3ef08b61f2d1621a602d6e5aa9711b6ef9"),
        ("demo", "", "6253653507ba82c3f57c87af2f86d39033149e0c"),
        ("demo", "\xe9\U0001f680", "3869bb396f75065f91baeccd619dad48e0562d4d"),
        ("demo", 0, "ceded27492b392e0232514bb54a8ec2076acef37"),
        ("demo", 1, "b7f4b83889e2da67de683e1df6919a1eacc446c8"),
        ("demo", -1, "e9d49a24c3debdc5a6d551d3e7087999a263bb97"),
        ("demo", 9223372036854775807, "6964c1df0d52acf332aef2bfdd54ba366285d051"),
        ("demo", -9223372036854775808, "ed1e7c46ae5e7ece2d07934101b63291bf9a3606"),
        ("demo", bytearray(b"a"), "e4babb6ca8e19b0e05a917a93ec8fd6618da97dd"),
        ("demo", bytearray(b"\x00\xff"), "591687165d17af337d3ed523749c609aeb577acd"),
        ("", "a", "79e55340ff2911fc794c49ec2a8175bd9d7ca04c"),
        (
            "s" * 63,
            "a",
            "899f9f52c86172a228429f5f6fa353561109bf1b",
        ),
        (
            "demo",
            "x" * 300,
            "932f1c2a2cdbd28ddc102c9a5b5380a768146d40",
        ),
    ],
)
def test_digests_are_those_of_other_clients(set_name, pk, digest):
    assert aerospike.calc_digest("test", set_name, pk).hex() == digest


@POLICIES
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=15), primary_keys)
def test_digests_are_made_of_set_type_and_key(set_name, pk):
    try:
        hasher = hashlib.new("ripemd160")
    except ValueError:
        pytest.skip("this OpenSSL has no RIPEMD-160")
    if isinstance(pk, int):
        body = b"\1" + struct.pack(">q", pk)
    else:
        body = b"\4" + pk if isinstance(pk, bytearray) else b"\3" + (pk if isinstance(pk, bytes) else pk.encode())
    hasher.update(set_name.encode() + body)
    digest = aerospike.calc_digest("test", set_name, pk)
    assert bytes(digest) == hasher.digest()
    assert aerospike.get_partition_id(digest) == (digest[0] | digest[1] << 8) % 4096


# ---- numbers of policies ----


# TTL_CLIENT_DEFAULT stands for the policy's own
TTLS = st.integers(-2, 2**32 - 1).filter(lambda ttl: ttl != aerospike.TTL_CLIENT_DEFAULT)


@settings(POLICIES, max_examples=20)
@given(timeout=st.integers(0, 2**32 - 1), retries=st.integers(0, 2**32 - 1), ttl=TTLS)
def test_policies_tell_what_was_configured(config, timeout, retries, ttl):
    assume(timeout == 0 or timeout > 1000)
    config["policies"] = {"total_timeout": timeout, "write": {"max_retries": retries, "ttl": ttl}}
    with aerospike.client(config) as client:
        policies = client.get_policies()
    assert policies["read"]["total_timeout"] == policies["write"]["total_timeout"] == timeout
    assert (policies["write"]["max_retries"], policies["write"]["ttl"]) == (retries, ttl % 2**32)


@pytest.fixture
def strict(connect):
    return connect(validate_keys=True)


@POLICIES
@given(st.integers(), st.sampled_from(["total_timeout", "exists", "ttl", "compression_threshold", "compress"]))
def test_numbers_of_a_policy_fit_or_are_refused(strict, key, number, name):
    least, most = {"exists": (0, 4), "ttl": (-2, 2**32 - 1), "compress": (0, 1)}.get(name, (0, 2**32 - 1))
    outcome = None
    try:
        strict.put(key, {"a": 1}, {}, {name: number})
    except exception.AerospikeError as error:
        outcome = error
    # a ttl is refused as a server refuses one
    refused = outcome is not None and (type(outcome) is exception.ParamError or "must be seconds" in outcome.msg)
    assert refused == (not least <= number <= most or (name == "ttl" and number == aerospike.TTL_CLIENT_DEFAULT))
    assert not refused or name in outcome.msg
