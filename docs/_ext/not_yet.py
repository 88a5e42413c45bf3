# SPDX-License-Identifier: Apache-2.0
"""``.. not-yet::``: the table of what is missing; with subjects, ``.. not-yet:: batches jobs``, a note about those."""

from __future__ import annotations

from sphinx.application import Sphinx
from tables import TableDirective, listing, meanings


class NotYet(TableDirective):
    required_arguments = 0
    optional_arguments = 1

    def row(self, subject: str) -> tuple[str, str, str]:
        text, _, names = self.meaning("not_yet", subject).partition(" | ")
        return subject, text, ", ".join(f"``{name}``" for name in names.split())

    def lines(self) -> list[str]:
        if not self.arguments:
            return listing(
                [self.row(subject) for subject in meanings("not_yet")], ("", "What it is", "Names"), "14 30 56"
            )
        items = [f"   - {subject}: {text}" for subject, text, _names in map(self.row, self.arguments[0].split())]
        return [
            ".. admonition:: Not there yet",
            "",
            *items,
            "",
            "   :ref:`The whole list <not_yet>` has their names.",
            "",
        ]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("not-yet", NotYet)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
