# SPDX-License-Identifier: Apache-2.0
"""The pages of exceptions: their tree, a list with what each means, and tables by code with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from summary import first_sentence
from tables import TableDirective, listing, meanings

from aerospike import exception

# A section's classes: those for whose code this is true. A class without one is a base to catch.
SECTIONS: dict[str, Callable[[int | None], bool]] = {
    "client": lambda code: code is not None and code < 0,
    "server": lambda code: code is not None and code > 0,
    "bases": lambda code: code is None,
}

# Whether what was to be written may stand: the words of docs/_tables/errors.txt, and what the manual shows for them.
WRITTEN = {
    "no": "no",
    "yes": "yes",
    "perhaps": "if ``in_doubt``",
    "some": "of some records",
    "back": "taken back",
    "reads": "only reads",
    "never": "never raised",
}
HEAD = ("Code", "Exception", "Meaning", "Written?", "What to do")
WIDTHS = "8 26 27 12 27"


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
        section = self.arguments[0]
        rows = []
        for name in exception.__all__:
            cls = getattr(exception, name)
            code = vars(cls).get("code")
            if SECTIONS[section](code):
                rows.append((code, f":exc:`~aerospike.exception.{name}`", first_sentence(cls.__doc__), name))
        rows.sort(key=lambda row: abs(row[0] or 0))
        if section == "bases":
            return listing(
                [(*row[1:3], self.meaning("errors", row[3])) for row in rows], (*HEAD[1:3], HEAD[4]), "27 36 37"
            )
        return listing([(str(row[0]), *row[1:3], *self.consequences(row[3])) for row in rows], HEAD, WIDTHS)

    def consequences(self, name: str) -> tuple[str, str]:
        written, _, to_do = self.meaning("errors", name).partition(" | ")
        return WRITTEN.get(written, ""), to_do


class CodeTable(TableDirective):
    """``.. code-table::``: the codes that have no class of their own"""

    required_arguments = 0

    def lines(self) -> list[str]:
        codes = sorted((key for key in meanings("errors") if key.lstrip("-").isdigit()), key=int)
        rows = [(code, *meanings("errors")[code].split(" | ")) for code in codes]
        cells = [(code, meaning, WRITTEN[written], to_do) for code, written, meaning, to_do in rows]
        return listing(cells, ("Code", *HEAD[2:]), "8 36 14 42")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("exception-tree", Generated)
    app.add_directive("exception-list", Generated)
    app.add_directive("error-table", ErrorTable)
    app.add_directive("code-table", CodeTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
