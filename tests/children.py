# SPDX-License-Identifier: Apache-2.0
"""What processes that tests start need: the package that the test itself runs, whichever build of it that is."""

import os
import pathlib

import aerospike

PACKAGES = pathlib.Path(aerospike.__file__).parents[1]


def environment(*folders, **variables):
    """Of a child that imports this aerospike, and what lies in the folders."""
    path = filter(None, (PACKAGES, *folders, os.environ.get("PYTHONPATH")))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path)), **variables}
