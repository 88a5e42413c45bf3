# SPDX-License-Identifier: Apache-2.0
"""What leaks.py calls: a row is a name, which begins with the name of the public callable it is about, and a call.

Errors are called as well: an error path is where memory is forgotten.
"""

from __future__ import annotations

import contextlib
import inspect
import pathlib
import pickle
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import leak_operations
from leak_async import async_rows
from leak_columns import batch_column_rows, batch_matrix_rows, column_rows, put_arrow_rows
from leak_hooks import hook_rows, hooked
from leak_legacy import legacy_rows
from leak_llist import llist_rows
from leak_row import BINS, NAMESPACE, SET, Context, Row, refused
from leak_tls import tls_rows

import aerospike
from aerospike import embedded, exception, predicates, types
from aerospike_helpers import cdt_ctx
from aerospike_helpers import expressions as exp
from aerospike_helpers.batch import records
from aerospike_helpers.expressions import base
from aerospike_helpers.expressions.arithmetic import Add
from aerospike_helpers.expressions.base import Val
from aerospike_helpers.metrics import MetricsListeners, MetricsPolicy
from aerospike_helpers.operations import bitwise_operations as bits
from aerospike_helpers.operations import expression_operations as expressions
from aerospike_helpers.operations import hll_operations as hll
from aerospike_helpers.operations import list_operations as lists
from aerospike_helpers.operations import map_operations as maps
from aerospike_helpers.operations import operations as op
from aerospike_helpers.operations import string_operations as text
from aerospike_helpers.string_helpers import StringPolicy, WriteFlags


def nested(depth: int) -> list[Any]:
    return [nested(depth - 1)] if depth else []


SELF: list[Any] = []
SELF.append(SELF)


def tried(call: Callable[[], object]) -> None:
    """A call that the server may refuse."""
    with contextlib.suppress(exception.AerospikeError):
        call()


def raising(*_: object) -> Any:
    raise ZeroDivisionError


def quiet(call: Callable[[], object]) -> Callable[[], object]:
    """The call without what the C client logs about it."""

    def run() -> None:
        aerospike.set_log_handler(None)
        call()
        aerospike.set_log_handler()

    return run


def module_rows(context: Context) -> Iterator[Row]:
    config = context.config
    digest = aerospike.calc_digest(NAMESPACE, SET, 1)
    yield Row("client: and close", lambda: aerospike.client(config).close(), 40)
    yield Row("client: dropped without close", lambda: aerospike.client(config), 40)
    yield Row("client: no hosts", lambda: refused(aerospike.client, {}))
    bad = {"hosts": context.hosts, "policies": {"read": {"total_timeout": "soon"}}}
    yield Row("client: a bad policy", lambda: refused(aerospike.client, bad))
    unknown = {"hosts": context.hosts, "hots": [], "validate_keys": True}
    yield Row("client: an unknown key", lambda: refused(aerospike.client, unknown))
    nobody = {"hosts": [("127.0.0.1", 1)], "policies": {"total_timeout": 100}}
    unreachable = lambda: refused(aerospike.client, nobody)  # noqa: E731
    yield Row("client: nobody there", quiet(unreachable), 40)
    yield Row("calc_digest", lambda: aerospike.calc_digest(NAMESPACE, SET, b"key"))
    yield Row("calc_digest: bad key", lambda: refused(aerospike.calc_digest, NAMESPACE, SET, []))
    yield Row("get_partition_id", lambda: aerospike.get_partition_id(digest))
    yield Row("get_partition_id: too short", lambda: refused(aerospike.get_partition_id, b"x"))
    yield Row("geodata", lambda: aerospike.geodata({"type": "Point", "coordinates": [1, 2]}).dumps())
    yield Row("geojson", lambda: aerospike.geojson('{"type": "Point", "coordinates": [1, 2]}').unwrap())
    yield Row("null", aerospike.null)
    yield Row("exceptions: pickled", lambda: pickle.loads(pickle.dumps(exception.RecordNotFound(2, "none"))))

    def log_level() -> None:
        aerospike.set_log_level(aerospike.LOG_LEVEL_DEBUG)
        aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)

    def log_handler() -> None:
        aerospike.set_log_handler(lambda *_: None)
        aerospike.set_log_handler()

    yield Row("set_log_level", log_level)
    yield Row("set_log_handler", log_handler)


def serializer_rows(context: Context) -> Iterator[Row]:
    client, value = context.client, {"o": {1, 2, 3}}

    def load(blob: str | bytes) -> Any:
        return pickle.loads(blob if isinstance(blob, bytes) else blob.encode())

    def there_and_back() -> None:
        aerospike.set_serializer(pickle.dumps)
        aerospike.set_deserializer(load)
        client.put(context.scratch, value, serializer=aerospike.SERIALIZER_USER)
        client.get(context.scratch)
        aerospike.unset_serializers()

    def serializer_raises() -> None:
        aerospike.set_serializer(raising)
        refused(client.put, context.scratch, value, serializer=aerospike.SERIALIZER_USER)
        aerospike.unset_serializers()

    def deserializer_raises() -> None:
        aerospike.set_serializer(pickle.dumps)
        client.put(context.scratch, value, serializer=aerospike.SERIALIZER_USER)
        aerospike.set_deserializer(raising)
        client.get(context.scratch)
        aerospike.unset_serializers()

    yield Row("set_serializer: there and back", there_and_back)
    yield Row("set_serializer: it raises", serializer_raises)
    yield Row("set_deserializer: it raises", deserializer_raises)
    yield Row("unset_serializers", aerospike.unset_serializers)


