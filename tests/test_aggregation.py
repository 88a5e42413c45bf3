# SPDX-License-Identifier: Apache-2.0
"""The client's part of an aggregation: what the nodes send goes through the function in Lua in this process.

A proxy answers for the nodes (fix_aggregation.py).
"""

import contextlib
import os
import signal
import struct
import threading

import pytest

import aerospike
from aerospike import exception, predicates

MODULE = """
local function add(a, b) return a + b end
function total(s) return s : map(function(rec) return rec.n end) : reduce(add) end
function all(s, ...) return s : map(function(rec) return rec end) end
function merged(s) return s : reduce(function(a, b) return map.merge(a, b, add) end) end
function kept(s) return s : reduce(function(a, b) return a end) end
function given(s, ...)
  local values = list {...}
  return s : reduce(function(a, b) return values end)
end
function fails(s) return s : reduce(function(a, b) error("on purpose") end) end
function fails_at_once(s) error("at once") end
function raises_a_table(s) return s : reduce(function(a, b) error({}) end) end
function number(s) return 5 end
function forever(s) return s : reduce(function(a, b) while true do end end) end
function sees(s, ...)
  local names, found = {...}, list()
  for _, name in ipairs(names) do
    local value = _G
    for part in string.gmatch(name, "[^.]+") do value = value[part] end
    list.append(found, type(value))
  end
  return s : reduce(function(a, b) return found end)
end
function loads(s) return s : reduce(function(a, b) return tostring(load("\\27Lua")) .. load("return 7")() end) end
function logs(s) return s : reduce(function(a, b) info("seen %d", a); return a end) end
function text_of_table(s) return s : reduce(function(a, b) return {} end) end
function forever_again(s)
  return s : reduce(function(a, b) while true do pcall(function() while true do end end) end end)
end
function list_cycle(s) return s : reduce(function(a, b) local l = list(); list.append(l, l); return l end) end
function map_cycle(s) return s : reduce(function(a, b) local m = map(); m.m = m; return m end) end
function bomb(s)
  return s : reduce(function(a, b)
    local l = list()
    for i = 1, 60 do local n = list(); list.append(n, l); list.append(n, l); l = n end
    return l
  end)
end
function fails_later(s) for i = 1, 3000000 do end error("later") end
"""


@pytest.fixture(autouse=True)
def module(senders):
    senders.modules = {"many.lua": MODULE}


def packed(value):
    return (20 if isinstance(value, list) else 19), PACKED[repr(value)]


PACKED = {
    "[1, 'two']": bytes.fromhex("92 01 a4 03") + b"two",
    "{'a': 1, 'b': 2}": bytes.fromhex("82 a2 03 61 01 a2 03 62 02"),
    "{'b': 5}": bytes.fromhex("81 a2 03 62 05"),
}


def run(client, function, *arguments):
    return client.query("test", "demo").apply("many", function, list(arguments)).results()


def test_the_last_reduce_is_done_here(asking, senders):
    senders.values = (1, 20, 300)
    assert run(asking, "total") == [321]


def test_without_values(asking, senders):
    senders.values = ()
    assert run(asking, "total") == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (-(2**63), -(2**63)),
        ("é🚀", "é🚀"),
        ("", ""),
        ((2, struct.pack(">d", 2.5)), 2.5),
        ((17, b"\1"), True),
        ((4, b"\0\xff"), b"\0\xff"),
        ((23, b"\0\0\0" + b'{"type": "Point", "coordinates": [1.5, 2]}'), "Point"),
        (packed([1, "two"]), [1, "two"]),
        (packed({"a": 1, "b": 2}), {"a": 1, "b": 2}),
    ],
)
def test_every_kind_of_value(asking, senders, sent, shown):
    senders.values = (sent, sent)
    (value,) = run(asking, "kept")
    if shown == "Point":
        assert value == aerospike.GeoJSON({"type": "Point", "coordinates": [1.5, 2]})
    else:
        assert (value, type(value)) == (shown, type(shown))


@pytest.mark.parametrize(
    "arguments",
    [[], [1, "two", 2.5, True, b"x"], [[1, [2, {"a": b"b"}]], {"k": [1], 2: "x"}], ["é" * 1000, 2**63 - 1]],
)
def test_every_kind_of_argument(asking, arguments):
    assert run(asking, "given", *arguments) == [arguments]


def test_maps_are_merged(asking, senders):
    senders.values = (packed({"a": 1, "b": 2}), packed({"b": 5}))
    assert run(asking, "merged") == [{"a": 1, "b": 7}]


