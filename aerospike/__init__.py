# SPDX-License-Identifier: Apache-2.0
"""Aerospike client for Python.

The client manages connections to an Aerospike cluster and carries out commands against it::

    import aerospike

    client = aerospike.client({"hosts": [("127.0.0.1", 3000)]})
    client.put(("test", "demo", "key"), {"name": "value"})
"""

from __future__ import annotations

import typing as _typing

from aerospike import _legacy, _native
from aerospike import exception as exception
from aerospike import predicates as predicates
from aerospike import types as types
from aerospike._async import AsyncClient as AsyncClient
from aerospike._async import AsyncLList as AsyncLList
from aerospike._async import AsyncQuery as AsyncQuery
from aerospike._async import AsyncRecordIterator as AsyncRecordIterator
from aerospike._async import AsyncScan as AsyncScan
from aerospike._client import Client as Client
from aerospike._columns import ArrowReader as ArrowReader
from aerospike._columns import ArrowTable as ArrowTable
from aerospike._config import ConfigProvider as ConfigProvider
from aerospike._native import *  # noqa: F403  (the constants, one row each in constants.def)
from aerospike._native import CommandReport as CommandReport
from aerospike._native import Matrix as Matrix
from aerospike._native import RecordIterator as RecordIterator
from aerospike._native import Transaction as Transaction
from aerospike._put_arrow import ArrowWritten as ArrowWritten
from aerospike._secrets import secretive as _secretive
from aerospike._split import Split as Split
from aerospike._values import CDTInfinite as CDTInfinite
from aerospike._values import CDTWildcard as CDTWildcard
from aerospike._values import GeoJSON as GeoJSON
from aerospike._values import KeyOrderedDict as KeyOrderedDict
from aerospike._values import geodata as geodata
from aerospike._values import geojson as geojson
from aerospike._values import null as null
from aerospike.llist import LList as LList
from aerospike.query import Query as Query
from aerospike.scan import Scan as Scan

if _typing.TYPE_CHECKING:  # names of 2015, of which a use warns
    POLICY_CONSISTENCY_ONE: int
    POLICY_CONSISTENCY_ALL: int
    SCAN_PRIORITY_AUTO: int
    SCAN_PRIORITY_LOW: int
    SCAN_PRIORITY_MEDIUM: int
    SCAN_PRIORITY_HIGH: int
    SCAN_STATUS_UNDEF: int
    SCAN_STATUS_INPROGRESS: int
    SCAN_STATUS_ABORTED: int
    SCAN_STATUS_COMPLETED: int
    SERIALIZER_PYTHON: int
    MAP_UPDATE: int
    MAP_UPDATE_ONLY: int
    MAP_CREATE_ONLY: int
else:
    __getattr__ = _legacy.constant

Error = exception.AerospikeError
__version__: str = _native._build_info["version"]
__build_info__: dict[str, str] = dict(_native._build_info)


@_secretive
def client(config: types.Config | str | None = None) -> Client:
    """Create a client and connect it to the cluster.

    :param dict config: the configuration; ``hosts``, a list of ``(address, port)`` or ``(address, port, tls_name)``,
        is all that must be there. The manual's page *Configuration* lists the keys. Or a URL:
        ``"aerospike://user:password@host1,host2:3000/?total_timeout=500"``. Where no hosts are given, they are those of
        the environment variable ``AEROSPIKE_HOSTS``.
    :return: a connected :class:`Client`.
    :raises ConnectionError: none of the hosts could be reached.
    :raises ParamError: a value of the configuration is not valid; the message names it.

    ::

        config = {"hosts": [("127.0.0.1", 3000)], "policies": {"read": {"total_timeout": 1000}}}
        with aerospike.client(config) as client:
            print(client.exists(("test", "demo", "key")))
    """
    return Client(config)
