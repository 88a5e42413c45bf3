# SPDX-License-Identifier: Apache-2.0
"""The manual and the README: every example runs, and every public name has its place."""

import contextlib
import doctest
import importlib
import inspect
import io
import pathlib
import pkgutil
import re
import subprocess
import sys
import types
from fnmatch import fnmatch
from importlib.metadata import entry_points

import pytest
from children import environment

import aerospike
import aerospike_helpers
from aerospike import embedded, exception, predicates
from aerospike import types as shapes
from aerospike_helpers import expressions

ROOT = pathlib.Path(__file__).parents[1]
PAGES = sorted(path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.rst") if "_build" not in path.parts)
BLOCK = re.compile(r"^\.\. (testcode|testoutput)::[^\n]*\n((?:[ ]{3}[^\n]*\n|\s*\n)+)", re.M)
SINCE_8_2 = {"docs/operations/string.rst", "docs/expressions/string.rst"}
PACKAGES = {
    "docs/watching.rst": ("opentelemetry.sdk", "opentelemetry.instrumentation", "prometheus_client"),
    "docs/columns.rst": ("pyarrow", "duckdb", "polars", "numpy"),
}
checker = doctest.OutputChecker()


def blocks(path):
    """(kind, text, line number) of each testcode and testoutput of a page, in order."""
    text = (ROOT / path).read_text() + "\n"
    for match in BLOCK.finditer(text):
        body = "\n".join(line[3:] for line in match[2].splitlines())
        yield match[1], body.strip("\n") + "\n", text.count("\n", 0, match.start(2)) + 1


def run(code, where, line, names):
    """Execute code and return what it prints. Where it connects to the usual port, it gets the server under test."""
    usual = '("127.0.0.1", 3000)'
    if usual in code:
        code = code.replace(usual, repr(names["client"].get_nodes()[0]))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile("\n" * line + code, str(ROOT / where), "exec"), names)
    return printed.getvalue()


def compare(wanted, got, place):
    if not checker.check_output(wanted, got, doctest.ELLIPSIS):
        pytest.fail(f"{place}: wanted\n{wanted}got\n{got}", pytrace=False)


@pytest.fixture
def names(client, namespace):
    """What a page begins with: a connected client, and nothing in the set ``manual``."""
    if namespace != "test":
        pytest.skip("the manual works in the namespace test")
    names = {"__name__": "manual", "aerospike": aerospike, "client": client}
    yield names
    names.clear()  # at once: what OpenTelemetry's providers start in a forked child, other tests meet there
    for key, _meta, _bins in client.scan("test", "manual").results():
        client.remove(key)


@pytest.mark.parametrize("page", [page for page in PAGES if any(blocks(page))], ids=str)
def test_examples_of_the_manual_do_what_they_show(page, names, request):
    if page.as_posix() in SINCE_8_2:
        request.getfixturevalue("since_8_2")
    for package in PACKAGES.get(page.as_posix(), ()):
        pytest.importorskip(package, reason=f"{package} is not installed")
    printed = None
    for kind, text, line in blocks(page):
        if kind == "testoutput":
            compare(text, printed, f"{page}:{line}")
            printed = None
        else:
            assert not printed, f"{page}: an example above line {line} prints what the page does not show: {printed}"
            printed = run(text, page, line, names)
    assert not printed, f"{page}: the last example prints what the page does not show: {printed}"


ROW = re.compile(r"^   \* - ``(.+)``\n     - .+\n     - ``(.+)``$", re.M)


def outcomes(call, names):
    """What a page may show of a call: the result; or the exception's class or text."""
    try:
        return [repr(eval(call, names))]
    except (aerospike.Error, TypeError) as error:
        return [type(error).__name__, getattr(error, "msg", str(error))]


def test_the_calls_of_the_page_of_differences_end_as_it_says(names):
    page = pathlib.Path("docs/differences.rst")
    ((_, prepare, line),) = blocks(page)
    run(prepare, page, line, names)
    wrong = {call: told for call, told in ROW.findall((ROOT / page).read_text()) if told not in outcomes(call, names)}
    assert not wrong


def test_the_examples_of_the_readme_run(names):
    text = (ROOT / "README.md").read_text()
    examples = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert examples
    for example in examples:
        run(example, "README.md", text[: text.index(example)].count("\n"), dict(names))


