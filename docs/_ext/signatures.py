# SPDX-License-Identifier: Apache-2.0
"""Signatures with types, spelled as in the source; those of native functions come from the stub."""

from __future__ import annotations

import ast
import inspect
import pathlib
import re
from functools import cache
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.inspect import stringify_signature

from aerospike import _native

Parts = tuple[str, str | None]


@cache
def stub() -> dict[str, ast.FunctionDef]:
    """The functions and methods of the native module, by name."""
    tree = ast.parse(pathlib.Path(_native.__file__).with_name("_native.pyi").read_text())
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def native(node: ast.FunctionDef) -> inspect.Signature:
    """What a stub says, as the signature of a function that exists."""
    names: dict[str, Any] = {}
    exec(f"from __future__ import annotations\n{ast.unparse(node)}", names)
    return inspect.signature(names[node.name])


def typed(app: Sphinx, what: str, name: str, obj: Any, options: Any, shown: str | None, returns: Any) -> Parts | None:
    """The parameters, and what is returned; autodoc's own where there is no function."""
    if what not in ("function", "method", "class") or shown is None:
        return None
    try:
        signature = (
            inspect.signature(obj) if inspect.isfunction(obj) or what == "class" else native(stub()[obj.__name__])
        )
    except ValueError:  # a kind of dict has none, on CPython 3.10
        return None
    if what == "method":
        signature = signature.replace(parameters=list(signature.parameters.values())[1:])
    text = stringify_signature(signature)
    arguments, _, result = re.sub(r"\b_(Self|Key)\b", r"\1", text).partition(" -> ")  # type variables of the stub
    return arguments, None if what == "class" else result


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-process-signature", typed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