def connection_rows(context: Context) -> Iterator[Row]:
    client, config = context.client, context.config

    def again() -> None:
        with aerospike.client(config) as other:
            other.connect()
            other.close()
            other.connect()

    def closed() -> None:
        other = aerospike.client(config)
        other.close()
        refused(other.get, context.key)

    yield Row("Client.connect: again", again, 80)
    yield Row("Client.close: and used", closed, 40)
    yield Row("Client.is_connected", client.is_connected)
    yield Row("Client.get_policies", client.get_policies)
    yield Row("Client.get_nodes", client.get_nodes)
    yield Row("Client.get_node_names", client.get_node_names)
    yield Row("Client.shm_key", client.shm_key)
    yield Row("Client.get_key_digest", lambda: client.get_key_digest(NAMESPACE, SET, "k"))
    yield Row("Client.get_key_partition_id", lambda: client.get_key_partition_id(NAMESPACE, SET, "k"))
    yield Row("Client.info_all", lambda: client.info_all("build"))
    yield Row("Client.info_random_node", lambda: client.info_random_node("namespaces"))
    node = client.get_node_names()[0]["node_name"]
    yield Row("Client.info_single_node", lambda: client.info_single_node("build", node))
    unknown = lambda: refused(client.info_single_node, "build", "nobody")  # noqa: E731
    yield Row("Client.info_single_node: unknown", unknown)
    yield Row("Client.truncate", lambda: client.truncate(NAMESPACE, "truncated", 0))
    yield Row("Client.truncate: bad time", lambda: refused(client.truncate, NAMESPACE, SET, "x"))


def read_rows(context: Context) -> Iterator[Row]:
    client, key, absent = context.client, context.key, context.absent
    yield Row("Client.get", lambda: client.get(key))
    yield Row(
        "Client.get: with a policy", lambda: client.get(key, {"total_timeout": 900, "key": aerospike.POLICY_KEY_SEND})
    )
    yield Row("Client.get: no record", lambda: refused(client.get, absent))
    yield Row("Client.get: bad key", lambda: refused(client.get, ("test",)))
    yield Row("Client.get: bad policy", lambda: refused(client.get, key, {"max_retries": "x"}))
    yield Row("Client.get: unknown policy", lambda: refused(client.get, key, {"max_retrys": 1}))
    yield Row("Client.get: misused", lambda: refused(client.get))
    yield Row("Client.select", lambda: client.select(key, ["list", "map", "none"]))
    yield Row("Client.select: no record", lambda: refused(client.select, absent, ["a"]))
    yield Row("Client.select: bad bin", lambda: refused(client.select, key, ["int", 5]))
    yield Row("Client.exists", lambda: client.exists(key))
    yield Row("Client.exists: no record", lambda: client.exists(absent))
    yield Row("Client.exists: bad key", lambda: refused(client.exists, (1, 2, 3)))


def write_rows(context: Context) -> Iterator[Row]:
    client, key, scratch, absent = context.client, context.key, context.scratch, context.absent

    def put(value: object) -> Callable[[], object]:
        return lambda: client.put(scratch, {"bin": value})

    for name, value in BINS.items():
        yield Row(f"Client.put: {name}", put(value))
    yield Row("Client.put: bytearray", put(bytearray(b"array")))
    yield Row("Client.put: all, with meta and policy", lambda: client.put(key, BINS, {"ttl": 100}, {"max_retries": 1}))
    yield Row("Client.put: not to be stored", lambda: refused(client.put, scratch, {"bin": object()}))
    yield Row("Client.put: deep inside", lambda: refused(client.put, scratch, {"b": [{"a": [1, object()]}]}))
    yield Row("Client.put: bad map key", lambda: refused(client.put, scratch, {"bin": {"a": {1.5: 1}}}))
    yield Row("Client.put: too deep", lambda: refused(client.put, scratch, {"bin": nested(200)}))
    yield Row("Client.put: in itself", lambda: refused(client.put, scratch, {"bin": SELF}))
    yield Row("Client.put: too large a number", lambda: refused(client.put, scratch, {"bin": [2**64]}))
    yield Row("Client.put: bin name too long", lambda: refused(client.put, scratch, {"b" * 16: 1}))
    yield Row("Client.put: bad meta", lambda: refused(client.put, scratch, {"a": 1}, {"ttl": "x"}))
    generation = {"gen": aerospike.POLICY_GEN_EQ}
    wrong = lambda: refused(client.put, key, {"int": 1}, {"gen": 60000}, generation)  # noqa: E731
    yield Row("Client.put: wrong generation", wrong)

    def put_and_remove() -> None:
        client.put(scratch, {"a": 1})
        client.remove(scratch)

    yield Row("Client.remove", put_and_remove)
    yield Row("Client.remove: no record", lambda: refused(client.remove, absent))

    def remove_bin() -> None:
        client.put(scratch, {"a": 1, "b": 2})
        client.remove_bin(scratch, ["b"])

    yield Row("Client.remove_bin", remove_bin)
    yield Row("Client.remove_bin: bad names", lambda: refused(client.remove_bin, key, "names"))

    def append() -> None:
        client.put(scratch, {"a": "x", "b": b"y"})
        client.append(scratch, "a", "more")
        client.prepend(scratch, "b", b"before")

    yield Row("Client.append: and prepend", append)
    yield Row("Client.append: to a number", lambda: refused(client.append, key, "int", "x"))
    yield Row("Client.prepend: a list", lambda: refused(client.prepend, key, "text", []))
    yield Row("Client.increment", lambda: client.increment(key, "int", 1))
    yield Row("Client.increment: a text", lambda: refused(client.increment, key, "text", 1))
    yield Row("Client.increment: by a text", lambda: refused(client.increment, key, "int", "x"))
    yield Row("Client.touch", lambda: client.touch(key, 1000))
    yield Row("Client.touch: no record", lambda: refused(client.touch, absent))


