# SPDX-License-Identifier: Apache-2.0
"""Names in docstrings, found as a reader means them.

Docstrings say ``RecordNotFound`` for what lives in ``aerospike.exception``, and ``put()`` for a method of Client.
"""

from __future__ import annotations

import builtins
from typing import Any

from docutils.nodes import Node, TextElement
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from aerospike import exception

HOMES = (
    "aerospike.exception",
    "aerospike",
    "aerospike.types",
    "aerospike_helpers.cdt_ctx",
    "aerospike_helpers.expressions",
)


def homes(node: Any, objects: dict[str, Any]) -> list[str]:
    """Full names that a bare one may mean: first those of the module that says it, then those of HOMES."""
    module = node.get("py:module") or ""
    ending = f".{node['reftarget']}"
    found = [name for name, entry in objects.items() if name.endswith(ending) and entry.objtype != "module"]
    near = [name for name in found if name.startswith(f"{module.rpartition('.')[0]}.")]
    return near + [name for home in HOMES for name in found if name.startswith(f"{home}.")]


def find(app: Sphinx, env: BuildEnvironment, node: Any, content: TextElement) -> Node | None:
    """Resolve a reference that the Python domain could not."""
    if node.get("refdomain") != "py":
        return None
    domain = env.domains.python_domain
    for name in homes(node, domain.objects):
        return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", name, node, content)
    return content if node["reftype"] == "exc" and hasattr(builtins, node["reftarget"]) else None


def code_first(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Show an exception's code in front of what its docstring says."""
    if what == "exception" and isinstance(obj, type) and issubclass(obj, exception.AerospikeError):
        code = vars(obj).get("code")
        lines.insert(0, f"**Code {code}.** " if code is not None else "")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("missing-reference", find)
    app.connect("autodoc-process-docstring", code_first)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
