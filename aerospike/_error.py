# SPDX-License-Identifier: Apache-2.0
"""What all errors derive from."""

from __future__ import annotations

import itertools
import reprlib
from typing import Any, ClassVar

NAMES_MOST = 20  # of bins that an error shows


def _names(bins: dict[Any, Any]) -> str:
    some = ", ".join(map(reprlib.repr, itertools.islice(bins, NAMES_MOST)))
    return some if len(bins) <= NAMES_MOST else f"{some} and {len(bins) - NAMES_MOST} more"


def shown(value: Any) -> str:
    """A value of any size in one line, of bins their names; its type where its own repr() fails."""
    try:
        return _names(value) if isinstance(value, dict) else reprlib.repr(value)
    except Exception:  # an int of thousands of digits, for one: an error must be printable
        return f"<{type(value).__name__}>"


class AerospikeError(Exception):
    """Base of every exception of this package.

    ``args`` is ``(code, message, file, line, in_doubt)``; each is an attribute of the instance too, the message as
    ``msg``. ``in_doubt`` is true where a write may have happened although the call failed. ``subcode`` is a
    ``SUB_*`` constant where the server details the error (policy ``error_detail_verbosity``), else 0. Errors of
    commands on a record have its ``key``. ``str()`` tells all that; of bins it shows the names only.
    """

    __module__ = "aerospike.exception"

    code: Any = None
    msg: str | None = None
    file: str | None = None
    line: int | None = None
    in_doubt: bool = False
    subcode: int = 0
    _fields: ClassVar[tuple[str, ...]] = ("code", "msg", "file", "line", "in_doubt")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if len(args) == 1 and isinstance(args[0], str):
            self.msg = args[0]
        else:
            for name, value in zip(self._fields, args, strict=False):
                setattr(self, name, value)

    def __str__(self) -> str:
        """The message, and behind it the code and what the command was about."""
        if len(self.args) < 2 or not isinstance(self.msg, str):
            return super().__str__()
        about = [f"code {self.code}"]
        if self.subcode:
            about.append(f"subcode {self.subcode}")
        for name in ("key", "bin", "name", "module", "func"):
            value = getattr(self, name, None)
            if value is not None:
                about.append(f"{name} {shown(value)}")
        if self.in_doubt:
            about.append("in doubt: what was to be written may be")
        return f"{self.msg} ({', '.join(about)})"


class ClientError(AerospikeError):
    """The client could not carry out the call; the server was not asked, or its answer could not be used.

    Where a function in Lua failed on a node in an aggregation, the message begins with its file and line, and
    ``module`` and ``func`` tell which it was.
    """

    __module__ = "aerospike.exception"

    code = -1

    module: str | None = None
    func: str | None = None


class ServerError(AerospikeError):
    """The server answered with an error."""

    __module__ = "aerospike.exception"

    code: Any = 1
