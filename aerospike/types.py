# SPDX-License-Identifier: Apache-2.0
"""The shapes of keys, records, policies, operations and configuration, for annotations.

Methods take these dictionaries as literals without further ado; a variable needs its type to be said::

    from aerospike import types

    policy: types.ReadPolicy = {"total_timeout": 100, "key": aerospike.POLICY_KEY_SEND}
    client.get(("test", "demo", 1), policy)

The keys of a policy are those of ``Client.get_policies()`` and what only a single call can say. Times are
in milliseconds where nothing else is said, and 0 is no limit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypedDict

if TYPE_CHECKING:
    from aerospike._config import ConfigProvider
    from aerospike._native import CommandReport, Transaction
    from aerospike_helpers.cdt_ctx import Context
    from aerospike_helpers.metrics import MetricsPolicy

# ---- keys and records ----

PrimaryKey: TypeAlias = str | int | bytes | bytearray
"""What a primary key may be."""


class _Namespace(TypedDict):
    ns: str


class KeyDict(_Namespace, total=False):
    """A key as a dict: with ``key`` or ``digest``."""

    set: str | None
    key: PrimaryKey | None
    digest: bytes | bytearray | None


Key: TypeAlias = (
    tuple[str, str | None, PrimaryKey]
    | tuple[str, str | None, PrimaryKey | None, bytes | bytearray]
    | tuple[str, str | None, PrimaryKey, bytes | bytearray | None]
    | KeyDict
)
"""``(namespace, set, primary key)``, or ``(namespace, set, None, digest)``, or a key that a command returned, or a dict
of the same."""

RecordKey: TypeAlias = tuple[str, str | None, Any, bytearray]
"""The key of a record that was read: ``(namespace, set, primary key or None, digest)``."""


class RecordMeta(TypedDict):
    """What is known of a record beside its bins."""

    ttl: int
    """Seconds until it expires; 4294967295: never."""
    gen: int
    """Its generation, which grows by one with every write."""


Bins: TypeAlias = dict[str, Any]
"""``{bin name: value}``."""

Record: TypeAlias = tuple[RecordKey, RecordMeta, Bins]
"""What get() returns: ``(key, meta, bins)``."""

Row: TypeAlias = Record | Any
"""What a query gives: a record, or what a function in Lua makes of them where one was chosen, of any type.

``values: list[Any] = query.results()`` lets a type checker take the latter.
"""

Callback: TypeAlias = Callable[[Record], Any] | Callable[[int, Record], Any]
"""What foreach() calls with each record, or with its partition and it."""

RowCallback: TypeAlias = Callback | Callable[[Any], Any]
"""The same of a query, whose function in Lua may give anything."""


class Meta(TypedDict, total=False):
    """What a write says of the record as a whole."""

    ttl: int | None
    """Seconds to live, or a ``TTL_*`` constant; default: the policy's ``ttl``."""
    gen: int | None
    """The generation that the policy's ``gen`` compares with the record's."""


# ---- hooks ----


class StartHook(Protocol):
    """What is told of the start of commands."""

    def start(self, report: CommandReport, /) -> Any:
        """Be told that a command begins."""


class EndHook(Protocol):
    """What is told of the end of commands."""

    def end(self, report: CommandReport, /) -> Any:
        """Be told how a command ended."""


Hook: TypeAlias = StartHook | EndHook | Callable[["CommandReport"], Any]
"""What ``add_hook()`` takes; it may be told of both. A function is told of the end."""

# ---- operations ----

CompiledExpression: TypeAlias = list[tuple[Any, ...]]
"""What ``compile()`` gives of an expression of ``aerospike_helpers.expressions``."""


class _Operation(TypedDict):
    op: int


