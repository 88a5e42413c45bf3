# SPDX-License-Identifier: Apache-2.0
"""Errors of LLists, with the codes of 2015. Of what a server answers none is made: 125 is another error's today."""

from __future__ import annotations

from typing import Any, TypeVar

from aerospike._error import ServerError

__all__ = [
    "LDTBinDamaged",
    "LDTBinExistsError",
    "LDTBinNameNotString",
    "LDTBinNameNull",
    "LDTBinNameTooLong",
    "LDTBinNotFound",
    "LDTDeleteError",
    "LDTError",
    "LDTInputParamError",
    "LDTInsertError",
    "LDTInternalError",
    "LDTNotFound",
    "LDTSearchError",
    "LDTSubRecNotFound",
    "LDTTopRecNotFound",
    "LDTTypeMismatch",
    "LDTUniqueKeyError",
    "LargeItemNotFound",
]

Error = TypeVar("Error", bound="LDTError")


class LDTError(ServerError):
    """An error of an :class:`aerospike.LList`, whose record and bin are ``key`` and ``bin``.

    ``done`` has what a call on many elements had done before: the keys that it had added, replaced or removed.
    """

    __module__ = "aerospike.exception"

    key: Any = None
    bin: str | None = None
    done: list[Any] | None = None

    @classmethod
    def _of(cls: type[Error], text: str) -> Error:
        return cls(cls.code, text)


class LargeItemNotFound(LDTError):
    """The list has no element with that key."""

    __module__ = "aerospike.exception"

    code = 125


class LDTInternalError(LDTError):
    """The list could not be changed, or is not as it should be."""

    __module__ = "aerospike.exception"

    code = 1400


class LDTNotFound(LDTError):
    """There is no such list. A code of 2015, which nothing raises."""

    __module__ = "aerospike.exception"

    code = 1401


class LDTUniqueKeyError(LDTError):
    """An element with that key is there already; nothing of its page was changed."""

    __module__ = "aerospike.exception"

    code = 1402


class LDTInsertError(LDTError):
    """An element could not be added. A code of 2015, which nothing raises."""

    __module__ = "aerospike.exception"

    code = 1403


class LDTSearchError(LDTError):
    """A search failed. A code of 2015, which nothing raises."""

    __module__ = "aerospike.exception"

    code = 1404


class LDTDeleteError(LDTError):
    """An element could not be removed. A code of 2015, which nothing raises."""

    __module__ = "aerospike.exception"

    code = 1405


class LDTInputParamError(LDTError):
    """An argument of an LList is not valid; the message names it. Nothing was sent."""

    __module__ = "aerospike.exception"

    code = 1409


class LDTTypeMismatch(LDTError):
    """The key is of another type than the list's keys; nothing was changed."""

    __module__ = "aerospike.exception"

    code = 1410


class LDTBinNameNull(LDTError):
    """The bin's name is None or empty."""

    __module__ = "aerospike.exception"

    code = 1411


class LDTBinNameNotString(LDTError):
    """The bin's name is no str."""

    __module__ = "aerospike.exception"

    code = 1412


class LDTBinNameTooLong(LDTError):
    """The bin's name is longer than 15 bytes."""

    __module__ = "aerospike.exception"

    code = 1413


class LDTTopRecNotFound(LDTError):
    """There is no such record. A code of 2015, which nothing raises."""

    __module__ = "aerospike.exception"

    code = 1415


class LDTSubRecNotFound(LDTError):
    """A page of the list is not there: somebody removed its record."""

    __module__ = "aerospike.exception"

    code = 1416


class LDTBinNotFound(LDTError):
    """There is no such bin. A code of 2015, which nothing raises."""

    __module__ = "aerospike.exception"

    code = 1417


class LDTBinExistsError(LDTError):
    """The bin is there already. A code of 2015, which nothing raises."""

    __module__ = "aerospike.exception"

    code = 1418


class LDTBinDamaged(LDTError):
    """The bin has a value that is no LList."""

    __module__ = "aerospike.exception"

    code = 1419