def batch_rows(context: Context) -> Iterator[Row]:
    client, key, absent, scratch = context.client, context.key, context.absent, context.scratch
    keys: list[Any] = [key, absent, (NAMESPACE, SET, None, aerospike.calc_digest(*key)), ("no-such", SET, 1)]
    filtered: Any = {"expressions": exp.Eq(exp.IntBin("int"), 1).compile()}
    ops = [op.increment("int", 1), op.read("list")]
    yield Row("Client.batch_read", lambda: client.batch_read(keys), 4)
    yield Row("Client.batch_read: bins and a filter", lambda: client.batch_read(keys, ["list", "map"], filtered), 4)
    yield Row("Client.batch_read: no bins", lambda: client.batch_read(keys, []), 4)
    yield Row("Client.batch_read: bad key", lambda: refused(client.batch_read, [key, 5]))
    yield Row("Client.batch_read: bad bin", lambda: refused(client.batch_read, [key], ["int", 5]))
    yield Row("Client.batch_operate", lambda: client.batch_operate(keys, ops, {}, filtered, 500), 4)
    yield Row("Client.batch_operate: reads", lambda: client.batch_operate(keys, [op.read("map")]), 4)
    yield Row("Client.batch_operate: bad", lambda: refused(client.batch_operate, [key], [op.read("int"), 5]))
    yield from batch_column_rows(client, keys)
    yield from batch_matrix_rows(client, keys)
    yield Row("Client.batch_remove", lambda: client.batch_remove([scratch, absent], {}, filtered), 4)
    yield Row("Client.batch_remove: bad policy", lambda: refused(client.batch_remove, [key], {}, {"generation": "x"}))
    yield Row("Client.batch_apply", lambda: client.batch_apply([key, absent], "none", "none", [1, {"a": [2]}]), 4)
    yield Row("Client.batch_apply: bad", lambda: refused(client.batch_apply, [key], "none", "none", [object()]))

    def write() -> None:
        rows = [
            records.Write(scratch, ops, {"ttl": 100}, filtered),
            records.Write(scratch, [op.write("bin", BINS["map"])]),
            records.Read(key, None, read_all_bins=True),
            records.Read(key, [op.read("list")], policy=filtered),
            records.Apply(absent, "none", "none", [BINS["list"]]),
            records.Remove(scratch),
        ]
        client.batch_write(records.BatchRecords(rows))

    yield Row("Client.batch_write", write, 6)
    wrong: Any = {"generation": "x"}
    bad = records.BatchRecords([records.Write(key, ops, policy=filtered), records.Remove(key, wrong)])
    yield Row("Client.batch_write: bad", lambda: refused(client.batch_write, bad))


def index_rows(context: Context) -> Iterator[Row]:
    client, numeric, place = context.client, aerospike.INDEX_NUMERIC, (NAMESPACE, "indexed")
    path = [cdt_ctx.cdt_ctx_map_key("a"), cdt_ctx.cdt_ctx_list_value([1, "x"])]
    compiled = exp.Add(exp.IntBin("a"), 1).compile()

    def made(name: str, *arguments: Any) -> Callable[[], object]:
        def run() -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                getattr(client, name)(*place, *arguments)
            client.index_remove(NAMESPACE, "leaks")

        return run

    for name in ("single_value", "list", "map_keys", "map_values"):
        create = f"index_{name}_create"
        yield Row(f"Client.{create}: and index_remove", made(create, "a", numeric, "leaks"), 8)
        yield Row(f"Client.{create}: with a context", made(create, "a", numeric, "leaks", None, path), 8)
    expression = ("index_expr_create", aerospike.INDEX_TYPE_DEFAULT, numeric, compiled, "leaks")
    yield Row("Client.index_expr_create", made(*expression), 8)
    yield Row("Client.index_set_create", made("index_set_create", "leaks"), 8)
    for name in ("integer", "string", "blob", "geo2dsphere"):
        yield Row(f"Client.index_{name}_create", made(f"index_{name}_create", "a", "leaks"), 8)
    cdt = ("index_cdt_create", "a", aerospike.INDEX_TYPE_LIST, numeric, "leaks", path)
    yield Row("Client.index_cdt_create", made(*cdt), 8)
    value = client.index_single_value_create
    yield Row("Client.index_single_value_create: bad name", lambda: refused(value, *place, "a", numeric, "a\nb"))
    yield Row("Client.index_single_value_create: bad ctx", lambda: refused(value, *place, "a", numeric, "n", {}, [5]))
    yield Row("Client.index_single_value_create: refused", lambda: refused(value, *place, "a" * 20, numeric, "n"), 4)
    wrong = lambda: refused(client.index_expr_create, *place, 0, numeric, [5], "n")  # noqa: E731
    yield Row("Client.index_expr_create: bad expression", wrong)
    yield Row("Client.index_remove: bad name", lambda: refused(client.index_remove, NAMESPACE, 5))


MODULE = """
function echo(rec, a) return a end
function fail(rec) error("on purpose") end
function total(stream, ...)
  local function number(rec) return rec.n end
  return stream : map(number) : reduce(function(a, b) return a + b end)
end
"""


