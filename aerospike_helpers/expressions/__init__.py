# SPDX-License-Identifier: Apache-2.0
"""Expressions: what the server is to work out of a record, for filters, operations and indexes.

All classes of this package's modules can be imported from here::

    from aerospike_helpers.expressions import And, GT, IntBin

    adults = GT(IntBin("age"), 17).compile()
    client.get(key, {"expressions": adults})
"""

from typing import TYPE_CHECKING

from aerospike_helpers.expressions.arithmetic import *  # noqa: F403
from aerospike_helpers.expressions.base import *  # noqa: F403
from aerospike_helpers.expressions.bitwise import *  # noqa: F403
from aerospike_helpers.expressions.bitwise_operators import *  # noqa: F403
from aerospike_helpers.expressions.hll import *  # noqa: F403
from aerospike_helpers.expressions.list import *  # noqa: F403
from aerospike_helpers.expressions.map import *  # noqa: F403
from aerospike_helpers.expressions.resources import *  # noqa: F403
from aerospike_helpers.expressions.string import *  # noqa: F403

if not TYPE_CHECKING:  # type checkers see the names without it
    # The classes; not the modules, two of which would hide the built-in list and map.
    __all__ = [name for name in globals() if name[0].isupper()]
