# SPDX-License-Identifier: Apache-2.0
"""HyperLogLogs: about how many different values were seen. The bin itself stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike_helpers.expressions.resources import (
    Expression,
    TypeBinName,
    TypeInteger,
    TypeListValue,
    TypeValue,
)

if TYPE_CHECKING:
    from aerospike.types import HLLPolicy


class HLLInit(Expression):
    """A HyperLogLog anew.

    :param policy: ``flags`` (``aerospike.HLL_WRITE_*``), or None.
    :param index_bit_count: from 4 to 16: the more, the more exact; None: as it is.
    :param mh_bit_count: bits of the minhash, from 4 to 51; None: as it is, or without.
    :param bin: the name of a HyperLogLog bin, or an expression of one.
    """

    def __init__(
        self,
        policy: HLLPolicy | None,
        index_bit_count: TypeInteger | None,
        mh_bit_count: TypeInteger | None,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, index_bit_count, mh_bit_count, bin)


class HLLAdd(Expression):
    """The HyperLogLog with values added.

    :param policy: ``flags`` (``aerospike.HLL_WRITE_*``), or None.
    :param list: a list of values, or an expression of one.
    :param index_bit_count: from 4 to 16: the more, the more exact; None: as it is.
    :param mh_bit_count: bits of the minhash, from 4 to 51; None: as it is, or without.
    :param bin: the name of a HyperLogLog bin, or an expression of one.

    ::

        HLLAdd(None, ["ann", "bob"], 12, None, "visitors")
    """

    def __init__(
        self,
        policy: HLLPolicy | None,
        list: TypeListValue,
        index_bit_count: TypeInteger | None,
        mh_bit_count: TypeInteger | None,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, list, index_bit_count, mh_bit_count, bin)


class HLLGetCount(Expression):
    """About how many different values were added: an integer.

    :param bin: the name of a HyperLogLog bin, or an expression of one.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class HLLGetUnion(Expression):
    """The union of it and others: a HyperLogLog.

    :param values: an expression of a HyperLogLog, or of a list of them.
    :param bin: the name of a HyperLogLog bin, or an expression of one.
    """

    def __init__(self, values: TypeValue, bin: TypeBinName) -> None:
        self._build(values, bin)


class HLLGetUnionCount(Expression):
    """About how many different values it and others have together: an integer.

    :param values: an expression of a HyperLogLog, or of a list of them.
    :param bin: the name of a HyperLogLog bin, or an expression of one.
    """

    def __init__(self, values: TypeValue, bin: TypeBinName) -> None:
        self._build(values, bin)


class HLLGetIntersectCount(Expression):
    """About how many values it and others have in common: an integer.

    :param values: an expression of a HyperLogLog, or of a list of them.
    :param bin: the name of a HyperLogLog bin, or an expression of one.
    """

    def __init__(self, values: TypeValue, bin: TypeBinName) -> None:
        self._build(values, bin)


class HLLGetSimilarity(Expression):
    """How similar it and others are, from 0.0 to 1.0: a float.

    :param values: an expression of a HyperLogLog, or of a list of them.
    :param bin: the name of a HyperLogLog bin, or an expression of one.
    """

    def __init__(self, values: TypeValue, bin: TypeBinName) -> None:
        self._build(values, bin)


class HLLDescribe(Expression):
    """Its index bits and minhash bits: a list of two integers.

    :param bin: the name of a HyperLogLog bin, or an expression of one.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class HLLMayContain(Expression):
    """Whether all values may have been added: 1 or 0.

    :param list: a list of values, or an expression of one.
    :param bin: the name of a HyperLogLog bin, or an expression of one.
    """

    def __init__(self, list: TypeListValue, bin: TypeBinName) -> None:
        self._build(list, bin)
