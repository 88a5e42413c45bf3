# SPDX-License-Identifier: Apache-2.0
"""Every policy key that the vendor's client 19.3.0 accepts is accepted, and no other."""

import difflib
import json
import pathlib

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers.expressions import IntBin
from aerospike_helpers.operations import bitwise_operations, hll_operations, list_operations, map_operations

FACTS = json.loads((pathlib.Path(__file__).parent / "data" / "policy-keys.json").read_text())
CALLS = {
    "read": lambda client, key, policy: client.get(key, policy),
    "write": lambda client, key, policy: client.put(key, {"a": 1}, {}, policy),
    "operate": lambda client, key, policy: client.increment(key, "a", 1, {}, policy),
    "remove": lambda client, key, policy: client.remove(key, {}, policy),
    "query": lambda client, key, policy: client.query(*key[:2]).results(policy),
    "scan": lambda client, key, policy: client.scan(*key[:2]).results(policy),
    "info": lambda client, key, policy: client.info_all("build", policy),
    "list": lambda client, key, policy: client.operate(key, [list_operations.list_append("l", 1, policy)]),
    "map": lambda client, key, policy: client.operate(key, [map_operations.map_put("m", "k", 1, policy)]),
    "bit": lambda client, key, policy: client.operate(key, [bitwise_operations.bit_resize("b", 8, policy=policy)]),
    "hll": lambda client, key, policy: client.operate(key, [hll_operations.hll_init("h", 8, None, policy)]),
}
# of whole batches, of records in them, and of what no method takes yet: as defaults of the client
DEFAULTS = ("apply", "batch", "batch_write", "batch_apply", "batch_remove", "admin")


def official_keys(kind):
    keys = FACTS[f"policy.{kind}"]
    return [key for entry in keys for key in (FACTS["policy.base"] if entry == "base" else [entry])]


@pytest.fixture(scope="module")
def strict(hosts):
    with aerospike.client({"hosts": hosts, "validate_keys": True}) as client:
        yield client


def values(client, kind):
    """A value of every key that the client knows."""
    usual = {"expressions": (IntBin("a") == 1).compile(), "partition_filter": {}}
    return {**usual, **client.get_policies().get(kind, {})}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in CALLS for name in official_keys(kind)])
def test_an_official_key_is_accepted(strict, record, kind, name):
    if name == "txn":
        with pytest.raises(
            exception.ParamError, match=r"^txn is invalid: it must be an aerospike\.Transaction, not None"
        ):
            CALLS[kind](strict, record, {name: None})
    else:
        CALLS[kind](strict, record, {name: values(strict, kind).get(name)})


@pytest.mark.parametrize("kind", CALLS)
def test_another_key_is_not(strict, record, kind):
    with pytest.raises(exception.ParamError, match="nosuch"):
        CALLS[kind](strict, record, {"nosuch": None})
    assert strict.get(record)[2]["a"] == 1


@pytest.mark.parametrize("kind", DEFAULTS)
def test_official_keys_are_accepted_as_defaults(connect, config, kind):
    known = values(connect(), kind)
    assert connect(policies={kind: {key: known[key] for key in official_keys(kind) if key != "txn"}}).is_connected()
    with pytest.raises(exception.ParamError, match="nosuch"):
        aerospike.client({**config, "policies": {kind: {"nosuch": None}}})


def test_meta_has_two_keys(strict, record):
    for name in FACTS["meta"]:
        strict.put(record, {"a": 1}, {name: None})
    with pytest.raises(exception.ParamError, match="nosuch"):
        strict.put(record, {"a": 1}, {"nosuch": None})


@pytest.mark.parametrize("part", ["", ".policies", ".tls", ".shm", ".lua"])
def test_the_configuration_has_the_official_keys(config, connect, part):
    names = dict.fromkeys(FACTS[f"config{part}"])
    if part == ".shm":
        names["shm_key"] = 0x5EED0000  # not the usual one, which other programs may use
    if part == ".policies":
        login = {
            "auth_mode": aerospike.AUTH_INTERNAL,
            "login_timeout_ms": 5000,
            "max_threads": 4,
            "thread_pool_size": 4,
        }
        known = {**values(connect(), "read"), **values(connect(), "write"), **login}
        names = {name: known.get(name) for name in names}
    settings = {part[1:]: names} if part else {name: None for name in names if name not in config}
    aerospike.client({**config, **settings}).close()
    unknown = {part[1:]: {"nosuch": None}} if part else {"nosuch": None}
    with pytest.raises(exception.ParamError, match="nosuch"):
        aerospike.client({**config, **unknown})


# ---- values ----

