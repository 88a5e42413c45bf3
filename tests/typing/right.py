# SPDX-License-Identifier: Apache-2.0
"""What users write, and mypy --strict must find nothing wrong with. Read by test_typing.py, never run."""

import pathlib
from typing import Any

from typing_extensions import assert_type

import aerospike
from aerospike import embedded, exception, predicates, types
from aerospike_helpers import cdt_ctx, metrics
from aerospike_helpers.batch import records as batch_records
from aerospike_helpers.expressions import base, resources
from aerospike_helpers.expressions import list as list_expressions
from aerospike_helpers.expressions import map as map_expressions
from aerospike_helpers.operations import (
    bitwise_operations,
    expression_operations,
    hll_operations,
    list_operations,
    map_operations,
    operations,
    string_operations,
)


class Place:
    """A type that only the program knows."""


def connect() -> aerospike.Client:
    config: types.Config = {
        "hosts": [("127.0.0.1", 3000), ("127.0.0.1", 3100)],
        "policies": {
            "read": {"total_timeout": 100},
            "key": aerospike.POLICY_KEY_SEND,
            "auth_mode": aerospike.AUTH_INTERNAL,
        },
        "serialization": (repr, None),
        "unpickle": lambda blob: blob.decode(),
        "tls": {"enable": True, "cafile": "/etc/ca.pem"},
        "send_bool_as": aerospike.AS_BOOL,
        "config_provider": aerospike.ConfigProvider("policies.yaml", interval=10),
    }
    aerospike.client({"hosts": [("a", 3000, "name")]}).close()
    aerospike.client({"hosts": ["a"], "user": "ann", "password": "secret", "rack_ids": [1, 2]}).close()
    return aerospike.client(config).connect("ann", "secret")


def keys(client: aerospike.Client) -> None:
    named: types.Key = ("test", "demo", "a")
    as_dict: types.KeyDict = {"ns": "test", "set": None, "key": 5}
    client.get({"ns": "test", "digest": bytes(20)})
    for key in (named, as_dict, ("test", None, 5), ("test", "demo", b"x"), ("test", "demo", None, bytearray(20))):
        client.exists(key)
    read_key, _, _ = client.get(named)
    client.remove(read_key)
    assert_type(read_key[3], bytearray)
    assert_type(aerospike.calc_digest("test", None, bytearray(b"x")), bytearray)
    assert_type(aerospike.get_partition_id(client.get_key_digest("test", "demo", 1)), int)


def records(client: aerospike.Client) -> None:
    key = ("test", "demo", 1)
    bins = {"a": 1, "b": 2}
    client.put(key, bins)
    client.put(
        key, {"a": 1, "s": "x", "l": [1, {"x": None}], "g": aerospike.GeoJSON({"type": "Point"}), "n": aerospike.null()}
    )
    client.put(key, {"a": Place()}, {"ttl": 60, "gen": 2}, {"gen": aerospike.POLICY_GEN_EQ}, aerospike.SERIALIZER_USER)
    client.put(key, {"a": 1}, policy={"total_timeout": 500, "exists": aerospike.POLICY_EXISTS_CREATE, "ttl": -1})
    _, meta, values = client.get(key, {"deserialize": False, "read_mode_ap": aerospike.POLICY_READ_MODE_AP_ALL})
    assert_type(meta["ttl"], int)
    assert_type(values["a"], Any)
    _, perhaps = client.exists(key)
    assert_type(perhaps, types.RecordMeta | None)
    client.select(key, ["a", "b"])
    client.select(key, ("a",), {"socket_timeout": 5})
    client.append(key, "s", "x")
    client.append(key, "s", bytearray(b"x"), {}, {"key": aerospike.POLICY_KEY_SEND})
    client.increment(key, "a", -1)
    client.increment(key, "f", 1.5, {"ttl": aerospike.TTL_NEVER_EXPIRE})
    client.touch(key, 60)
    client.remove_bin(key, ["a"], {"gen": 1}, {"durable_delete": True})
    policy: types.RemovePolicy = {"generation": 3, "gen": aerospike.POLICY_GEN_GT}
    client.remove(key, None, policy)


