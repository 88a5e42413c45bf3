# SPDX-License-Identifier: Apache-2.0
"""Every policy key that the vendor's client 19.3.0 accepts is accepted, and no other."""

import json
import pathlib

import pytest

import aerospike
from aerospike import exception
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


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in CALLS for name in official_keys(kind)])
def test_an_official_key_is_accepted(strict, record, kind, name):
    CALLS[kind](strict, record, {name: None})


@pytest.mark.parametrize("kind", CALLS)
def test_another_key_is_not(strict, record, kind):
    with pytest.raises(exception.ParamError, match="nosuch"):
        CALLS[kind](strict, record, {"nosuch": None})
    assert strict.get(record)[2]["a"] == 1


@pytest.mark.parametrize("kind", DEFAULTS)
def test_official_keys_are_accepted_as_defaults(connect, config, kind):
    assert connect(policies={kind: dict.fromkeys(official_keys(kind))}).is_connected()
    with pytest.raises(exception.ParamError, match="nosuch"):
        aerospike.client({**config, "policies": {kind: {"nosuch": None}}})


def test_meta_has_two_keys(strict, record):
    for name in FACTS["meta"]:
        strict.put(record, {"a": 1}, {name: None})
    with pytest.raises(exception.ParamError, match="nosuch"):
        strict.put(record, {"a": 1}, {"nosuch": None})


@pytest.mark.parametrize("part", ["", ".policies", ".tls", ".shm", ".lua"])
def test_the_configuration_has_the_official_keys(config, part):
    names = dict.fromkeys(FACTS[f"config{part}"])
    if part == ".shm":
        names["shm_key"] = 0x5EED0000  # not the usual one, which other programs may use
    settings = {part[1:]: names} if part else {name: None for name in names if name not in config}
    aerospike.client({**config, **settings}).close()
    unknown = {part[1:]: {"nosuch": None}} if part else {"nosuch": None}
    with pytest.raises(exception.ParamError, match="nosuch"):
        aerospike.client({**config, **unknown})