class Operation(_Operation, total=False):
    """One operation of ``operate()``, as the functions of ``aerospike_helpers.operations`` make it.

    ``op`` says which; what else there must be depends on it, and is checked before anything is sent.
    """

    bin: str
    val: Any
    ctx: Context | None
    # lists and maps
    action: int
    count: Any
    cdt_flags: int | None
    index: Any
    inverted: bool
    key: Any
    list_order: int | None
    list_policy: ListPolicy | None
    map_order: int | None
    map_policy: MapPolicy | None
    persist_index: bool
    range: Any
    rank: Any
    return_type: int
    sort_flags: int | None
    value: Any
    value_begin: Any
    value_end: Any
    value_list: Any
    # bits
    bit_offset: int
    bit_size: int
    byte_offset: int
    byte_size: int | None
    policy: Any
    resize_flags: int
    sign: bool
    value_byte_size: int
    # HyperLogLog
    hll_policy: HLLPolicy | None
    index_bit_count: int | None
    mh_bit_count: int | None
    # expressions
    expr: CompiledExpression
    expr_flags: int
    mod_exp: CompiledExpression
    # strings
    end: Any
    invert_size: bool
    needle: Any
    numeric_type: Any
    occurrence: Any
    pad: Any
    pad_string: Any
    pattern: Any
    prefix: Any
    regex_flags: Any
    replacement: Any
    separator: Any
    start: Any
    suffix: Any
    target_length: Any


class ListPolicy(TypedDict, total=False):
    """How a list operation writes."""

    list_order: int | None
    """``LIST_UNORDERED`` or ``LIST_ORDERED``, for a list that the operation creates."""
    write_flags: int | None
    """``LIST_WRITE_*`` flags."""


class MapPolicy(TypedDict, total=False):
    """How a map operation writes."""

    map_order: int | None
    """``MAP_UNORDERED``, ``MAP_KEY_ORDERED`` or ``MAP_KEY_VALUE_ORDERED``, for a map that the operation creates."""
    map_write_flags: int | None
    """``MAP_WRITE_FLAGS_*``."""
    map_write_mode: int | None
    """Deprecated: ``MAP_UPDATE``, ``MAP_UPDATE_ONLY`` or ``MAP_CREATE_ONLY``, for ``map_write_flags``."""
    persist_index: bool | None
    """Whether the server keeps the map's index with it."""


class BitPolicy(TypedDict, total=False):
    """How an operation on bits writes."""

    bit_write_flags: int | None
    """``BIT_WRITE_*`` flags."""


class HLLPolicy(TypedDict, total=False):
    """How a HyperLogLog operation writes."""

    flags: int | None
    """``HLL_WRITE_*`` flags."""


# ---- policies: what several have in common ----


class _Filter(TypedDict, total=False):
    expressions: CompiledExpression
    """What an expression's ``compile()`` gives; a record for which it is not true is left alone."""


class _Base(_Filter, total=False):
    total_timeout: int
    """Time for the command with all its retries."""
    socket_timeout: int
    """Time that a socket may be idle before the command is tried again."""
    connect_timeout: int
    """Time for making a connection."""
    timeout_delay: int
    """Time for draining a socket that timed out, to use it again; 0: it is closed."""
    max_retries: int
    """How often a command is tried again after the first time."""
    sleep_between_retries: int
    """Pause before each further try."""
    compress: bool
    """Compress what is sent, and ask for compressed answers (Enterprise Edition)."""
    error_detail_verbosity: int
    """``ERROR_DETAIL_*``: how much a server of version 8.1.2 or later says of an error."""
    txn: Transaction
    """The transaction that the command is part of."""
    timeout: int
    """Old name of ``total_timeout``."""
    retry: int
    """Old name of ``max_retries``."""


class _Key(TypedDict, total=False):
    key: int
    """``POLICY_KEY_DIGEST`` or ``POLICY_KEY_SEND``: whether the primary key is sent along with its digest."""


class _Gen(TypedDict, total=False):
    gen: int
    """``POLICY_GEN_*``: how the generation of meta is compared with the record's."""


class _Exists(TypedDict, total=False):
    exists: int
    """``POLICY_EXISTS_*``: what a write does where there is a record, or none."""


class _Replica(TypedDict, total=False):
    replica: int
    """``POLICY_REPLICA_*``: which copy of a record is asked."""


class _Commit(TypedDict, total=False):
    commit_level: int
    """``POLICY_COMMIT_LEVEL_*``: whether a write waits for all copies."""


class _Durable(TypedDict, total=False):
    durable_delete: bool
    """Leave a tombstone for a deleted record (Enterprise Edition)."""


class _Locking(TypedDict, total=False):
    on_locking_only: bool
    """In a transaction: only lock the record, where it is not locked yet."""


class _Ttl(TypedDict, total=False):
    ttl: int
    """Seconds to live, or a ``TTL_*`` constant, where meta says nothing."""


class _Deserialize(TypedDict, total=False):
    deserialize: bool
    """False: lists and maps are read as the bytes that the server sent."""