def several_operations(client: aerospike.Client) -> None:
    key = ("test", "demo", 1)
    by_hand: types.Operation = {"op": aerospike.OPERATOR_INCR, "bin": "n", "val": 1}
    ops = [operations.write("a", [1]), operations.read("a"), operations.touch(60), by_hand]
    _, _, bins = client.operate(key, ops, {"gen": 1}, {"exists": aerospike.POLICY_EXISTS_UPDATE})
    assert_type(bins, dict[str, Any])
    _, _, results = client.operate_ordered(
        key, [*ops, {"op": aerospike.OPERATOR_READ, "bin": "a"}, operations.delete()]
    )
    assert_type(results, list[tuple[str, Any]])
    client.operate(
        key,
        [
            list_operations.list_append("l", 1, {"write_flags": aerospike.LIST_WRITE_ADD_UNIQUE}),
            list_operations.list_get_by_rank("l", -1, aerospike.LIST_RETURN_VALUE, [cdt_ctx.cdt_ctx_map_key("a")]),
            map_operations.map_put("m", "k", [1], {"map_order": aerospike.MAP_KEY_ORDERED}),
        ],
    )
    client.get_cdtctx_base64([cdt_ctx.cdt_ctx_list_index(0)])
    client.get(key, {"expressions": (base.IntBin("a") > 5).compile()})
    client.operate(key, [operations.read("a")], policy={"expressions": base.Eq(base.StrBin("s"), "x").compile()})


def filters(client: aerospike.Client) -> None:
    tree = (base.IntBin("age") > 30) & (base.StrBin("city") == "Oslo") | ~base.BinExists("gone")
    assert_type(tree, resources.Expression)
    item = list_expressions.ListGetByIndex(
        [cdt_ctx.cdt_ctx_map_key("l")],
        aerospike.LIST_RETURN_VALUE,
        resources.ResultType.INTEGER,
        base.IntBin("n") - 1,
        "m",
    )
    assert_type(item + 1 >= 2, resources.Expression)
    put = map_expressions.MapPut(None, {"map_order": aerospike.MAP_KEY_ORDERED}, "k", item, "m")
    client.operate(
        ("test", "demo", 1),
        [
            expression_operations.expression_read("out", put.compile()),
            bitwise_operations.bit_count("b", 0, 8),
            hll_operations.hll_add("h", ["a"], 8, policy={"flags": aerospike.HLL_WRITE_ALLOW_FOLD}),
            string_operations.upper("s"),
        ],
    )
    assert_type(client.get_expression_base64(tree.compile()), str)


def batches() -> None:
    key = ("test", "demo", 1)
    batch = batch_records.BatchRecords(
        [batch_records.Write(key, [operations.write("a", 1)]), batch_records.Remove(key)]
    )
    batch.batch_records.append(batch_records.Read(key, None, read_all_bins=True, policy={"read_touch_ttl_percent": 80}))
    for entry in batch.batch_records:
        assert_type(entry.result, int)
    metrics.MetricsPolicy(interval=5, labels={"zone": "a"})


