# SPDX-License-Identifier: Apache-2.0
"""What programs of 2015 call and the client of today has under another name; docs/programs_2015.rst lists it."""

from __future__ import annotations

import functools
import socket
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from aerospike import _native, exception, types

if TYPE_CHECKING:
    from aerospike._batch import BatchRecord

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


# ---- warnings ----


def warn(text: str) -> None:
    """Warn that something is deprecated, at the line of the program that has used it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).split(".")[0] == "aerospike":
        frame, level = frame.f_back, level + 1
    warnings.warn(text, DeprecationWarning, stacklevel=level)


def deprecated(successor: str) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """A method that warns, names its successor, and raises ParamError where its arguments are wrong."""

    def wrap(method: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @functools.wraps(method)
        def call(*args: Arguments.args, **keywords: Arguments.kwargs) -> Result:
            warn(f"{method.__name__}() is deprecated, use {successor}")
            try:
                return method(*args, **keywords)
            except TypeError as error:
                raise exception.ParamError(-2, str(error)) from None

        return call

    return wrap


# ---- constants ----

# The value of an old name, and who has taken its place.
CONSTANTS: dict[str, tuple[int, str]] = {
    "POLICY_CONSISTENCY_ONE": (_native.POLICY_READ_MODE_AP_ONE, "use POLICY_READ_MODE_AP_ONE"),
    "POLICY_CONSISTENCY_ALL": (_native.POLICY_READ_MODE_AP_ALL, "use POLICY_READ_MODE_AP_ALL"),
    "SCAN_PRIORITY_AUTO": (0, "servers know no priorities since version 6.0"),
    "SCAN_PRIORITY_LOW": (1, "servers know no priorities since version 6.0"),
    "SCAN_PRIORITY_MEDIUM": (2, "servers know no priorities since version 6.0"),
    "SCAN_PRIORITY_HIGH": (3, "servers know no priorities since version 6.0"),
    "SCAN_STATUS_UNDEF": (0, "use job_info() and JOB_STATUS_UNDEF"),
    "SCAN_STATUS_INPROGRESS": (1, "use job_info() and JOB_STATUS_INPROGRESS"),
    "SCAN_STATUS_ABORTED": (2, "use job_info(), which tells nothing of the kind"),
    "SCAN_STATUS_COMPLETED": (3, "use job_info() and JOB_STATUS_COMPLETED"),
    "SERIALIZER_PYTHON": (1, "pickles can run code where they are read; use functions of your own, such as JSON's"),
    "MAP_UPDATE": (0, "use 'map_write_flags' and MAP_WRITE_FLAGS_DEFAULT"),
    "MAP_UPDATE_ONLY": (1, "use 'map_write_flags' and MAP_WRITE_FLAGS_UPDATE_ONLY"),
    "MAP_CREATE_ONLY": (2, "use 'map_write_flags' and MAP_WRITE_FLAGS_CREATE_ONLY"),
}

STATUS = {
    _native.JOB_STATUS_UNDEF: CONSTANTS["SCAN_STATUS_UNDEF"][0],
    _native.JOB_STATUS_INPROGRESS: CONSTANTS["SCAN_STATUS_INPROGRESS"][0],
    _native.JOB_STATUS_COMPLETED: CONSTANTS["SCAN_STATUS_COMPLETED"][0],
}


def constant(name: str) -> int:
    """``aerospike.NAME``, where the module has none: an old one, with a warning."""
    if name not in CONSTANTS:
        raise AttributeError(f"module 'aerospike' has no attribute {name!r}", name=name, obj=sys.modules["aerospike"])
    value, successor = CONSTANTS[name]
    warn(f"aerospike.{name} is deprecated: {successor}")
    return value


# ---- many records ----

ERRORS = [getattr(exception, name) for name in exception.__all__]
CLASSES = {cls.code: cls for cls in ERRORS if "code" in vars(cls) and not issubclass(cls, exception.LDTError)}
MISSING = (exception.RecordNotFound.code, exception.FilteredOut.code)


def failure(row: BatchRecord) -> exception.AerospikeError:
    """The exception that a command on this record alone would have raised."""
    cls = CLASSES.get(row.result, exception.ServerError)
    error: exception.AerospikeError = cls(row.result, row.message or cls.__name__)
    error.in_doubt = row.in_doubt
    return error


def nodes_of(client: _native._Client, host: tuple[Any, ...]) -> list[str]:
    """The names of the nodes at an address and port."""
    if not isinstance(host, tuple) or len(host) not in (2, 3):
        raise exception.ParamError(-2, f"a host must be (address, port) or (address, port, tls_name), not {host!r}")
    address, port = host[:2]
    if not isinstance(address, str) or not isinstance(port, int):
        raise exception.ParamError(-2, f"a host must be a str and an int, not {host!r}")
    try:
        resolved = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError, ValueError):
        resolved = []
    addresses = {address, *(found[4][0] for found in resolved)}
    nodes = [node for node in client.get_node_names() if node["address"] in addresses and node["port"] == port]
    if not nodes:
        raise exception.ParamError(-2, f"no node of the cluster has the address {host!r}")
    return [node["node_name"] for node in nodes]


class KeyObject:
    """A key, with the commands on its record as methods; made by :meth:`Client.key`."""

    __slots__ = ("_client", "_key")

    def __init__(self, client: _native._Client, key: types.Key) -> None:
        self._client, self._key = client, key

    def __repr__(self) -> str:
        return f"<aerospike key {self._key!r} of {self._client!r}>"

    def get(self, policy: types.ReadPolicy | None = None) -> types.Record:
        """:meth:`Client.get` of the record."""
        return self._client.get(self._key, policy)

    def exists(self, policy: types.ReadPolicy | None = None) -> tuple[types.RecordKey, types.RecordMeta | None]:
        """:meth:`Client.exists` of the record."""
        return self._client.exists(self._key, policy)

    def put(self, bins: types.Bins, meta: types.Meta | None = None, policy: types.WritePolicy | None = None) -> int:
        """:meth:`Client.put` of the record."""
        return self._client.put(self._key, bins, meta, policy)

    def remove(self, policy: types.RemovePolicy | None = None) -> int:
        """:meth:`Client.remove` of the record."""
        return self._client.remove(self._key, None, policy)

    def apply(
        self, module: str, function: str, args: list[Any] | None = None, policy: types.ApplyPolicy | None = None
    ) -> Any:
        """:meth:`Client.apply` on the record."""
        return self._client.apply(self._key, module, function, [] if args is None else args, policy)


# ---- calls ----


class OldCalls(_native._Client):
    """Methods that :class:`Client` had, a few lines each over those that it has."""

    __slots__ = ()

    @deprecated("is_connected()")
    def isConnected(self) -> bool:  # noqa: N802  (its name of old)
        """Deprecated: :meth:`is_connected`."""
        return self.is_connected()

    @deprecated("the key as a tuple")
    def key(self, ns: str, set: str | None, pk: types.PrimaryKey) -> KeyObject:
        """Deprecated: commands take a key as ``(ns, set, pk)``.

        :param str ns: the namespace.
        :param str set: the set, or None.
        :param pk: the primary key: str, int, bytes or bytearray.
        :return: an object with the methods ``get([policy])``, ``exists([policy])``, ``put(bins[, meta[, policy]])``,
            ``remove([policy])`` and ``apply(module, function[, args[, policy]])``, which do as those of the client.
        :raises ParamError: an argument is not valid.
        """
        self.get_key_digest(ns, set, pk)
        return KeyObject(self, (ns, set, pk))

    def _many(
        self, keys: Sequence[types.Key], bins: Sequence[str] | None, policy: types.BatchPolicy | None
    ) -> list[tuple[types.RecordKey, types.RecordMeta | None, dict[str, Any] | None]]:
        """Records in the order of their keys; what is wrong with one of them is raised."""
        given = list(keys) if isinstance(keys, tuple) else keys
        names = list(bins) if isinstance(bins, tuple) else bins
        rows = self.batch_read(given, names, policy).batch_records  # type: ignore[arg-type]
        return [self._old_row(row) for row in rows]

    def _old_row(self, row: BatchRecord) -> tuple[types.RecordKey, types.RecordMeta | None, dict[str, Any] | None]:
        key: Any = row.key
        if row.record is None:
            if row.result not in MISSING:
                raise failure(row)
            return key, None, None
        return key, row.record[1], row.record[2] if len(row.record) > 2 else {}

    @deprecated("batch_read()")
    def get_many(
        self, keys: Sequence[types.Key], policy: types.BatchPolicy | None = None
    ) -> list[tuple[types.RecordKey, types.RecordMeta | None, dict[str, Any] | None]]:
        """Deprecated: :meth:`batch_read`.

        :param list keys: the records' keys, a list or a tuple.
        :param dict policy: see :ref:`batch`; default: the client's.
        :return: a list of ``(key, meta, bins)`` in the order of keys, meta and bins None where there is no record.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises AerospikeError: a record could not be read.
        """
        return self._many(keys, None, policy)

    @deprecated("batch_read() with bins")
    def select_many(
        self, keys: Sequence[types.Key], bins: Sequence[str], policy: types.BatchPolicy | None = None
    ) -> list[tuple[types.RecordKey, types.RecordMeta | None, dict[str, Any] | None]]:
        """Deprecated: :meth:`batch_read` with bins.

        :param list keys: the records' keys, a list or a tuple.
        :param list bins: names of bins, a list or a tuple.
        :param dict policy: see :ref:`batch`; default: the client's.
        :return: a list of ``(key, meta, bins)`` in the order of keys, meta and bins None where there is no record.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises AerospikeError: a record could not be read.
        """
        if bins is None:
            raise exception.ParamError(-2, "bins must be a list of str, not NoneType")
        return self._many(keys, bins, policy)

    @deprecated("batch_read() with bins=[]")
    def exists_many(
        self, keys: Sequence[types.Key], policy: types.BatchPolicy | None = None
    ) -> list[tuple[types.RecordKey, types.RecordMeta | None]]:
        """Deprecated: :meth:`batch_read` with ``bins=[]``.

        :param list keys: the records' keys, a list or a tuple.
        :param dict policy: see :ref:`batch`; default: the client's.
        :return: a list of ``(key, meta)`` in the order of keys, meta None where there is no record.
        :raises ParamError: an argument is not valid; nothing was sent.
        :raises AerospikeError: a record could not be looked for.
        """
        return [(key, meta) for key, meta, _bins in self._many(keys, [], policy)]

    @deprecated("info_all()")
    def info(
        self, command: str, hosts: list[tuple[Any, ...]] | None = None, policy: types.InfoPolicy | None = None
    ) -> dict[str, tuple[str | None, str]]:
        """Deprecated: :meth:`info_all`, or :meth:`info_single_node` for each of some nodes.

        :param str command: the info command, ``'namespaces'`` for one.
        :param list hosts: ``[(address, port)]`` of the nodes that are asked; None: all.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: ``{node name: (error or None, answer)}``.
        :raises ParamError: an argument is not valid, or no node has such an address; nothing was sent.
        """
        if hosts is None:
            return self.info_all(command, policy)
        if not isinstance(hosts, list):
            raise exception.ParamError(-2, f"hosts must be a list of (address, port), not {type(hosts).__name__}")
        answers: dict[str, tuple[str | None, str]] = {}
        for node in [node for host in hosts for node in nodes_of(self, host)]:
            try:
                answers[node] = None, self.info_single_node(command, node, policy)
            except exception.ServerError as error:
                answers[node] = str(error.msg), ""
        return answers

    @deprecated("info_single_node()")
    def info_node(self, command: str, host: tuple[Any, ...], policy: types.InfoPolicy | None = None) -> str:
        """Deprecated: :meth:`info_single_node`.

        :param str command: the info command, ``'namespaces'`` for one.
        :param tuple host: the node's ``(address, port)``, as :meth:`get_nodes` tells it.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: the answer as the node gave it.
        :raises ParamError: an argument is not valid, or no node has the address; nothing was sent.
        """
        return self.info_single_node(command, nodes_of(self, host)[0], policy)

    @deprecated("True: every server since version 3.7 knows GeoJSON")
    def has_geo(self) -> bool:
        """Deprecated: every server since version 3.7 knows GeoJSON.

        :return: whether the server says so.
        """
        return "geo" in self.info_random_node("features").partition("\t")[2].strip().split(";")

    @deprecated("job_info()")
    def scan_info(self, scan_id: int, policy: types.InfoPolicy | None = None) -> dict[str, int]:
        """Deprecated: :meth:`job_info`.

        :param int scan_id: what :meth:`scan_apply` has returned.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: ``{'status': SCAN_STATUS_*, 'progress_pct': percent, 'records_scanned': records}``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        job = self.job_info(scan_id, _native.JOB_SCAN, policy)
        return {
            "status": STATUS[job["status"]],
            "progress_pct": job["progress_pct"],
            "records_scanned": job["records_read"],
        }

    @deprecated("udf_get()")
    def udf_getRegistered(  # noqa: N802  (its name of old)
        self, module: str, language: int = 0, policy: types.InfoPolicy | None = None
    ) -> str:
        """Deprecated: :meth:`udf_get`.

        :param str module: the module's name, such as ``'cities.lua'``.
        :param int language: ``UDF_TYPE_LUA``.
        :param dict policy: see :ref:`info`; default: the client's.
        :return: the module's source.
        :raises UDFError: there is no such module.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return self.udf_get(module, language, policy)

    @deprecated("admin_query_user_info()")
    def admin_query_user(self, username: str, policy: types.AdminPolicy | None = None) -> list[str]:
        """Deprecated: ``admin_query_user_info(user)['roles']``.

        :param str username: the user's name.
        :param dict policy: see :ref:`admin`; default: the client's.
        :return: the names of the user's roles.
        :raises InvalidUser: there is no such user.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return self.admin_query_user_info(username, policy)["roles"]

    @deprecated("admin_query_users_info()")
    def admin_query_users(self, policy: types.AdminPolicy | None = None) -> dict[str, list[str]]:
        """Deprecated: :meth:`admin_query_users_info`.

        :param dict policy: see :ref:`admin`; default: the client's.
        :return: ``{user: [role]}``.
        :raises ParamError: an argument is not valid; nothing was sent.
        """
        return {name: user["roles"] for name, user in self.admin_query_users_info(policy).items()}