class _ReadModes(TypedDict, total=False):
    read_mode_ap: int
    """``POLICY_READ_MODE_AP_*``: how many copies are asked while the cluster changes."""
    read_mode_sc: int
    """``POLICY_READ_MODE_SC_*``: what a namespace of strong consistency guarantees to a read."""
    read_touch_ttl_percent: int
    """Renew the record's time to live if less than this much of it is left: 1 to 100; 0: the server's; -1: never."""
    consistency_level: int
    """Old name of ``read_mode_ap``."""


class _Generation(TypedDict, total=False):
    generation: int
    """The generation that ``gen`` compares with the record's."""


# ---- policies ----


class ReadPolicy(_Base, _Key, _Replica, _ReadModes, _Deserialize, total=False):
    """Of get(), select() and exists()."""


class WritePolicy(_Base, _Key, _Replica, _Commit, _Gen, _Exists, _Ttl, _Durable, _Locking, total=False):
    """Of put() and remove_bin()."""

    compression_threshold: int
    """Bytes from which on a request is compressed where ``compress`` is set."""


class ApplyPolicy(_Base, _Key, _Replica, _Commit, _Ttl, _Durable, _Locking, total=False):
    """Of apply()."""


class OperatePolicy(
    _Base, _Key, _Replica, _ReadModes, _Commit, _Gen, _Exists, _Ttl, _Deserialize, _Durable, _Locking, total=False
):
    """Of operate(), operate_ordered(), touch(), increment(), append() and prepend()."""


class RemovePolicy(_Base, _Key, _Replica, _Commit, _Gen, _Durable, _Generation, total=False):
    """Of remove()."""


class PartitionDigest(TypedDict):
    """A place within a partition."""

    init: bool
    value: bytes | bytearray


class PartitionFilter(TypedDict, total=False):
    """Which partitions a scan or query reads."""

    begin: int
    """The first partition, from 0 to 4095."""
    count: int
    """How many partitions."""
    digest: PartitionDigest | None
    """Go on after the record of this digest; for a single partition."""
    partition_status: dict[Any, Any]
    """Go on from where ``get_partitions_status()`` says that another run stopped."""


class _Partitions(TypedDict, total=False):
    partition_filter: PartitionFilter | None
    """Read these partitions only; foreach() then tells its callback the partition, too."""


class QueryPolicy(_Base, _Replica, _Deserialize, _Partitions, total=False):
    """Of queries."""

    short_query: bool
    """Old form of ``expected_duration``: True for ``QUERY_DURATION_SHORT``."""
    expected_duration: int
    """``QUERY_DURATION_*``: how the server treats the query."""


class ScanPolicy(_Base, _Replica, _Ttl, _Durable, _Partitions, total=False):
    """Of scans."""

    max_records: int
    """Records that the scan gives at the most; 0: all."""
    records_per_second: int
    """Records that every node gives in a second at the most; 0: no limit."""


class QueryOptions(TypedDict, total=False):
    """Options of a query's run."""

    nobins: bool
    """Read keys and meta only."""


class ScanOptions(QueryOptions, total=False):
    """Options of a scan's run; the others than ``nobins`` are without effect today."""

    concurrent: bool
    priority: int
    percent: int
    include_ldt: bool


class BatchPolicy(_Base, _Replica, _ReadModes, _Deserialize, total=False):
    """Of a batch command as a whole."""

    concurrent: bool
    """Ask the nodes at the same time, by threads of the client."""
    allow_inline: bool
    """Let the server read records in memory at once, on the thread that received the request."""
    allow_inline_ssd: bool
    """The same for records on a disk."""
    respond_all_keys: bool
    """Go on with the other keys after an error of one."""


class BatchReadPolicy(_Filter, _ReadModes, total=False):
    """Of one read within a batch."""


class BatchWritePolicy(_Filter, _Key, _Commit, _Gen, _Exists, _Ttl, _Durable, _Locking, total=False):
    """Of one write within a batch."""


class BatchApplyPolicy(_Filter, _Key, _Commit, _Ttl, _Durable, _Locking, total=False):
    """Of one call of a user-defined function within a batch."""


class BatchRemovePolicy(_Filter, _Key, _Commit, _Gen, _Durable, _Generation, total=False):
    """Of one removal within a batch."""


class AdminPolicy(TypedDict, total=False):
    """Of the commands of administrators."""

    timeout: int
    """Time for the command."""