def run_pytest(folder, *arguments, **variables):
    """What pytest says of the tests in a folder, with this package on its path."""
    command = [sys.executable, "-m", "pytest", "-q", *arguments, folder]
    done = subprocess.run(command, env=environment(**variables), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def python_block(page, word):
    """The code of a page that is not run with the others and has the word."""
    text = (ROOT / "docs" / page).read_text()
    found = re.findall(r"^\.\. code-block:: python\n((?:\n| {3}.*\n)+)", text, re.M)
    (code,) = (inspect.cleandoc(block) for block in found if word in block)
    return code


def test_the_example_of_the_pytest_plugin_runs(tmp_path):
    (tmp_path / "test_example.py").write_text(python_block("embedded.rst", "def test_greeting"))
    installed = any(plugin.value == "aerospike.pytest_plugin" for plugin in entry_points(group="pytest11"))
    assert "2 passed" in run_pytest(tmp_path, *(() if installed else ("-p", "aerospike.pytest_plugin")))


TEST_OF_PEOPLE = """
def test_people(client, people):
    client.put(("test", people, "ann"), {"name": "Ann"})
    assert len(client.scan("test", people).results()) == 1
"""


@pytest.mark.parametrize("there", [False, True], ids=["embedded", "cluster"])
def test_the_conftest_of_the_guide_serves_both(tmp_path, hosts, names, there):
    (tmp_path / "conftest.py").write_text(python_block("to_a_cluster.rst", "@pytest.fixture"))
    (tmp_path / "test_people.py").write_text(TEST_OF_PEOPLE)
    listed = ",".join(f"{address}:{port}" for address, port in hosts)
    assert "1 passed" in run_pytest(tmp_path, AEROSPIKE_HOSTS=listed if there else "")
    assert names["client"].scan("test", "people-of-tests").results() == []


# ---- public names ----


def is_public(name, module):
    """A name that a user of the module may use: no underscore, no import that is only needed inside."""
    thing = getattr(module, name)
    if name.startswith("_") or isinstance(thing, types.ModuleType):
        return False
    home = getattr(thing, "__module__", None)
    return home is None or home.split(".")[0] == "aerospike" or home == module.__name__


def helper_modules():
    yield aerospike_helpers
    for info in pkgutil.walk_packages(aerospike_helpers.__path__, "aerospike_helpers."):
        if not any(part.startswith("_") for part in info.name.split(".")):
            yield importlib.import_module(info.name)


def optional_modules():
    """What needs packages of others, where these are installed."""
    for name in ("aerospike.opentelemetry", "aerospike.prometheus"):
        with contextlib.suppress(ImportError):
            yield importlib.import_module(name)


def public_things():
    """{full name: object} of all that the manual must have."""
    found = {f"aerospike.{name}": getattr(aerospike, name) for name in dir(aerospike) if is_public(name, aerospike)}
    for cls in (aerospike.Client, aerospike.Scan, aerospike.Query, aerospike.GeoJSON):
        for name in dir(cls):
            if not name.startswith("_"):
                found[f"aerospike.{cls.__name__}.{name}"] = getattr(cls, name)
    for module in (embedded, exception, predicates, shapes, *helper_modules(), *optional_modules()):
        for name, thing in vars(module).items():
            if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__:
                found[f"{module.__name__}.{name}"] = thing
    return found


@pytest.mark.foreign
def test_every_public_name_is_in_the_manual(inventory):
    missing = sorted(public_things().keys() - inventory)
    assert not missing, f"not in the manual: {', '.join(missing)}"


@pytest.mark.foreign
def test_every_exception_is_in_the_tables_of_errors(manual):
    page = (manual / "errors.html").read_text()
    assert not [name for name in exception.__all__ if f'href="exception.html#aerospike.exception.{name}"' not in page]


@pytest.mark.foreign
def test_keys_and_constants_are_in_the_index(manual, client):
    page = (manual / "genindex.html").read_text()
    constants = {name for name in dir(aerospike) if re.fullmatch(r"[A-Z][A-Z0-9_]+", name)}
    assert not [name for name in constants if f"{name} (in module aerospike)" not in page]
    keys = set().union(*client.get_policies().values())
    assert not [key for key in keys if f"{key} (key of policies)" not in page]


def test_the_architecture_page_names_every_room():
    text = (ROOT / "docs" / "contributing" / "architecture.rst").read_text()
    named = set(re.findall(r"``([^`]+)``", text))
    rooms = [path.name for path in (ROOT / "src" / "main").rglob("*.c")]
    rooms += [path.stem for path in (ROOT / "src" / "embedded").rglob("*.cpp")]
    rooms += [path.name for path in (ROOT / "aerospike").glob("*.py")]
    patterns = [name.rpartition("/")[2] for name in named if "*" in name]
    assert not [room for room in rooms if room not in named and not any(fnmatch(room, one) for one in patterns)]
    homes = [ROOT / home for home in ("src", "aerospike", "scripts", "examples", "tests")]
    files = {path.name for home in homes for path in home.rglob("*.*")}
    assert not [name for name in named if re.fullmatch(r"\w+\.(c|h|py)", name) and name not in files]


# ---- docstrings ----

# What their examples are about: a record of the set demo.
RECORD = {"name": " Ann ", "age": 41, "visits": 1, "a": 1, "b": 2, "flags": b"\0", "games": {"scores": [1, 2]}}


def literal_blocks(doc):
    """The code after each ``::`` of a docstring."""
    for match in re.finditer(r"^( *).*::\n((?:\n|\1 +.*\n)+)", inspect.cleandoc(doc or "") + "\n", re.M):
        yield inspect.cleandoc(match[2])


def docstring_examples():
    things = {**public_things(), **{module.__name__: module for module in (predicates, shapes, *helper_modules())}}
    for name, thing in sorted(things.items()):
        for code in literal_blocks(getattr(thing, "__doc__", None)):
            yield pytest.param(name, code, id=name)


@pytest.mark.parametrize(("name", "code"), list(docstring_examples()))
def test_examples_of_docstrings_run(name, code, names, request):
    if ".string" in name:
        request.getfixturevalue("since_8_2")
    client, key = names["client"], ("test", "demo", 1)
    client.put(key, RECORD, policy={"exists": aerospike.POLICY_EXISTS_CREATE_OR_REPLACE})
    known = {**vars(aerospike), **vars(expressions), **names, "key": key}
    try:
        run(code, f"docstring of {name}", 0, known)
    finally:
        client.remove(key)
