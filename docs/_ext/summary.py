# SPDX-License-Identifier: Apache-2.0
"""``.. summary:: module``: a table of the module's names with the first sentence of what each says."""

from __future__ import annotations

import importlib
import inspect
import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def first_sentence(text: str | None) -> str:
    paragraph = (inspect.cleandoc(text or "").split("\n\n") or [""])[0].replace("\n", " ")
    return re.split(r"(?<=[.!?])\s", paragraph)[0]


class Summary(SphinxDirective):
    """The names that the module defines, in the order of the source."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        module = importlib.import_module(self.arguments[0])
        names = {
            name: thing
            for name, thing in vars(module).items()
            if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__
        }
        first = 28 if max(map(len, names)) < 24 else 44
        lines = [".. list-table::", f"   :widths: {first} {100 - first}", "   :class: reference", ""]
        for name, thing in names.items():
            role = "class" if inspect.isclass(thing) else "func"
            lines.append(f"   * - :{role}:`~{module.__name__}.{name}`")
            lines.append(f"     - {first_sentence(thing.__doc__)}")
        box = nodes.container()
        self.state.nested_parse(StringList([*lines, ""], source=self.get_location()), self.content_offset, box)
        return box.children


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("summary", Summary)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