CHOICES = {
    "read": ("key", "replica", "read_mode_ap", "read_mode_sc"),
    "write": ("key", "gen", "exists", "commit_level"),
    "operate": ("gen", "exists"),
    "remove": ("gen", "commit_level"),
    "query": ("expected_duration",),
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in CHOICES.items() for name in names])
@pytest.mark.parametrize("number", [99, -1, 2**31, -(10**30)])
def test_a_number_that_no_choice_has_is_ignored_with_a_warning(client, strict, record, kind, name, number):
    with pytest.warns(UserWarning, match=f"^{name} is invalid: it must be from 0 to .*: the default stands"):
        CALLS[kind](client, record, {name: number})
    client.put(record, {"a": 1})
    with pytest.raises(exception.ParamError, match=f"^{name} is invalid: it must be from 0 to"):
        CALLS[kind](strict, record, {name: number})
    assert strict.get(record)[2]["a"] == 1


def test_the_default_that_stands_is_the_clients(connect, record):
    careful = connect(policies={"write": {"gen": aerospike.POLICY_GEN_EQ}}, validate_keys=False)
    with pytest.warns(UserWarning, match="gen is invalid"), pytest.raises(exception.RecordGenerationError):
        careful.put(record, {"a": 2}, {"gen": 5}, {"gen": 5})
    with pytest.warns(UserWarning, match=r"^Invalid Policy setting value: config\['policies'\]\['write'\]\['gen'\]"):
        made = connect(policies={"write": {"gen": 5}}, validate_keys=False)
    assert made.get_policies()["write"]["gen"] == aerospike.POLICY_GEN_IGNORE


@pytest.mark.parametrize("number", [5, -1, 10**30])
def test_every_int_is_a_flag(connect, client, strict, record, number):
    assert client.put(record, {"l": [1]}) == 0
    assert client.get(record, {"deserialize": number})[2]["l"] == [1]
    made = connect(policies={"read": {"deserialize": number}, "compress": 0}, validate_keys=False)
    assert made.get_policies()["read"]["deserialize"] is True
    with pytest.raises(exception.ParamError, match=r"^deserialize is invalid: it must be from 0 to 1"):
        strict.get(record, {"deserialize": number})


@pytest.mark.parametrize("wrong", [None, "1", 1.5, [], -1, 2**32, 10**30])
def test_a_time_that_is_none(client, record, wrong):
    for name in ("total_timeout", "socket_timeout", "max_retries"):
        for kind in ("read", "write", "operate", "query", "scan"):
            with pytest.raises(exception.ParamError, match=f"^{name} is invalid: it must be "):
                CALLS[kind](client, record, {name: wrong})
    with pytest.raises(exception.ParamError, match=r"^timeout is invalid: it must be "):
        client.info_all("build", {"timeout": wrong})


@pytest.mark.parametrize("kind", ["read", "write", "operate", "remove", "query", "scan"])
@pytest.mark.parametrize("wrong", [None, "1", 1.5])
def test_choices_and_flags_of_another_type(client, strict, record, kind, wrong):
    for name in {"compress", *CHOICES.get(kind, ())}:
        for of in (client, strict):
            with pytest.raises(exception.ParamError, match=f"^{name} is invalid: it must be an int, not "):
                CALLS[kind](of, record, {name: wrong})


def test_unknown_keys_in_the_vendors_words(connect, strict, record):
    with pytest.raises(exception.ParamError) as caught:
        strict.get(record, {"total_timeuot": 1})
    told = "the read policy has no key 'total_timeuot'; did you mean 'total_timeout'?"
    assert caught.value.msg == f'"total_timeuot" is an invalid policy dictionary key: {told}'
    for call, kind in (
        (lambda: strict.put(record, {"a": 1}, {"tll": 1}), "meta"),
        (lambda: connect(tend_intreval=1), "config"),
        (lambda: connect(shm={"max_node": 1}), "config"),
        (lambda: connect(policies={"raed": {}}), "policy"),
        (lambda: strict.scan(*record[:2]).results({"partition_filter": {"begni": 1}}), "partition filter"),
    ):
        with pytest.raises(exception.ParamError, match=f'^"[a-z_]+" is an invalid {kind} dictionary key: '):
            call()


@pytest.mark.sync_only("both clients remember the same")
def test_the_right_key_is_looked_for_once(client, record, monkeypatch):
    found = []
    search = difflib.get_close_matches
    monkeypatch.setattr(difflib, "get_close_matches", lambda *args: found.append(args[0]) or search(*args))
    for key in ("max_retrieses", "nothing_like_it"):
        texts = []
        for _ in range(3):
            with pytest.warns(UserWarning, match=key) as caught:
                client.get(record, {key: 1})
            texts += [str(warning.message) for warning in caught]
        assert len(texts) == 3
        assert len(set(texts)) == 1
    assert found == ["max_retrieses", "nothing_like_it"]
