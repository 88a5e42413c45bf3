# SPDX-License-Identifier: Apache-2.0
"""Every error that the client raises.

The class tells the kind of error, ``code`` its number: negative where the client raised it, positive where the server
answered it. The native module finds the class for a code by reading ``code`` off the classes of this module.
"""

from __future__ import annotations

from typing import Any

from aerospike._error import AerospikeError, ClientError, ServerError
from aerospike._ldt_errors import (
    LargeItemNotFound,
    LDTBinDamaged,
    LDTBinExistsError,
    LDTBinNameNotString,
    LDTBinNameNull,
    LDTBinNameTooLong,
    LDTBinNotFound,
    LDTDeleteError,
    LDTError,
    LDTInputParamError,
    LDTInsertError,
    LDTInternalError,
    LDTNotFound,
    LDTSearchError,
    LDTSubRecNotFound,
    LDTTopRecNotFound,
    LDTTypeMismatch,
    LDTUniqueKeyError,
)

__all__ = [
    "AerospikeError",
    "ClientError",
    "ServerError",
    "TimeoutError",
    "ParamError",
    "InvalidHostError",
    "ClientAbortError",
    "AsyncConnectionError",
    "NoMoreConnectionsError",
    "InvalidNodeError",
    "TLSError",
    "ConnectionError",
    "MaxRetriesExceeded",
    "MaxErrorRateExceeded",
    "NoResponse",
    "BatchFailed",
    "TransactionFailed",
    "TransactionAlreadyCommitted",
    "TransactionAlreadyAborted",
    "MetricsConflict",
    "InvalidRequest",
    "ServerFull",
    "AlwaysForbidden",
    "ScanAbortedError",
    "UnsupportedFeature",
    "DeviceOverload",
    "NamespaceNotFound",
    "ForbiddenError",
    "ElementNotFoundError",
    "ElementExistsError",
    "OpNotApplicable",
    "FilteredOut",
    "LostConflict",
    "BatchDisabledError",
    "BatchMaxRequestError",
    "BatchQueueFullError",
    "InvalidGeoJSON",
    "QueryAbortedError",
    "AdminError",
    "SecurityNotSupported",
    "SecurityNotEnabled",
    "SecuritySchemeNotSupported",
    "InvalidCommand",
    "InvalidField",
    "IllegalState",
    "InvalidUser",
    "UserExistsError",
    "InvalidPassword",
    "ExpiredPassword",
    "ForbiddenPassword",
    "InvalidCredential",
    "InvalidRole",
    "RoleExistsError",
    "InvalidPrivilege",
    "InvalidWhitelist",
    "QuotasNotEnabled",
    "InvalidQuota",
    "NotAuthenticated",
    "RoleViolation",
    "NotWhitelisted",
    "QuotaExceeded",
    "ClusterError",
    "ClusterChangeError",
    "IndexError",
    "IndexFoundError",
    "IndexNotFound",
    "IndexOOM",
    "IndexNotReadable",
    "IndexNameMaxLen",
    "IndexNameMaxCount",
    "QueryError",
    "QueryQueueFull",
    "QueryTimeout",
    "RecordError",
    "RecordNotFound",
    "RecordGenerationError",
    "RecordExistsError",
    "BinExistsError",
    "BinIncompatibleType",
    "RecordTooBig",
    "RecordBusy",
    "BinNotFound",
    "RecordKeyMismatch",
    "BinNameError",
    "TransactionError",
    "TransactionBlocked",
    "TransactionVersionMismatch",
    "TransactionExpired",
    "TransactionTooManyWrites",
    "TransactionCommitted",
    "TransactionAborted",
    "TransactionAlreadyLocked",
    "TransactionMonitorExists",
    "UDFError",
    "UDFNotFound",
    "LuaFileNotFound",
    "LDTError",
    "LargeItemNotFound",
    "LDTInternalError",
    "LDTNotFound",
    "LDTUniqueKeyError",
    "LDTInsertError",
    "LDTSearchError",
    "LDTDeleteError",
    "LDTInputParamError",
    "LDTTypeMismatch",
    "LDTBinNameNull",
    "LDTBinNameNotString",
    "LDTBinNameTooLong",
    "LDTTopRecNotFound",
    "LDTSubRecNotFound",
    "LDTBinNotFound",
    "LDTBinExistsError",
    "LDTBinDamaged",
]


class TimeoutError(AerospikeError):
    """The command did not finish within its time; ``in_doubt`` tells whether a write may have happened."""

    code = 9


class ParamError(ClientError):
    """An argument is not valid; the message names it. Nothing was sent."""

    code = -2


