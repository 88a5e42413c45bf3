# SPDX-License-Identifier: Apache-2.0
"""The pages of exceptions: their tree, a list with what each means, and tables by code with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from summary import first_sentence
from tables import TableDirective, listing

from aerospike import exception

# A section's classes: those for whose code this is true. A class without one is a base to catch.
SECTIONS: dict[str, Callable[[int | None], bool]] = {
    "client": lambda code: code is not None and code < 0,
    "server": lambda code: code is not None and code > 0,
    "bases": lambda code: code is None,
}


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


def entries() -> Iterator[str]:
    for name in exception.__all__:
        yield from (f".. autoexception:: {name}", "   :no-index-entry:" if name == "Error" else "", "")


class Generated(SphinxDirective):
    """reStructuredText from a generator."""

    def run(self) -> list[nodes.Node]:
        lines = tree(exception.AerospikeError) if self.name == "exception-tree" else entries()
        box = nodes.container()
        self.state.nested_parse(StringList(list(lines), source=self.get_location()), self.content_offset, box)
        return box.children


class ErrorTable(TableDirective):
    """``.. error-table:: client``, ``server`` or ``bases``: the classes by the distance of their codes from 0"""

    def lines(self) -> list[str]:
        rows = []
        for name in exception.__all__:
            cls = getattr(exception, name)
            code = vars(cls).get("code")
            if SECTIONS[self.arguments[0]](code):
                rows.append((code, name, first_sentence(cls.__doc__), self.meaning("errors", name)))
        rows.sort(key=lambda row: abs(row[0] or 0))
        cells = [(str(code or "none"), f":exc:`~aerospike.exception.{name}`", *texts) for code, name, *texts in rows]
        return listing(cells, ("Code", "Exception", "Meaning", "What to do"), "7 27 33 33")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("exception-tree", Generated)
    app.add_directive("exception-list", Generated)
    app.add_directive("error-table", ErrorTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