def function_rows(context: Context) -> Iterator[Row]:
    client, key = context.client, context.key
    module = pathlib.Path(tempfile.mkdtemp()) / "leaks.lua"
    module.write_text(MODULE)
    broken = module.with_name("leaks_broken.lua")
    broken.write_text("function (")
    client.udf_put(module)
    yield Row("Client.udf_put", lambda: client.udf_put(module), 8)
    yield Row("Client.udf_put: no file", lambda: refused(client.udf_put, "/nosuch/leaks.lua"))
    yield Row("Client.udf_put: no Lua", lambda: refused(client.udf_put, broken), 8)
    yield Row("Client.udf_put: bad type", lambda: refused(client.udf_put, module, 5))
    yield Row("Client.udf_list", client.udf_list)

    def aggregate(name: str) -> None:
        client.query(NAMESPACE, "scanned").apply(name, "total", [1, "two", [3], {"four": b"5"}]).results()

    yield Row("Query.results: aggregation", lambda: aggregate("leaks"), 20)
    yield Row("Query.results: aggregation without a module", lambda: refused(aggregate, "nosuch"), 20)
    yield Row("Client.udf_get", lambda: client.udf_get("leaks.lua"))
    yield Row("Client.udf_get: no module", lambda: refused(client.udf_get, "nosuch.lua"))
    yield Row("Client.udf_remove", lambda: client.udf_remove("nosuch.lua"), 4)
    yield Row("Client.udf_remove: bad name", lambda: refused(client.udf_remove, "a;b"))
    for name, value in BINS.items():
        yield Row(f"Client.apply: {name}", lambda value=value: client.apply(key, "leaks", "echo", [value]), 2)  # type: ignore[misc]
    yield Row("Client.apply: it raises", lambda: refused(client.apply, key, "leaks", "fail", []), 2)
    yield Row("Client.apply: no function", lambda: refused(client.apply, key, "leaks", "nosuch", [1]), 2)
    yield Row("Client.apply: bad argument", lambda: refused(client.apply, key, "leaks", "echo", [1, object()]))


def secured_rows(privileges: Any) -> Iterator[Row]:
    """Calls that go well, on a server that lives as long as this process."""
    server = embedded.Server(users={"admin": ("secret", ["user-admin"]), "ann": ("hush", ["read", "write"])})
    admin = aerospike.client({**server.config, "user": "admin", "password": "secret"})

    def role() -> None:
        admin.admin_create_role("clerk", privileges, None, ["10.1.2.3", "127.0.0.0/8"])
        admin.admin_grant_roles("ann", ["clerk"])
        admin.admin_get_role("clerk")
        admin.admin_query_role("clerk")
        admin.admin_get_roles()
        admin.admin_query_roles()
        admin.admin_drop_role("clerk")

    def user() -> None:
        admin.admin_create_user("bob", "secret", ["read"])
        admin.admin_set_password("bob", "other")
        admin.admin_query_users_info()
        admin.admin_drop_user("bob")

    yield Row("Client.admin_get_role: all of a role", role, 4)
    yield Row("Client.admin_query_users_info: all of a user", user, 40)
    yield Row("Client.admin_query_user_info: a user", lambda: admin.admin_query_user_info("ann"))
    yield Row("Client.admin_query_user_info: nobody", lambda: refused(admin.admin_query_user_info, "nobody"))
    yield Row("Client.admin_get_role: none", lambda: refused(admin.admin_get_role, "nosuch"))
    yield Row("Client.admin_change_password: its own", lambda: admin.admin_change_password("admin", "secret"), 40)
    yield Row("embedded.Server.clear: with users", server.clear)
    yield Row("Client.get: not allowed", lambda: refused(admin.get, (NAMESPACE, SET, 1)))


def admin_rows(context: Context) -> Iterator[Row]:
    client = context.client  # of a server without users
    privileges = [{"code": aerospike.PRIV_READ, "ns": NAMESPACE, "set": SET}, {"code": aerospike.PRIV_SYS_ADMIN}]
    calls: dict[str, tuple[Any, ...]] = {
        "admin_create_user": ("ann", "secret", ["read", "write"]),
        "admin_create_pki_user": ("ann", ["read"]),
        "admin_drop_user": ("ann",),
        "admin_grant_roles": ("ann", ["read"]),
        "admin_revoke_roles": ("ann", ["read"]),
        "admin_change_password": ("ann", "secret"),
        "admin_set_password": ("ann", "secret"),
        "admin_query_user_info": ("ann",),
        "admin_query_users_info": (),
        "admin_create_role": ("clerk", privileges, None, ["10.1.2.3"], 5, 6),
        "admin_drop_role": ("clerk",),
        "admin_grant_privileges": ("clerk", privileges),
        "admin_revoke_privileges": ("clerk", privileges),
        "admin_set_whitelist": ("clerk", ["10.1.2.3"]),
        "admin_set_quotas": ("clerk", 5, 6),
        "admin_get_role": ("clerk",),
        "admin_get_roles": (),
        "admin_query_role": ("clerk",),
        "admin_query_roles": (),
    }
    for name, arguments in calls.items():
        cost = 40 if "password" in name or (name.startswith("admin_create") and "user" in name) else 1  # of the hash
        call = getattr(client, name)
        yield Row(f"Client.{name}: refused", lambda call=call, given=arguments: refused(call, *given), cost)  # type: ignore[misc]
    yield from secured_rows(privileges)
    bad = [*privileges, {"code": aerospike.PRIV_READ, "set": SET}]
    yield Row("Client.admin_create_role: bad privilege", lambda: refused(client.admin_create_role, "clerk", bad))
    yield Row("Client.admin_create_user: bad role", lambda: refused(client.admin_create_user, "ann", "x", ["a", 5]))
    yield Row("Client.admin_set_whitelist: bad", lambda: refused(client.admin_set_whitelist, "clerk", ["a", "b,c"]))


