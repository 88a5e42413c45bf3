#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check what no formatter does: lengths of functions and files, the licence of each source, the order of the house.

The order: a room includes or imports what stands below it in its list, and no two files include each other in a circle.
"""

from __future__ import annotations

import ast
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator

import lizard

ROOT = pathlib.Path(__file__).resolve().parent.parent
FUNCTION_MOST = 100  # lines
FILE_MOST = 800
LICENCE = "SPDX-License-Identifier: Apache-2.0"
CODE = {".c", ".h", ".cpp", ".hpp", ".py"}
LICENSED = {*CODE, ".def", ".pyi", ".sh"}

# The rooms of the embedded server from the top down: a folder, or files that lie in none.
EMBEDDED = [
    ["module", "module_fault", "module_tls"],
    ["net"],
    ["commands"],
    ["security"],
    ["tls"],
    ["lua"],
    ["index"],
    ["expression"],
    ["ops"],
    ["store"],
    ["wire"],
    ["text"],
    ["value"],
]

# The rooms of the binding in the same way: a folder of src/main and src/include, or files that lie in none.
BINDING = [
    ["module", "constants"],
    ["client"],
    ["columns"],
    ["config", "metrics"],
    ["policy"],
    ["transaction"],
    ["settings"],
    ["operate"],
    ["fields"],
    ["convert"],
    ["args", "errors", "state"],
]


def sources() -> list[pathlib.Path]:
    """All files that git follows, or would."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted({ROOT / name for name in names if (ROOT / name).is_file()})


def licence_faults(path: pathlib.Path, lines: list[str]) -> Iterator[str]:
    if lines and path.suffix in LICENSED and not any(LICENCE in line for line in lines[:3]):
        yield f"{path}:1: has no line '{LICENCE}' at its top"


def length_faults(path: pathlib.Path, lines: list[str]) -> Iterator[str]:
    if path.suffix not in CODE:
        return
    if len(lines) > FILE_MOST:
        yield f"{path}:{FILE_MOST}: the file has {len(lines)} lines, {FILE_MOST} at most"
    for function in lizard.analyze_file(str(path)).function_list:
        length = function.end_line - function.start_line + 1
        if length > FUNCTION_MOST:
            yield f"{path}:{function.start_line}: {function.name} has {length} lines, {FUNCTION_MOST} at most"


# ---- the order of the house ----


def includes(path: pathlib.Path) -> list[str]:
    return re.findall(r'^#include "([^"]+)"', path.read_text(), re.M)


def ranks(rooms: list[list[str]]) -> dict[str, int]:
    return {name: rank for rank, names in enumerate(rooms) for name in names}


def circles(edges: dict[str, list[str]]) -> Iterator[str]:
    """Paths that lead back to where they began."""
    state: dict[str, bool] = {}  # False: on the way, True: done

    def walk(name: str, way: list[str]) -> Iterator[str]:
        state[name] = False
        for below in edges.get(name, []):
            if state.get(below) is False:
                yield " -> ".join([*way[way.index(below) :], below])
            elif below not in state:
                yield from walk(below, [*way, below])
        state[name] = True

    for name in edges:
        if name not in state:
            yield from walk(name, [name])


def order_faults(homes: list[str], rooms: list[list[str]], places: str) -> Iterator[str]:
    """Files that include what stands above them, or each other in a circle. `places` is the list's name here."""
    rank, edges = ranks(rooms), dict[str, list[str]]()
    for home in homes:
        for path in sorted(path for path in (ROOT / home).rglob("*") if path.suffix in CODE):
            name = path.relative_to(ROOT / home).as_posix()
            room = name.partition("/")[0] if "/" in name else path.stem
            edges[name] = includes(path)
            if room == "tables":
                continue
            if room not in rank:
                yield f"{path}:1: the room {room} has no place in {places} of scripts/lint.py"
                continue
            for below in edges[name]:
                if rank.get(below.partition("/")[0].removesuffix(".h"), len(rank)) < rank[room]:
                    yield f"{path}:1: {room} stands below what it includes, {below}"
    for circle in circles(edges):
        yield f"{homes[0]}:1: files include each other: {circle}"


def imports(path: pathlib.Path) -> Iterator[str]:
    """Modules that a module needs to be imported: not those of functions, nor of type checkers."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def python_faults() -> Iterator[str]:
    edges: dict[str, list[str]] = {}
    for folder in ("aerospike", "aerospike_helpers", "scripts"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT if folder != "scripts" else ROOT / folder).with_suffix("").parts
            edges[".".join(parts).removesuffix(".__init__")] = list(imports(path))
    for name, needed in edges.items():
        # a package is imported before what lies in it, and names its modules afterwards
        edges[name] = [one for one in needed if one in edges and not name.startswith(f"{one}.") and one != name]
        if name.split(".")[0] == "aerospike":
            for one in edges[name]:
                if one.split(".")[0] == "aerospike_helpers":
                    yield f"{name}:1: aerospike imports {one}; aerospike_helpers stands above it"
    for circle in circles(edges):
        yield f"modules import each other: {circle}"


def defined_types(path: pathlib.Path) -> Iterator[str]:
    """The C++ types of a file that other files see: those in no namespace without a name."""
    hidden = False
    for line in path.read_text().splitlines():
        if line == "namespace {":
            hidden = True
        elif line == "}  // namespace":
            hidden = False
        elif not hidden and (found := re.match(r"(?:class|struct|union) ([\w:]+)[^;]*{", line)):
            yield found[1]


def type_faults() -> Iterator[str]:
    """Two types of one name are one to the linker, which takes the functions of either for both, and says nothing."""
    homes: dict[str, pathlib.Path] = {}
    for path in sorted((ROOT / "src/embedded").rglob("*.[ch]pp")):
        for name in defined_types(path):
            if name in homes:
                yield f"{path}:1: {name} is defined in {homes[name].relative_to(ROOT)}, too"
            homes[name] = path


def main() -> int:
    faults = 0
    for path in sources():
        if path.suffix not in LICENSED:
            continue
        lines = path.read_text().splitlines()
        shown = path.relative_to(ROOT)
        for fault in (*licence_faults(shown, lines), *length_faults(shown, lines)):
            print(fault)
            faults += 1
    for fault in (
        *order_faults(["src/embedded"], EMBEDDED, "EMBEDDED"),
        *order_faults(["src/main", "src/include"], BINDING, "BINDING"),
        *type_faults(),
        *python_faults(),
    ):
        print(fault.replace(f"{ROOT}/", ""))
        faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
