# SPDX-License-Identifier: Apache-2.0
"""Lua in the embedded server: modules, functions on records, and that no script does harm."""

import base64
import hashlib

import frames
import pytest
from frames import INTEGER, LIST, Operation, value_of
from packing import pack

from aerospike import embedded

OK, NOT_FOUND, PARAMETER, TOO_BIG, FILTERED_OUT, UDF = 0, 2, 4, 13, 27, 100
UPDATE_ONLY = 1 << 3  # info3
UDF_MODULE, UDF_FUNCTION, UDF_ARGUMENTS, UDF_OP = 30, 31, 32, 33
UNSUPPORTED = 16
NO_MODULE = "UDF: Execution Error 1"


@pytest.fixture(scope="module")
def server():
    with embedded.Server(namespaces=["test", "bar"]) as server:
        yield server


class Scripts:
    """A connection for modules and calls."""

    def __init__(self, connection):
        self.connection = connection
        self.digest = frames.new_digest()

    def info(self, command):
        self.connection.send(frames.frame(frames.INFO, command.encode() + b"\n"))
        kind, answer = self.connection.receive()
        assert kind == frames.INFO
        return answer.decode().rstrip("\n").split("\t", 1)[1]

    def put(self, source, name="m.lua"):
        content = base64.b64encode(source if isinstance(source, bytes) else source.encode()).decode()
        return self.info(f"udf-put:filename={name};content={content};content-len={len(content)};udf-type=LUA;")

    def fields(self, set_name=b"lua", **more):
        return {frames.FIELD_NAMESPACE: b"test", frames.FIELD_SET: set_name, frames.FIELD_DIGEST: self.digest}

    def write(self, name, particle, value):
        operation = Operation(frames.OP_WRITE, name, particle, value)
        return self.connection.ask(0, frames.WRITE, fields=self.fields(), operations=[operation]).code

    def read(self):
        """The record's bins; None: there is none."""
        answer = self.connection.ask(frames.READ | frames.GET_ALL, 0, fields=self.fields())
        return None if answer.code == NOT_FOUND else {op.name: value_of(op) for op in answer.operations}

    def ask(self, function, *arguments, module="m", info3=0, ttl=0, fields=None, packed=None):
        """The whole answer of a call."""
        call = {
            UDF_MODULE: module.encode(),
            UDF_FUNCTION: function.encode(),
            UDF_ARGUMENTS: pack(list(arguments)) if packed is None else packed,
        }
        return self.connection.ask(0, frames.WRITE, info3, fields={**self.fields(), **call, **(fields or {})}, ttl=ttl)

    def call(self, function, *arguments, **more):
        """What a call returns; or the text of its failure, as an exception."""
        answer = self.ask(function, *arguments, **more)
        (result,) = answer.operations
        assert (answer.code, result.name) in {(OK, "SUCCESS"), (UDF, "FAILURE")}
        if answer.code == UDF:
            raise RuntimeError(value_of(result))
        return value_of(result)

    def stream(self, function, *arguments, module="m", set_name=b"stream", fields=None, packed=None):
        """What a stream function gives, and what is said of its failure; or the code of an error."""
        call = {
            frames.FIELD_NAMESPACE: b"test",
            frames.FIELD_SET: set_name,
            UDF_OP: b"\1",
            UDF_MODULE: module.encode(),
            UDF_FUNCTION: function.encode(),
            UDF_ARGUMENTS: pack(list(arguments)) if packed is None else packed,
        }
        self.connection.send(frames.message(frames.READ, 0, fields={**call, **(fields or {})}))
        *answers, last = self.connection.answers()
        if last.code != OK:
            assert answers == []
            return last.code
        results = [answer.operations[0] for answer in answers]
        assert {answer.code for answer in answers} <= {OK}
        return (
            [value_of(op) for op in results if op.name == "SUCCESS"],
            [value_of(op) for op in results if op.name == "FAILURE"],
        )

    def run(self, body, *arguments, **more):
        """The body of a function of ``rec`` and what else is given."""
        assert self.put(f"function f(rec, ...) {body} end") == "ok"
        return self.call("f", *arguments, **more)


@pytest.fixture
def scripts(server):
    with frames.Connection(("127.0.0.1", server.port)) as connection:
        scripts = Scripts(connection)
        yield scripts
        for line in filter(None, scripts.info("udf-list").split(";")):
            scripts.info("udf-remove:" + line.split(",")[0])


