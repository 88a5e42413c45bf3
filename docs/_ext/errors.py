# SPDX-License-Identifier: Apache-2.0
"""The page of exceptions: their tree, and a list with what each means."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from aerospike import exception


def subclasses(base: type) -> list[type]:
    """The direct subclasses in this module, by code."""
    classes = [getattr(exception, name) for name in exception.__all__]
    return sorted((cls for cls in classes if cls.__base__ is base), key=lambda cls: (vars(cls).get("code") or 0) ** 2)


def tree(base: type, depth: int = 0) -> Iterator[str]:
    code = vars(base).get("code")
    yield f"{'  ' * depth}- :exc:`{base.__name__}`" + (f" ({code})" if code is not None else "")
    below = subclasses(base)
    if below:
        yield ""
        for cls in below:
            yield from tree(cls, depth + 1)
        yield ""


def listing() -> Iterator[str]:
    for name in exception.__all__:
        yield from (f".. autoexception:: {name}", "   :no-index-entry:" if name == "Error" else "", "")


class Generated(SphinxDirective):
    """reStructuredText from a generator."""

    def run(self) -> list[nodes.Node]:
        lines = tree(exception.AerospikeError) if self.name == "exception-tree" else listing()
        box = nodes.container()
        self.state.nested_parse(StringList(list(lines), source=self.get_location()), self.content_offset, box)
        return box.children


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("exception-tree", Generated)
    app.add_directive("exception-list", Generated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
