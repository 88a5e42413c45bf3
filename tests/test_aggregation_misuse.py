# SPDX-License-Identifier: Apache-2.0
"""What scripts in this process can do to lists, maps, bytes, iterators and streams: an error or a result, no crash."""

import pytest

from aerospike import exception

DEEP = "a value is nested more than 256 deep, or in itself"


def asked(client, senders, body, values=(1, 2)):
    """What a function gives whose reduce does this once."""
    senders.values = values
    senders.modules["many.lua"] = f"function attack(s) return s : reduce(function(a, b) {body} end) end"
    return client.query("test", "demo").apply("many", "attack").results()


@pytest.mark.parametrize(
    "body",
    [
        "local l = list(); for i = 1, 300000 do local n = list(); list.append(n, l); l = n end return 1",
        "local l = list(); for i = 1, 300000 do local n = list(); list.prepend(n, l); l = n end return 1",
        "local l = list(); for i = 1, 300000 do local n = list(); list.insert(n, 1, l); l = n end return 1",
        "local l = list(); for i = 1, 300000 do local n = list(); n[1] = l; l = n end return 1",
        "local l = list(); for i = 1, 300000 do l = list {l} end return 1",
        "local m = map(); for i = 1, 300000 do m = map {k = m} end return 1",
        "local m = map(); for i = 1, 300000 do local n = map(); n.k = m; m = n end return 1",
        "local m = list(); for i = 1, 300000 do m = map {k = list {m}} end return 1",
        # from the outer one inwards
        "local l = list(); local at = l; for i = 1, 300000 do local n = list(); at[1] = n; at = n end return 1",
        "local l = map(); local at = l; for i = 1, 300000 do local n = map(); at.k = n; at = n end return 1",
        "local l = list(); for i = 1, 300000 do local n = list(); list.concat(n, list {l}); l = n end return 1",
        "local l = list(); list.append(l, l) return tostring(l)",
        "local l, m = list(), map(); list.append(l, m); m.l = l; return tostring(m)",
        "local m = map(); m.m = m; return map.nbytes(m)",
        "local l = list {list()}; list.concat(l[1], list {l}); return l",
        # chains of pieces
        """local l = list(); for i = 1, 100000 do
             local top = list(); local at = top
             for j = 1, 200 do local n = list(); at[1] = n; at = n end
             at[1] = l; l = top
           end return 1""",
    ],
)
def test_nothing_is_nested_beyond_a_bound(asking, senders, body):
    with pytest.raises(exception.UDFError, match=DEEP):
        asked(asking, senders, body)
    # nor where the script goes on
    assert asked(asking, senders, f"pcall(function() {body} end) return 5") == [5]


def test_what_lies_within_the_bound_is_taken(asking, senders):
    body = "local l = list(); for i = 1, 63 do l = list {l} end return l"
    value = []
    for _ in range(63):
        value = [value]
    assert asked(asking, senders, body) == [value]
    body = "local l = list(); local n = list(); for i = 1, 1000 do list.append(l, n) end return list.size(l)"
    assert asked(asking, senders, body) == [1000]
    body = "local a, b = list {1}, list {2}; for i = 1, 4 do list.concat(a, b); list.concat(b, a) end return #a"
    assert asked(asking, senders, body) == [34]
    body = "local m = map(); for i = 1, 1000 do m.k = list {m.k} ; m.k = 1 end return m"
    assert asked(asking, senders, body) == [{"k": 1}]


BOMB = "local l = list(); for i = 1, 60 do l = list {l, l} end "


@pytest.mark.parametrize("what", ["tostring(l)", "list.tostring(l)", "list.nbytes(l)", "tostring(map {l = l})"])
def test_what_would_be_too_large_as_text(asking, senders, what):
    with pytest.raises(exception.UDFError, match="the value is too large"):
        asked(asking, senders, BOMB + f"return {what}")


