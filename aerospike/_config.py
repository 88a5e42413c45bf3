# SPDX-License-Identifier: Apache-2.0
"""Where a client reads policies that may change while it runs."""

from __future__ import annotations


class ConfigProvider:
    """A YAML file of policies, for ``config['config_provider']``; the client watches it for changes.

    :param str path: the file.
    :param int interval: milliseconds between looks at the file; at least ``config['tend_interval']``; default 5000.
    :raises TypeError: an argument is of another type.
    :raises ValueError: interval is not from 0 to 2**32-1.
    """

    __slots__ = ("_interval", "_path")

    def __init__(self, path: str, interval: int = 5000) -> None:
        if not isinstance(path, str):
            raise TypeError(f"path must be a str, not {type(path).__name__}")
        if not isinstance(interval, int):
            raise TypeError(f"interval must be an int, not {type(interval).__name__}")
        if not 0 <= interval < 2**32:
            raise ValueError(f"interval must be from 0 to 2**32-1, not {interval}")
        self._path = path
        self._interval = interval

    @property
    def path(self) -> str:
        """The file."""
        return self._path

    @property
    def interval(self) -> int:
        """Milliseconds between looks at the file."""
        return self._interval

    def __repr__(self) -> str:
        return f"ConfigProvider(path={self._path!r}, interval={self._interval})"
