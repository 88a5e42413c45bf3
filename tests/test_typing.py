# SPDX-License-Identifier: Apache-2.0
"""The package's types: mypy finds what is wrong, the stubs are true, no key is forgotten."""

import collections
import inspect
import json
import pathlib
import re
import runpy
import subprocess
import sys

import pytest
from children import PACKAGES

import aerospike
from aerospike import types

ROOT = pathlib.Path(__file__).parent.parent
TABLES = ROOT / "src" / "include" / "tables"
FACTS = json.loads((ROOT / "tests" / "data" / "policy-keys.json").read_text())


def run(*arguments, folder=ROOT):
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


# ---- mypy on what users write ----


@pytest.fixture(scope="module")
def mypy_errors(tmp_path_factory):
    """``{file name: {line: [error]}}``, as mypy --strict finds them."""
    pytest.importorskip("mypy", reason="mypy is not installed")
    cache = tmp_path_factory.mktemp("mypy")
    _, output = run("mypy", "--strict", "--cache-dir", str(cache), "tests/typing")
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in output.splitlines():
        match = re.fullmatch(r"(.+?):(\d+): error: (.*)", line)
        if match:
            found[pathlib.Path(match[1]).name][int(match[2])].append(match[3])
        else:
            assert ": note: " in line or line.startswith(("Found ", "Success")), line
    return found


@pytest.mark.foreign
@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "typing").glob("*.py")), ids=lambda path: path.stem)
def test_mypy_finds_what_is_wrong_and_nothing_else(mypy_errors, path):
    lines = path.read_text().splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("  # E")}
    found = mypy_errors[path.name]
    assert {number: lines[number - 1] for number in marked - set(found)} == {}
    assert {lines[number - 1]: found[number] for number in set(found) - marked} == {}