def plans(client: aerospike.Client) -> None:
    for key, meta, bins in client.scan("test").select("a", "b"):
        print(key[2], meta["gen"], bins["a"])
    rows: list[types.Record] = []
    client.scan("test", "demo").foreach(rows.append, {"partition_filter": {"begin": 0, "count": 10}})
    client.scan("test").foreach(lambda record: record[2]["a"] < 5, options={"nobins": True}, nodename="A")
    assert_type(client.scan("test").add_ops([operations.read("a")]), aerospike.Scan)
    assert_type(client.scan("test").execute_background({"records_per_second": 5}), int)
    assert_type(client.query("test").execute_background({"commit_level": aerospike.POLICY_COMMIT_LEVEL_MASTER}), int)
    assert_type(client.scan_apply("test", None, "m", "f", [5], {"ttl": 5}), int)
    assert_type(client.query_apply("test", "demo", predicates.equals("a", 5), "m", "f"), int)
    assert_type(client.job_info(5, aerospike.JOB_SCAN, {"timeout": 5})["records_read"], int)
    assert_type(client.query("test").apply("module", "name", ["x", 5]), aerospike.Query)
    query = client.query("test", "demo").select("a")
    query.max_records = 100
    query.paginate()
    while not query.is_done():
        assert_type(query.results({"expected_duration": aerospike.QUERY_DURATION_SHORT}), list[types.Row])
    assert_type(client.scan("test").results(), list[types.Record])
    values: list[Any] = client.query("test").apply("module", "total").results()
    assert values[0] > 5
    for _key, _meta, bins in client.query("test").records({"max_retries": 1}, {"nobins": True}):
        assert_type(bins, types.Bins | Any)
    assert_type(client.scan("test").records({"max_records": 5}, None, "A"), aerospike.RecordIterator)
    reader = client.query("test").arrow({"n": "int64"}, meta={"key": "int64"}, policy={"max_retries": 1})
    assert_type(reader, aerospike.ArrowReader)
    assert_type(reader.error, aerospike.exception.AerospikeError | None)
    (split,) = client.scan("test").splits(1)
    assert_type(split, aerospike.Split)
    assert_type(split.results(client, {"max_retries": 1}), list[Any])
    assert_type(split.records(client), aerospike.RecordIterator)
    assert_type(split.arrow(client, {"n": "int64"}, meta=("key",)), aerospike.ArrowReader)
    cities = client.batch_arrow(
        [("test", "demo", 1)], {"n": "int64"}, [operations.read("n")], ("key",), {"max_retries": 1}
    )
    assert_type(cities, aerospike.ArrowTable)
    assert_type(cities.result, int)
    assert_type(len(cities), int)
    written = client.put_arrow(cities, "test", "demo", "n", ["a"], ttl=5, on_batch=lambda batch: batch.rows < 5)
    assert_type(written, aerospike.ArrowWritten)
    client.put_arrow(
        reader, "test", None, "n", {"a": "b"}, 100, policy_write={"exists": aerospike.POLICY_EXISTS_UPDATE}
    )
    matrix = client.batch_matrix([("test", "demo", 1)], ("n",), "int64", 0, bytearray(8), {"max_retries": 1})
    assert_type(matrix, aerospike.Matrix)
    assert_type(matrix.shape, tuple[int, int])
    assert_type(bytes(memoryview(matrix)), bytes)
    client.scan("test").arrow({"n": "int64"}, 1000, 2, ("key", "gen"), {"max_records": 5}, "A")

    def with_value(value: int) -> bool:
        return value > 5

    client.query("test").apply("module", "all").foreach(with_value)

    def with_partition(partition: int, record: types.Record) -> bool:
        return partition < 5 and record[1]["ttl"] > 0

    query.foreach(with_partition)


def predicate_tuples() -> None:
    predicates.equals("a", b"x")
    predicates.contains("l", aerospike.INDEX_TYPE_LIST, 1)
    predicates.geo_within_geojson_region("g", aerospike.GeoJSON({"type": "Point"}))


def cluster(client: aerospike.Client) -> None:
    assert_type(client.info_all("namespaces", {"timeout": 100})["A"], tuple[str | None, str])
    assert_type(client.info_random_node("build"), str)
    assert_type(client.get_nodes()[0][1], int)
    assert_type(client.get_node_names()[0]["node_name"], str)
    assert_type(client.shm_key(), int | None)
    assert_type(client.get_policies()["read"]["total_timeout"], int)
    client.truncate("test", None, 0)


def indexes_and_functions(client: aerospike.Client) -> None:
    path = [cdt_ctx.cdt_ctx_map_key("a")]
    assert_type(client.index_single_value_create("test", None, "a", aerospike.INDEX_NUMERIC, "i", ctx=path), int)
    client.index_list_create("test", "demo", "a", aerospike.INDEX_STRING, "i", {"timeout": 5000}, path)
    compiled = (base.IntBin("a") + 1).compile()
    client.index_expr_create("test", "demo", aerospike.INDEX_TYPE_DEFAULT, aerospike.INDEX_NUMERIC, compiled, "i")
    client.index_remove("test", "i")
    client.udf_put(pathlib.Path("cities.lua"))
    assert_type(client.udf_list()[0]["hash"], bytearray)
    assert_type(client.udf_get("cities.lua"), str)
    print(client.apply(("test", "demo", 1), "cities", "grow", [1, {"a": [None]}], {"ttl": 60}) + 1)


def users(client: aerospike.Client) -> None:
    privileges: list[types.Privilege] = [{"code": aerospike.PRIV_READ, "ns": "test", "set": "demo"}]
    assert_type(client.admin_create_role("clerk", privileges, whitelist=["10.1.2.0/24"], read_quota=100), int)
    client.admin_grant_privileges("clerk", [{"code": aerospike.PRIV_WRITE, "ns": "test"}], {"timeout": 100})
    client.admin_set_whitelist("clerk", None)
    client.admin_create_user("ann", "secret", ["clerk"])
    assert_type(client.admin_query_user_info("ann")["read_info"], list[int] | None)
    assert_type(client.admin_query_users_info()["ann"]["roles"], list[str])
    assert_type(client.admin_get_role("clerk")["whitelist"], list[str])
    assert_type(client.admin_query_roles()["clerk"][0]["ns"], str)