def operation_lists(path: list[Any], compiled: Any) -> dict[str, list[Any]]:
    """Operations of each family, with every kind of argument."""
    strings = StringPolicy(WriteFlags.NO_FAIL)
    return {
        "scalars": [op.write("w", BINS), op.write("s", "x"), op.append("s", "y"), op.increment("i", 1), op.read("w")],
        "lists": [
            lists.list_append_items("l", [BINS, "x"], {"write_flags": aerospike.LIST_WRITE_DEFAULT}),
            lists.list_get_by_value_range("l", aerospike.LIST_RETURN_VALUE, None, aerospike.CDTInfinite()),
            lists.list_append("n", bytearray(b"x"), ctx=[cdt_ctx.cdt_ctx_list_index_create(0)]),
            lists.list_clear("l"),
        ],
        "maps": [
            maps.map_put_items("m", BINS, {"map_order": aerospike.MAP_KEY_ORDERED}),
            maps.map_put("m", "k", BINS["geo"]),
            maps.map_get_by_key_list("m", ["int", "none"], aerospike.MAP_RETURN_KEY_VALUE),
            maps.map_get_by_rank_range("m", 0, 3, aerospike.MAP_RETURN_ORDERED_MAP),
        ],
        "bits": [bits.bit_resize("b", 8), bits.bit_or("b", 0, 8, 1, bytearray(b"x")), bits.bit_get("b", 0, 64)],
        "hll": [hll.hll_add("h", ["a", 1], 8), hll.hll_describe("h"), hll.hll_get_count("h")],
        "strings": [op.write("s", "x"), text.append("s", "y", strings), text.concat("s", ["z", "z"]), text.upper("s")],
        "paths": [op.write("p", [[1, 2]]), op.select_by_path("p", path, aerospike.EXP_PATH_SELECT_VALUE)],
        "expressions": [expressions.expression_read("sum", compiled), expressions.expression_write("e", compiled)],
    }


def operate_rows(context: Context) -> Iterator[Row]:
    client, scratch = context.client, context.scratch
    compiled = Add(Val(1), Val(2)).compile()
    path = [cdt_ctx.cdt_ctx_all_children(), cdt_ctx.cdt_ctx_all_children_with_filter((Val(1) > 0).compile())]

    def operate(operations: list[Any]) -> Callable[[], object]:
        return lambda: client.operate(scratch, operations)

    def refuse(operations: list[Any]) -> Callable[[], object]:
        return lambda: refused(client.operate, scratch, operations)

    for name, operations in operation_lists(path, compiled).items():
        yield Row(f"Client.operate: {name}", operate(operations))
    yield Row("Client.operate_ordered", lambda: client.operate_ordered(scratch, [op.write("a", 1), op.read("a")]))
    wrong: Any = object()
    bad: dict[str, list[Any]] = {
        "no list": [5],
        "a missing key": [op.read("a"), {"op": aerospike.OP_MAP_PUT, "bin": "m", "key": "k"}],
        "an unknown key": [{"op": aerospike.OPERATOR_READ, "bin": "a", "zzz": 1}],
        "a bad value": [lists.list_append("l", BINS), lists.list_append("l", [1, {"a": wrong}])],
        "a bad second value": [maps.map_put("m", b"key", wrong)],
        "a bad policy": [maps.map_put("m", "k", [1], {"map_order": wrong})],
        "a bad context": [lists.list_append("l", [1], ctx=[cdt_ctx.cdt_ctx_map_key("k"), wrong])],
        "a bad expression": [expressions.expression_read("sum", [wrong])],
        "a bad path": [op.select_by_path("p", path[:0], 0)],
    }
    for name, operations in bad.items():
        yield Row(f"Client.operate: {name}", refuse(operations))
    text_of_path = client.get_cdtctx_base64(path)
    yield Row("Client.get_cdtctx_base64", lambda: client.get_cdtctx_base64(path))
    yield Row("Client.get_cdtctx_base64: empty", lambda: refused(client.get_cdtctx_base64, []))
    yield Row("Client.get_cdtctx_from_base64", lambda: client.get_cdtctx_from_base64(text_of_path))
    yield Row("Client.get_cdtctx_from_base64: bad", lambda: refused(client.get_cdtctx_from_base64, "khA="))


def transaction_rows(context: Context) -> Iterator[Row]:
    client, key, wrong = context.client, context.key, object()
    ended: Any = aerospike.Transaction()
    client.commit(ended)
    bad: Any = {"txn": wrong}

    def block() -> None:
        with client.transaction(timeout=5) as transaction:
            repr((transaction, transaction.id, transaction.state, transaction.in_doubt, transaction.timeout))

    def raises() -> None:
        with client.transaction():
            raising()

    yield Row("Transaction", lambda: aerospike.Transaction(16, 20))
    yield Row("Transaction: bad capacity", lambda: refused(aerospike.Transaction, 16, -1))
    yield Row("Client.commit", lambda: client.commit(aerospike.Transaction()))
    yield Row("Client.commit: bad", lambda: refused(client.commit, wrong))
    yield Row("Client.abort", lambda: client.abort(aerospike.Transaction()))
    yield Row("Client.abort: committed", lambda: refused(client.abort, ended))
    yield Row("Client.transaction", block)
    yield Row("Client.transaction: raises", lambda: refused(raises))
    yield Row("Client.get: ended transaction", lambda: refused(client.get, key, {"txn": ended}))
    yield Row("Client.get: bad transaction", lambda: refused(client.get, key, bad))


