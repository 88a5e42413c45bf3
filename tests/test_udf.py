# SPDX-License-Identifier: Apache-2.0
"""Modules of Lua, and calls of their functions: what is sent, how it is waited for, and what is refused."""

import base64
import os
import struct

import pytest

import aerospike
import aerospike_helpers
from aerospike import exception

SOURCE = "function echo(rec, a) return a end\n"
KEY = ("test", "demo", 1)


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module in a folder, where the test works in another one."""
    path = tmp_path / "lua" / "cities.lua"
    path.parent.mkdir()
    path.write_text(SOURCE)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return path


class Cask:
    """The modules of a cluster. A node of `late` has heard of the last change after so many questions."""

    def __init__(self, late=(0, 0)):
        self.late = list(late)
        self.modules = {}
        self.before = {}

    def __call__(self, place, command):
        name, _, rest = command.partition(":")
        fields = dict(field.split("=", 1) for field in rest.split(";") if field)
        answer = {"udf-put": self.put, "udf-remove": self.remove, "udf-get": self.get, "udf-list": self.list}.get(name)
        return None if answer is None else answer(place, fields)

    def put(self, place, fields):
        assert len(fields["content"]) == int(fields["content-len"])
        assert fields["udf-type"] == "LUA"
        self.before = dict(self.modules)
        self.modules[fields["filename"]] = fields["content"]
        return "ok"

    def remove(self, place, fields):
        self.before = dict(self.modules)
        self.modules.pop(fields["filename"], None)
        return "ok"

    def get(self, place, fields):
        self.late[place] -= 1
        content = (self.modules if self.late[place] < 0 else self.before).get(fields["filename"])
        return "error=not_found" if content is None else f"gen=x;type=LUA;content={content};"

    def list(self, place, fields):
        return "".join(f"filename={name},hash={'0' * 39}{i},type=LUA;" for i, name in enumerate(sorted(self.modules)))


# ---- modules ----


def test_a_module_is_put_listed_got_and_removed(nodes, module):
    nodes.answer = cask = Cask()
    assert nodes.client.udf_put(str(module)) == 0
    assert base64.b64decode(cask.modules["cities.lua"]).decode() == SOURCE
    assert nodes.client.udf_list() == [
        {"name": "cities.lua", "hash": bytearray(b"0" * 40), "type": aerospike.UDF_TYPE_LUA, "content": bytearray()}
    ]
    assert nodes.client.udf_get("cities.lua") == SOURCE
    assert nodes.client.udf_remove("cities.lua") == 0
    assert nodes.client.udf_list() == []
    with pytest.raises(exception.UDFError, match="not_found") as caught:
        nodes.client.udf_get("cities.lua")
    assert caught.value.code == 100
    assert caught.value.module == "cities.lua"
    assert caught.value.func is None


def test_no_copy_of_it_is_left(nodes, module, tmp_path):
    nodes.answer = Cask()
    nodes.client.udf_put(module)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == [module]


def test_the_names_of_arguments(nodes, module):
    nodes.answer = Cask()
    assert nodes.client.udf_put(filename=module, udf_type=aerospike.UDF_TYPE_LUA, policy={"timeout": 5000}) == 0
    assert nodes.client.udf_get(module="cities.lua", language=aerospike.UDF_TYPE_LUA, policy={}) == SOURCE
    assert nodes.client.udf_list(policy=None)
    assert nodes.client.udf_remove(module="cities.lua", policy=None) == 0


def test_any_bytes_of_a_source_arrive(nodes, module):
    nodes.answer = Cask()
    for source in (b"\0", b"return '\xff\xfe;'", bytes(range(256)) * 999, "é🚀".encode()):
        module.write_bytes(source)
        nodes.client.udf_put(module)
        got = nodes.client.udf_get("cities.lua")
        assert (got if isinstance(got, bytes) else got.encode()) == source


def test_it_waits_until_every_node_has_it(nodes, module):
    nodes.answer = Cask(late=(1, 3))
    nodes.client.udf_put(module)
    assert nodes.asked.count((1, "udf-get:filename=cities.lua;")) == 4


def test_an_older_source_of_that_name_is_not_yet_it(nodes, module):
    nodes.answer = cask = Cask()
    nodes.client.udf_put(module)
    module.write_text(SOURCE + "-- another\n")
    cask.late = [0, 2]
    nodes.asked.clear()
    nodes.client.udf_put(module)
    assert nodes.asked.count((1, "udf-get:filename=cities.lua;")) == 3


def test_it_waits_until_no_node_has_it(nodes, module):
    nodes.answer = cask = Cask()
    nodes.client.udf_put(module)
    cask.late = [0, 2]
    nodes.asked.clear()
    nodes.client.udf_remove("cities.lua")
    assert nodes.asked.count((1, "udf-get:filename=cities.lua;")) == 3


def test_the_wait_has_a_bound(nodes, module):
    nodes.answer = cask = Cask(late=(0, 10**9))
    with pytest.raises(exception.TimeoutError, match=r"'cities.lua' is registered, .* within 60 ms"):
        nodes.client.udf_put(module, policy={"timeout": 60})
    assert "cities.lua" in cask.modules
    with pytest.raises(exception.TimeoutError, match=r"'cities.lua' is removed, .* within 60 ms"):
        nodes.client.udf_remove("cities.lua", {"timeout": 60})


def test_a_mistake_in_a_module_comes_with_its_line(nodes, module):
    message = base64.b64encode(b"<name> or '...' expected near 'return'").decode()
    nodes.answer = lambda place, command: f"error=compile_error;file=cities.lua;line=7;message={message}"
    with pytest.raises(exception.UDFError, match=r"line=7;message=<name> or '...' expected near") as caught:
        nodes.client.udf_put(module)
    assert caught.value.module == "cities.lua"
    assert "module 'cities.lua'" in str(caught.value)


def test_a_file_that_cannot_be_registered(nodes, module):
    nodes.answer = Cask()
    module.with_name("empty.lua").write_text("")
    os.mkfifo(module.with_name("pipe.lua"))
    with module.with_name("large.lua").open("wb") as large:
        large.truncate(2**24 + 1)
    faults = {
        "nosuch.lua": "No such file",
        "empty.lua": "it is empty",
        ".": "not a regular file",
        "pipe.lua": "not a regular file",
        "large.lua": "more than 16 MiB",
        "cities.lua/x.lua": "Not a directory",
    }
    for name, fault in faults.items():
        with pytest.raises(exception.LuaFileNotFound, match=fault) as caught:
            nodes.client.udf_put(os.path.join(module.parent, name))
        assert caught.value.code == 1302
    if os.getuid() != 0:
        module.chmod(0)
        with pytest.raises(exception.LuaFileNotFound, match="Permission denied"):
            nodes.client.udf_put(module)
    assert nodes.asked == []


BAD_NAMES = ["a;b.lua", "a:b.lua", "a,b.lua", "a\tb.lua", "a\nb.lua"]


@pytest.mark.parametrize("name", BAD_NAMES, ids=repr)
def test_names_that_no_info_command_carries(nodes, module, name):
    nodes.answer = Cask()
    path = module.with_name(name)
    path.write_text(SOURCE)
    with pytest.raises(exception.ParamError, match="filename must have neither"):
        nodes.client.udf_put(path)
    for call in (nodes.client.udf_get, nodes.client.udf_remove):
        with pytest.raises(exception.ParamError, match="module must have neither"):
            call(name)
    assert nodes.asked == []


def test_misuse(nodes, module):
    nodes.answer = Cask()
    client = nodes.client
    for bad in (5, None, object(), "a\0b.lua", "\ud800.lua"):
        with pytest.raises(exception.ClientError, match="filename"):
            client.udf_put(bad)
    for call in (client.udf_get, client.udf_remove):
        for bad in (5, None, b"x.lua", "a\0b", "\ud800", "x" * 300):
            with pytest.raises(exception.ClientError, match="module"):
                call(bad)
    for bad in (1, -1, "lua", None):
        with pytest.raises(exception.ParamError, match="udf_type"):
            client.udf_put(module, bad)
        with pytest.raises(exception.ParamError, match="language"):
            client.udf_get("cities.lua", bad)
    for call in (client.udf_list, lambda policy: client.udf_put(module, 0, policy)):
        with pytest.raises(exception.ParamError, match="policy"):
            call(5)
    assert nodes.asked == []


def test_an_answer_without_a_source(nodes):
    for answer in ("gen=x;type=LUA;", "gen=x;type=LUA;content=;", "gen=x;type=LUA;content=!!!;"):
        nodes.answer = lambda place, command, answer=answer: answer
        with pytest.raises(exception.ClientError, match="no source"):
            nodes.client.udf_get("cities.lua")


def test_lists_as_servers_write_them(nodes):
    for answer, names in (
        ("", []),
        ("filename=a.lua,hash=b,type=LUA;", ["a.lua"]),
        ("filename=a/b.lua,hash=b,type=LUA", ["a/b.lua"]),
        (";;", []),
    ):
        nodes.answer = lambda place, command, answer=answer: answer
        listed = [module for module in nodes.client.udf_list() if module["name"]]
        assert [module["name"] for module in listed] == names
        assert all(module["hash"] == b"b" for module in listed)


# ---- calls ----


def test_misuse_of_a_call(client):
    loop = []
    loop.append(loop)
    for arguments, names in (
        ((KEY, 5, "f", []), "module must be a str"),
        ((KEY, "m", None, []), "function must be a str"),
        ((KEY, "m\0", "f", []), "module"),
        ((KEY, "m", "f\0", []), "function"),
        ((KEY, "m", "f", None), "args must be a list"),
        ((KEY, "m", "f", (1,)), "args must be a list"),
        ((KEY, "m", "f", [object()]), r"args\[0\]"),
        ((KEY, "m", "f", [1, {"a": [2**64]}]), r"args\[1\]"),
        ((KEY, "m", "f", loop), "args"),
        ((("test",), "m", "f", []), "key"),
        ((KEY, "m", "f", [], 5), "policy"),
        ((KEY, "m", "f", [], {"total_timeout": "x"}), "total_timeout"),
    ):
        with pytest.raises(exception.ParamError, match=names):
            client.apply(*arguments)
    with pytest.raises(TypeError):
        client.apply(KEY, "m", "f")


def reply(particle, value, name=b"SUCCESS", code=0):
    """What a server answers to a call: one bin."""
    bin_ = struct.pack(">IBBBB", 4 + len(name) + len(value), 1, particle, 0, len(name)) + name + value
    return struct.pack(">BBBBBBIIIHH", 22, 0, 0, 0, 0, code, 0, 0, 0, 0, 1) + bin_


GEO = b'{"type": "Point", "coordinates": [1.0, 2.0]}'
RESULTS = [
    (0, b"", None),
    (1, (2**63 - 1).to_bytes(8, "big"), 2**63 - 1),
    (1, b"\xff" * 8, -1),
    (2, struct.pack(">d", 1.5), 1.5),
    (3, b"", ""),
    (3, "é\0b".encode(), "é\0b"),
    (4, b"\0\xff", b"\0\xff"),
    (17, b"\x01", True),
    (18, b"\0\x08\0\0", aerospike_helpers.HyperLogLog(b"\0\x08\0\0")),
    (19, b"\x81\x02\x92\xa2\x03a\xc0", {2: ["a", None]}),
    (19, b"\x82\xc7\0\x01\xc0\x01\xc3", aerospike.KeyOrderedDict({1: True})),
    (20, b"\x90", []),
    (20, b"\x93\x01\xa3\x04\0\xff\xcb" + struct.pack(">d", -0.5), [1, b"\0\xff", -0.5]),
    (23, b"\0\0\0" + GEO, aerospike.GeoJSON(GEO.decode())),
]


@pytest.mark.parametrize(("particle", "value", "result"), RESULTS, ids=lambda value: str(value)[:30])
def test_what_a_function_returns(nodes, particle, value, result):
    nodes.reply = reply(particle, value)
    got = nodes.client.apply(KEY, "m", "f", [])
    assert (type(got), repr(got)) == (type(result), repr(result))


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\x91",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 65 + b"\xc0",
        b"\x91" * 10**6 + b"\xc0",
        b"\xdf\x7f\xff\xff\xff\x01",
        b"\xdb\xff\xff\xff\xff\x03",
        b"\xc1",
    ],
    ids=lambda value: value[:8].hex(),
)
def test_a_result_that_cannot_be_read(nodes, value):
    nodes.reply = reply(20, value)
    with pytest.raises(exception.ClientError, match="cannot be read"):
        nodes.client.apply(KEY, "m", "f", [])
    nodes.reply = reply(1, bytes(8))
    assert nodes.client.apply(KEY, "m", "f", []) == 0


def test_a_text_that_is_not_utf_8(nodes):
    nodes.reply = reply(3, b"\xff\xfe")
    with pytest.raises(exception.ClientError, match="not UTF-8"):
        nodes.client.apply(KEY, "m", "f", [])


def test_what_a_function_raises(nodes):
    for text in ("m.lua:13: deep down", "m.lua:1: 50% %s%n:7", "x" * 900):
        nodes.reply = reply(3, text.encode(), b"FAILURE", 100)
        with pytest.raises(exception.UDFError) as caught:
            nodes.client.apply(KEY, "m", "f", [])
        error = caught.value
        assert (error.code, error.module, error.func, error.key) == (100, "m", "f", KEY)
        assert error.msg.partition(" ")[2] == text
        assert "module 'm', func 'f'" in str(error)


def test_an_error_of_the_record_tells_its_key(nodes):
    nodes.reply = struct.pack(">BBBBBBIIIHH", 22, 0, 0, 0, 0, 27, 0, 0, 0, 0, 0)
    with pytest.raises(exception.FilteredOut) as caught:
        nodes.client.apply(KEY, "m", "f", [])
    assert caught.value.key == KEY


def test_deserialize_is_no_policy_of_a_call(nodes):
    with pytest.raises(exception.ParamError, match="deserialize"):
        nodes.client.apply(KEY, "m", "f", [], {"deserialize": False})
