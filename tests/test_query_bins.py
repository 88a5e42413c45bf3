# SPDX-License-Identifier: Apache-2.0
"""The bins of records that queries find: the same dicts whatever came before them, and whatever is done to others."""

import itertools

import pytest

import aerospike

# more than are alike before the client makes their dicts in another way
MANY = 700
SHAPES = {
    "alike": [["a", "b", "c", "d"]],
    "few bins": [["a"]],
    "many bins": [[f"bin{i}" for i in range(24)]],
    "too many bins": [[f"bin{i}" for i in range(40)]],
    "long names": [["fifteen-letters", "another-of-them", "the-third-there"]],
    "names beyond ASCII": [["größe", "høyde", "水"]],
    "some with one less": [["a", "b", "c", "d"]] * 300 + [["a", "b", "c"]],
    "some in another order": [["a", "b", "c"]] * 299 + [["c", "b", "a"]],
    "in turns": [["a", "b", "c"], ["a", "b", "d"]],
}


def bins_of(names, number):
    return {name: number if place else f"text {number}" for place, name in enumerate(names)}


@pytest.fixture(params=SHAPES)
def written(request, client, namespace):
    set_name = f"shapes-{list(SHAPES).index(request.param)}"
    shapes = itertools.cycle(SHAPES[request.param])
    records = {n: bins_of(next(shapes), n) for n in range(MANY)}
    client.truncate(namespace, set_name, 0)
    for number, bins in records.items():
        client.put((namespace, set_name, number), bins, policy={"key": aerospike.POLICY_KEY_SEND})
    yield set_name, records
    client.truncate(namespace, set_name, 0)


def test_records_of_all_shapes(client, namespace, written):
    set_name, records = written
    for _ in range(2):
        rows = client.query(namespace, set_name).results()
        assert {key[2]: bins for key, _meta, bins in rows} == records
        key, _, bins = rows[-1]
        assert list(bins) == list(client.get((namespace, set_name, key[2]))[2])
    assert {key[2]: bins for key, _meta, bins in client.query(namespace, set_name)} == records


def test_each_dict_is_its_own(client, namespace, written):
    set_name, records = written
    rows = client.query(namespace, set_name).results()
    for number, (_key, meta, bins) in enumerate(rows):
        meta[f"of {number % 50}"] = bins[f"of {number % 50}"] = number
        del meta["gen"], bins[next(iter(bins))]
        bins.setdefault("list", []).append(bins)
    for number, (key, meta, bins) in enumerate(rows):
        assert set(meta) == {"ttl", f"of {number % 50}"}
        names = list(records[key[2]])[1:]
        assert set(bins) == {*names, f"of {number % 50}", "list"}
        assert bins[f"of {number % 50}"] == number
        assert bins["list"] == [bins]
    again = client.query(namespace, set_name).results()
    assert {key[2]: bins for key, _meta, bins in again} == records
    assert all(set(meta) == {"ttl", "gen"} for _key, meta, _bins in again)


def test_metas_of_many_generations(client, namespace):
    generations = {}
    for number in range(40):
        key = namespace, "metas", number
        for _ in range(number % 3 + 1):
            client.put(key, {"n": number}, {"ttl": 1000 + number * 1000}, {"key": aerospike.POLICY_KEY_SEND})
        generations[number] = client.get(key)[1]["gen"]
    rows = client.query(namespace, "metas").results()
    assert {key[2]: meta["gen"] for key, meta, _bins in rows} == generations
    for key, meta, _bins in rows:
        assert 1000 + key[2] * 1000 - 600 <= meta["ttl"] <= 1000 + key[2] * 1000
    client.truncate(namespace, "metas", 0)


def test_values_of_every_type(client, namespace):
    bins = {
        "int": -(2**63),
        "more": 2**63 - 1,
        "float": -1.5,
        "text": "a\0ü",
        "empty": "",
        "blob": b"\0\xff",
        "none left": b"",
        "bool": True,
        "list": [1, ["x", None], {"k": 2.5}],
        "map": {"a": {1: [b"x"]}},
        "geo": aerospike.GeoJSON({"type": "Point", "coordinates": [1.5, 2.5]}),
    }
    key = namespace, "types", 1
    client.put(key, bins)
    ((_, _, found),) = client.query(namespace, "types").results()
    read = client.get(key)[2]
    client.remove(key)
    assert found == read
    assert list(found) == list(read)
    assert {name: type(value) for name, value in found.items()} == {name: type(value) for name, value in read.items()}