def metrics_rows(context: Context) -> Iterator[Row]:
    client, folder = context.client, tempfile.mkdtemp()
    listeners = MetricsListeners(lambda: None, lambda _: None, lambda _: None, lambda _: None)

    def metrics(policy: MetricsPolicy) -> Callable[[], None]:
        def run() -> None:
            client.enable_metrics(policy)
            client.disable_metrics()

        return run

    def again() -> None:
        client.enable_metrics(MetricsPolicy(listeners))
        client.enable_metrics(MetricsPolicy(listeners, latency_columns=3))
        client.disable_metrics()

    labels: Any = {"a": 5}
    without = MetricsPolicy(listeners, interval=0)
    yield Row("Client.get_stats", client.get_stats)
    yield Row("Client.enable_metrics: disable_metrics, listeners", metrics(MetricsPolicy(listeners)), 8)
    yield Row("Client.enable_metrics: twice", again, 8)
    yield Row("Client.enable_metrics: files", metrics(MetricsPolicy(report_dir=folder, labels={"a": "b"})), 8)
    yield Row(
        "Client.enable_metrics: no folder", lambda: refused(client.enable_metrics, MetricsPolicy(report_dir="/no"))
    )
    yield Row("Client.enable_metrics: bad labels", lambda: refused(client.enable_metrics, MetricsPolicy(labels=labels)))
    yield Row("Client.enable_metrics: bad interval", lambda: refused(client.enable_metrics, without))
    filter_of = exp.Eq(exp.IntBin("int"), 1).compile()
    yield Row("Client.set_xdr_filter", lambda: refused(client.set_xdr_filter, "DC", NAMESPACE, filter_of), 8)
    yield Row("Client.set_xdr_filter: bad", lambda: refused(client.set_xdr_filter, "DC", NAMESPACE, [1]))


def expression_rows(context: Context) -> Iterator[Row]:
    client, key = context.client, context.key
    within = [cdt_ctx.cdt_ctx_map_key(2), cdt_ctx.cdt_ctx_list_value({"deep": "map"})]
    children = [cdt_ctx.cdt_ctx_all_children_with_filter((exp.LoopVarInt(1) > 0).compile())]
    trees = [
        (exp.IntBin("int") >= 1) & (exp.StrBin("text") > "") & exp.BoolBin("bool"),
        exp.Eq(exp.GeoBin("geo"), BINS["geo"]) | exp.InList("two", BINS["list"]),
        exp.Let(exp.Def("x", exp.FloatBin("float") / 2), exp.Cond(exp.Var("x") > 1, exp.Var("x"), exp.Unknown())),
        exp.ListAppend(within, {"list_order": 1, "write_flags": 4}, [1, b"x"], "list"),
        exp.MapPutItems(None, {"map_order": 1, "persist_index": True}, BINS["map"], "map"),
        exp.MapGetByKeyRange(within, aerospike.MAP_RETURN_COUNT, None, aerospike.CDTInfinite(), "map", True),
        exp.BitAdd({"bit_write_flags": 4}, 0, 8, exp.IntBin("int"), 0, "bytes"),
        exp.HLLAdd({"flags": 1}, ["a"], 8, None, "hll"),
        exp.RegexReplace(StringPolicy(WriteFlags.NO_FAIL), "a", "b", 1, exp.ListJoin(None, ",", "list")),
        exp.ModifyByPath(children, exp.ResultType.LIST, exp.LoopVarInt(1) * 2, 0, exp.ListBin("list")),
        exp.Val({"a": [1, {b"b": BINS["ordered"]}]}),
    ]
    compiled = [tree.compile() for tree in trees]
    wrong: Any = object()
    mistyped: Any = {"list_ordr": 1}
    bad = [
        exp.And(exp.IntBin(wrong)),
        exp.ListSize([*within, wrong], "list"),
        exp.ListAppend(within, mistyped, 1, "list"),
        exp.MapPut(within, None, "a", [1, {"b": wrong}], "map"),
        exp.ListGetByIndex(within, 0, 99, 0, "list"),
        exp.Def("x", exp.Val([1])),
        exp.Eq(exp.Val(SELF), 1),
    ]
    refuse = [tree.compile() for tree in bad]
    texts = [client.get_expression_base64(tree) for tree in compiled]

    def each(call: Callable[..., object], arguments: list[Any]) -> Callable[[], object]:
        return lambda: [call(argument) for argument in arguments]

    def refuse_each(call: Callable[..., object], arguments: list[Any]) -> Callable[[], object]:
        def run() -> None:
            for argument in arguments:
                refused(call, argument)

        return run

    yield Row("Client.get: a filter", lambda: client.get(key, {"expressions": compiled[0]}))
    yield Row("Client.get: a bad filter", lambda: refused(client.get, key, {"expressions": refuse[0]}))
    yield Row("Client.get_expression_base64", each(client.get_expression_base64, compiled))
    yield Row("Client.get_expression_base64: bad", refuse_each(client.get_expression_base64, [*refuse, [wrong]]))
    yield Row("Client.get_expression_from_base64", each(client.get_expression_from_base64, texts))
    yield Row("Client.get_expression_from_base64: unknown", each(client.get_expression_from_base64, ["kwGSzPAHAQ=="]))
    cut = [text[:-4] for text in texts]
    yield Row("Client.get_expression_from_base64: bad", refuse_each(client.get_expression_from_base64, ["x", *cut]))
    yield Row("Expression: operators, compile and repr", lambda: [repr((~tree & True).compile()) for tree in trees])


