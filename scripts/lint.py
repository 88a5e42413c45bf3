#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check what no formatter does: the length of functions and files, and that each source names its licence."""

from __future__ import annotations

import pathlib
import subprocess
import sys
from collections.abc import Iterator

import lizard

ROOT = pathlib.Path(__file__).resolve().parent.parent
FUNCTION_MOST = 100  # lines
FILE_MOST = 800
LICENCE = "SPDX-License-Identifier: Apache-2.0"
CODE = {".c", ".h", ".cpp", ".hpp", ".py"}
LICENSED = {*CODE, ".def", ".pyi", ".sh"}


def sources() -> list[pathlib.Path]:
    """All files that git follows, or would."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted({ROOT / name for name in names if (ROOT / name).is_file()})


def licence_faults(path: pathlib.Path, lines: list[str]) -> Iterator[str]:
    if lines and path.suffix in LICENSED and not any(LICENCE in line for line in lines[:3]):
        yield f"{path}:1: has no line '{LICENCE}' at its top"


def length_faults(path: pathlib.Path, lines: list[str]) -> Iterator[str]:
    if path.suffix not in CODE:
        return
    if len(lines) > FILE_MOST:
        yield f"{path}:{FILE_MOST}: the file has {len(lines)} lines, {FILE_MOST} at most"
    for function in lizard.analyze_file(str(path)).function_list:
        length = function.end_line - function.start_line + 1
        if length > FUNCTION_MOST:
            yield f"{path}:{function.start_line}: {function.name} has {length} lines, {FUNCTION_MOST} at most"


def main() -> int:
    faults = 0
    for path in sources():
        if path.suffix not in LICENSED:
            continue
        lines = path.read_text().splitlines()
        shown = path.relative_to(ROOT)
        for fault in (*licence_faults(shown, lines), *length_faults(shown, lines)):
            print(fault)
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
