# SPDX-License-Identifier: Apache-2.0
"""All expressions by one import, as programs do; the built-in list and map stay what they are. Never run."""
# ruff: noqa: F403, F405

from typing_extensions import assert_type

from aerospike_helpers.expressions import *

numbers: list[int] = list(map(int, "123"))
tree = Or(GT(IntBin("a"), 5), LT(ListSize(None, "l"), numbers[0]))
assert_type(ResultType.INTEGER, int)