def plan_rows(client: Any, name: str, make: Callable[[], Any]) -> Iterator[Row]:
    """What scans and queries have in common."""

    def first_only() -> None:
        for _ in make():
            break

    def closed() -> None:
        with iter(make()) as records:
            repr((next(records), records))
        next(records, None)

    yield Row(f"{name}.results", lambda: make().results(), 8)
    yield Row(f"{name}.results: bad policy", lambda: refused(make().results, {"total_timeout": "x"}))
    yield Row(f"{name}.foreach", lambda: make().foreach(lambda _: None), 8)
    yield Row(f"{name}.foreach: stopped", lambda: make().foreach(lambda _: False), 8)
    yield Row(f"{name}.foreach: raises", lambda: refused(make().foreach, raising), 8)
    yield Row(f"{name}.select", lambda: make().select("n", "none").results(), 8)
    yield Row(f"{name}.select: bad bin", lambda: refused(make().select, 5))
    yield Row(f"{name}.add_ops: reads", lambda: make().add_ops([op.read("n")]).results(), 8)
    yield Row(f"{name}.add_ops: bad", lambda: refused(make().add_ops, [op.read("n"), 5]))
    yield Row(f"{name}.apply", lambda: make().apply("module", "name", [1, {"a": [b"x"]}]))
    yield Row(f"{name}.apply: bad", lambda: refused(make().apply, "module", "name", [1, {1.5: 2}]))
    yield Row(f"{name}.execute_background", lambda: make().add_ops([op.touch()]).execute_background(), 8)
    yield Row(f"{name}.execute_background: reads", lambda: refused(make().add_ops([op.read("n")]).execute_background))
    call = make().apply("module", "name", [1, {"a": [b"x"]}]).execute_background
    yield Row(f"{name}.execute_background: a function", lambda: tried(call), 8)
    yield Row(f"{name}.execute_background: bad policy", lambda: refused(call, {"total_timeout": "x"}))
    yield Row(f"{name}: iterated", lambda: list(make()), 20)
    part = {"partition_filter": {"begin": 0, "count": 100}}
    yield Row(f"{name}.records", lambda: list(make().records(part, {"nobins": True})), 20)
    yield Row(f"{name}.records: bad policy", lambda: refused(make().records, {"total_timeout": "x"}))
    yield Row(f"{name}: iterated under a hook", lambda: hooked(lambda: list(make())), 20)
    yield Row(f"{name}: iteration left under a hook", lambda: hooked(first_only), 20)
    yield Row(f"{name}: iteration left", first_only, 20)
    yield Row(f"RecordIterator.close: {name}", closed, 20)
    yield from column_rows(client, name, make)


def where_rows(make: Callable[[], Any]) -> Iterator[Row]:
    """Of an index that is not there: what is sent is made all the same."""
    ctx = [cdt_ctx.cdt_ctx_map_key("k"), cdt_ctx.cdt_ctx_list_value([1, "x"])]
    blob = predicates.equals("none", b"x" * 100)
    expr = base.Eq(base.IntBin("none"), 1).compile()
    yield Row("Query.where", lambda: refused(make().where(blob, ctx).results), 8)
    yield Row("Query.where: twice", lambda: refused(make().where(blob).where, blob, ctx))
    yield Row("Query.where: bad predicate", lambda: refused(make().where, (0, 0, "none", "x", None, 9)))
    yield Row("Query.where: bad ctx", lambda: refused(make().where, blob, [*ctx, 5]))
    yield Row("Query.where_with_expr", lambda: refused(make().where_with_expr(expr, blob).results), 8)
    yield Row("Query.where_with_expr: bad expr", lambda: refused(make().where_with_expr, 5, blob))
    yield Row("Query.where_with_index_name", lambda: refused(make().where_with_index_name("none", blob).results), 8)
    yield Row("Query.where_with_index_name: bad name", lambda: refused(make().where_with_index_name, "", blob))


def scan_rows(context: Context) -> Iterator[Row]:
    client = context.client

    def scan() -> Any:
        return client.scan(NAMESPACE, "scanned")

    def pages() -> None:
        plan = scan()
        plan.max_records = 7
        plan.paginate()
        while not plan.is_done():
            plan.results()
        plan.get_partitions_status()

    def partitions() -> None:
        scan().results({"partition_filter": {"begin": 0, "count": 100}})

    for name, make in (("Scan", scan), ("Query", lambda: client.query(NAMESPACE, "scanned"))):
        yield from plan_rows(client, name, make)
    yield from where_rows(lambda: client.query(NAMESPACE, "scanned"))
    yield from put_arrow_rows(client, [context.key, context.absent], lambda: client.query(NAMESPACE, "scanned"))
    yield Row("Scan.paginate: is_done, get_partitions_status", pages, 30)
    yield Row("Scan.results: some partitions", partitions, 8)
    yield Row("Client.job_info", lambda: client.job_info(5, aerospike.JOB_SCAN))
    yield Row("Client.job_info: bad module", lambda: refused(client.job_info, 5, "index"))
    yield Row("Client.scan_apply", lambda: tried(lambda: client.scan_apply(NAMESPACE, "scanned", "m", "f", [1, b"x"])))
    yield Row("Client.scan_apply: bad args", lambda: refused(client.scan_apply, NAMESPACE, "scanned", "m", "f", (1,)))
    where = predicates.equals("n", 5)
    yield Row("Client.query_apply", lambda: tried(lambda: client.query_apply(NAMESPACE, "scanned", where, "m", "f")))
    yield Row("Client.query_apply: bad", lambda: refused(client.query_apply, NAMESPACE, "scanned", (1,), "m", "f"))
    yield Row("Client.scan: bad set", lambda: refused(client.scan, NAMESPACE, 5))
    yield Row("Client.query: bad set", lambda: refused(client.query, NAMESPACE, 5))