@pytest.mark.foreign
def test_stubs_are_true(tmp_path):
    pytest.importorskip("mypy", reason="mypy is not installed")
    # as the Python that runs here sees them, not the oldest one, for which types are checked
    config = tmp_path / "pyproject.toml"
    config.write_text(re.sub(r"^python_version.*\n", "", (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE))
    allowed = str(ROOT / "tests" / "typing" / "stubtest.txt")
    status, output = run(
        # the decorator that says so is newer than the type checkers of many users
        *("mypy.stubtest", "--concise", "--ignore-disjoint-bases", "--ignore-unused-allowlist", "--allowlist", allowed),
        *("--mypy-config-file", str(config)),
        *("aerospike", "aerospike_helpers"),
        folder=PACKAGES,  # the modules are imported from there
    )
    assert status == 0, output


def test_the_stub_tells_what_the_native_functions_do():
    script = runpy.run_path(str(ROOT / "scripts" / "stub_docs.py"))
    stub = script["STUB"].read_text()
    assert script["documented"](stub) == stub, "a docstring changed: run scripts/stub_docs.py"


def test_the_stub_of_the_asyncio_client_is_made_of_the_others():
    pytest.importorskip("ruff", reason="ruff lays it out")
    script = runpy.run_path(str(ROOT / "scripts" / "stub_async.py"))
    assert script["stub"]() == script["STUB"].read_text(), "a signature or docstring changed: run scripts/stub_async.py"


# ---- no key is forgotten ----


def read_table(name):
    """The rows of a table as ``(macro, [arguments])``, with the macros that the table itself defines put in."""
    text = re.sub(r"//.*", "", (TABLES / name).read_text()).replace("\\\n", " ")
    macros = {}

    def expand(part):
        return re.sub(r"(?<!\()\b[A-Z_]+\b(?!\()", lambda word: expand(macros.get(word[0], "")) or word[0], part)

    body = []
    for line in text.splitlines():
        define = re.match(r"#define (\w+) (.*)", line)
        if define:
            macros[define[1]] = define[2]
        elif not line.startswith("#"):
            body.append(line)
    rows = re.findall(r"\b([A-Z_]+)\(([^()]*)\)", expand("\n".join(body)))
    return [(macro, [argument.strip(' "\n') for argument in arguments.split(",")]) for macro, arguments in rows]


def policy_tables():
    """``{kind: {key}}`` of policies.def."""
    kinds = {}
    for macro, arguments in read_table("policies.def"):
        if macro in ("POLICY", "ENTRY_POLICY"):
            keys = kinds[arguments[2]] = set()
        else:
            keys.add(arguments[0])
    return kinds


def config_keys(prefix):
    """The keys of config.def whose rows begin with the prefix."""
    macros = {f"{prefix}{name}" for name in ("NUMBER", "TEXT", "OTHER", "ACCEPTED")}
    return {arguments[0] for macro, arguments in read_table("config.def") if macro in macros}


def keys_of(typed_dict):
    return set(typed_dict.__annotations__)


POLICY_TYPES = {
    "read": types.ReadPolicy,
    "write": types.WritePolicy,
    "apply": types.ApplyPolicy,
    "operate": types.OperatePolicy,
    "remove": types.RemovePolicy,
    "query": types.QueryPolicy,
    "scan": types.ScanPolicy,
    "batch": types.BatchPolicy,
    "batch_parent_write": types.BatchPolicy,
    "batch_read": types.BatchReadPolicy,
    "batch_write": types.BatchWritePolicy,
    "batch_apply": types.BatchApplyPolicy,
    "batch_remove": types.BatchRemovePolicy,
    "info": types.InfoPolicy,
    "admin": types.AdminPolicy,
    "txn_verify": types.BatchPolicy,
    "txn_roll": types.BatchPolicy,
    "list": types.ListPolicy,
    "map": types.MapPolicy,
    "bit": types.BitPolicy,
    "hll": types.HLLPolicy,
}


@pytest.mark.parametrize(("kind", "keys"), policy_tables().items())
def test_every_policy_key_has_a_type(kind, keys):
    assert keys_of(POLICY_TYPES[kind]) == keys


def test_every_kind_of_policy_has_a_type(client):
    assert keys_of(types.DefaultPolicies) == set(client.get_policies())
    assert set(policy_tables()) == set(client.get_policies()) | {"batch_read"}  # of one row: a client has no defaults


@pytest.mark.parametrize("name", [name for name in FACTS if name.startswith("policy.")])
def test_every_official_policy_key_has_a_type(name):
    if name == "policy.base":
        return
    keys = {key for entry in FACTS[name] for key in (FACTS["policy.base"] if entry == "base" else [entry])}
    assert keys <= keys_of(POLICY_TYPES[name.removeprefix("policy.")])


@pytest.mark.parametrize(
    ("prefix", "typed_dict", "fact"),
    [
        ("CONFIG_", types.Config, "config"),
        ("TLS_", types.TLSConfig, "config.tls"),
        ("SHM_", types.SharedMemoryConfig, "config.shm"),
        ("LUA_", types.LuaConfig, "config.lua"),
    ],
)
def test_every_configuration_key_has_a_type(prefix, typed_dict, fact):
    assert keys_of(typed_dict) == config_keys(prefix)
    assert set(FACTS[fact]) <= keys_of(typed_dict)


def test_every_argument_of_an_operation_has_a_type():
    header = (TABLES.parent / "operate" / "operand.h").read_text()
    table = header.partition("#define OPERAND_KEYS(X)")[2].partition("typedef")[0]
    shapes = (types.Operation, types.ListPolicy, types.MapPolicy, types.BitPolicy, types.HLLPolicy)
    old = {"map_write_mode"}  # which only a map's policy has
    assert set().union(*map(keys_of, shapes)) - old == set(re.findall(r"X\((\w+)\)", table))


def test_every_option_has_a_type():
    assert keys_of(types.ScanOptions) == set(aerospike.Scan._options)
    assert keys_of(types.QueryOptions) == set(aerospike.Query._options)


def test_the_other_configuration_keys_have_types():
    assert set(FACTS["config.policies"]) <= keys_of(types.Policies)
    assert keys_of(types.Meta) == set(FACTS["meta"])


def test_every_function_has_a_signature():
    for name, function in vars(aerospike).items():
        if callable(function) and not isinstance(function, type) and not name.startswith("_"):
            inspect.signature(function)
    for made in (aerospike.Client, aerospike.Query, aerospike.Scan):
        for name in dir(made):
            if not name.startswith("_") and callable(getattr(made, name)):
                inspect.signature(getattr(made, name))
