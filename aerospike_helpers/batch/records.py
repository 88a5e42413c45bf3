# SPDX-License-Identifier: Apache-2.0
"""The entries of a batch, each with a command of its own, for ``Client.batch_write()``.

::

    from aerospike_helpers.batch import records
    from aerospike_helpers.operations import operations

    batch = records.BatchRecords(
        [
            records.Write(("test", "demo", 1), [operations.write("a", 1)]),
            records.Read(("test", "demo", 2), ops=None, read_all_bins=True),
            records.Remove(("test", "demo", 3)),
        ]
    )

The same objects hold the results: ``result`` and ``record`` of each, ``result`` of the whole.
"""

from aerospike._batch import Apply, BatchRecord, BatchRecords, Read, Remove, Write

__all__ = ["Apply", "BatchRecord", "BatchRecords", "Read", "Remove", "Write"]
