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

HOMES = ("aerospike.exception", "aerospike")


def find(app: Sphinx, env: BuildEnvironment, node: Any, content: TextElement) -> Node | None:
    """Resolve a reference that the Python domain could not."""
    if node.get("refdomain") != "py":
        return None
    target = node["reftarget"]
    objects = env.domains.python_domain.objects
    for home in HOMES:
        entry = objects.get(f"{home}.{target}")
        if entry is not None and entry.objtype != "module":
            return env.domains.python_domain.resolve_xref(
                env, node["refdoc"], app.builder, node["reftype"], f"{home}.{target}", node, content
            )
    return content if node["reftype"] == "exc" and hasattr(builtins, target) else None


def module_of(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Show an exception's code in front of what its docstring says."""
    if what == "exception" and isinstance(obj, type) and issubclass(obj, exception.AerospikeError):
        code = vars(obj).get("code")
        lines.insert(0, f"**Code {code}.** " if code is not None else "")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("missing-reference", find)
    app.connect("autodoc-process-docstring", module_of)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