class InfoPolicy(TypedDict, total=False):
    """Of info commands, truncate(), and what manages indexes and user-defined functions."""

    timeout: int
    """Time for the command."""
    send_as_is: bool
    """Send the command as it is, without a newline added at its end."""
    check_bounds: bool
    """Refuse a command that is too long."""


class DefaultPolicies(TypedDict, total=False):
    """The policies of each kind of command that hold where a call says nothing; what get_policies() returns."""

    read: ReadPolicy
    write: WritePolicy
    apply: ApplyPolicy
    operate: OperatePolicy
    remove: RemovePolicy
    query: QueryPolicy
    scan: ScanPolicy
    batch: BatchPolicy
    batch_parent_write: BatchPolicy
    batch_write: BatchWritePolicy
    batch_apply: BatchApplyPolicy
    batch_remove: BatchRemovePolicy
    info: InfoPolicy
    admin: AdminPolicy
    txn_verify: BatchPolicy
    txn_roll: BatchPolicy


# ---- the client's configuration ----


class Policies(
    DefaultPolicies,
    _Base,
    _Key,
    _Replica,
    _ReadModes,
    _Commit,
    _Gen,
    _Exists,
    _Ttl,
    _Durable,
    _Deserialize,
    total=False,
):
    """``config['policies']``: defaults for kinds of commands, and flat ones for all that have such a key."""

    auth_mode: int
    """``AUTH_*``: how the user is authenticated."""
    login_timeout_ms: int
    """Time for logging in."""
    thread_pool_size: int
    """Threads of batches, scans and queries that ask nodes at the same time."""
    max_threads: int
    """Old name of ``thread_pool_size``."""
    metrics: MetricsPolicy
    """What ``enable_metrics()`` does where its call says nothing."""


class TLSConfig(TypedDict, total=False):
    """``config['tls']``."""

    enable: bool
    """Use TLS."""
    cafile: str
    """A file of trusted certificates."""
    capath: str
    """A folder of trusted certificates."""
    protocols: str
    """Allowed versions, ``"-all +TLSv1.2"`` for one."""
    cipher_suite: str
    """Allowed ciphers, in OpenSSL's notation."""
    keyfile: str
    """The client's private key."""
    keyfile_pw: str
    """The password of that file."""
    cert_blacklist: str
    """A file of certificates that are refused."""
    certfile: str
    """The client's certificate chain."""
    crl_check: bool
    """Look the certificate up in the revocation list."""
    crl_check_all: bool
    """The same for the whole chain."""
    log_session_info: bool
    """Log each connection's session."""
    for_login_only: bool
    """Use TLS for logging in only."""


class SharedMemoryConfig(TypedDict, total=False):
    """``config['shm']``: share the tending of the cluster between processes of one machine."""

    shm_key: int
    """The key of the shared memory."""
    shm_max_nodes: int
    """Nodes that there is room for."""
    max_nodes: int
    """Old name of ``shm_max_nodes``."""
    shm_max_namespaces: int
    """Namespaces that there is room for."""
    max_namespaces: int
    """Old name of ``shm_max_namespaces``."""
    shm_takeover_threshold_sec: int
    """Seconds after which another process takes over the tending."""
    takeover_threshold_sec: int
    """Old name of ``shm_takeover_threshold_sec``."""


class LuaConfig(TypedDict, total=False):
    """``config['lua']``."""

    system_path: str
    """Without effect today."""
    user_path: str
    """A folder of Lua modules, for aggregations of queries."""


Serializer: TypeAlias = Callable[[Any], str | bytes | bytearray]
Deserializer: TypeAlias = Callable[[str | bytes], Any]


class _Hosts(TypedDict):
    hosts: Sequence[tuple[str, int] | tuple[str, int, str | None]] | list[str]
    """A list of ``(address, port)``, ``(address, port, tls name)`` or addresses alone, for port 3000."""