class InvalidHostError(ClientError):
    """A host is not valid."""

    code = -4


class ClientAbortError(ClientError):
    """A callback ended a scan or query."""

    code = -5


class AsyncConnectionError(ClientError):
    """An asynchronous connection failed."""

    code = -6


class NoMoreConnectionsError(ClientError):
    """All connections to the node are in use (``max_conns_per_node``)."""

    code = -7


class InvalidNodeError(ClientError):
    """No node serves the request, or the chosen node is not active."""

    code = -8


class TLSError(ClientError):
    """TLS could not be set up, or failed."""

    code = -9


class ConnectionError(ClientError):
    """No node could be reached."""

    code = -10


class MaxRetriesExceeded(ClientError):
    """The command failed as often as ``max_retries`` allows."""

    code = -12


class MaxErrorRateExceeded(ClientError):
    """A node had more errors in the window than ``max_error_rate`` allows."""

    code = -14


class NoResponse(ClientError):
    """The server sent no response for a record of a batch."""

    code = -15


class BatchFailed(ClientError):
    """One or more records of a batch failed; each record's result tells why."""

    code = -16


class TransactionFailed(ClientError):
    """The transaction could not be carried out."""

    code = -17


class TransactionAlreadyCommitted(ClientError):
    """The transaction was committed before."""

    code = -18


class TransactionAlreadyAborted(ClientError):
    """The transaction was aborted before."""

    code = -19


class MetricsConflict(ClientError):
    """The file that a ConfigProvider follows says otherwise about metrics."""

    code = -20


class InvalidRequest(ServerError):
    """The server cannot accept the request's parameters."""

    code = 4


class ServerFull(ServerError):
    """The server has no memory or storage left."""

    code = 8


class AlwaysForbidden(ServerError):
    """The server does not allow this operation in its present configuration."""

    code = 10


class ScanAbortedError(ServerError):
    """A scan was aborted."""

    code = 15


class UnsupportedFeature(ServerError):
    """The server does not support this feature."""

    code = 16


class DeviceOverload(ServerError):
    """The server's storage cannot keep up with writes."""

    code = 18


class NamespaceNotFound(ServerError):
    """There is no such namespace."""

    code = 20


class ForbiddenError(ServerError):
    """The server does not allow the operation at this time."""

    code = 22


class ElementNotFoundError(ServerError):
    """An element that must exist does not, in a list or map."""

    code = 23


class ElementExistsError(ServerError):
    """An element exists that must not, in a list or map."""

    code = 24


class OpNotApplicable(ServerError):
    """An operation cannot be applied to the bin's present value."""

    code = 26


class FilteredOut(ServerError):
    """The record did not pass the filter expression."""

    code = 27


class LostConflict(ServerError):
    """A write lost against a concurrent one from another cluster."""

    code = 28


class BatchDisabledError(ServerError):
    """Batch commands are disabled on the server."""

    code = 150


class BatchMaxRequestError(ServerError):
    """A batch holds more keys than the server accepts."""

    code = 151


class BatchQueueFullError(ServerError):
    """All batch queues of the server are full."""

    code = 152


class InvalidGeoJSON(ServerError):
    """A GeoJSON value is malformed, or not of a kind that the server knows."""

    code = 160


class QueryAbortedError(ServerError):
    """A query was aborted."""

    code = 210


class AdminError(ServerError):
    """An error about users, roles and privileges."""

    code: Any = None


class SecurityNotSupported(AdminError):
    """The server does not support security (Enterprise Edition does)."""

    code = 51


class SecurityNotEnabled(AdminError):
    """Security is not enabled on the server."""

    code = 52


class SecuritySchemeNotSupported(AdminError):
    """The server does not support this way of authentication."""

    code = 53


class InvalidCommand(AdminError):
    """The server does not know the administration command."""

    code = 54


class InvalidField(AdminError):
    """A field of the administration command is not valid."""

    code = 55


class IllegalState(AdminError):
    """The server is not in a state to accept the administration command."""

    code = 56


class InvalidUser(AdminError):
    """There is no such user, or its name is not valid."""

    code = 60


class UserExistsError(AdminError):
    """A user of that name exists already."""

    code = 61


class InvalidPassword(AdminError):
    """The password is wrong or malformed."""

    code = 62


class ExpiredPassword(AdminError):
    """The password has expired."""

    code = 63


class ForbiddenPassword(AdminError):
    """The server does not accept this password."""

    code = 64


class InvalidCredential(AdminError):
    """The credential is not valid."""

    code = 65


