# SPDX-License-Identifier: Apache-2.0
"""Programs from 2015: names that are gone elsewhere, each with its warning at the line that used it."""

import inspect
import pathlib
import re
import subprocess
import sys
import textwrap
import warnings

import pytest

import aerospike
from aerospike import _legacy, _legacy_cdt, exception

OLD_CALLS = sorted(name for name in vars(_legacy.OldCalls) if not name.startswith("_"))


@pytest.fixture
def old():
    """Runs a function, and returns its result; it must have warned once, with such a text, at its line."""

    def run(text, function, *args):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            result, line = function(*args), inspect.currentframe().f_lineno
        (warning,) = told
        assert warning.category is DeprecationWarning
        assert re.search(text, str(warning.message)), warning.message
        assert (warning.filename, warning.lineno) == (__file__, line)
        return result

    return run


# ---- constants ----


@pytest.mark.parametrize("name", _legacy.CONSTANTS)
def test_constants_warn_and_name_their_successor(name):
    with pytest.warns(DeprecationWarning, match=rf"aerospike\.{name} is deprecated: ") as told:
        value, line = getattr(aerospike, name), inspect.currentframe().f_lineno
    assert value == _legacy.CONSTANTS[name][0]
    assert (told[0].filename, told[0].lineno) == (__file__, line)
    for successor in re.findall(r"[A-Z_]{5,}", _legacy.CONSTANTS[name][1]):
        assert isinstance(getattr(aerospike, successor), int)


def test_constants_that_need_no_successor():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (aerospike.INT_MIN, aerospike.INT_MAX) == (-(2**63), 2**63 - 1)
        assert (aerospike.POLICY_RETRY_NONE, aerospike.POLICY_RETRY_ONCE) == (0, 1)
        operators = ("READ", "WRITE", "APPEND", "PREPEND", "INCR", "TOUCH", "DELETE")
        assert len({getattr(aerospike, f"OPERATOR_{name}") for name in operators}) == len(operators)
    assert aerospike.Error is exception.AerospikeError


def test_a_name_that_never_was():
    with pytest.raises(AttributeError, match="module 'aerospike' has no attribute 'POLICY_CONSISTENCY'"):
        _ = aerospike.POLICY_CONSISTENCY
    with pytest.raises(ImportError):
        from aerospike import NOTHING_OF_THE_KIND  # noqa: F401


