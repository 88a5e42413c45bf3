# SPDX-License-Identifier: Apache-2.0
"""Mistakes of users that mypy must find: in the marked lines, and in no other.

Read by test_typing.py, never run.
"""

import aerospike
from aerospike import embedded, predicates, types
from aerospike_helpers import cdt_ctx, metrics
from aerospike_helpers.batch import records
from aerospike_helpers.expressions import arithmetic, base, resources
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

client = aerospike.client({"hosts": [("127.0.0.1", 3000)]})
key = ("test", "demo", 1)

aerospike.client(5)  # E
aerospike.client({})  # E
aerospike.client({"host": [("127.0.0.1", 3000)]})  # E
aerospike.client({"hosts": [("127.0.0.1", "3000")]})  # E
aerospike.client({"hosts": [("a", 1)], "policies": {"reed": {}}})  # E
aerospike.client({"hosts": [("a", 1)], "policies": {"read": {"exists": 1}}})  # E
aerospike.client({"hosts": [("a", 1)], "policies": {"total_timeout": "soon"}})  # E
aerospike.client({"hosts": [("a", 1)], "tls": {"enable": "yes"}})  # E
aerospike.client({"hosts": [("a", 1)], "user": 5})  # E
aerospike.client({"hosts": [("a", 1)], "serialization": ("json", None)})  # E
aerospike.client({"hosts": [("a", 1)], "unpickle": True})  # E

aerospike.client({"hosts": [("a", 1)], "slow_log_ms": "50"})  # E
aerospike.add_hook(5)  # E
client.add_hook(lambda: None)  # E
client.add_hook("hook")  # E

client.get("key")  # E
client.get(["test", "demo", 1])  # E
client.get(("test", "demo"))  # E
client.get({"set": "demo", "key": 1})  # E
client.get({"ns": "test", "set": "demo", "pk": 1})  # E
client.get(key, {"total_timeout": None})  # E
client.get(("test", "demo", 1.5))  # E
client.get(("test", "demo", None))  # E
client.get((b"test", "demo", 1))  # E
client.get(key, {"total_timout": 100})  # E
client.get(key, {"total_timeout": "100"})  # E
client.get(key, {"deserialize": "no"})  # E
client.get(key, {"exists": aerospike.POLICY_EXISTS_CREATE})  # E
client.get(key, polizy={})  # E
client.get(key).upper()  # E
print(client.get(key)[1]["tll"])  # E
print(client.exists(key)[2])  # E
print(client.exists(key)[1]["ttl"])  # E
client.select(key, "a")  # E
client.select(key, [1])  # E
client.put(key)  # E
client.put(key, ["a"])  # E
client.put(key, {1: 2})  # E
client.put(key, {"a": 1}, {"tll": 5})  # E
client.put(key, {"a": 1}, {"ttl": "5"})  # E
client.put(key, {"a": 1}, {}, {"read_mode_ap": 1})  # E
client.put(key, {"a": 1}, {}, {}, "json")  # E
client.append(key, "a", 5)  # E
client.increment(key, "a", "5")  # E
client.increment(key, 5, 5)  # E
client.touch(key, "5")  # E
client.remove(key, {}, {"generation": "3"})  # E
client.remove_bin(key, "a")  # E
client.nosuch()  # E

client.operate(key, operations.read("a"))  # E
client.operate(key, (operations.read("a"),))  # E
client.operate(key, [{"bin": "a"}])  # E
client.operate(key, [{"op": aerospike.OPERATOR_READ, "bn": "a"}])  # E
client.operate(key, [{"op": "read", "bin": "a"}])  # E
client.operate(key, [{"op": aerospike.OPERATOR_READ, "bin": 5}])  # E
client.operate(key, [operations.read(5)])  # E
client.operate(key, [operations.increment("a", "5")])  # E
client.operate(key, [operations.append("a", 5)])  # E
client.operate(key, [operations.touch("60")])  # E
list_operations.list_append("l")  # E
list_operations.list_append(5, 1)  # E
list_operations.list_append("l", 1, {"map_order": aerospike.MAP_KEY_ORDERED})  # E
list_operations.list_append("l", 1, None, cdt_ctx.cdt_ctx_list_index(0))  # E
list_operations.list_get_by_rank("l", "1", aerospike.LIST_RETURN_VALUE)  # E
map_operations.map_put("m", "k", 1, {"map_ordr": 1})  # E
cdt_ctx.cdt_ctx_list_index("0")  # E
client.get_cdtctx_base64(cdt_ctx.cdt_ctx_list_index(0))  # E
print(client.operate_ordered(key, [])[2]["a"])  # E
client.get(key, {"expressions": base.IntBin("a") > 5})  # E
client.get(key, {"expressions": "a > 5"})  # E