def server_rows(_context: Context) -> Iterator[Row]:
    """The server in this process, and its records, which must go with it."""

    def start_and_stop() -> None:
        with embedded.Server():
            pass

    def work() -> None:
        with embedded.Server() as server, aerospike.client(server.config) as client:
            for number in range(50):
                client.put((NAMESPACE, SET, number), BINS)
            client.scan(NAMESPACE, SET).results()
            server.clear()

    def transactions() -> None:
        with embedded.Server(strong_consistency=["test"]) as server, aerospike.client(server.config) as client:
            keys = [(NAMESPACE, SET, number) for number in range(3)]
            for end in (client.commit, client.abort):
                transaction = aerospike.Transaction()
                policy: types.BatchPolicy = {"txn": transaction}
                client.batch_operate(keys, [op.increment("n", 1)], policy)
                client.batch_read(keys, None, policy)
                refused(client.put, keys[0], {"n": 1})
                end(transaction)

    def waits() -> None:
        with embedded.Server() as server:
            config: types.Config = {**server.config, "max_conns_per_node": 1, "connection_wait_ms": 5}
            with aerospike.client(config) as client, server.fault("delay", delay_ms=30, commands="write"):
                puts = [
                    threading.Thread(target=tried, args=(lambda: client.put((NAMESPACE, SET, 1), BINS),))
                    for _ in range(4)
                ]
                for put in puts:
                    put.start()
                for put in puts:
                    put.join()

    yield Row("config['connection_wait_ms']", waits, 20)

    def faults() -> None:
        with embedded.Server() as server, aerospike.client(server.config) as client:
            client.put((NAMESPACE, SET, 1), BINS)
            for action in ("drop", "reset", "truncate"):
                with server.fault(action, commands="read"):
                    refused(client.get, (NAMESPACE, SET, 1), {"total_timeout": 5, "max_retries": 0})
            server.fault("delay", delay_ms=1, set="none")
            refused(server.fault, "drop", times=0)
            server.statistics()

    def nodes() -> None:
        with embedded.Server(nodes=2, heartbeat_interval=1) as server, aerospike.client(server.config) as client:
            for act in ("stop", "start", "pause", "resume"):
                getattr(server.nodes[1], act)()
                tried(lambda: client.put((NAMESPACE, SET, 1), BINS, policy={"total_timeout": 20}))
                server.wait_until_stable()
                server.nodes[1].statistics()
            server.nodes[0].stop()
            refused(server.nodes[0].pause)
            refused(embedded.Server, nodes=2, racks=[1])

    yield Row("embedded.Server: nodes", nodes, 10)
    yield Row("embedded.Server: faults", faults, 20)
    yield Row("embedded.Server: transactions", transactions, 40)
    yield Row("embedded.Server: start and stop", start_and_stop, 20)
    yield Row("embedded.Server: records, a scan, cleared", work, 50)
    taken = {"address": "203.0.113.1", "port": 1}
    yield Row("embedded.Server: cannot listen", lambda: refused(embedded.Server, **taken))
    users = {"ann": ("hush", ["read"])}
    yield Row("embedded.Server: users", lambda: embedded.Server(users=users).stop(), 50)
    nobody = {"users": {"ann": ("hush", ["nosuch"])}}
    yield Row("embedded.Server: bad users", lambda: refused(embedded.Server, **nobody), 40)
    yield Row("embedded.Server: bad argument", lambda: refused(embedded.Server, port=-1))


FAMILIES = (
    module_rows,
    hook_rows,
    serializer_rows,
    connection_rows,
    read_rows,
    write_rows,
    operate_rows,
    batch_rows,
    index_rows,
    function_rows,
    admin_rows,
    metrics_rows,
    transaction_rows,
    expression_rows,
    scan_rows,
    server_rows,
    tls_rows,
    llist_rows,
    async_rows,
    legacy_rows,
)


def all_rows(context: Context) -> list[Row]:
    own = [row for family in FAMILIES for row in family(context)]
    return own + list(leak_operations.rows(context))


def public_names() -> list[str]:
    """What must have a row: the module's functions, and the methods of its classes that reach the native part."""
    functions = [name for name, value in vars(aerospike).items() if inspect.isroutine(value)]
    names = [name for name in functions if not name.startswith("_")]
    for kind in (aerospike.Client, aerospike.Scan, aerospike.Query):
        names += [f"{kind.__name__}.{name}" for name in dir(kind) if name[0] != "_" and callable(getattr(kind, name))]
    return names


def uncovered(rows: list[Row]) -> list[str]:
    """Public names that no row's name says."""
    return [name for name in public_names() if not any(name.split(".")[-1] in row.name for row in rows)]