# ---- modules ----


def test_a_module_comes_is_told_of_and_goes(scripts):
    source = "function one() return 1 end"
    content = base64.b64encode(source.encode()).decode()
    shared = f'{{"content64": "{content}", "type": "LUA", "name": "one.lua"}}'
    listed = f"filename=one.lua,hash={hashlib.sha1(shared.encode()).hexdigest()},type=LUA;"
    assert scripts.put(source, "one.lua") == "ok"
    assert scripts.info("udf-list") == listed
    assert f"content={content};" in scripts.info("udf-get:filename=one.lua")
    assert scripts.call("one", module="one") == 1
    assert scripts.info("udf-remove:filename=one.lua") == "ok"
    assert scripts.info("udf-list") == ""
    assert scripts.info("udf-get:filename=one.lua") == "error=not_found"
    with pytest.raises(RuntimeError, match=NO_MODULE):
        scripts.call("one", module="one")


def test_the_latest_source_counts(scripts):
    assert scripts.run("return 1") == 1
    assert scripts.run("return 2") == 2


@pytest.mark.parametrize(
    ("source", "file", "line", "message"),
    [
        ("x = = 1", "m.lua", 1, "unexpected symbol near '='"),
        ("\n\nfunction f(", "m.lua", 3, "<name> or '...' expected near <eof>"),
        ("error('at load')", "m.lua", 1, "at load"),
        ("error('nowhere', 0)", "", 0, "nowhere"),
        ("error({})", "", 0, "(Null error message returned by lua)"),
        ("require('nosuch')", "m.lua", 1, "module 'nosuch' not found"),
        ("\x1bLua", "m.lua", 0, None),
    ],
)
def test_a_source_that_does_not_load_is_refused(scripts, source, file, line, message):
    answer = scripts.put(source)
    head, _, text = answer.partition(";message=")
    if message is None:  # compiled, whatever Lua calls it
        assert answer.startswith("error=compile_error;")
        return
    assert head == f"error=compile_error;file={file};line={line}"
    assert base64.b64decode(text).decode() == message
    assert scripts.info("udf-list") == ""


def test_a_module_requires_others_that_are_registered(scripts):
    assert scripts.put("local t = {}; function t.two() return 2 end; return t", "other.lua") == "ok"
    assert scripts.put("local other = require('other'); function f() return other.two() end") == "ok"
    assert scripts.call("f") == 2
    assert scripts.put("local t = {}; function t.two() return 3 end; return t", "other.lua") == "ok"
    assert scripts.call("f") == 3


def test_servers_do_not_see_each_others_modules(scripts):
    assert scripts.put("function f() return 'first' end") == "ok"
    with embedded.Server() as other, frames.Connection(("127.0.0.1", other.port)) as connection:
        there = Scripts(connection)
        assert there.info("udf-list") == ""
        with pytest.raises(RuntimeError, match=NO_MODULE):
            there.call("f")
        assert there.put("function f() return 'second' end") == "ok"
        assert there.call("f") == "second"
    assert scripts.call("f") == "first"


# ---- calls ----

