# SPDX-License-Identifier: Apache-2.0
"""Where the cluster is said to be: texts, URLs, the environment; and the files that TLS needs."""

import pytest

import aerospike
from aerospike import _hosts
from aerospike.exception import ParamError


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("a", [("a", 3000)]),
        ("a:1", [("a", 1)]),
        ("a,b:65535", [("a", 3000), ("b", 65535)]),
        ("a:name:4333", [("a", 4333, "name")]),
        ("::1", [("::1", 3000)]),
        ("[::1]", [("::1", 3000)]),
        ("[fe80::1]:3100, b", [("fe80::1", 3100), ("b", 3000)]),
        ("[::1]:name:4333", [("::1", 4333, "name")]),
        ("aerospike://a", [("a", 3000)]),
        ("AEROSPIKE://a,[::1]:3001/", [("a", 3000), ("::1", 3001)]),
    ],
)
def test_hosts_in_every_form(text, hosts):
    assert _hosts.configuration({"hosts": [text]})["hosts"] == hosts
    assert _hosts.configuration(text)["hosts"] == hosts


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "address"),
        ("a,", "address"),
        (":3000", "address"),
        ("a:", "must be a number"),
        ("a:x", "'x'"),
        ("a:-1", "'-1'"),
        ("a:0", "from 1 to 65535"),
        ("a:99999", "99999"),
        ("a:" + "9" * 5000, "from 1 to 65535"),
        ("a:\u0663", "must be a number"),
        ("a:b:c:1", "address"),
        ("[::1", "brackets"),
        ("[a]:1", "brackets"),
        ("[::1]3000", "brackets"),
        ("http://a", "aerospike://"),
        ("aerospike://", "address"),
        ("aerospike://a/test", "a URL of hosts ends"),
        ("aerospike://a#b", "a URL of hosts ends"),
        ("aerospike://a?total_timeout", "total_timeout"),
        ("aerospike://a?total_timeout=soon", "total_timeout"),
        ("aerospike://a?total_timeout=-1", "total_timeout"),
        ("aerospike://a?tend_interval=x", "tend_interval"),
        ("aerospike://a?tls=1", "tls"),
        ("aerospike://ann@a", "password"),
        ("aerospike://a,[::1", "brackets"),
        ("aerospike://a?validate_keys=true&total_timout=5", "total_timeout"),
    ],
)
def test_bad_hosts_are_refused_by_name(text, named):
    for config in (text, {"hosts": [text]}):
        with pytest.raises(ParamError, match=named):
            aerospike.client(config)


def test_a_url_says_user_and_keys():
    made = _hosts.configuration("aerospike://a%40b:p%3Aq%2F@h/?total_timeout=500&rack_aware=true&cluster_name=7")
    assert made == {
        "hosts": [("h", 3000)],
        "user": "a@b",
        "password": "p:q/",
        "policies": {"total_timeout": 500},
        "rack_aware": True,
        "cluster_name": "7",
    }


def test_what_the_dict_says_is_stronger_than_the_url():
    config = {
        "hosts": ["aerospike://ann:p@h?total_timeout=5&max_retries=1"],
        "user": "bob",
        "policies": {"max_retries": 2},
    }
    made = _hosts.configuration(config)
    assert (made["user"], made["password"]) == ("bob", "p")
    assert made["policies"] == {"total_timeout": 5, "max_retries": 2}
    assert config["policies"] == {"max_retries": 2}


def test_keys_of_a_url_beside_policies_that_are_none_are_refused():
    with pytest.raises(ParamError, match=r"\['policies'\]"):
        aerospike.client({"hosts": ["aerospike://a?total_timeout=5"], "policies": 5})


def test_a_url_connects(hosts, key):
    address, port = hosts[0][:2]
    with aerospike.client(f"aerospike://{address}:{port}/?total_timeout=700") as client:
        assert client.get_policies()["read"]["total_timeout"] == 700


def test_the_environment_names_hosts_where_none_are_given(hosts, monkeypatch):
    address, port = hosts[0][:2]
    monkeypatch.setenv("AEROSPIKE_HOSTS", f"{address}:{port}")
    for arguments in ((), ({},), ({"policies": {}},)):
        with aerospike.client(*arguments) as client:
            assert client.is_connected()
    with pytest.raises(ParamError, match="hosts"):
        aerospike.client({"hosts": []})
    monkeypatch.setenv("AEROSPIKE_HOSTS", "a:x")
    with pytest.raises(ParamError, match="not 'x'"):
        aerospike.client()
    monkeypatch.delenv("AEROSPIKE_HOSTS")
    for arguments in ((), ({},)):
        with pytest.raises(ParamError, match="hosts"):
            aerospike.client(*arguments)


@pytest.mark.parametrize("key", ["cafile", "certfile", "keyfile", "cert_blacklist", "capath"])
@pytest.mark.parametrize("path", ["/nope", "", "a\0b", "\ud800"])
def test_files_of_tls_are_looked_for_before_connecting(key, path):
    with pytest.raises(ParamError, match=rf"\['{key}'\]"):
        aerospike.client({"hosts": ["127.0.0.1:1"], "tls": {"enable": True, key: path}})


def test_files_of_tls_are_files(tmp_path):
    with pytest.raises(ParamError, match=r"cafile.*Is a directory"):
        aerospike.client({"hosts": ["127.0.0.1:1"], "tls": {"enable": True, "cafile": str(tmp_path)}})
    (tmp_path / "file").touch()
    with pytest.raises(ParamError, match=r"capath.*Not a directory"):
        aerospike.client({"hosts": ["127.0.0.1:1"], "tls": {"enable": True, "capath": str(tmp_path / "file")}})
