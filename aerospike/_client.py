# SPDX-License-Identifier: Apache-2.0
"""The Client class: the native commands, and what is made of them in Python."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from aerospike import _hosts, _native, types
from aerospike.exception import ParamError
from aerospike.query import Query
from aerospike.scan import Scan

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def checked(method: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Make wrong arguments of a method, which itself raises no TypeError, ParamErrors."""

    @functools.wraps(method)
    def call(*args: Arguments.args, **keywords: Arguments.kwargs) -> Result:
        try:
            return method(*args, **keywords)
        except TypeError as error:
            raise ParamError(-2, str(error)) from None

    return call


class Client(_native._Client):
    """A connection to an Aerospike cluster, shared freely between threads.

    Made by :func:`aerospike.client`. Closed by :meth:`close` or at the end of a ``with`` block; usable in a child
    process after ``fork()``, where it connects anew.
    """

    __module__ = "aerospike"

    def __init__(self, config: types.Config | str | None = None) -> None:
        super().__init__(_hosts.configuration(config))

    @checked
    def scan(self, namespace: str, set: str | None = None) -> Scan:
        """Return a :class:`~aerospike.Scan` over a namespace, or over one set of it.

        :param str namespace: the namespace.
        :param str set: the set; None: every record of the namespace.
        """
        return Scan._create(self, namespace, set)

    @checked
    def query(self, namespace: str, set: str | None = None) -> Query:
        """Return a :class:`~aerospike.Query` over a namespace, or over one set of it.

        :param str namespace: the namespace.
        :param str set: the set; None: every record of the namespace.
        """
        return Query._create(self, namespace, set)