@pytest.mark.parametrize(
    ("body", "result"),
    [
        # what is shared is freed once
        ("local l = list {true, false}; local n = list.take(l, 1); list.append(n, list.drop(l, 1)) return n",
         [True, [False]]),
        ("local l = list {true}; list.concat(l, l); list.concat(l, l) return l", [True] * 4),
        ("local l = list {1, 2, 3}; return list {list.take(l, 2), list.drop(l, 2), list.take(l, 9), list.drop(l, 9)}",
         [[1, 2], [3], [1, 2, 3], []]),
        ("return list {list.take(list {1}, 0) == nil, list.drop(list {1}, 0) == nil}", [True, True]),
        # an iterator outlives its list
        ("local next = list.iterator(list {'a', 'b'}); collectgarbage() return next() .. next()", "ab"),
        ("local next = map.keys(map {a = 1}); collectgarbage() return next()", "a"),
        ("local next, it = list.iterator(list {'a'}); collectgarbage() return next(list {'x'}, stream)", "a"),
        ("local next, it = list.iterator(list {7, 8}); it:next(); return it:next()", 8),
        ("local sum = 0; for v in list.iterator(list {7, 8}) do sum = sum + v end return sum", 15),
        ("local t = ''; for k, v in map.pairs(map {a = 1, b = 2}) do t = t .. k .. v end return t", "a1b2"),
        ("local l = list {1, 2, 3}; for v in list.iterator(l) do list.trim(l, 1) end return l", []),
        ("local m = map {a = 1, b = 2}; for k in map.keys(m) do map.remove(m, k) end return map.size(m)", 1),
        # what is no value
        ("return list {print, {}, 1}", [1]),
        ("return map {a = print, b = {}, c = 1}", {"c": 1}),
        ("local l = list(); list.append(l, print); list.append(l, {}); return l", []),
        ("local m = map(); m.a = print; m[print] = 1; m[1.5] = 2; m[list()] = 3; return m", {}),
        ("local l = list(); l[3] = 1; return l", [None, None, 1]),
        # bytes reach no further than they do
        ("return #bytes.get_string(bytes(), 5, 3)", 3),
        ("return #tostring(bytes.get_bytes(bytes(), 1000000, 100)) > 0", True),
        ("return bytes.get_var_int(bytes(), 2^40 // 1 | 0)", 0),
        ("local b = bytes(); for i = 1, 8 do bytes.append_byte(b, 255) end return bytes.get_var_int(b, 1)", 2**32 - 1),
        ("local b = bytes(); bytes.append_string(b, 'abc'); bytes.set_bytes(b, 2, b, 100) return b", b"aabc"),
        ("local b, c = bytes(), bytes(); bytes.append_string(c, 'xy'); bytes.set_bytes(b, 1, c, 4096) return b", b"xy"),
        ("local b = bytes(); bytes.set_int16(b, 3, 258) return b", b"\0\0\1\2"),
        ("local b = bytes(); bytes.append_int64(b, 1); bytes.append_byte(b, 2) return b", b"\0" * 7 + b"\1\2"),
        ("return getmetatable(list())", False),
    ],
)  # fmt: skip
def test_what_scripts_may_do(asking, senders, body, result):
    assert asked(asking, senders, body) == [result]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("local next, it = list.iterator(list()); list.append(list(), it)", "no value of Aerospike's"),
        ("local next, it = map.pairs(map {a = 1}); local l = list(); l[1] = iterator.next(it)", "no value"),
        ("local next, it = map.pairs(map()); stream.read(it)", "Stream expected"),
        ("stream.read(list())", "Stream expected"),
        ("stream.write(map(), 1)", "Stream expected"),
        ("iterator.next(list())", "Iterator expected"),
        ("iterator.has_next(bytes())", "Iterator expected"),
        ("record.ttl(list())", "Record expected"),
        ("record.key(map())", "Record expected"),
        ("aerospike:exists(list())", "Record expected"),
        ("aerospike:update(map())", "Record expected"),
        ("aerospike.create(list(), list())", "Aerospike expected"),
        ("list.append(list(), aerospike)", "no value of Aerospike's"),
        ("map.size(list())", "Map expected"),
        ("list.size(map())", "List expected"),
        ("list.concat(list(), map())", "List expected"),
        ("list.create(4000000000)", "too large"),
        ("list.create(1, 4000000000)", "too large"),
        ("list.insert(list(), 4000000000, 1)", "too large"),
        ("local l = list(); l[4000000000] = 1", "too large"),
        ("map.create(4000000000)", "too large"),
        ("map({}, 4000000000)", "too large"),
        ("bytes(4000000000)", "too large"),
        ("bytes(-1)", "too large"),
        ("bytes.set_byte(bytes(), 4294967295, 1)", "too large"),
        ("bytes.set_int64(bytes(), 4294967290, 1)", "too large"),
        ("bytes.get_bytes(bytes(), 1, 4294967295)", "too large"),
        ("bytes.get_string(bytes(), 4294967295, 4)", "too large"),
        ("bytes.set_bytes(bytes(), 4294967295, bytes(), 4)", "too large"),
        ("error(select(2, list.iterator(list())))", "^UDF: Execution Error 2 .code"),
        ("error(aerospike)", "^UDF: Execution Error 2 .code"),
    ],
)
def test_what_scripts_may_not_do(asking, senders, body, text):
    with pytest.raises(exception.UDFError, match=text):
        asked(asking, senders, body)