VALUES = [
    *[None, True, False, 0, -1, 2**63 - 1, -(2**63), 0.5, -0.0, float("inf"), "", "text", "é", b"", b"\0\xff"],
    *[[], [1, "a", [2.5, None]], {}, {"a": 1, 2: [b"x"]}, {b"k": {"m": True}}],
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_go_in_and_come_out(scripts, value):
    assert scripts.run("return (...)", value) == value


@pytest.mark.parametrize("value", [v for v in VALUES if v is not None], ids=repr)
def test_values_are_stored(scripts, value):
    assert scripts.run("rec.b = (...); return aerospike:create(rec)", value) == 0
    assert scripts.read() == {"b": value}


def test_a_record_is_created_changed_and_removed(scripts):
    assert scripts.run("return aerospike:exists(rec)") is False
    assert scripts.run("rec.a = 1; rec.b = 'x'; return list {aerospike:create(rec), aerospike:create(rec)}") == [0, 1]
    assert scripts.read() == {"a": 1, "b": "x"}
    assert scripts.run("rec.a = rec.a + 1; rec.b = nil; return aerospike:update(rec)") == 0
    assert scripts.read() == {"a": 2}
    assert scripts.run("rec.a = 7; return rec.a") == 7
    assert scripts.read() == {"a": 2}
    assert scripts.run("return aerospike:remove(rec)") == 0
    assert scripts.read() is None
    assert scripts.run("return aerospike:remove(rec)") == 1


def test_what_fails_leaves_the_record_as_it_was(scripts):
    assert scripts.write("a", INTEGER, bytes(7) + b"\1") == OK
    for change in ("rec.a = 2; aerospike:update(rec)", "aerospike:remove(rec)"):
        with pytest.raises(RuntimeError, match=r"^m\.lua:1: on purpose$"):
            scripts.run(f"{change}; error('on purpose')")
        assert scripts.read() == {"a": 1}


def test_a_list_that_was_read_is_changed_in_place_and_stored_when_it_is_set(scripts):
    assert scripts.write("l", LIST, pack([1, [2]])) == OK
    assert scripts.run("list.append(rec.l[2], 3); aerospike:update(rec); return rec.l") == [1, [2, 3]]
    assert scripts.read() == {"l": [1, [2]]}
    scripts.run("local l = rec.l; list.append(l[2], 3); rec.l = l; aerospike:update(rec)")
    assert scripts.read() == {"l": [1, [2, 3]]}


def test_the_answer_tells_of_the_record_as_it_was_written(scripts):
    create = "rec.a = 1; if aerospike:exists(rec) then aerospike:update(rec) else aerospike:create(rec) end"
    others = "function look() end; function drop(rec) aerospike:remove(rec) end"
    assert scripts.put(f"function f(rec) {create} end; {others}") == "ok"
    generations = [scripts.ask(name).generation for name in ("look", "f", "look", "f", "drop", "look")]
    assert generations == [0, 1, 1, 2, 3, 0]
    assert scripts.ask("f", ttl=2**32 - 1).void_time == 0
    assert scripts.ask("f", ttl=100).void_time > 0


def test_a_script_says_how_long_a_record_lives(scripts):
    assert scripts.run("rec.a = 1; record.set_ttl(rec, 1000); aerospike:create(rec); return record.ttl(rec)") == 0
    assert 990 <= scripts.run("return record.ttl(rec)") <= 1000
    assert scripts.put("function f(rec) record.set_ttl(rec, 2^31 | 0); aerospike:update(rec) end") == "ok"
    assert scripts.ask("f").code == PARAMETER


def test_a_record_knows_its_set_whatever_the_request_says(scripts):
    assert scripts.run("return record.setname(rec)") is None
    assert scripts.write("a", INTEGER, bytes(8)) == OK
    assert scripts.run("return record.setname(rec)", fields={frames.FIELD_SET: b""}) == "lua"


def test_what_stands_before_a_call(scripts):
    assert scripts.put("function f() return 1 end") == "ok"
    assert scripts.ask("f", info3=UPDATE_ONLY).code == NOT_FOUND
    assert scripts.ask("f", packed=b"\x01").code == PARAMETER
    assert scripts.ask("f", packed=b"").code == PARAMETER
    assert scripts.write("a", INTEGER, bytes(8)) == OK
    no = pack([1, 1, 2])
    assert scripts.ask("f", fields={frames.FIELD_FILTER: no}).code == FILTERED_OUT
    assert scripts.ask("f", module="nosuch", fields={frames.FIELD_FILTER: no}).code == FILTERED_OUT
    with pytest.raises(RuntimeError, match=r"^function not found$"):
        scripts.call("nosuch")


def test_a_record_that_is_too_big_is_refused(scripts):
    assert scripts.put("function f(rec) rec.a = string.rep('x', 2^20 | 0); aerospike:create(rec) end") == "ok"
    assert scripts.ask("f").code == TOO_BIG
    assert scripts.read() is None


@pytest.mark.parametrize("name", ["name_longer_than_15", ""])
def test_names_that_no_bin_has_are_left_out(scripts, name):
    assert scripts.write("a", INTEGER, bytes(8)) == OK
    assert scripts.run("rec[(...)] = 1; aerospike:update(rec); return rec[(...)]", name) is None
    assert scripts.read() == {"a": 0}


@pytest.mark.parametrize("text", ["f", "{}", "rec", "aerospike", "coroutine.create(f)", "list.iterator(list())"])
def test_what_is_no_value_comes_out_as_none_and_is_in_no_bin(scripts, text):
    assert scripts.run(f"return {text}") is None
    with pytest.raises(RuntimeError, match=r"^m\.lua:1: can't set bin b to unsupported type$"):
        scripts.run(f"rec.b = {text}")


def test_an_error_that_is_no_text(scripts):
    for error in ("{}", "nil", "true", "f"):
        with pytest.raises(RuntimeError, match=r"^result value type unexpected$"):
            scripts.run(f"error({error})")


def test_globals_last_as_long_as_the_module(scripts):
    source = "n = 0; function f() n = n + 1; return n end"
    assert scripts.put(source) == "ok"
    assert [scripts.call("f") for _ in range(3)] == [1, 2, 3]
    assert scripts.info("udf-clear-cache") == "ok"
    assert scripts.call("f") == 1
    assert scripts.put(source) == "ok"
    assert scripts.call("f") == 1


def test_batches_call_functions(server, scripts):
    assert scripts.put("function f(rec, n) rec.n = n; return aerospike:create(rec) end") == "ok"
    digests = [frames.new_digest() for _ in range(3)]
    call = {UDF_MODULE: b"m", UDF_FUNCTION: b"f", UDF_ARGUMENTS: pack([5])}
    fields = {frames.FIELD_NAMESPACE: b"test", frames.FIELD_SET: b"lua", **call}
    first = frames.entry(0, digests[0], 0, frames.WRITE, 0, fields=fields)
    missing = frames.entry(3, digests[0], 0, frames.WRITE, 0, fields={**fields, UDF_MODULE: b"nosuch"})
    scripts.connection.send(
        frames.batch(first, frames.repeat(1, digests[1]), frames.repeat(2, digests[2]), missing, flags=1 << 2)
    )
    *answers, _last = scripts.connection.answers()
    told = [(answer.index, answer.code, value_of(answer.operations[0])) for answer in answers]
    assert told == [(0, OK, 0), (1, OK, 0), (2, OK, 0), (3, UDF, NO_MODULE)]


# ---- streams ----

STREAMS = """
local function n(rec) return rec.n end
local function add(a, b) return a + b end
function total(s) return s : map(n) : reduce(add) end
function above(s, least) return s : filter(function(rec) return rec.n >= least end) : map(n) end
function count(s) return s : aggregate(0, function(count, rec) return count + 1 end) end
function groups(s) return s : groupby(function(rec) return rec.n % 2 end) : reduce(map.merge) end
function records(s) return s end
function tables(s) return s : map(function(rec) return {} end) end
function nils(s) return s : map(function(rec) return nil end) end
function about(s)
  return s : map(function(rec)
    return map {gen = record.gen(rec), set = record.setname(rec), names = list(record.bin_names(rec))}
  end)
end
function writes(s) return s : map(function(rec) rec.n = 0; return aerospike:update(rec) + rec.n * 10 end) end
function fails(s) return s : map(function(rec) if rec.n == 7 then error("seven") end; return rec.n end) end
function keeps(s) return s : map(function(rec) kept = kept or rec; return kept.n end) end
function forever(s) return s : map(function(rec) while true do end end) end
function number(s) return 5 end
function cycle(s) return s : map(function(rec) local l = list(); list.append(l, l); return l end) end
"""
COUNT = 40


@pytest.fixture
def streams(scripts):
    """COUNT records {n}, of which some share a partition."""
    assert scripts.put(STREAMS) == "ok"
    for n in range(COUNT):
        digest = bytes([n % 16, 0]) + frames.new_digest()[2:]
        fields = {**scripts.fields(b"stream"), frames.FIELD_DIGEST: digest}
        value = n.to_bytes(8, "big")
        answer = scripts.connection.ask(
            0, frames.WRITE, fields=fields, operations=[Operation(frames.OP_WRITE, "n", INTEGER, value)]
        )
        assert answer.code == OK
    yield scripts
    assert scripts.info("truncate:namespace=test;set=stream") == "ok"


def test_a_function_is_called_for_each_partition(streams):
    values, failures = streams.stream("total")
    assert (len(values), sum(values), failures) == (16, sum(range(COUNT)), [])
    assert sorted(streams.stream("count")[0]) == [2] * 8 + [3] * 8
    assert sorted(streams.stream("above", 30)[0]) == list(range(30, COUNT))
    assert streams.stream("total", set_name=b"nosuch") == ([], [])


def test_what_a_stream_sees_of_records(streams):
    values, _ = streams.stream("about")
    assert values == [{"gen": 1, "set": "stream", "names": ["n"]}] * COUNT


@pytest.mark.parametrize("function", ["records", "tables", "nils"])
def test_what_is_no_value_is_given_to_nobody(streams, function):
    assert streams.stream(function) == ([], [])


def test_a_stream_changes_no_record(streams):
    values, _ = streams.stream("writes")
    assert sorted(value - 1 for value in values) == [10 * n for n in range(COUNT)]


def test_a_stream_that_fails_ends_the_query(streams):
    values, failures = streams.stream("fails")
    assert failures == ["UDF: Execution Error 2 : m.lua:17: seven"]
    assert 7 not in values
    assert streams.stream("number")[1][0].startswith('UDF: Execution Error 2 : [string "aerospike.lua"]:33: attempt to')
    assert streams.stream("nosuch") == ([], ["UDF: Execution Error 2 : function not found"])
    assert streams.stream("total", module="nosuch") == ([], [NO_MODULE])
    for function in ("forever", "cycle"):
        assert len(streams.stream(function)[1]) == 1
    assert sum(streams.stream("total")[0]) == sum(range(COUNT))


def test_records_of_a_stream_last_as_long_as_its_call(streams):
    assert streams.stream("keeps")[1][0].endswith("a record is of no use after the call that it was given to")


def test_what_starts_no_stream(streams):
    assert streams.stream("total", fields={frames.FIELD_FILTER: pack([1, 1, 1])}) == UNSUPPORTED
    assert streams.stream("total", packed=b"") == PARAMETER
    assert streams.stream("total", packed=b"\x01") == PARAMETER


# ---- nothing that a script does harms the server ----

AWAY = ["dofile('/etc/passwd')", "loadfile('/etc/passwd')", "io.open('/etc/passwd')", "io.popen('true')"]
AWAY += ["os.execute('true')", "os.exit()", "os.remove('/tmp/x')", "os.rename('a', 'b')", "os.tmpname()"]
AWAY += ["os.getenv('HOME')", "os.setlocale('C')", "package.loadlib('x', 'y')", "io.write('x')"]


NESTING = {
    "lists": "local v = list(); for i = 1, 300000 do v = list {v} end",
    "maps": "local v = map(); for i = 1, 300000 do local n = map(); n.k = v; v = n end",
    "inwards": "local v = list(); local at = v; for i = 1, 300000 do local n = list(); at[1] = n; at = n end",
    "itself": "local v = list(); list.append(v, v)",
    "each other": "local v, m = list(), map(); list.append(v, m); m.k = v",
    "bomb": "local v = list(); for i = 1, 60 do v = list {v, v} end",
}


@pytest.mark.jumps
@pytest.mark.parametrize("how", NESTING)
def test_what_no_value_could_hold_stays_in_lua(scripts, how):
    make = NESTING[how] + " "
    assert scripts.run(f"{make} collectgarbage() return 1") == 1
    assert scripts.run(f"{make} for x in list.iterator(list {{v}}) do v = x end v = nil collectgarbage() return 1") == 1
    for what in ("tostring(v)", "list.nbytes(list {v})", "map.nbytes(map {k = v})", "tostring(map {k = v})"):
        with pytest.raises(RuntimeError, match="the value is nested too deeply, or too large"):
            scripts.run(f"{make} return {what}")
    with pytest.raises(RuntimeError):
        scripts.run(f"{make} return v")
    with pytest.raises(RuntimeError):
        scripts.run(f"{make} rec.l = v; return aerospike:create(rec)")
    assert scripts.run("return 1") == 1


@pytest.mark.parametrize("call", AWAY)
def test_nothing_reaches_out(scripts, call):
    with pytest.raises(RuntimeError, match="is not available to UDFs"):
        scripts.run(f"return {call}")


def test_what_a_server_has_of_lua(scripts):
    names = "os.time os.date os.clock string.format table.unpack math.floor utf8.char coroutine.wrap load print io.open"
    for name in names.split():
        assert scripts.run(f"return type({name})") == "function", name
    with pytest.raises(RuntimeError, match="attempt to index a function value"):
        scripts.run("return debug.getinfo(1)")
    assert scripts.run("return load('return 1 + 1')()") == 2
    assert scripts.run("return load(string.dump(f)) == nil") is True


RUNAWAY = [
    "while true do end",
    "for i = 1, math.huge do end",
    "while true do pcall(function() while true do end end) end",
    "while true do pcall(error, 'x') end",
    "local function g() pcall(g); pcall(g) end; g()",
    "while true do coroutine.wrap(function() pcall(function() while true do end end) end)() end",
    "local function g() while true do coroutine.resume(coroutine.create(g)) end end; g()",
    "table.sort({1, 2, 3, 4, 5}, function() while true do end end)",
    "string.gsub(string.rep('x', 1000), '.', function() while true do end end)",
    "setmetatable({}, {__index = function(t, k) return t[k + 1] .. 'x' end})[1]()",
    "local s = string.rep('x', 2^24 | 0); while true do local t = s .. 'y' end",
    "load(function() return ' ' end)",
    "local t <close> = setmetatable({}, {__close = function() while true do end end}); error('x')",
    "xpcall(error, function() while true do end end)",
    "while true do local l = list {1, 2, 3}; tostring(l) end",
    "string.find(string.rep('a', 60), string.rep('a-', 20) .. 'b')",
    "string.match(string.rep('a', 60), string.rep('a*', 20) .. 'b')",
    "string.gsub(string.rep('a', 60), string.rep('a?', 60) .. 'b', '')",
    "for _ in string.gmatch(string.rep('a', 60), string.rep('a+', 20) .. 'b') do end",
    "pcall(string.find, string.rep('a', 60), string.rep('.-', 20) .. 'b')",
    "return ('('):rep(2^20 | 0):find('%b()')",
    "return ('a'):rep(2^20 | 0):find('[' .. ('b'):rep(2^20 | 0) .. ']')",
    "return ('a'):rep(2^20 | 0):find('%f[' .. ('b'):rep(2^20 | 0) .. ']')",
    "return ('a'):rep(2^16 | 0):find('(a+)b*%1c')",
    "getmetatable('').__index = string.sub; table.concat(setmetatable({}, {__index = ''}), '', 1, 2^40 | 0)",
    "getmetatable('').__index = string.len; table.sort(setmetatable({}, {"
    "__len = function() return 2^31 - 2 | 0 end, __index = '', __newindex = rawlen}), rawequal)",
    "local s = ('a'):rep(2^22 | 0); local r, t = s .. 'b', {}; s = s .. 'a'"
    "for i = 1, 2^19 do t[i] = i % 2 == 0 and s or r end; table.sort(t)",
]


@pytest.mark.jumps
@pytest.mark.parametrize("body", RUNAWAY)
def test_a_runaway_is_stopped_and_the_rest_goes_on(scripts, body):
    with pytest.raises(RuntimeError):
        scripts.run(body)
    assert scripts.run("return 1") == 1


def test_a_runaway_is_told_of(scripts):
    with pytest.raises(RuntimeError, match=r"^m\.lua:1: UDF Execution Timeout$"):
        scripts.run("while true do end")
    assert scripts.put("while true do end").startswith("error=compile_error;")


def test_others_go_on_beside_a_runaway(server, scripts):
    assert scripts.put("function f() while true do end end; function g() return 1 end") == "ok"
    with frames.Connection(("127.0.0.1", server.port)) as connection:
        other = Scripts(connection)
        call = {UDF_MODULE: b"m", UDF_FUNCTION: b"f", UDF_ARGUMENTS: pack([])}
        connection.send(frames.message(0, frames.WRITE, fields={**other.fields(), **call}))
        assert scripts.call("g") == 1
        assert frames.read_answer(connection.receive()[1]).code == UDF


# As Lua's own library answers.
PATTERNS = [
    ("string.find('hello', 'l+')", [3, 4]),
    ("string.find('hello', 'l', 4)", [4, 4]),
    ("string.find('hello', 'z')", [None]),
    ("string.find('a.c', '.', 2, true)", [2, 2]),
    ("string.find('hello', '', 10)", [None]),
    ("string.find('THE (quick) fox', '%f[%a]%a+%f[%A]', 6)", [6, 10]),
    ("string.match('key = value', '^(%w+)%s*=%s*(%w+)$')", ["key", "value"]),
    ("string.match('  x  ', '^%s*(.-)%s*$')", ["x"]),
    ("string.match('f(a(b)c)d', '%b()')", ["(a(b)c)"]),
    ("string.match('abab', '(ab)%1()')", ["ab", 5]),
    ("string.match('a]b', '[]]')", ["]"]),
    ("string.match('x-1', '[%a-]+')", ["x-"]),
    ("string.gsub('hello', 'l', 'L')", ["heLLo", 2]),
    ("string.gsub('hello', '', '-')", ["-h-e-l-l-o-", 6]),
    ("string.gsub('abc', '%w', '%0%0', 2)", ["aabbc", 2]),
    ("string.gsub('a b', '(%w) (%w)', '%2 %1')", ["b a", 1]),
    ("string.gsub('abc', '.', {a = 'x', b = false})", ["xbc", 3]),
    ("string.gsub('abc', '^.', string.upper)", ["Abc", 1]),
]


def test_a_plain_search_in_a_long_text(scripts):
    body = "local s = ('a'):rep(2^22 | 0); return list {s:find(s:sub(1, 2^21 | 0) .. 'b', 1, true) or 'none', #s}"
    assert scripts.run(body) == ["none", 2**22]


def test_sort_compares_as_lua_does(scripts):
    assert scripts.run("local t = {3, 1, 2}; table.sort(t); return list(t)") == [1, 2, 3]
    with pytest.raises(RuntimeError, match="attempt to compare"):
        scripts.run("table.sort({1, 'a'})")


@pytest.mark.parametrize(("call", "results"), PATTERNS)
def test_patterns(scripts, call, results):
    asked = f"local t = {{{call}}}; local l = list(); for i = 1, {len(results)} do list.append(l, t[i]) end; return l"
    assert scripts.run(asked) == results
    word = (
        "local l = list(); for a, b in string.gmatch('k=v, x=y', '(%w)=(%w)') do list.append(l, a .. b) end; return l"
    )
    assert scripts.run(word) == ["kv", "xy"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("string.find('a', '(')", "unfinished capture"),
        ("string.find('a', '.)')", "invalid pattern capture"),
        ("string.find('a', '[a')", "malformed pattern (missing ']')"),
        ("string.find('a', '%')", "malformed pattern (ends with '%')"),
        ("string.find('a', '%b')", "malformed pattern (missing arguments to '%b')"),
        ("string.find('a', '%f')", "missing '[' after '%f' in pattern"),
        ("string.find('a', '%1')", "invalid capture index %1"),
        ("string.find('a', string.rep('()', 33))", "too many captures"),
        ("string.find('a', string.rep('a-', 300))", "pattern too complex"),
        ("string.gsub('a', 'a', '%')", "invalid use of '%' in replacement string"),
        ("string.gsub('a', 'a', '%2')", "invalid capture index %2"),
        ("string.gsub('a', 'a', function() return {} end)", "invalid replacement value (a table)"),
        ("string.gsub('a', 'a')", "bad argument #3 to 'gsub' (string/function/table expected, got no value)"),
        ("string.find('a', {})", "bad argument #2 to 'find' (string expected, got table)"),
    ],
)
def test_wrong_patterns(scripts, call, message):
    with pytest.raises(RuntimeError) as failed:
        scripts.run(f"local x = {call}")
    assert str(failed.value) == f"m.lua:1: {message}"


