# SPDX-License-Identifier: Apache-2.0
"""The manual and the README: every example runs, and every public name has its place."""

import contextlib
import doctest
import importlib
import io
import pathlib
import pkgutil
import re
import subprocess
import sys
import types

import pytest
from fix_server import HOSTS

import aerospike
from aerospike import embedded, exception, predicates
from aerospike import types as shapes

ROOT = pathlib.Path(__file__).parents[1]
PAGES = sorted(path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.rst") if "_build" not in path.parts)
BLOCK = re.compile(r"^\.\. (testcode|testoutput)::[^\n]*\n((?:[ ]{3}[^\n]*\n|\s*\n)+)", re.M)
# Pages whose examples need a later server than the cluster under test may be; the embedded one has it all.
NEEDS_8_2 = {"docs/operations/string.rst", "docs/expressions/string.rst"}
checker = doctest.OutputChecker()


def blocks(path):
    """(kind, text, line number) of each testcode and testoutput of a page, in order."""
    text = (ROOT / path).read_text() + "\n"
    for match in BLOCK.finditer(text):
        body = "\n".join(line[3:] for line in match[2].splitlines())
        yield match[1], body.strip("\n") + "\n", text.count("\n", 0, match.start(2)) + 1


def run(code, where, line, names):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile("\n" * line + code, str(ROOT / where), "exec"), names)
    return printed.getvalue()


def compare(wanted, got, place):
    if not checker.check_output(wanted, got, doctest.ELLIPSIS):
        pytest.fail(f"{place}: wanted\n{wanted}got\n{got}", pytrace=False)


@pytest.fixture
def names(client, hosts, namespace):
    """What a page begins with: a connected client, and nothing in the set ``manual``."""
    if namespace != "test":
        pytest.skip("the manual works in the namespace test")
    yield {"__name__": "manual", "aerospike": aerospike, "client": client, "client_hosts": hosts}
    for key, _meta, _bins in client.scan("test", "manual").results():
        client.remove(key)


@pytest.mark.parametrize("page", [page for page in PAGES if any(blocks(page))], ids=str)
def test_examples_of_the_manual_do_what_they_show(page, names):
    if HOSTS and page.as_posix() in NEEDS_8_2:
        pytest.skip("string operations need a server 8.2")
    printed = None
    for kind, text, line in blocks(page):
        if kind == "testoutput":
            compare(text, printed, f"{page}:{line}")
            printed = None
        else:
            assert not printed, f"{page}: an example above line {line} prints what the page does not show: {printed}"
            printed = run(text, page, line, names)
    assert not printed, f"{page}: the last example prints what the page does not show: {printed}"


def test_the_examples_of_the_readme_run(names):
    pytest.importorskip("aerospike_helpers.operations.operations", reason="the operations have not landed")
    text = (ROOT / "README.md").read_text()
    examples = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert examples
    for example in examples:
        run(example, "README.md", text[: text.index(example)].count("\n"), dict(names))


def is_public(name, module):
    """A name that a user of the module may use: no underscore, no import that is only needed inside."""
    thing = getattr(module, name)
    if name.startswith("_") or isinstance(thing, types.ModuleType):
        return False
    home = getattr(thing, "__module__", None)
    return home is None or home.split(".")[0] == "aerospike" or home == module.__name__


def helper_modules():
    try:
        package = importlib.import_module("aerospike_helpers")
    except ImportError:
        return
    yield package
    for info in pkgutil.walk_packages(package.__path__, "aerospike_helpers."):
        if not any(part.startswith("_") for part in info.name.split(".")):
            yield importlib.import_module(info.name)


def public_names():
    """Every name that the manual must have."""
    for name in dir(aerospike):
        if is_public(name, aerospike) and name != "Any":
            yield f"aerospike.{name}"
    for cls in (aerospike.Client, aerospike.Scan, aerospike.Query, aerospike.GeoJSON):
        for name in dir(cls):
            if not name.startswith("_"):
                yield f"aerospike.{cls.__name__}.{name}"
    for module in (embedded, exception, predicates, shapes, *helper_modules()):
        for name, thing in vars(module).items():
            if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__:
                yield f"{module.__name__}.{name}"


@pytest.fixture(scope="session")
def inventory(tmp_path_factory):
    """Names of the manual, which is built with warnings as errors."""
    pytest.importorskip("furo", reason="the manual needs Sphinx and its theme furo")
    from sphinx.util.inventory import InventoryFile

    out = tmp_path_factory.mktemp("manual")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-d",
        out / "trees",
        ROOT / "docs",
        out / "html",
    ]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    with open(out / "html" / "objects.inv", "rb") as file:
        found = InventoryFile.load(file, "", lambda base, path: path)
    return {name for kind, entries in found.items() if kind.startswith("py:") for name in entries}


def test_every_public_name_is_in_the_manual(inventory):
    missing = sorted(set(public_names()) - inventory)
    assert not missing, f"not in the manual: {', '.join(missing)}"
