# SPDX-License-Identifier: Apache-2.0
"""What string operations and expressions take: flags, and a policy of writing.

Needs a server that has string operations; servers before 8.2 answer ``UnsupportedFeature``.
"""

from __future__ import annotations

from enum import IntEnum


class RegexFlags(IntEnum):
    """How a regular expression matches; combine with ``|``."""

    DEFAULT = 0
    """As it stands."""
    CASE_INSENSITIVE = 1
    """Upper and lower case are the same."""
    MULTILINE = 2
    """``^`` and ``$`` match at each line."""
    DOTALL = 4
    """``.`` matches the end of a line, too."""
    UNIX_LINES = 8
    """Only a line feed ends a line."""
    GLOBAL = 16
    """Replace all matches, not only the first."""


class WriteFlags(IntEnum):
    """When a string operation writes; combine with ``|``."""

    DEFAULT = 0
    """Always; the bin is created if need be."""
    CREATE_ONLY = 1
    """Only where there is no such bin."""
    UPDATE_ONLY = 2
    """Only where there is such a bin."""
    NO_FAIL = 4
    """Where it may not write, leave the bin as it is instead of raising."""


class NumericType(IntEnum):
    """Kinds of numbers that ``is_numeric()`` looks for."""

    ANY = 0
    """Any number."""
    INT = 1
    """Whole numbers."""
    FLOAT = 2
    """Numbers with a point or an exponent."""


class StringPolicy:
    """How a string operation writes.

    :param WriteFlags write_flags: when it writes.
    """

    def __init__(self, write_flags: WriteFlags | int = WriteFlags.DEFAULT) -> None:
        self.write_flags = write_flags

    def __repr__(self) -> str:
        return f"StringPolicy({self.write_flags!r})"
