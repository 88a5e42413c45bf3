# SPDX-License-Identifier: Apache-2.0
"""Where a client reads policies that may change while it runs."""

from __future__ import annotations


class ConfigProvider:
    """A YAML file of policies, for ``config['config_provider']``; the client watches it for changes.

    :param str path: the file.
    :param int interval: seconds between looks at the file; at least the tend interval; default 60.
    """

    __slots__ = ("_interval", "_path")

    def __init__(self, path: str, interval: int = 60) -> None:
        self._path = path
        self._interval = interval

    @property
    def path(self) -> str:
        """The file."""
        return self._path

    @property
    def interval(self) -> int:
        """Seconds between looks at the file."""
        return self._interval

    def __repr__(self) -> str:
        return f"ConfigProvider(path={self._path!r}, interval={self._interval})"
