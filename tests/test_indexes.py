# SPDX-License-Identifier: Apache-2.0
"""Secondary indexes: what the calls send, how they wait, and what they refuse."""

import contextlib
import os
import signal
import threading
import time

import pytest

import aerospike
from aerospike import exception
from aerospike_helpers import cdt_ctx, expressions

NUMERIC = aerospike.INDEX_NUMERIC
PLACE = ("test", "demo")
CONTEXT = [cdt_ctx.cdt_ctx_map_key("a"), cdt_ctx.cdt_ctx_list_index(-1)]
EXPRESSION = (expressions.IntBin("a") + 1).compile()


def accept(place, command):
    """The answers of a node that makes every index at once, and removes it."""
    if command.startswith("sindex-stat"):
        return "entries=0;load_pct=100;load_time=0"
    return "ok" if command.startswith("sindex-create") else None


def remove(place, command):
    if command.startswith("sindex-stat"):
        return "ERROR:201:no index"
    return "ok" if command.startswith("sindex-delete") else None


def told(nodes):
    """The command that changes something, as its fields, beside its name."""
    (command,) = {command for _place, command in nodes.asked if not command.startswith("sindex-stat")}
    name, _, fields = command.partition(":")
    return name, dict(field.split("=", 1) for field in fields.split(";"))


# ---- what is sent ----