GREEDY = [
    "return string.rep('x', 2^40 | 0)",
    "local t = {}; while true do t[#t + 1] = string.rep('x', 2^20 | 0) .. #t end",
    "local s = 'x'; while true do s = s .. s end",
    "local l = list(); while true do list.append(l, 'x') end",
    "local l = list(); l[2^32 - 1 | 0] = 1",
    "list.insert(list(), 2^31 | 0, 1)",
    "return bytes(2^32 - 1 | 0)",
    "bytes.set_byte(bytes(), 2^31 | 0, 1)",
    "return bytes.get_bytes(bytes(), 1, 2^32 - 1 | 0)",
    "local l = list {1}; while true do list.concat(l, l) end",
    "return table.concat({string.rep('x', 2^25 | 0), string.rep('y', 2^25 | 0), string.rep('z', 2^25 | 0)})",
    "local t = {}; for i = 1, 2^30 do t[i] = i end",
    "local t = {}; for i = 1, 2^30 do t[i] = coroutine.create(print) end",
    "return ('x'):rep(1e8):rep(1e8)",
    "return string.format('%99999d', 1)",
    "return table.unpack({}, 1, 1e8)",
    "local function g(...) return g(1, ...) end; return g()",
    "local function g(n) return 1 + g(n + 1) end; return g(1)",
    "return load('return ' .. string.rep('(', 1e6))()",
    "return load('return ' .. string.rep('{', 500) .. string.rep('}', 500))()",
    "table.move({}, 1, math.maxinteger - 1, 2)",
    "table.insert(setmetatable({}, {__len = function() return 1 << 60 end}), 1, 'x')",
    "table.remove(setmetatable({}, {__len = function() return 1 << 60 end}), 1)",
]