def test_values_one_by_one(asking, senders):
    senders.values = tuple(range(20000))
    query = asking.query("test", "demo").apply("many", "all")
    assert query.results() == list(range(20000))
    rows = []
    query.foreach(rows.append)
    assert rows == list(query) == list(range(20000))
    rows = []
    query.foreach(lambda value: rows.append(value) or len(rows) < 3)
    assert rows == [0, 1, 2]
    with iter(query) as values:
        assert [next(values), next(values)] == [0, 1]
    assert query.results() == list(range(20000))


def test_a_predicate_is_sent_along(asking, senders):
    query = asking.query("test", "demo").where(predicates.equals("n", 77)).apply("many", "total", [2**40])
    assert query.results() == [3]
    assert (77).to_bytes(8, "big") in senders.requests[-1]
    assert (2**40).to_bytes(8, "big") in senders.requests[-1]


def test_a_query_with_a_function_has_no_pages(asking, senders):
    query = asking.query("test", "demo").apply("many", "total")
    with pytest.raises(exception.ParamError, match="neither pages nor a partition_filter"):
        query.results({"partition_filter": {"begin": 0, "count": 10}})
    with pytest.raises(exception.ParamError, match="neither pages nor a partition_filter"):
        query.records({"partition_filter": {"begin": 0, "count": 10}})
    assert list(query.records({"max_retries": 0})) == [3]
    query.paginate()
    with pytest.raises(exception.ParamError, match="neither pages nor a partition_filter"):
        query.results()


# ---- where modules are ----


def test_a_module_comes_from_the_server_and_leaves_no_copy(asking, senders, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(asking, "total") == [3]
    assert senders.asked == ["many.lua"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_user_path_wins(asking, senders, tmp_path):
    (tmp_path / "many.lua").write_text("function total(s) return s : reduce(function(a, b) return 'mine' end) end")
    assert run(asking, "total") == ["mine"]
    assert senders.asked == []
    (tmp_path / "many.lua").write_text("function total(s) return s : reduce(function(a, b) return 'new' end) end")
    assert run(asking, "total") == ["new"]


def test_clients_have_paths_of_their_own(senders, tmp_path):
    clients = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "many.lua").write_text(
            f"function total(s) return s : reduce(function(a, b) return {name!r} end) end"
        )
        clients.append(aerospike.client({"hosts": senders.hosts, "lua": {"user_path": str(tmp_path / name)}}))
    results = []

    def work(client, name):
        results.extend(run(client, "total") == [name] for _ in range(20))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(clients * 2, ["one", "two"] * 2, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 80
    for client in clients:
        client.close()


def test_modules_that_a_module_requires(asking, senders, tmp_path):
    senders.modules["many.lua"] = "local one, two = require('one'), require('two')\n" + (
        "function total(s) return s : reduce(function(a, b) return one.name .. two.name end) end"
    )
    senders.modules["one.lua"] = "return {name = 'server'}"
    (tmp_path / "two.lua").write_text("return {name = 'file'}")
    assert run(asking, "total") == ["serverfile"]
    assert senders.asked == ["many.lua", "one.lua"]


# ---- errors ----


def raised(client, function, *arguments):
    with pytest.raises(exception.AerospikeError) as caught:
        run(client, function, *arguments)
    return caught.value


@pytest.mark.parametrize(
    ("function", "text"),
    [
        ("fails", "UDF: Execution Error 2 : many.lua:11: on purpose"),
        ("fails_at_once", "UDF: Execution Error 2 : many.lua:12: at once"),
        ("raises_a_table", "UDF: Execution Error 2"),
        ("nosuch", "UDF: Execution Error 2 : function not found"),
        (
            "number",
            "UDF: Execution Error 2 : [string \"aerospike.lua\"]:33: attempt to index a number value (global 'result')",
        ),
    ],
)
def test_what_a_function_raises_here(asking, function, text):
    error = raised(asking, function)
    assert (type(error), error.code, error.msg) == (exception.UDFError, 100, text)
    assert (error.module, error.func) == ("many", function)


def test_what_a_function_raises_there(asking, senders):
    senders.error = "many.lua:11: on a node"
    error = raised(asking, "total")
    assert (type(error), error.code, error.msg) == (exception.ClientError, -1, "many.lua:11: on a node")
    assert (error.module, error.func) == ("many", "total")
    assert str(error) == "many.lua:11: on a node (code -1, module 'many', func 'total')"


def test_what_a_function_raises_before_it_reads(asking, senders):
    """The node is first, yet its error, of another code, is not told: that would be chance."""
    senders.error = "many.lua:12: on a node"
    error = raised(asking, "fails_later")
    assert (type(error), error.code) == (exception.UDFError, 100)
    assert error.msg == "UDF: Execution Error 2 : many.lua:40: later"


def test_no_result_of_half_the_values(asking, senders):
    senders.values, senders.error = (1, 2, 3), "many.lua:11: on a node"
    rows = []
    with pytest.raises(exception.ClientError):
        asking.query("test", "demo").apply("many", "total").foreach(rows.append)
    assert rows == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "there is no module many.lua in the user_path"),
        ("function broken( return end", "many.lua:1: "),
        ("error('at load')", "many.lua:1: at load"),
        ("error({})", "raises what is no text"),
        ("require('../etc/passwd')", "no module '../etc/passwd'"),
        ("require('absent')", "no module 'absent' in the user_path, nor on the server"),
        ("\x1bLua", "attempt to load a binary chunk"),
    ],
)
def test_a_module_that_cannot_be_loaded(asking, senders, source, reason):
    senders.modules = {} if source is None else {"many.lua": source}
    error = raised(asking, "total")
    assert (type(error), error.code) == (exception.UDFError, 100)
    assert error.msg.startswith("UDF: Execution Error 1\nsub-errors:\n")
    assert reason in error.msg