class Config(_Hosts, total=False):
    """The configuration of a client; only ``hosts``, where to look for the cluster, must be there."""

    policies: Policies
    """Default policies."""
    user: str | None
    """The user to log in as, with ``password``."""
    password: str | None
    tls: TLSConfig
    shm: SharedMemoryConfig
    lua: LuaConfig
    config_provider: ConfigProvider
    """A YAML file of policies that may change while the client runs."""
    serialization: tuple[Serializer | int | None, Deserializer | None]
    """Functions for values of types that Aerospike does not know; the first may be ``SERIALIZER_PYTHON``."""
    unpickle: Callable[[bytes], Any] | None
    """What makes values of the pickles that are read; None: they are bytearrays."""
    send_bool_as: int
    """``AS_BOOL`` (the default), or ``INTEGER``: bools are stored as 0 and 1."""
    strict_types: bool
    """Without effect: what cannot be stored is refused before it is sent, always."""
    slow_log_ms: int
    """Log commands that take so long; 0: none."""
    validate_keys: bool
    """Raise ParamError for unknown keys of configuration and policies, instead of a warning."""
    compression_threshold: int
    """Bytes from which on a request is compressed where ``compress`` is set."""
    cluster_name: str
    """The name that the cluster's nodes must have."""
    app_id: str
    """What the application calls itself, for metrics."""
    connect_timeout: int
    """Time for a first connection to a node."""
    tend_interval: int
    """Time between looks at the cluster's state."""
    min_conns_per_node: int
    """Connections to each node that are made beforehand."""
    max_conns_per_node: int
    """Connections to each node at the most."""
    connection_wait_ms: int
    """How long a command waits for a connection when all are in use; 0: it raises at once."""
    max_in_flight: int
    """Commands of an AsyncClient on records at a time, on each loop; 0: as many as ``max_conns_per_node``."""
    fuse_reads: bool
    """Whether an AsyncClient reads records that are asked for at the same time in one batch; default: True."""
    fuse_writes: bool
    """Whether an AsyncClient writes records that are put at the same time in one batch; default: True."""
    max_waiting: int
    """Commands of an AsyncClient that may wait for their turn; 0: no limit."""
    max_socket_idle: int
    """Seconds after which an unused connection is closed; 0: never."""
    max_error_rate: int
    """Errors of a node in ``error_rate_window`` from which on commands to it are refused; 1 to 100 times that."""
    error_rate_window: int
    """Tend intervals that errors are counted for."""
    thread_pool_size: int
    """Threads of batches, scans and queries that ask nodes at the same time."""
    max_threads: int
    """Old name of ``thread_pool_size``."""
    fail_if_not_connected: bool
    """Whether a client is made only when the cluster is reached; True by default."""
    use_services_alternate: bool
    """Use the nodes' alternate addresses."""
    force_single_node: bool
    """Use only the first of the hosts, whatever cluster it belongs to."""
    rack_aware: bool
    """Prefer nodes of the racks ``rack_ids``, with ``POLICY_REPLICA_PREFER_RACK``."""
    rack_id: int
    """The rack of this program."""
    rack_ids: list[int] | tuple[int, ...]
    """The racks to prefer, best first."""
    use_shared_connection: bool
    """Without effect today."""


class JobInfo(TypedDict):
    """How far a job in the background is, as :meth:`aerospike.Client.job_info` tells it."""

    progress_pct: int
    """Percent of the work that is done, of the slowest node."""
    records_read: int
    """Records that were written."""
    status: int
    """One of ``JOB_STATUS_*``."""


class NodeName(TypedDict):
    """A node, as get_node_names() tells it."""

    address: str
    port: int
    node_name: str


# ---- modules ----

Path: TypeAlias = str | os.PathLike[str]


class Module(TypedDict):
    """A module of Lua, as udf_list() tells it."""

    name: str
    hash: bytearray
    """Text of 40 characters."""
    type: int
    content: bytearray
    """Empty: udf_get() has it."""


# ---- users and roles ----


class _Code(TypedDict):
    code: int


class Privilege(_Code, total=False):
    """A privilege of a role: of the whole cluster, of a namespace, or of a set in it."""

    ns: str | None
    set: str | None


class RolePrivilege(_Code):
    """A privilege as the server tells it: names that it has not are empty."""

    ns: str
    set: str


class Role(TypedDict):
    """A role, as admin_get_role() tells it."""

    privileges: list[RolePrivilege]
    whitelist: list[str]
    """Addresses that its users may connect from; empty: all."""
    read_quota: int
    """Reads a second; 0: no limit."""
    write_quota: int
    """Writes a second; 0: no limit."""


class User(TypedDict):
    """A user, as admin_query_user_info() tells it."""

    roles: list[str]
    read_info: list[int] | None
    """The quota of reads, single records a second, records of scans and queries a second, and how many of these run
    without a limit."""
    write_info: list[int] | None
    """The same of writes."""
    conns_in_use: int