@pytest.mark.parametrize("body", GREEDY)
def test_a_greedy_script_fails_alone(scripts, body):
    with pytest.raises(RuntimeError):
        scripts.run(body)
    assert scripts.run("return 1") == 1


HOSTILE = [
    "local l = list(); list.append(l, l); return l",
    "local m = map(); m.m = m; return m",
    "local l = list(); for i = 1, 100 do l = list {l} end; return l",
    "local l = list(); for i = 1, 60 do l = list {l, l} end; return l",
    "local l = list(); list.append(l, l); rec.l = l; aerospike:create(rec)",
    "local l = list(); list.append(l, l); return tostring(l)",
    "local l = list(); list.append(l, l); return list.nbytes(l)",
    "aerospike:create(list())",
    "aerospike:update(nil)",
    "aerospike.create(rec, rec)",
    "record.ttl(list())",
    "stream.read(rec)",
    "list.append(rec, 1)",
    "map.pairs(rec)",
    "getmetatable(list()).__gc(list())",
    "setmetatable({}, {__gc = function() end})",
    "setmetatable(rec, {})",
    "getmetatable(rec).__index(1)",
    "coroutine.yield(1)",
    "coroutine.wrap(function() return aerospike:exists(coroutine.yield()) end)()(1)",
    "error(setmetatable({}, {__tostring = function() error('again') end}))",
    "string.rep()",
    "return #nil",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_what_would_end_another_process_is_an_error(scripts, body):
    with pytest.raises(RuntimeError):
        scripts.run(body)
    assert scripts.run("return 1") == 1


def test_an_iterator_outlives_what_it_goes_over(scripts):
    body = "local next, it = list.iterator(list {1, 2}); collectgarbage(); return list {next(it), next(it), 3}"
    assert scripts.run(body) == [1, 2, 3]
    body = "local n, m = 0, map {a = 1, b = 2, c = 3}; for k in map.keys(m) do map.remove(m, 'c'); n = n + 1 end"
    assert scripts.run(f"{body}; return n") == 2
    assert scripts.run("return list.iterator(list {1})(rec)") is None


@pytest.mark.parametrize("of_map", ["map.pairs", "map.keys", "map.values", "map.iterator"])
def test_a_function_of_maps_does_not_go_on_with_an_iterator_of_lists(scripts, of_map):
    body = f"local next = {of_map}(map {{a = 1}}); local _, it = list.iterator(list {{1, 2}}); return next(it)"
    assert scripts.run(body) is None


@pytest.mark.parametrize("use", ["rec.a", "record.gen(rec)", "aerospike:exists(rec)"])
def test_a_record_is_of_no_use_after_its_call(scripts, use):
    assert scripts.put(f"function keep(rec) kept = rec end; function f() local rec = kept; return {use} end") == "ok"
    assert scripts.call("keep") is None
    with pytest.raises(RuntimeError, match="of no use after the call"):
        scripts.call("f")


def test_a_script_cannot_spoil_the_module_for_others(scripts):
    spoil = "function f() apply_record = nil; aerospike = nil end"
    assert scripts.put(f"{spoil}; function g(rec) return aerospike:exists(rec) end") == "ok"
    scripts.call("f")
    assert scripts.call("g") is False


def test_many_call_at_once(server, scripts):
    assert scripts.put("function f(rec, n) local s = 0; for i = 1, n do s = s + i end; return s end") == "ok"
    connections = [Scripts(frames.Connection(("127.0.0.1", server.port))) for _ in range(8)]
    call = {UDF_MODULE: b"m", UDF_FUNCTION: b"f", UDF_ARGUMENTS: pack([1000])}
    try:
        for _ in range(20):
            for one in connections:
                one.connection.send(frames.message(0, frames.WRITE, fields={**one.fields(), **call}))
            for one in connections:
                answer = frames.read_answer(one.connection.receive()[1])
                assert value_of(answer.operations[0]) == 500500
    finally:
        for one in connections:
            one.connection.close()