def test_a_table_of_luas_own_is_no_value(asking):
    assert run(asking, "text_of_table") == []


def test_what_a_script_sees(asking):
    names = ["os.time", "os.execute", "os.exit", "os.getenv", "io", "dofile", "package.loadlib", "string.rep"]
    assert run(asking, "sees", *names) == [["function", *["nil"] * 6, "function"]]
    assert run(asking, "loads") == ["nil7"]


@pytest.mark.parametrize(
    "make",
    [
        lambda query: query.apply(5, "total"),
        lambda query: query.apply("many", None),
        lambda query: query.apply("many", "total", "x"),
        lambda query: query.apply("many", "total", [object()]),
        lambda query: query.apply("m" * 64, "total"),
    ],
)
def test_misuse(asking, senders, make):
    before = len(senders.requests)
    with pytest.raises((exception.ParamError, exception.ClientError)):
        make(asking.query("test", "demo")).results()
    assert len(senders.requests) == before


# ---- many, and their ends ----


def test_more_at_once_than_the_pool_has_threads(asking, senders):
    senders.values = tuple(range(100))
    results = []
    threads = [threading.Thread(target=lambda: results.append(run(asking, "total"))) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert results == [[sum(range(100))]] * 60


def test_a_pool_of_one_thread(senders):
    with aerospike.client({"hosts": senders.hosts, "thread_pool_size": 1}) as client:
        error = raised(client, "total")
        assert error.code == -2
        assert "thread_pool_size" in error.msg


@pytest.mark.parametrize(
    ("function", "text"),
    [
        ("list_cycle", "many.lua:31: a value is nested more than 256 deep, or in itself"),
        ("map_cycle", "many.lua:32: a value is nested more than 256 deep, or in itself"),
        ("bomb", "a result is nested too deeply, or too large"),
    ],
)
def test_a_result_that_nothing_could_hold_is_refused(asking, senders, function, text):
    error = raised(asking, function)
    assert (type(error), error.msg) == (exception.UDFError, f"UDF: Execution Error 2 : {text}")
    assert run(asking, "total") == [3]


@pytest.mark.parametrize("function", ["forever", "forever_again"])
def test_an_interrupt_ends_a_script_that_never_ends(senders, tmp_path, function):
    config = {"hosts": senders.hosts, "lua": {"user_path": str(tmp_path)}, "thread_pool_size": 2}
    asking = aerospike.client(config)  # for one script at a time
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run(asking, function)
    finally:
        timer.cancel()
    assert run(asking, "total") == [3]
    with contextlib.suppress(exception.AerospikeError):
        asking.close()  # which waits for nobody


def test_scripts_log(asking, senders):
    lines = []
    aerospike.set_log_handler(lambda level, function, path, line, message: lines.append(message))
    aerospike.set_log_level(aerospike.LOG_LEVEL_INFO)
    try:
        assert run(asking, "logs") == [1]
        asking.info_all("build")
    finally:
        aerospike.set_log_level(aerospike.LOG_LEVEL_OFF)
        aerospike.set_log_handler(None)
    assert any("seen 1" in line for line in lines)
