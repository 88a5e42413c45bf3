#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the docstrings of the native module into its stub, so that editors show them.

Run it after a change of a docstring in src/main; a test tells where it was forgotten.
"""

from __future__ import annotations

import ast
import inspect
import pathlib
from collections.abc import Iterator

from aerospike import _native

STUB = pathlib.Path(_native.__file__).parent / "_native.pyi"


def functions(stub: ast.Module) -> Iterator[tuple[ast.FunctionDef, str]]:
    """The public functions and methods, each with its docstring."""
    homes = [(stub.body, vars(_native))]
    homes += [(node.body, vars(getattr(_native, node.name))) for node in stub.body if isinstance(node, ast.ClassDef)]
    for body, names in homes:
        for node in body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node, inspect.cleandoc(names[node.name].__doc__)


def literal(doc: str, indent: str) -> list[str]:
    """The lines of a docstring in the source."""
    first, *others = f'"""{doc}'.splitlines()
    lines = [f"{indent}{line}".rstrip() for line in (first, *others, *(['"""'] if others else []))]
    return lines if others else [f'{lines[0]}"""']


def documented(source: str) -> str:
    """The stub with the docstrings as the bodies of its functions."""
    lines = source.splitlines()
    for node, doc in sorted(functions(ast.parse(source)), key=lambda found: -found[0].lineno):
        body = node.body[0]
        head = lines[body.lineno - 1][: body.col_offset].rstrip()
        new = [*([head] if head else []), *literal(doc, " " * (node.col_offset + 4))]
        lines[body.lineno - 1 : body.end_lineno] = new
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    STUB.write_text(documented(STUB.read_text()))
