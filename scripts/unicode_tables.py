#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write src/embedded/unicode_tables.def: what the embedded server knows of Unicode, from this Python's own tables."""

from __future__ import annotations

import itertools
import pathlib
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator

OUT = pathlib.Path(__file__).parent.parent / "src" / "embedded" / "unicode_tables.def"
WIDTH = 118
POINTS = [point for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # composed by rule


def rows(macro: str, items: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """Lines of ``MACRO(a, b) MACRO(c, d)``."""
    line = ""
    for item in items:
        text = f"{macro}({', '.join(str(part) for part in item)})"
        if len(line) + len(text) > WIDTH:
            yield line.rstrip()
            line = ""
        line += text + " "
    yield line.rstrip()


def table(macro: str, items: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """The rows of one table, for whoever defined its macro before including the file."""
    yield f"#ifdef {macro}"
    yield from rows(macro, items)
    yield f"#undef {macro}"
    yield "#endif"


def case_rows(macro: str, change: Callable[[str], str]) -> Iterator[str]:
    """Runs of code points ``(first, last, step, what to add)``; those that become several stand alone."""
    single: list[tuple[int, int]] = []
    several: list[tuple[object, ...]] = []
    for point in POINTS:
        made = [ord(char) for char in change(chr(point))]
        if len(made) > 1:
            several.append((hex(point), *(hex(part) for part in (made + [0])[:3])))
        elif made != [point]:
            single.append((point, made[0] - point))
    runs: list[list[int]] = []
    for point, delta in single:
        if runs:
            first, last, step, added = runs[-1]
            near = point - last
            if delta == added and near <= 2 and (first == last or near == step):
                runs[-1] = [first, point, near, added]
                continue
        runs.append([point, point, 1, delta])
    yield from table(macro, [(hex(first), hex(last), step, delta) for first, last, step, delta in runs])
    yield from table(macro + "_SEVERAL", several)


def ranges(value: Callable[[str], object], nothing: object) -> Iterator[tuple[object, ...]]:
    """Runs of code points of one value: ``(first, last, value)``."""
    for found, group in itertools.groupby(range(sys.maxunicode + 1), key=lambda point: value(chr(point))):
        points = list(group)
        if found != nothing:
            yield hex(points[0]), hex(points[-1]), found


def decompositions() -> Iterator[tuple[object, ...]]:
    """Canonical ones, a step each: ``(whole, first part, second part or 0, is it composed again?)``."""
    for point in POINTS:
        text = unicodedata.decomposition(chr(point))
        if not text or text.startswith("<") or point in HANGUL:
            continue
        parts = [int(part, 16) for part in text.split()]
        again = unicodedata.normalize("NFC", chr(point)) == chr(point)
        yield hex(point), *(hex(part) for part in (parts + [0])[:2]), int(again)


def letter_case(char: str) -> str:
    return "upper" if char.isupper() else "lower" if char.islower() else "title" if char.istitle() else "none"


def unusual_case(char: str) -> str:
    """The case of what is no letter of its category."""
    usual = {"Lu": "upper", "Ll": "lower", "Lt": "title"}.get(unicodedata.category(char), "none")
    case = letter_case(char)
    return "usual" if case == usual else case


def categories() -> Iterator[tuple[object, ...]]:
    """Like ranges; where capital and small letters take turns, one range ``LuLl``."""
    turns: list[str] = []
    for first, last, value in ranges(unicodedata.category, "Cn"):
        alone = first == last and value in ("Lu", "Ll")
        if alone and (turns or value == "Lu") and (not turns or int(str(first), 16) == int(turns[-1], 16) + 1):
            turns.append(str(first))
            continue
        yield from turn_rows(turns)
        turns = [str(first)] if alone and value == "Lu" else []
        if not turns:
            yield first, last, value
    yield from turn_rows(turns)


def turn_rows(turns: list[str]) -> Iterator[tuple[object, ...]]:
    if len(turns) > 1:
        yield turns[0], turns[-1], "LuLl"
    elif turns:
        yield turns[0], turns[0], "Lu"


def main() -> None:
    lines = [
        "// SPDX-License-Identifier: Apache-2.0",
        f"// Unicode {unicodedata.unidata_version}, written by scripts/unicode_tables.py.",
        *case_rows("UPPER", str.upper),
        *case_rows("LOWER", str.lower),
        *case_rows("FOLD", str.casefold),
        *table("CASED", ranges(unusual_case, "usual")),
        *table("CLASS", ranges(unicodedata.combining, 0)),
        *table("PARTS", decompositions()),
        *table("CATEGORY", categories()),
    ]
    OUT.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