def values() -> None:
    assert_type(aerospike.geojson("{}"), aerospike.GeoJSON)
    assert_type(aerospike.geodata({}).dumps(), str)
    assert_type(aerospike.OPERATOR_READ, int)
    assert_type(aerospike.JOB_SCAN, str)
    aerospike.set_serializer(lambda value: repr(value))
    aerospike.set_deserializer(lambda blob: blob if isinstance(blob, str) else blob.decode())
    aerospike.set_log_handler(lambda level, function, path, line, message: print(level + line, message))
    aerospike.set_log_handler(None)
    aerospike.set_log_handler()
    aerospike.set_log_level(aerospike.LOG_LEVEL_DEBUG)


class Timer:
    def start(self, report: aerospike.CommandReport) -> None:
        report.notes[self] = report.command

    def end(self, report: aerospike.CommandReport) -> None:
        assert_type(report.duration, float | None)
        assert_type(report.address, tuple[str, int] | None)
        assert_type(report.nodes, tuple[str, ...] | None)


def hooks(client: aerospike.Client) -> None:
    hook: types.Hook = Timer()
    for each in (hook, print, lambda report: None):
        client.add_hook(each)
        client.remove_hook(each)
    aerospike.add_hook(lambda report: print(report.command, report.set))
    aerospike.client({"hosts": ["a"], "slow_log_ms": 50})


def errors(client: aerospike.Client) -> None:
    try:
        client.get(("test", "demo", 1))
    except exception.RecordNotFound as error:
        print(error.code, error.msg, error.file, error.line, error.in_doubt, error.key, error.bin)
    except aerospike.Error as error:
        print(error.code, error.msg)


def server() -> None:
    with embedded.Server(users={"ann": ("secret", ["read"])}, quotas=True, session_ttl=60) as secured:
        print(secured.hosts)
    with embedded.Server(namespaces=["test"]) as running, aerospike.client(running.config) as client:
        assert_type(client, aerospike.Client)
        assert_type(running.port, int)
        with running.fault("error", commands=["read", "batch"], code=14, share=0.5, seed=1, times=2) as fault:
            assert_type(fault.count, int)
        print(running.statistics()["commands"])


def many_at_once(client: aerospike.Client, keys: list[tuple[str, str, int]]) -> int:
    people = 0
    for row in client.batch_read(keys, ["people"]).batch_records:
        people += row.record[2]["people"] if row.record else 0
    rows = [
        batch_records.Write(keys[0], [operations.increment("n", 1)], {"ttl": 5}, {"gen": 1}),
        batch_records.Remove(keys[1]),
    ]
    client.batch_write(batch_records.BatchRecords([*rows]))
    client.batch_operate(keys, [operations.read("n")], None, {"exists": aerospike.POLICY_EXISTS_UPDATE}, ttl=5)
    client.batch_remove(keys, policy_batch_remove={"durable_delete": True})
    return people + client.batch_apply(keys, "module", "function", [1]).result


def together(client: aerospike.Client) -> bool:
    with client.transaction(timeout=5) as txn:
        policy: types.WritePolicy = {"txn": txn}
        client.put(("test", "demo", 1), {"a": 1}, policy=policy)
        client.batch_read([("test", "demo", 1)], policy={"txn": txn})
    transaction = aerospike.Transaction(16, 16)
    transaction.timeout = 5
    assert_type(client.commit(transaction), int)
    return transaction.in_doubt or transaction.state == aerospike.TXN_STATE_OPEN or client.abort(transaction) == 0


def counted(client: aerospike.Client) -> list[int]:
    def tell(cluster: metrics.Cluster) -> None:
        print(cluster.command_count, [node.metrics[0].read_latency for node in cluster.nodes])

    listeners = metrics.MetricsListeners(lambda: None, tell, lambda node: print(node.name), tell)
    client.enable_metrics(metrics.MetricsPolicy(listeners, interval=10, labels={"zone": "a"}))
    client.disable_metrics()
    client.set_xdr_filter("DC1", "test", base.IntBin("a").compile())
    client.set_xdr_filter("DC1", "test", None, {"timeout": 5})
    return [node.conns.in_use for node in client.get_stats().nodes]