class InvalidRole(AdminError):
    """There is no such role, or its name is not valid."""

    code = 70


class RoleExistsError(AdminError):
    """A role of that name exists already."""

    code = 71


class InvalidPrivilege(AdminError):
    """There is no such privilege."""

    code = 72


class InvalidWhitelist(AdminError):
    """The list of addresses is not valid."""

    code = 73


class QuotasNotEnabled(AdminError):
    """Quotas are not enabled on the server."""

    code = 74


class InvalidQuota(AdminError):
    """The quota is not valid."""

    code = 75


class NotAuthenticated(AdminError):
    """The connection is not authenticated."""

    code = 80


class RoleViolation(AdminError):
    """The user lacks the privilege."""

    code = 81


class NotWhitelisted(AdminError):
    """The client's address is not allowed to connect."""

    code = 82


class QuotaExceeded(AdminError):
    """The user's quota is used up."""

    code = 83


class ClusterError(ServerError):
    """The client is not connected to a cluster, or the cluster is not in a state to serve."""

    code = 11


class ClusterChangeError(ClusterError):
    """The cluster changed while a scan ran."""

    code = 7


class IndexError(ServerError):
    """An error about a secondary index; ``name`` tells which."""

    code = 204

    name: str | None = None


class IndexFoundError(IndexError):
    """An index of that name exists with another definition."""

    code = 200


class IndexNotFound(IndexError):
    """There is no such index."""

    code = 201


class IndexOOM(IndexError):
    """The server has no memory left for the index."""

    code = 202


class IndexNotReadable(IndexError):
    """The index cannot be read yet; it may still be building."""

    code = 203


class IndexNameMaxLen(IndexError):
    """The name of an index is too long."""

    code = 205


class IndexNameMaxCount(IndexError):
    """The server holds as many indexes as it can."""

    code = 206


class QueryError(ServerError):
    """A query failed on the server."""

    code = 213


class QueryQueueFull(QueryError):
    """The server's query queue is full."""

    code = 211


class QueryTimeout(QueryError):
    """A query timed out on the server."""

    code = 212


class RecordError(ServerError):
    """An error about one record; ``key`` and ``bin`` tell which.

    ``bin`` is the name where the command was about one bin, and the dict of all bins where it was put().
    """

    code: Any = None
    key: tuple[Any, ...] | None = None
    bin: Any = None


class RecordNotFound(RecordError):
    """There is no such record."""

    code = 2


class RecordGenerationError(RecordError):
    """The record's generation is not the expected one."""

    code = 3


class RecordExistsError(RecordError):
    """The record exists already."""

    code = 5


class BinExistsError(RecordError):
    """A bin exists that must not."""

    code = 6


class BinIncompatibleType(RecordError):
    """An operation does not fit the type of the bin's value."""

    code = 12


class RecordTooBig(RecordError):
    """The record is larger than the server allows."""

    code = 13


class RecordBusy(RecordError):
    """Too many commands work on this record at once."""

    code = 14


class BinNotFound(RecordError):
    """A bin that must exist does not."""

    code = 17


class RecordKeyMismatch(RecordError):
    """The key stored with the record is not the key that was sent."""

    code = 19


class BinNameError(RecordError):
    """A bin name is longer than 15 bytes, or too many bins were named."""

    code = 21


class TransactionError(ServerError):
    """A transaction, or a record that one works on; it is the base of those that say more."""


class TransactionBlocked(TransactionError):
    """Another transaction has written the record and is not at its end."""

    code = 120


class TransactionVersionMismatch(TransactionError):
    """The record was written after the transaction had read it."""

    code = 121


class TransactionExpired(TransactionError):
    """The transaction's time is over; the server rolls it back."""

    code = 122


class TransactionTooManyWrites(TransactionError):
    """The transaction has written 4,096 records, more than which it cannot."""

    code = 123


class TransactionCommitted(TransactionError):
    """The transaction is committed already."""

    code = 124


class TransactionAborted(TransactionError):
    """The transaction is aborted already."""

    code = 125


class TransactionAlreadyLocked(TransactionError):
    """The transaction has locked the record already."""

    code = 126


class TransactionMonitorExists(TransactionError):
    """The server knows a transaction of that number already."""

    code = 127


class UDFError(ServerError):
    """An error in or about a user-defined function; ``module`` and ``func`` tell which."""

    code = 100

    module: str | None = None
    func: str | None = None


class UDFNotFound(UDFError):
    """There is no such user-defined function."""

    code = 1301


class LuaFileNotFound(UDFError):
    """A Lua module was not found on the client's side."""

    code = 1302