base.IntBin(5)  # E
base.GT(base.IntBin("a"))  # E
base.KeyInt("a")  # E
base.BinExists(base.IntBin)  # E
arithmetic.Add("a", 1)  # E
list_expressions.ListGetByIndex(None, 7, resources.ResultType.INTEGER, "0", "l")  # E
list_expressions.ListAppend(None, {"map_order": 1}, 1, "l")  # E
list_expressions.ListSize(cdt_ctx.cdt_ctx_list_index(0), "l")  # E
map_expressions.MapSize(None, 5)  # E
expression_operations.expression_read("out", base.IntBin("a"))  # E
bitwise_operations.bit_count("b", "0", 8)  # E
hll_operations.hll_add("h", "a", 8)  # E
string_operations.upper(5)  # E
client.get_expression_base64(base.IntBin("a"))  # E

records.BatchRecords(records.Remove(key))  # E
records.Read("key", None)  # E
records.Write(key, [], policy={"read_mode_ap": 1})  # E
records.Write(key, None)  # E
records.Apply(key, "module", "function")  # E
records.Remove(key, {"generation": "1"})  # E
metrics.MetricsPolicy(interval="5")  # E
metrics.MetricsListeners(print, print, print)  # E

client.scan(5)  # E
client.scan("test").select(5)  # E
client.scan("test").results({"partition_filter": {"begn": 1}})  # E
client.scan("test").results({"expected_duration": 1})  # E
client.scan("test").foreach(5)  # E
client.query("test").foreach(lambda: True)  # E
client.query("test").add_ops(5)  # E
client.scan("test").apply("module", "name", 5)  # E
client.scan("test").execute_background({"exists": 1})  # E
client.query("test").execute_background({"records_per_second": 1})  # E
client.job_info("5", aerospike.JOB_SCAN)  # E
client.scan_apply("test", "demo", "m", 5)  # E
client.query_apply("test", "demo", "m", "f")  # E
client.query("test").results({"records_per_second": 1})  # E
client.query("test").records({"records_per_second": 1})  # E
client.scan("test").records(None, {"nobin": True})  # E
client.scan("test").records(5)  # E
client.query("test").max_records = "5"  # E
client.query("test").results(None, {"percent": 5})  # E
client.scan("test").foreach(print, None, {"nobin": True})  # E

predicates.equals("a", 1.5)  # E
predicates.between("a", "1", 2)  # E
predicates.contains("l", 1)  # E

client.index_single_value_create("test", "demo", "a", "numeric", "i")  # E
client.index_list_create("test", "demo", "a", aerospike.INDEX_STRING, "i", ctx=cdt_ctx.cdt_ctx_map_key("a"))  # E
client.index_set_create("test", None, "i")  # E
client.index_remove("test", "i", {"total_timeout": 5})  # E
client.udf_put(5)  # E
client.udf_list()[0]["size"]  # E
client.apply(key, "cities", "grow", (1,))  # E
client.apply(key, "cities", "grow", [], {"gen": 1})  # E

client.admin_create_user("ann", b"secret", [])  # E
client.admin_create_user("ann", "secret", ("clerk",))  # E
client.admin_create_role("clerk", [{"ns": "test"}])  # E
client.admin_set_quotas("clerk", 1.5)  # E
client.admin_get_role("clerk")["privilege"]  # E
client.admin_query_user_info("ann", {"total_timeout": 5})  # E

client.info_all(b"build")  # E
client.info_random_node("build", {"total_timeout": 5})  # E
client.truncate("test", None)  # E
print(client.get_policies()["reed"])  # E
aerospike.calc_digest("test", "demo", 1.5)  # E
aerospike.set_log_level("debug")  # E
aerospike.set_serializer(5)  # E
aerospike.set_deserializer(lambda: 5)  # E
aerospike.GeoJSON(5)  # E
aerospike.geodata("{}")  # E
print(aerospike.NO_SUCH_CONSTANT)  # E
aerospike.OPERATOR_READ = 5  # E
embedded.Server(port="3000")  # E
embedded.Server(users={"ann": "secret"})  # E
embedded.Server().fault("drop", times="once")  # E
policy: types.WritePolicy = {"exist": 1}  # E