CALLS = {
    "index_single_value_create": (("a", NUMERIC, "n"), {"bin": "a", "type": "NUMERIC"}),
    "index_list_create": (("a", NUMERIC, "n"), {"bin": "a", "type": "NUMERIC", "indextype": "LIST"}),
    "index_map_keys_create": (
        ("a", aerospike.INDEX_STRING, "n"), {"bin": "a", "type": "STRING", "indextype": "MAPKEYS"}
    ),
    "index_map_values_create": (
        ("a", aerospike.INDEX_BLOB, "n"), {"bin": "a", "type": "BLOB", "indextype": "MAPVALUES"}
    ),
    "index_set_create": (("n",), {"indextype": "SET"}),
    "index_integer_create": (("a", "n"), {"bin": "a", "type": "NUMERIC"}),
    "index_string_create": (("a", "n"), {"bin": "a", "type": "STRING"}),
    "index_blob_create": (("a", "n"), {"bin": "a", "type": "BLOB"}),
    "index_geo2dsphere_create": (("a", "n"), {"bin": "a", "type": "GEO2DSPHERE"}),
}  # fmt: skip
OLD = ["index_integer_create", "index_string_create", "index_blob_create", "index_geo2dsphere_create"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("call", CALLS)
def test_what_an_index_is_of_is_sent(nodes, call):
    arguments, fields = CALLS[call]
    nodes.answer = accept
    assert getattr(nodes.client, call)(*PLACE, *arguments) == 0
    name, sent = told(nodes)
    assert name == "sindex-create"
    assert {field: value.upper() if field in ("type", "indextype") else value for field, value in sent.items()} == {
        "namespace": "test", "set": "demo", "indexname": "n", **fields
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["single_value", "list", "map_keys", "map_values"])
def test_a_context_is_sent(nodes, kind):
    nodes.answer = accept
    getattr(nodes.client, f"index_{kind}_create")(*PLACE, "a", NUMERIC, "n", None, CONTEXT)
    assert told(nodes)[1]["context"] == nodes.client.get_cdtctx_base64(CONTEXT)


def test_an_empty_context_is_the_servers_to_refuse(nodes):
    nodes.answer = accept
    nodes.client.index_single_value_create(*PLACE, "a", NUMERIC, "n", ctx=[])
    assert told(nodes)[1]["context"] == "kA=="


def test_an_expression_is_sent(nodes):
    nodes.answer = accept
    kind = aerospike.INDEX_TYPE_MAPKEYS
    nodes.client.index_expr_create(*PLACE, kind, NUMERIC, EXPRESSION, "n")
    fields = told(nodes)[1]
    assert fields["exp"] == nodes.client.get_expression_base64(EXPRESSION)
    assert fields["indextype"] == "MAPKEYS"
    assert "bin" not in fields


def test_index_cdt_create_takes_all_of_it(nodes):
    nodes.answer = accept
    with pytest.warns(
        DeprecationWarning,
        match=r"index_cdt_create\(\) is deprecated, use index_list_create\(\) or its relatives with ctx$",
    ):
        nodes.client.index_cdt_create(
            *PLACE, "a", aerospike.INDEX_TYPE_LIST, aerospike.INDEX_STRING, "n", CONTEXT, {"timeout": 500}
        )
    fields = told(nodes)[1]
    assert (fields["indextype"], fields["type"]) == ("LIST", "STRING")
    assert fields["context"] == nodes.client.get_cdtctx_base64(CONTEXT)


def test_an_index_of_no_set(nodes):
    nodes.answer = accept
    nodes.client.index_single_value_create("test", None, "a", NUMERIC, "n")
    assert "set" not in told(nodes)[1]


@pytest.mark.parametrize("call", OLD)
def test_what_is_deprecated_says_so(nodes, call):
    nodes.answer = accept
    with pytest.warns(
        DeprecationWarning, match=rf"{call}\(\) is deprecated, use index_single_value_create\(\)"
    ) as seen:
        getattr(nodes.client, call)(*PLACE, "a", "n")
    assert seen[0].filename == __file__


def test_names_by_keyword(nodes):
    nodes.answer = accept
    nodes.client.index_list_create(ns="test", set="demo", bin="a", index_datatype=NUMERIC, name="n", ctx=CONTEXT)
    assert told(nodes)[1]["indexname"] == "n"


def test_send_as_is_changes_nothing(nodes):
    nodes.answer = accept
    nodes.client.index_set_create(*PLACE, "n", {"send_as_is": False})
    assert told(nodes)[0] == "sindex-create"


# ---- waiting ----


def test_it_waits_until_every_node_is_ready(nodes):
    stages = ("ERROR:201:no index", "load_pct=0", "entries=5;load_pct=99;x=1", "load_pct=100")
    nodes.answer = lambda place, command: stages if place == 1 and "stat" in command else accept(place, command)
    nodes.client.index_single_value_create(*PLACE, "a", NUMERIC, "n")
    ask = "sindex-stat:namespace=test;indexname=n"
    assert nodes.asked.count((1, ask)) == len(stages)
    assert (0, ask) in nodes.asked


def test_it_waits_until_no_node_has_it(nodes):
    stages = ("load_pct=100", "load_pct=100", "ERROR:201:no index")
    nodes.answer = lambda place, command: stages if place == 0 and "stat" in command else remove(place, command)
    assert nodes.client.index_remove("test", "n") == 0
    assert told(nodes) == ("sindex-delete", {"namespace": "test", "indexname": "n"})
    assert nodes.asked.count((0, "sindex-stat:namespace=test;indexname=n")) == len(stages)


def test_servers_keep_an_index_with_a_colon_in_its_name(nodes):
    nodes.answer = accept
    with pytest.raises(exception.IndexError, match="'a:b' has a colon in its name, and servers keep") as caught:
        nodes.client.index_remove("test", "a:b", {"timeout": 0})
    assert (type(caught.value), caught.value.code, caught.value.name) == (exception.IndexError, 204, "a:b")
    nodes.answer = remove
    assert nodes.client.index_remove("test", "a:b") == 0  # where a server does it


def test_a_node_that_breaks_off_is_asked_again(nodes):
    failures = iter(range(3))

    def answer(place, command):
        if place == 1 and "stat" in command and next(failures, None) is not None:
            raise ConnectionError
        return accept(place, command)

    nodes.answer = answer
    assert nodes.client.index_single_value_create(*PLACE, "a", NUMERIC, "n") == 0
    assert next(failures, None) is None


def test_an_unknown_namespace_ends_the_wait(nodes):
    nodes.answer = lambda place, command: (
        "ERROR:20:namespace not found on node" if "stat" in command else accept(place, command)
    )
    with pytest.raises(exception.NamespaceNotFound):
        nodes.client.index_single_value_create("nosuch", "demo", "a", NUMERIC, "n")
    nodes.answer = lambda place, command: (
        "ERROR:20:namespace not found on node" if "stat" in command else remove(place, command)
    )
    assert nodes.client.index_remove("nosuch", "n") == 0


def test_a_refusal_is_an_error_at_once(nodes):
    nodes.answer = lambda place, command: "ERROR:200:another definition" if "create" in command else None
    with pytest.raises(exception.IndexFoundError) as caught:
        nodes.client.index_single_value_create(*PLACE, "a", NUMERIC, "n")
    assert caught.value.code == 200
    assert caught.value.name == "n"
    assert "another definition" in caught.value.msg
    assert "name 'n'" in str(caught.value)
    assert len(nodes.asked) == 1


def never_ready(place, command):
    return "load_pct=50" if "stat" in command else accept(place, command)


def test_the_wait_ends_with_ctrl_c(nodes):
    nodes.answer = never_ready

    def interrupt():
        while len(nodes.asked) < 6:
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        nodes.client.index_single_value_create(*PLACE, "a", NUMERIC, "n")
    thread.join()


def test_other_threads_go_on_while_it_waits(nodes):
    nodes.answer = never_ready
    waiting = threading.Thread(target=lambda: calm(nodes.client.index_single_value_create, *PLACE, "a", NUMERIC, "n"))
    waiting.start()
    while len(nodes.asked) < 6:
        time.sleep(0.001)
    nodes.client.put((*PLACE, 1), {"a": 1})
    nodes.answer = accept
    waiting.join(10)
    assert not waiting.is_alive()


def calm(call, *arguments):
    with contextlib.suppress(exception.AerospikeError):
        call(*arguments)


# ---- misuse: by name, and before anything is sent ----

VALUE = "index_single_value_create"
MISUSE = [
    (VALUE, (5, "demo", "a", NUMERIC, "n"), "ns must be a str"),
    (VALUE, ("test", 5, "a", NUMERIC, "n"), "set must be a str"),
    (VALUE, (*PLACE, None, NUMERIC, "n"), "bin must be a str"),
    (VALUE, (*PLACE, "a", NUMERIC, 5), "name must be a str"),
    (VALUE, ("te\0st", "demo", "a", NUMERIC, "n"), "ns"),
    (VALUE, ("te\nst", "demo", "a", NUMERIC, "n"), "ns must have neither a tab nor a newline"),
    (VALUE, ("test", "de;mo", "a", NUMERIC, "n"), "set must have"),
    (VALUE, (*PLACE, "a\tb", NUMERIC, "n"), "bin must have"),
    (VALUE, (*PLACE, "a", NUMERIC, "n\nx"), "name must have"),
    (VALUE, (*PLACE, "a", NUMERIC, "n;x"), "name must have"),
    (VALUE, (*PLACE, "a", 5, "n"), "index_datatype"),
    (VALUE, (*PLACE, "a", -1, "n"), "index_datatype"),
    (VALUE, (*PLACE, "a", "num", "n"), "index_datatype"),
    (VALUE, (*PLACE, "a", NUMERIC, "n", 5), "policy"),
    (VALUE, (*PLACE, "a", NUMERIC, "n", {"timeot": 5}), "timeot"),
    (VALUE, (*PLACE, "a", NUMERIC, "n", None, 5), "ctx"),
    (VALUE, (*PLACE, "a", NUMERIC, "n", None, [5]), "ctx"),
    (VALUE, (*PLACE, "a", NUMERIC, "n", None, [cdt_ctx.cdt_ctx_map_key("x" * 13000)]), "ctx"),
    (VALUE, (*PLACE, "a", NUMERIC, "n" * 20000), "what defines the index"),
    ("index_expr_create", (*PLACE, 4, NUMERIC, EXPRESSION, "n"), "index_type"),
    ("index_expr_create", (*PLACE, 0, 5, EXPRESSION, "n"), "index_datatype"),
    ("index_expr_create", (*PLACE, 0, NUMERIC, 5, "n"), "expressions"),
    ("index_expr_create", (*PLACE, 0, NUMERIC, expressions.IntBin("a"), "n"), "expressions"),
    (
        "index_expr_create",
        (*PLACE, 0, NUMERIC, expressions.Eq(expressions.StrBin("a"), "x" * 13000).compile(), "n"),
        "expressions",
    ),
    ("index_set_create", ("test", 5, "n"), "set must be a str"),
    ("index_remove", (5, "n"), "ns must be a str"),
    ("index_remove", ("test", None), "name must be a str"),
    ("index_remove", ("test", "n\n"), "name must have"),
    ("index_remove", ("test", "a\tb"), "name must have"),
    ("index_remove", ("test", "n" * 800), "ns and name have"),
]


@pytest.mark.parametrize(("call", "arguments", "names"), MISUSE, ids=lambda value: str(value)[:40])
def test_misuse(nodes, call, arguments, names):
    nodes.answer = accept
    with pytest.raises(exception.ParamError, match=names):
        getattr(nodes.client, call)(*arguments)
    assert nodes.asked == []


def test_a_semicolon_in_a_name_warns_as_the_server_cuts_it(nodes):
    nodes.answer = accept
    with (
        aerospike.client({"hosts": nodes.hosts[:1]}) as lenient,
        pytest.warns(UserWarning, match="before the semicolon"),
    ):
        lenient.index_single_value_create(*PLACE, "a", NUMERIC, "cut;off")
    assert ";indexname=cut;off;" in nodes.asked[0][1]


def test_what_fits_is_sent_whole(nodes):
    nodes.answer = accept
    context = [cdt_ctx.cdt_ctx_map_key("x" * 12000)]
    nodes.client.index_single_value_create(*PLACE, "a", NUMERIC, "n", ctx=context)
    fields = told(nodes)[1]
    assert fields["context"] == nodes.client.get_cdtctx_base64(context)
    assert fields["type"] == "NUMERIC"


def test_after_close(nodes):
    nodes.client.close()
    with pytest.raises(exception.ClusterError):
        nodes.client.index_remove(5, 5)