def test_a_line_warns_once(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("import aerospike\nfor _ in range(3):\n    aerospike.SCAN_PRIORITY_HIGH\n")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert done.stderr.count("DeprecationWarning") == 1
    assert f"{program}:3: DeprecationWarning: aerospike.SCAN_PRIORITY_HIGH" in done.stderr


# ---- policies ----


@pytest.mark.parametrize(
    ("name", "value", "successor"),
    [("timeout", 777, "total_timeout"), ("retry", 1, "max_retries"), ("consistency_level", 1, "read_mode_ap")],
)
def test_spellings_of_policies(client, connect, record, name, value, successor):
    with pytest.warns(DeprecationWarning, match=f"policy key '{name}' is deprecated, use '{successor}'"):
        client.get(record, {name: value})
    with pytest.warns(DeprecationWarning, match=f"'{name}'") as told:
        made = connect(policies={name: value})
    assert len(told) == 1
    kinds = made.get_policies()
    assert kinds["read"][successor] == value
    assert all(policy[successor] == value for policy in kinds.values() if successor in policy)


@pytest.mark.parametrize("policy", [{"timeout": 5, "total_timeout": 700}, {"total_timeout": 700, "timeout": 5}])
def test_the_name_of_today_counts_where_both_are_given(connect, policy):
    with pytest.warns(DeprecationWarning, match="'timeout'"):
        made = connect(policies={"read": policy})
    assert made.get_policies()["read"]["total_timeout"] == 700
    with pytest.warns(DeprecationWarning, match="'timeout'"):
        made = connect(policies=policy)
    assert {each["total_timeout"] for each in made.get_policies().values() if "total_timeout" in each} == {700}


@pytest.mark.parametrize("name", ["timeout", "retry", "consistency_level"])
def test_a_wrong_value_is_told_under_the_name_that_was_written(client, config, record, name):
    with pytest.deprecated_call(), pytest.raises(exception.ParamError, match=f"^{name} is invalid: it must be an int"):
        client.get(record, {name: "soon"})
    for policies in ({name: "soon"}, {"read": {name: "soon"}}):
        with pytest.deprecated_call(), pytest.raises(exception.ParamError, match=rf"\['{name}'\] must be an int"):
            aerospike.client({**config, "policies": policies})


def test_a_number_that_consistency_level_has_not(client, record):
    with pytest.deprecated_call(), pytest.warns(UserWarning, match="^consistency_level is invalid: it must be from 0"):
        client.get(record, {"consistency_level": 9})


def test_the_mode_of_writes_to_maps(client, record):
    operation = {"op": aerospike.OP_MAP_PUT, "bin": "m", "key": "a", "val": 1, "map_policy": {"map_write_mode": 2}}
    with pytest.warns(DeprecationWarning, match="'map_write_mode' is deprecated, use 'map_write_flags'"):
        client.operate(record, [operation])
    with pytest.deprecated_call(), pytest.raises(exception.ElementExistsError):
        client.map_put(record, "m", "a", 2, {"map_write_mode": aerospike.MAP_CREATE_ONLY})
    with pytest.deprecated_call(), pytest.raises(exception.ElementNotFoundError):
        client.map_put(record, "m", "b", 2, {"map_write_mode": aerospike.MAP_UPDATE_ONLY})
    with pytest.deprecated_call(), pytest.raises(exception.ParamError, match="map_write_mode"):
        client.map_put(record, "m", "b", 2, {"map_write_mode": 3})


# ---- calls ----


def test_every_old_call_is_marked():
    for name in (*OLD_CALLS, *_legacy_cdt.METHODS):
        assert getattr(aerospike.Client, name).__doc__.startswith("Deprecated: ")


def test_is_connected(client, old):
    assert old(r"isConnected\(\) is deprecated, use is_connected\(\)", client.isConnected) is True


def test_many_records_come_in_a_list(client, old, make_key):
    keys = [make_key() for _ in range(3)]
    for key in (keys[0], keys[2]):
        client.put(key, {"a": 1, "b": "x"})
    for given in (keys, tuple(keys)):
        first, second, third = old(r"get_many\(\) .* batch_read\(\)", client.get_many, given)
        assert (first[0][:3], first[2], second[1:]) == (keys[0], {"a": 1, "b": "x"}, (None, None))
        assert third[1]["gen"] == 1
        assert second[0][3] == client.get_key_digest(*keys[1])
    rows = old("select_many", client.select_many, keys, ("b",))
    assert [bins for _, _, bins in rows] == [{"b": "x"}, None, {"b": "x"}]
    rows = old("exists_many", client.exists_many, keys)
    assert [(key[:3], meta and meta["gen"]) for key, meta in rows] == [(keys[0], 1), (keys[1], None), (keys[2], 1)]


def test_what_could_not_be_read_is_not_taken_for_what_is_not_there(client, old, make_key):
    with pytest.raises(exception.NamespaceNotFound):
        old("get_many", client.get_many, [make_key(), ("nowhere", "s", 1)])


@pytest.mark.parametrize("keys", [None, 5, "key", [("test",)], [5]])
def test_keys_of_many(client, keys):
    for call in (client.get_many, client.exists_many, lambda keys: client.select_many(keys, ["a"])):
        with pytest.deprecated_call(), pytest.raises(exception.ParamError):
            call(keys)
    with pytest.deprecated_call(), pytest.raises(exception.ParamError, match="bins must be a list"):
        client.select_many([], None)


def test_keys_as_objects(client, old, make_key):
    namespace, set_name, user_key = make_key()
    record = old(r"key\(\) is deprecated, use the key as a tuple", client.key, namespace, set_name, user_key)
    assert record.put({"a": 1}) == 0
    assert record.get()[2] == {"a": 1}
    assert record.exists()[1]["gen"] == 1
    record.remove()
    assert record.exists()[1] is None
    assert repr(record).startswith("<aerospike key (")
    with pytest.deprecated_call(), pytest.raises(exception.ParamError):
        client.key(namespace, set_name, [1])


def test_functions_by_a_key_object(client, make_key, tmp_path):
    module = tmp_path / "legacy_sum.lua"
    module.write_text("function add(rec, n) return rec.a + n end\n")
    client.udf_put(str(module), 0)
    with pytest.warns(DeprecationWarning, match=r"udf_getRegistered\(\) is deprecated, use udf_get\(\)"):
        assert client.udf_getRegistered("legacy_sum.lua", aerospike.UDF_TYPE_LUA) == module.read_text()
    with pytest.deprecated_call():
        record = client.key(*make_key())
    record.put({"a": 40})
    assert record.apply("legacy_sum", "add", [2]) == 42
    client.udf_remove("legacy_sum.lua")


def test_info(client, old):
    answers = old(r"info\(\) is deprecated, use info_all\(\)", client.info, "namespaces")
    assert answers == client.info_all("namespaces")
    (host, *_) = client.get_nodes()
    asked = old(r"info\(\)", client.info, "namespaces", [host])
    assert asked.keys() <= answers.keys()
    ((error, answer),) = asked.values()
    assert error is None
    assert answer == old("info_single_node", client.info_node, "namespaces", host)


@pytest.mark.parametrize("host", [5, "127.0.0.1", ("127.0.0.1",), (5, 3000), ("127.0.0.1", "3000"), ("127.0.0.1", 1)])
def test_hosts_of_info(client, host):
    with pytest.deprecated_call(), pytest.raises(exception.ParamError, match=r"host|node"):
        client.info_node("namespaces", host)
    with pytest.deprecated_call(), pytest.raises(exception.ParamError, match=r"host|node"):
        client.info("namespaces", [host])
    with pytest.deprecated_call(), pytest.raises(exception.ParamError, match="hosts must be a list"):
        client.info("namespaces", host if isinstance(host, int) else "x")


def test_has_geo(client, old):
    assert old("every server since version 3.7", client.has_geo) is True


def test_scan_info(client, old, record, tmp_path):
    module = tmp_path / "legacy_touch.lua"
    module.write_text("function touch(rec) rec.touched = 1; aerospike:update(rec) end\n")
    client.udf_put(str(module), 0)
    scan_id = client.scan_apply(record[0], record[1], "legacy_touch", "touch")
    told = old(r"scan_info\(\) is deprecated, use job_info\(\)", client.scan_info, scan_id)
    assert told.keys() == {"status", "progress_pct", "records_scanned"}
    assert told["status"] in (1, 3)
    client.udf_remove("legacy_touch.lua")
    with pytest.deprecated_call(), pytest.raises(exception.ParamError):
        client.scan_info("x")


@pytest.mark.embedded_only("a server with users that the test makes")
def test_users():
    from aerospike import embedded

    with embedded.Server(users={"ann": ("secret", ["read", "user-admin"])}) as server:
        client = aerospike.client({**server.config, "user": "ann", "password": "secret"})
        with pytest.warns(DeprecationWarning, match=r"use admin_query_user_info\(\)"):
            assert sorted(client.admin_query_user("ann")) == ["read", "user-admin"]
        with pytest.warns(DeprecationWarning, match=r"use admin_query_users_info\(\)"):
            assert sorted(client.admin_query_users()["ann"]) == ["read", "user-admin"]
        client.close()


# ---- lists and maps ----


def test_lists_as_methods(client, make_key, old):
    key = make_key()
    assert (
        old(r"list_append\(\) is deprecated, use operate\(\) with list_operations", client.list_append, key, "l", 1)
        == 1
    )
    calls = [
        (("list_extend", [3, 4, 5]), 4),
        (("list_insert", 1, 2), 5),
        (("list_insert_items", 5, [6, 7]), 7),
        (("list_pop", 0), 1),
        (("list_pop_range", 4, 2), [6, 7]),
        (("list_get", 0), 2),
        (("list_get_range", 1, 2), [3, 4]),
        (("list_set", 0, 9), None),
        (("list_remove", 1), 1),
        (("list_remove_range", 1, 1), 1),
        (("list_size",), 2),
        (("list_trim", 0, 1), 1),
        (("list_clear",), None),
        (("list_size",), 0),
    ]
    for (name, *arguments), wanted in calls:
        assert old(f"^{name}", getattr(client, name), key, "l", *arguments) == wanted, name


def test_maps_as_methods(client, make_key, old):
    key, keys = make_key(), aerospike.MAP_RETURN_KEY
    old("map_set_policy", client.map_set_policy, key, "m", {"map_order": aerospike.MAP_KEY_ORDERED})
    calls = [
        (("map_put", "a", 1), 1),
        (("map_put_items", {"b": 2, "c": 3, "d": 4}), 4),
        (("map_increment", "a", 9), 10),
        (("map_decrement", "a", 9), 1),
        (("map_size",), 4),
        (("map_get_by_key", "a", aerospike.MAP_RETURN_VALUE), 1),
        (("map_get_by_key_list", ["a", "x"], keys), ["a"]),
        (("map_get_by_key_range", "a", "c", keys), ["a", "b"]),
        (("map_get_by_value", 2, keys), ["b"]),
        (("map_get_by_value_list", [2, 3], keys), ["b", "c"]),
        (("map_get_by_value_range", 2, 4, keys), ["b", "c"]),
        (("map_get_by_index", 0, keys), "a"),
        (("map_get_by_index_range", 0, 2, keys), ["a", "b"]),
        (("map_get_by_rank", -1, keys), "d"),
        (("map_get_by_rank_range", -2, 2, keys), ["c", "d"]),
        (("map_remove_by_key", "a", keys), "a"),
        (("map_remove_by_key_list", ["b"], keys), ["b"]),
        (("map_remove_by_rank", 0, keys), "c"),
        (("map_size",), 1),
        (("map_clear",), None),
    ]
    for (name, *arguments), wanted in calls:
        assert old(f"^{name}", getattr(client, name), key, "m", *arguments) == wanted, name


@pytest.mark.parametrize("name", _legacy_cdt.METHODS)
def test_each_is_an_operation_of_today(client, record, name):
    signature = inspect.signature(getattr(aerospike.Client, name))
    assert list(signature.parameters)[:3] == ["self", "key", "bin"]
    assert list(signature.parameters)[-2:] == ["meta", "policy"]
    with pytest.warns(DeprecationWarning, match=f"^{name}"), pytest.raises(exception.ParamError, match=name):
        getattr(client, name)(record)
    with pytest.deprecated_call(), pytest.raises(exception.ParamError, match=name):
        getattr(client, name)(record, nothing=1)


def test_meta_and_policy_of_lists_and_maps(client, make_key):
    key = make_key()
    with pytest.deprecated_call():
        client.list_append(key, "l", 1, {"ttl": 1000}, {"total_timeout": 2000})
    assert 900 < client.get(key)[1]["ttl"] <= 1000
    with pytest.deprecated_call(), pytest.raises(exception.ParamError, match="total_timeout"):
        client.map_put(key, "m", "a", 1, None, None, {"total_timeout": "x"})


# ---- programs of the time ----


def run_program(source, config):
    """Runs a program in a process of its own; its warnings are not shown."""
    source = textwrap.dedent(source).replace("'hosts':    [ ('127.0.0.1', 3000) ]", f"'hosts': {config['hosts']!r}")
    source = source.replace("[('127.0.0.1', 3000)]", repr(config["hosts"]))
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", source]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_example_of_the_manual_of_2015(config):
    page = pathlib.Path(__file__).parent / "data" / "seed_example.txt"
    assert run_program(page.read_text() + "\nprint(client.is_connected())", config) == "True\n"


@pytest.mark.parametrize("page", ["counter", "lists", "scan", "many", "functions"])
def test_programs_of_the_time_run(config, namespace, page):
    source, wanted = PROGRAMS[page]
    assert run_program(source.replace("'test'", repr(namespace)), config) == wanted


PROGRAMS = {
    "counter": (
        """
        import aerospike
        client = aerospike.client({'hosts': [('127.0.0.1', 3000)], 'policies': {'timeout': 5000}}).connect()
        key = ('test', 'legacy', 'page')
        try:
            client.remove(key)
        except aerospike.exception.RecordNotFound:
            pass
        client.put(key, {'title': 'hats', 'views': 1}, meta={'ttl': 120}, policy={'timeout': 5000})
        ops = [
            {'op': aerospike.OPERATOR_INCR, 'bin': 'views', 'val': 2},
            {'op': aerospike.OPERATOR_APPEND, 'bin': 'title', 'val': ' and caps'},
            {'op': aerospike.OPERATOR_READ, 'bin': 'title'},
            {'op': aerospike.OPERATOR_READ, 'bin': 'views'},
        ]
        (key, meta, bins) = client.operate(key, ops)
        print(bins['title'], bins['views'])
        client.increment(key, 'views', 1)
        client.touch(key, 240)
        (key, meta, bins) = client.select(key, ['views'], {'timeout': 5000})
        print(bins, meta['ttl'] > 120)
        client.remove_bin(key, ['title'])
        print(client.exists(key)[1]['gen'])
        client.remove(key)
        client.close()
        """,
        "hats and caps 3\n{'views': 4} True\n5\n",
    ),
    "lists": (
        """
        import aerospike
        client = aerospike.client({'hosts': [('127.0.0.1', 3000)]}).connect()
        lists = client.llist(('test', 'legacy', 'ann'), 'visits')
        lists.destroy()
        lists.set_page_size(8192)
        lists.add({'key': 20150301, 'page': 'hats'})
        lists.add_many([{'key': 20150302, 'page': 'caps'}, {'key': 20150228, 'page': 'coats'}])
        try:
            lists.add({'key': 20150301})
        except aerospike.exception.LDTUniqueKeyError as e:
            print(e.code, e.bin)
        print([v['page'] for v in lists.filter()])
        print(lists.get(20150302)['page'], lists.size(), lists.find_last(1)[0]['page'])
        print([v['key'] for v in lists.range_limit(20150228, 20150301, 10, None, None)])
        lists.remove({'key': 20150301})
        print(lists.size())
        lists.destroy()
        """,
        "1402 visits\n['coats', 'hats', 'caps']\ncaps 3 caps\n[20150228, 20150301]\n2\n",
    ),
    "scan": (
        """
        import aerospike
        client = aerospike.client({'hosts': [('127.0.0.1', 3000)]}).connect()
        keys = [('test', 'legacy_scan', n) for n in range(5)]
        for key in keys:
            client.put(key, {'n': key[2], 'even': 'yes' if key[2] % 2 == 0 else 'no'})
        seen = []
        def callback(record):
            (key, meta, bins) = record
            seen.append(bins['n'])
        scan = client.scan('test', 'legacy_scan')
        scan.select('n')
        options = {'priority': aerospike.SCAN_PRIORITY_LOW, 'percent': 100, 'concurrent': True, 'include_ldt': False}
        scan.foreach(callback, {'timeout': 10000}, options)
        print(sorted(seen))
        names = []
        client.scan('test', 'legacy_scan').foreach(lambda record: names.append(record[2]), options={'nobins': True})
        print(len(names))
        for key in keys:
            client.remove(key)
        """,
        "[0, 1, 2, 3, 4]\n5\n",
    ),
    "many": (
        """
        import aerospike
        client = aerospike.client({'hosts': [('127.0.0.1', 3000)]}).connect()
        keys = [('test', 'legacy_many', 'a'), ('test', 'legacy_many', 'b')]
        client.put(keys[0], {'n': 1})
        for (key, meta, bins) in client.get_many(keys):
            print(key[2], bins)
        print([meta is not None for (key, meta) in client.exists_many(keys)])
        key = client.key('test', 'legacy_many', 'a')
        (_, meta, bins) = key.get()
        print(bins)
        key.remove()
        print(sorted(set(type(n).__name__ for n in client.get_nodes())), aerospike.INT_MIN)
        """,
        "a {'n': 1}\nb None\n[True, False]\n{'n': 1}\n['tuple'] -9223372036854775808\n",
    ),
    "functions": (
        """
        import os, tempfile, time
        import aerospike
        from aerospike import predicates as p
        client = aerospike.client({'hosts': [('127.0.0.1', 3000)], 'policies': {'timeout': 20000}}).connect()
        file = os.path.join(tempfile.mkdtemp(), 'legacy_page.lua')
        with open(file, 'w') as code:
            code.write('''
            function visit(rec, bin, times)
                rec[bin] = (rec[bin] or 0) + times
                aerospike:update(rec)
                return rec[bin]
            end
            local function one(rec) return 1 end
            local function sum(a, b) return a + b end
            function count(stream) return stream : map(one) : reduce(sum) end
            ''')
        client.udf_put(file, aerospike.UDF_TYPE_LUA, {'timeout': 20000})
        keys = [('test', 'legacy_page', n) for n in range(6)]
        for key in keys:
            client.put(key, {'n': key[2]})
        print(client.apply(keys[2], 'legacy_page', 'visit', ['visits', 3], {'timeout': 20000}))
        try:
            client.index_integer_create('test', 'legacy_page', 'n', 'legacy_page_n', {'timeout': 20000})
        except aerospike.exception.IndexFoundError:
            pass
        query = client.query('test', 'legacy_page')
        query.select('n')
        query.where(p.between('n', 1, 3))
        found = []
        query.foreach(lambda record: found.append(record[2]['n']), {'timeout': 20000})
        print(sorted(found))
        counted = client.query('test', 'legacy_page')
        counted.where(p.between('n', 0, 9))
        counted.apply('legacy_page', 'count', [])
        print(counted.results())
        options = {'priority': aerospike.SCAN_PRIORITY_HIGH, 'percent': 100, 'concurrent': False}
        job = client.scan_apply('test', 'legacy_page', 'legacy_page', 'visit', ['visits', 1], {}, options)
        while client.scan_info(job)['status'] != aerospike.SCAN_STATUS_COMPLETED:
            time.sleep(0.05)
        job = client.query_apply('test', 'legacy_page', p.equals('n', 2), 'legacy_page', 'visit', ['visits', 10])
        while client.job_info(job, aerospike.JOB_QUERY)['status'] != aerospike.JOB_STATUS_COMPLETED:
            time.sleep(0.05)
        print([bins['visits'] for (key, meta, bins) in client.select_many(keys, ['visits'])])
        client.index_remove('test', 'legacy_page_n')
        client.udf_remove('legacy_page.lua')
        for key in keys:
            client.remove(key, policy={'timeout': 20000})
        """,
        "3\n[1, 2, 3]\n[6]\n[1, 1, 14, 1, 1, 1]\n",
    ),
}
