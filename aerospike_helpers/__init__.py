# SPDX-License-Identifier: Apache-2.0
"""What commands are made of: operations, expressions, contexts, and the records of a batch.

Everything here is plain data. Operations are dictionaries, which programs may also write by hand; nothing is sent
before a command of :class:`aerospike.Client` takes them.
"""

from aerospike._values import HyperLogLog

__all__ = ["HyperLogLog"]
