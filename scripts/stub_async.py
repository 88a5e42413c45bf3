#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the stub of AsyncClient, whose methods are those of Client, awaited.

Run it after a change of the native stub, of Client, LList, Scan or Query; a test tells where it was forgotten.
"""

from __future__ import annotations

import ast
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator

from aerospike import _async

PACKAGE = pathlib.Path(_async.__file__).parent
STUB = PACKAGE / "_async.pyi"
HEAD = """\
# SPDX-License-Identifier: Apache-2.0
# Made by scripts/stub_async.py: the methods of Client, LList, Scan and Query as AsyncClient has them.
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, TypeVar

{imports}

__all__ = ["AsyncClient", "AsyncLList", "AsyncQuery", "AsyncRecordIterator", "AsyncScan"]

_Client = TypeVar("_Client", bound="AsyncClient")
_Plan = TypeVar("_Plan", bound="AsyncPlan")
_Key = TypeVar("_Key", bound=Key)  # a list of some keys is no list of all

class AsyncRecordIterator:
    def __init__(self, records: Iterator[Any]) -> None: ...
    def __aiter__(self) -> AsyncIterator[Any]: ...
    async def __anext__(self) -> Any: ...
    async def aclose(self) -> None: ...
    async def __aenter__(self) -> AsyncRecordIterator: ...
    async def __aexit__(self, *_: object) -> None: ...

class AsyncPlan:
    def __init_subclass__(cls, model: type[Plan] | None = None) -> None: ...
    max_records: int
    records_per_second: int
    ttl: int
    def __aiter__(self) -> AsyncIterator[Any]: ...
"""


def methods(path: str, name: str) -> Iterator[ast.FunctionDef]:
    """The public methods of a class."""
    tree = ast.parse((PACKAGE / path).read_text())
    home = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == name)
    for node in home.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def body_of(node: ast.FunctionDef) -> list[ast.stmt]:
    doc = ast.get_docstring(node, clean=False)
    return [ast.Expr(ast.Constant(doc))] if doc else [ast.Expr(ast.Constant(...))]


def awaited(node: ast.FunctionDef, returns: ast.expr | None) -> ast.AsyncFunctionDef:
    return ast.AsyncFunctionDef(node.name, node.args, body_of(node), [], returns)


def plain(node: ast.FunctionDef, returns: str) -> ast.FunctionDef:
    return ast.FunctionDef(node.name, node.args, body_of(node), [], ast.parse(returns, mode="eval").body)


def client_method(node: ast.FunctionDef) -> ast.stmt:
    others = {"scan": "AsyncScan", "query": "AsyncQuery", "llist": "AsyncLList"}
    others["transaction"] = "AbstractAsyncContextManager[Transaction]"
    return plain(node, others[node.name]) if node.name in others else awaited(node, node.returns)


def plan_method(node: ast.FunctionDef) -> ast.stmt:
    if node.name == "records":
        return plain(node, "AsyncRecordIterator")
    if node.name in ("is_done", "get_partitions_status", "arrow"):
        return plain(node, ast.unparse(node.returns) if node.returns else "None")
    if node.name in vars(_async)["PLAN_METHODS"]:
        return awaited(node, node.returns)
    node.args.args[0].annotation = ast.Name("_Plan")
    return plain(node, "_Plan")


def class_of(name: str, base: str, nodes: list[ast.stmt], head: str = "") -> str:
    text = "\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in nodes)
    lines = (head + text).splitlines()
    return f"\nclass {name}{base}:\n" + "\n".join(f"    {line}" if line else "" for line in lines) + "\n"


CLIENT = """\
def __init__(self, config: Config | str | None = None) -> None: ...
async def connect(self: _Client, username: str | None = None, password: str | None = None) -> _Client: ...
async def close(self) -> None: ...
async def __aenter__(self: _Client) -> _Client: ...
async def __aexit__(
    self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
) -> None: ...
"""
LLIST = """\
key: tuple[Any, ...]
bin: str
def __aiter__(self) -> AsyncIterator[Any]: ...
"""
IMPORTS = {
    "_batch.py": "from aerospike._batch import BatchRecords",
    "_columns.py": "from aerospike._columns import ArrowReader, ArrowTable",
    "_native.pyi": "from aerospike._native import Matrix, Transaction",
    "_put_arrow.py": "from aerospike._put_arrow import ArrowWritten",
    "_plan.py": "from aerospike._plan import Plan",
    "_split.py": "from aerospike._split import Split",
    "predicates.py": "from aerospike.predicates import Predicate",
}


def type_names() -> Iterator[str]:
    """What aerospike.types defines."""
    for node in ast.parse((PACKAGE / "types.py").read_text()).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
        for target in node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]:
            if isinstance(target, ast.Name) and not target.id.startswith("_"):
                yield target.id


def without_modules(text: str) -> str:
    """Return a source that names types alone."""
    return re.sub(r"\btypes\.", "", text)


def stub() -> str:
    """The whole stub, laid out."""
    clients = [*methods("_native.pyi", "_Client"), *methods("_client.py", "Client")]
    made = [client_method(node) for node in clients if node.name not in ("connect", "close")]
    names = sorted(type_names())
    plans = {}
    for cls, path in (("Scan", "scan.py"), ("Query", "query.py")):
        own = {node.name: node for node in methods("_plan.py", "Plan")}
        own.update((node.name, node) for node in methods(path, cls))
        plans[cls] = class_of(f"Async{cls}", "(AsyncPlan)", [plan_method(node) for node in own.values()])
    lists: list[ast.stmt] = [awaited(node, node.returns) for node in methods("llist.py", "LList")]
    plans["LList"] = class_of("AsyncLList", "", lists, LLIST)
    text = without_modules(plans["LList"] + plans["Scan"] + plans["Query"] + class_of("AsyncClient", "", made, CLIENT))
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    imports = [*IMPORTS.values(), f"from aerospike.types import {', '.join(n for n in names if n in used | {'Key'})}"]
    imports += ["from aerospike_helpers.cdt_ctx import Context"]
    imports += ["from aerospike_helpers.metrics import ClusterStats, MetricsPolicy"]
    source = HEAD.format(imports="\n".join(imports)) + text
    fixed = run_ruff(["check", "--select", "F401,I", "--fix-only", "--quiet"], source)
    return run_ruff(["format", "--quiet"], fixed)


def run_ruff(arguments: list[str], source: str) -> str:
    command = [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", str(STUB), "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    STUB.write_text(stub())
