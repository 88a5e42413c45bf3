# SPDX-License-Identifier: Apache-2.0
# What the extension exports. The constants are those of constants.def, one line each, and the methods those of the
# rooms of src/main/client; stubtest (tests/test_typing.py) finds what is missing here or differs.
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, TypeVar

from aerospike._plan import Request
from aerospike.types import (
    Bins,
    CompiledExpression,
    Config,
    DefaultPolicies,
    InfoPolicy,
    Key,
    Meta,
    NodeName,
    OperatePolicy,
    Operation,
    PrimaryKey,
    ReadPolicy,
    Record,
    RecordKey,
    RecordMeta,
    RemovePolicy,
    WritePolicy,
)
from aerospike_helpers.cdt_ctx import Context

_Self = TypeVar("_Self", bound="_Client")
_Callback = TypeVar("_Callback", bound=Callable[..., Any])

_build_info: dict[str, str]

def _log_stop() -> None: ...
def calc_digest(ns: str, set: str | None, key: PrimaryKey) -> bytearray: ...
def get_partition_id(digest: bytes | bytearray | str, /) -> int: ...
def set_deserializer(function: Callable[[str | bytes], Any]) -> int: ...
def set_log_handler(callback: Callable[[int, str, str, int, str], Any] | None = ...) -> int: ...
def set_log_level(log_level: int) -> int: ...
def set_serializer(function: Callable[[Any], str | bytes | bytearray]) -> int: ...
def unset_serializers() -> int: ...

class _Client:
    def __new__(cls: type[_Self], *args: Any, **kwargs: Any) -> _Self: ...
    def __init__(self, config: Config) -> None: ...
    def __enter__(self: _Self) -> _Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None: ...
    # lifecycle.c
    def connect(self: _Self, username: str | None = None, password: str | None = None) -> _Self: ...
    def close(self) -> None: ...
    def is_connected(self) -> bool: ...
    def get_policies(self) -> DefaultPolicies: ...
    # kv.c
    def get(self, key: Key, policy: ReadPolicy | None = None) -> Record: ...
    def select(self, key: Key, bins: list[str] | tuple[str, ...], policy: ReadPolicy | None = None) -> Record: ...
    def exists(self, key: Key, policy: ReadPolicy | None = None) -> tuple[RecordKey, RecordMeta | None]: ...
    def put(
        self,
        key: Key,
        bins: Bins,
        meta: Meta | None = None,
        policy: WritePolicy | None = None,
        serializer: int | None = None,
    ) -> int: ...
    def remove(self, key: Key, meta: Meta | None = None, policy: RemovePolicy | None = None) -> int: ...
    def remove_bin(
        self,
        key: Key,
        list: list[str] | tuple[str, ...],
        meta: Meta | None = None,
        policy: WritePolicy | None = None,
    ) -> int: ...
    def append(
        self,
        key: Key,
        bin: str,
        val: str | bytes | bytearray,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> int: ...
    def prepend(
        self,
        key: Key,
        bin: str,
        val: str | bytes | bytearray,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> int: ...
    def increment(
        self, key: Key, bin: str, offset: float, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> int: ...
    def touch(self, key: Key, val: int = 0, meta: Meta | None = None, policy: OperatePolicy | None = None) -> int: ...
    # operate.c
    def operate(
        self, key: Key, list: list[Operation], meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Record: ...
    def operate_ordered(
        self, key: Key, list: list[Operation], meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> tuple[RecordKey, RecordMeta, list[tuple[str, Any]]]: ...
    def get_cdtctx_base64(self, ctx: Context) -> str: ...
    # info.c
    def get_nodes(self) -> list[tuple[str, int]]: ...
    def get_node_names(self) -> list[NodeName]: ...
    def shm_key(self) -> int | None: ...
    def info_all(self, command: str, policy: InfoPolicy | None = None) -> dict[str, tuple[str | None, str]]: ...
    def info_random_node(self, command: str, policy: InfoPolicy | None = None) -> str: ...
    def info_single_node(self, command: str, host: str, policy: InfoPolicy | None = None) -> str: ...
    def truncate(self, namespace: str, set: str | None, nanos: int, policy: InfoPolicy | None = None) -> int: ...
    def get_key_digest(self, ns: str, set: str | None, key: PrimaryKey) -> bytearray: ...
    def get_key_partition_id(self, ns: str, set: str | None, key: PrimaryKey) -> int: ...
    # query.c
    def _run_query(self, request: Request) -> list[Record]: ...
    def _partitions(self, partition_filter: Any, former: Any) -> Any: ...
    def _bin_names(self, names: tuple[str | bytearray, ...]) -> tuple[str, ...]: ...
    def _partitions_status(self, capsule: Any, /) -> dict[Any, Any]: ...
    def _partitions_done(self, capsule: Any, /) -> bool: ...
    # expressions.c
    def get_expression_base64(self, expression: CompiledExpression) -> str: ...
    def get_expression_from_base64(self, text: str) -> CompiledExpression: ...
    def get_cdtctx_from_base64(self, text: str) -> Context: ...

# constants.def, operations.def
ABORT_ALREADY_ABORTED: Final[int]
ABORT_CLOSE_ABANDONED: Final[int]
ABORT_COMMIT_FAILED: Final[int]
ABORT_OK: Final[int]
ABORT_ROLL_BACK_ABANDONED: Final[int]
AS_BOOL: Final[int]
AS_BYTES_BLOB: Final[int]
AS_BYTES_BOOL: Final[int]
AS_BYTES_CSHARP: Final[int]
AS_BYTES_DOUBLE: Final[int]
AS_BYTES_ERLANG: Final[int]
AS_BYTES_GEOJSON: Final[int]
AS_BYTES_HLL: Final[int]
AS_BYTES_INTEGER: Final[int]
AS_BYTES_JAVA: Final[int]
AS_BYTES_LIST: Final[int]
AS_BYTES_MAP: Final[int]
AS_BYTES_PHP: Final[int]
AS_BYTES_PYTHON: Final[int]
AS_BYTES_RUBY: Final[int]
AS_BYTES_STRING: Final[int]
AS_BYTES_TYPE_MAX: Final[int]
AS_BYTES_UNDEF: Final[int]
AUTH_EXTERNAL: Final[int]
AUTH_EXTERNAL_INSECURE: Final[int]
AUTH_INTERNAL: Final[int]
AUTH_PKI: Final[int]
BIT_OVERFLOW_FAIL: Final[int]
BIT_OVERFLOW_SATURATE: Final[int]
BIT_OVERFLOW_WRAP: Final[int]
BIT_RESIZE_DEFAULT: Final[int]
BIT_RESIZE_FROM_FRONT: Final[int]
BIT_RESIZE_GROW_ONLY: Final[int]
BIT_RESIZE_SHRINK_ONLY: Final[int]
BIT_WRITE_CREATE_ONLY: Final[int]
BIT_WRITE_DEFAULT: Final[int]
BIT_WRITE_NO_FAIL: Final[int]
BIT_WRITE_PARTIAL: Final[int]
BIT_WRITE_UPDATE_ONLY: Final[int]
CDT_CTX_LIST_INDEX: Final[int]
CDT_CTX_LIST_INDEX_CREATE: Final[int]
CDT_CTX_LIST_RANK: Final[int]
CDT_CTX_LIST_VALUE: Final[int]
CDT_CTX_MAP_INDEX: Final[int]
CDT_CTX_MAP_KEY: Final[int]
CDT_CTX_MAP_KEY_CREATE: Final[int]
CDT_CTX_MAP_RANK: Final[int]
CDT_CTX_MAP_VALUE: Final[int]
COMMIT_ALREADY_COMMITTED: Final[int]
COMMIT_CLOSE_ABANDONED: Final[int]
COMMIT_OK: Final[int]
COMMIT_ROLL_FORWARD_ABANDONED: Final[int]
ERROR_DETAIL_EXP_TRACE: Final[int]
ERROR_DETAIL_MESSAGE: Final[int]
ERROR_DETAIL_NONE: Final[int]
ERROR_DETAIL_SUBCODE: Final[int]
EXP_LOOPVAR_INDEX: Final[int]
EXP_LOOPVAR_KEY: Final[int]
EXP_LOOPVAR_VALUE: Final[int]
EXP_PATH_MODIFY_DEFAULT: Final[int]
EXP_PATH_MODIFY_NO_FAIL: Final[int]
EXP_PATH_SELECT_LIST_VALUE: Final[int]
EXP_PATH_SELECT_MAP_KEY: Final[int]
EXP_PATH_SELECT_MAP_KEY_VALUE: Final[int]
EXP_PATH_SELECT_MAP_VALUE: Final[int]
EXP_PATH_SELECT_MATCHING_TREE: Final[int]
EXP_PATH_SELECT_NO_FAIL: Final[int]
EXP_PATH_SELECT_VALUE: Final[int]
EXP_READ_DEFAULT: Final[int]
EXP_READ_EVAL_NO_FAIL: Final[int]
EXP_WRITE_ALLOW_DELETE: Final[int]
EXP_WRITE_CREATE_ONLY: Final[int]
EXP_WRITE_DEFAULT: Final[int]
EXP_WRITE_EVAL_NO_FAIL: Final[int]
EXP_WRITE_POLICY_NO_FAIL: Final[int]
EXP_WRITE_UPDATE_ONLY: Final[int]
HLL_WRITE_ALLOW_FOLD: Final[int]
HLL_WRITE_CREATE_ONLY: Final[int]
HLL_WRITE_DEFAULT: Final[int]
HLL_WRITE_NO_FAIL: Final[int]
HLL_WRITE_UPDATE_ONLY: Final[int]
INDEX_BLOB: Final[int]
INDEX_GEO2DSPHERE: Final[int]
INDEX_INTEGER: Final[int]
INDEX_NUMERIC: Final[int]
INDEX_STRING: Final[int]
INDEX_TYPE_DEFAULT: Final[int]
INDEX_TYPE_LIST: Final[int]
INDEX_TYPE_MAPKEYS: Final[int]
INDEX_TYPE_MAPVALUES: Final[int]
INTEGER: Final[int]
INT_MAX: Final[int]
INT_MIN: Final[int]
JOB_QUERY: Final[str]
JOB_SCAN: Final[str]
JOB_STATUS_COMPLETED: Final[int]
JOB_STATUS_INPROGRESS: Final[int]
JOB_STATUS_UNDEF: Final[int]
LIST_ORDERED: Final[int]
LIST_RETURN_COUNT: Final[int]
LIST_RETURN_EXISTS: Final[int]
LIST_RETURN_INDEX: Final[int]
LIST_RETURN_NONE: Final[int]
LIST_RETURN_RANK: Final[int]
LIST_RETURN_REVERSE_INDEX: Final[int]
LIST_RETURN_REVERSE_RANK: Final[int]
LIST_RETURN_VALUE: Final[int]
LIST_SORT_DEFAULT: Final[int]
LIST_SORT_DROP_DUPLICATES: Final[int]
LIST_UNORDERED: Final[int]
LIST_WRITE_ADD_UNIQUE: Final[int]
LIST_WRITE_DEFAULT: Final[int]
LIST_WRITE_INSERT_BOUNDED: Final[int]
LIST_WRITE_NO_FAIL: Final[int]
LIST_WRITE_PARTIAL: Final[int]
LOG_LEVEL_DEBUG: Final[int]
LOG_LEVEL_ERROR: Final[int]
LOG_LEVEL_INFO: Final[int]
LOG_LEVEL_OFF: Final[int]
LOG_LEVEL_TRACE: Final[int]
LOG_LEVEL_WARN: Final[int]
MAP_KEY_ORDERED: Final[int]
MAP_KEY_VALUE_ORDERED: Final[int]
MAP_RETURN_COUNT: Final[int]
MAP_RETURN_EXISTS: Final[int]
MAP_RETURN_INDEX: Final[int]
MAP_RETURN_KEY: Final[int]
MAP_RETURN_KEY_VALUE: Final[int]
MAP_RETURN_NONE: Final[int]
MAP_RETURN_ORDERED_MAP: Final[int]
MAP_RETURN_RANK: Final[int]
MAP_RETURN_REVERSE_INDEX: Final[int]
MAP_RETURN_REVERSE_RANK: Final[int]
MAP_RETURN_UNORDERED_MAP: Final[int]
MAP_RETURN_VALUE: Final[int]
MAP_UNORDERED: Final[int]
MAP_WRITE_FLAGS_CREATE_ONLY: Final[int]
MAP_WRITE_FLAGS_DEFAULT: Final[int]
MAP_WRITE_FLAGS_NO_FAIL: Final[int]
MAP_WRITE_FLAGS_PARTIAL: Final[int]
MAP_WRITE_FLAGS_UPDATE_ONLY: Final[int]
MAP_WRITE_NO_FAIL: Final[int]
MAP_WRITE_PARTIAL: Final[int]
OPERATOR_APPEND: Final[int]
OPERATOR_DELETE: Final[int]
OPERATOR_INCR: Final[int]
OPERATOR_PREPEND: Final[int]
OPERATOR_READ: Final[int]
OPERATOR_TOUCH: Final[int]
OPERATOR_WRITE: Final[int]
OP_BIT_ADD: Final[int]
OP_BIT_AND: Final[int]
OP_BIT_COUNT: Final[int]
OP_BIT_GET: Final[int]
OP_BIT_GET_INT: Final[int]
OP_BIT_INSERT: Final[int]
OP_BIT_LSCAN: Final[int]
OP_BIT_LSHIFT: Final[int]
OP_BIT_NOT: Final[int]
OP_BIT_OR: Final[int]
OP_BIT_REMOVE: Final[int]
OP_BIT_RESIZE: Final[int]
OP_BIT_RSCAN: Final[int]
OP_BIT_RSHIFT: Final[int]
OP_BIT_SET: Final[int]
OP_BIT_SET_INT: Final[int]
OP_BIT_SUBTRACT: Final[int]
OP_BIT_XOR: Final[int]
OP_EXPR_READ: Final[int]
OP_EXPR_WRITE: Final[int]
OP_HLL_ADD: Final[int]
OP_HLL_DESCRIBE: Final[int]
OP_HLL_FOLD: Final[int]
OP_HLL_GET_COUNT: Final[int]
OP_HLL_GET_INTERSECT_COUNT: Final[int]
OP_HLL_GET_SIMILARITY: Final[int]
OP_HLL_GET_UNION: Final[int]
OP_HLL_GET_UNION_COUNT: Final[int]
OP_HLL_INIT: Final[int]
OP_HLL_MAY_CONTAIN: Final[int]
OP_HLL_REFRESH_COUNT: Final[int]
OP_HLL_SET_UNION: Final[int]
OP_LIST_APPEND: Final[int]
OP_LIST_APPEND_ITEMS: Final[int]
OP_LIST_CLEAR: Final[int]
OP_LIST_CREATE: Final[int]
OP_LIST_GET: Final[int]
OP_LIST_GET_BY_INDEX: Final[int]
OP_LIST_GET_BY_INDEX_RANGE: Final[int]
OP_LIST_GET_BY_INDEX_RANGE_TO_END: Final[int]
OP_LIST_GET_BY_RANK: Final[int]
OP_LIST_GET_BY_RANK_RANGE: Final[int]
OP_LIST_GET_BY_RANK_RANGE_TO_END: Final[int]
OP_LIST_GET_BY_VALUE: Final[int]
OP_LIST_GET_BY_VALUE_LIST: Final[int]
OP_LIST_GET_BY_VALUE_RANGE: Final[int]
OP_LIST_GET_BY_VALUE_RANK_RANGE_REL: Final[int]
OP_LIST_GET_BY_VALUE_RANK_RANGE_REL_TO_END: Final[int]
OP_LIST_GET_RANGE: Final[int]
OP_LIST_INCREMENT: Final[int]
OP_LIST_INSERT: Final[int]
OP_LIST_INSERT_ITEMS: Final[int]
OP_LIST_POP: Final[int]
OP_LIST_POP_RANGE: Final[int]
OP_LIST_REMOVE: Final[int]
OP_LIST_REMOVE_BY_INDEX: Final[int]
OP_LIST_REMOVE_BY_INDEX_RANGE: Final[int]
OP_LIST_REMOVE_BY_INDEX_RANGE_TO_END: Final[int]
OP_LIST_REMOVE_BY_RANK: Final[int]
OP_LIST_REMOVE_BY_RANK_RANGE: Final[int]
OP_LIST_REMOVE_BY_RANK_RANGE_TO_END: Final[int]
OP_LIST_REMOVE_BY_REL_RANK_RANGE: Final[int]
OP_LIST_REMOVE_BY_REL_RANK_RANGE_TO_END: Final[int]
OP_LIST_REMOVE_BY_VALUE: Final[int]
OP_LIST_REMOVE_BY_VALUE_LIST: Final[int]
OP_LIST_REMOVE_BY_VALUE_RANGE: Final[int]
OP_LIST_REMOVE_BY_VALUE_RANK_RANGE_REL: Final[int]
OP_LIST_REMOVE_RANGE: Final[int]
OP_LIST_SET: Final[int]
OP_LIST_SET_ORDER: Final[int]
OP_LIST_SIZE: Final[int]
OP_LIST_SORT: Final[int]
OP_LIST_TRIM: Final[int]
OP_MAP_CLEAR: Final[int]
OP_MAP_CREATE: Final[int]
OP_MAP_DECREMENT: Final[int]
OP_MAP_GET_BY_INDEX: Final[int]
OP_MAP_GET_BY_INDEX_RANGE: Final[int]
OP_MAP_GET_BY_INDEX_RANGE_TO_END: Final[int]
OP_MAP_GET_BY_KEY: Final[int]
OP_MAP_GET_BY_KEY_INDEX_RANGE_REL: Final[int]
OP_MAP_GET_BY_KEY_LIST: Final[int]
OP_MAP_GET_BY_KEY_RANGE: Final[int]
OP_MAP_GET_BY_KEY_REL_INDEX_RANGE: Final[int]
OP_MAP_GET_BY_KEY_REL_INDEX_RANGE_TO_END: Final[int]
OP_MAP_GET_BY_RANK: Final[int]
OP_MAP_GET_BY_RANK_RANGE: Final[int]
OP_MAP_GET_BY_RANK_RANGE_TO_END: Final[int]
OP_MAP_GET_BY_VALUE: Final[int]
OP_MAP_GET_BY_VALUE_LIST: Final[int]
OP_MAP_GET_BY_VALUE_RANGE: Final[int]
OP_MAP_GET_BY_VALUE_RANK_RANGE_REL: Final[int]
OP_MAP_GET_BY_VALUE_RANK_RANGE_REL_TO_END: Final[int]
OP_MAP_INCREMENT: Final[int]
OP_MAP_PUT: Final[int]
OP_MAP_PUT_ITEMS: Final[int]
OP_MAP_REMOVE_BY_INDEX: Final[int]
OP_MAP_REMOVE_BY_INDEX_RANGE: Final[int]
OP_MAP_REMOVE_BY_INDEX_RANGE_TO_END: Final[int]
OP_MAP_REMOVE_BY_KEY: Final[int]
OP_MAP_REMOVE_BY_KEY_INDEX_RANGE_REL: Final[int]
OP_MAP_REMOVE_BY_KEY_LIST: Final[int]
OP_MAP_REMOVE_BY_KEY_RANGE: Final[int]
OP_MAP_REMOVE_BY_KEY_REL_INDEX_RANGE: Final[int]
OP_MAP_REMOVE_BY_KEY_REL_INDEX_RANGE_TO_END: Final[int]
OP_MAP_REMOVE_BY_RANK: Final[int]
OP_MAP_REMOVE_BY_RANK_RANGE: Final[int]
OP_MAP_REMOVE_BY_RANK_RANGE_TO_END: Final[int]
OP_MAP_REMOVE_BY_VALUE: Final[int]
OP_MAP_REMOVE_BY_VALUE_LIST: Final[int]
OP_MAP_REMOVE_BY_VALUE_RANGE: Final[int]
OP_MAP_REMOVE_BY_VALUE_RANK_RANGE_REL: Final[int]
OP_MAP_REMOVE_BY_VALUE_REL_INDEX_RANGE: Final[int]
OP_MAP_REMOVE_BY_VALUE_REL_RANK_RANGE: Final[int]
OP_MAP_REMOVE_BY_VALUE_REL_RANK_RANGE_TO_END: Final[int]
OP_MAP_SET_POLICY: Final[int]
OP_MAP_SIZE: Final[int]
POLICY_COMMIT_LEVEL_ALL: Final[int]
POLICY_COMMIT_LEVEL_MASTER: Final[int]
POLICY_EXISTS_CREATE: Final[int]
POLICY_EXISTS_CREATE_OR_REPLACE: Final[int]
POLICY_EXISTS_IGNORE: Final[int]
POLICY_EXISTS_REPLACE: Final[int]
POLICY_EXISTS_UPDATE: Final[int]
POLICY_GEN_EQ: Final[int]
POLICY_GEN_GT: Final[int]
POLICY_GEN_IGNORE: Final[int]
POLICY_KEY_DIGEST: Final[int]
POLICY_KEY_SEND: Final[int]
POLICY_READ_MODE_AP_ALL: Final[int]
POLICY_READ_MODE_AP_ONE: Final[int]
POLICY_READ_MODE_SC_ALLOW_REPLICA: Final[int]
POLICY_READ_MODE_SC_ALLOW_UNAVAILABLE: Final[int]
POLICY_READ_MODE_SC_LINEARIZE: Final[int]
POLICY_READ_MODE_SC_SESSION: Final[int]
POLICY_REPLICA_ANY: Final[int]
POLICY_REPLICA_MASTER: Final[int]
POLICY_REPLICA_PREFER_RACK: Final[int]
POLICY_REPLICA_RANDOM: Final[int]
POLICY_REPLICA_SEQUENCE: Final[int]
POLICY_RETRY_NONE: Final[int]
POLICY_RETRY_ONCE: Final[int]
PRIV_DATA_ADMIN: Final[int]
PRIV_READ: Final[int]
PRIV_READ_WRITE: Final[int]
PRIV_READ_WRITE_UDF: Final[int]
PRIV_SINDEX_ADMIN: Final[int]
PRIV_SYS_ADMIN: Final[int]
PRIV_TRUNCATE: Final[int]
PRIV_UDF_ADMIN: Final[int]
PRIV_USER_ADMIN: Final[int]
PRIV_WRITE: Final[int]
QUERY_DURATION_LONG: Final[int]
QUERY_DURATION_LONG_RELAX_AP: Final[int]
QUERY_DURATION_SHORT: Final[int]
REGEX_EXTENDED: Final[int]
REGEX_ICASE: Final[int]
REGEX_NEWLINE: Final[int]
REGEX_NONE: Final[int]
REGEX_NOSUB: Final[int]
SERIALIZER_JSON: Final[int]
SERIALIZER_NONE: Final[int]
SERIALIZER_USER: Final[int]
SUB_BIN_NAME_COUNT_TOO_LARGE: Final[int]
SUB_BIN_NOT_FOUND_HLL_CANNOT_CREATE_WITH_OP: Final[int]
SUB_FILTERED_BINS: Final[int]
SUB_FILTERED_BINS_EVAL_FAILED: Final[int]
SUB_FILTERED_META: Final[int]
SUB_FILTERED_META_EVAL_FAILED: Final[int]
SUB_FORBID_CLOCK_SKEW_STOP_WRITES: Final[int]
SUB_FORBID_DURABILITY_VIOLATION: Final[int]
SUB_FORBID_MASKING_POLICY_BLOCKED: Final[int]
SUB_FORBID_MASKING_ROLE_VIOLATION: Final[int]
SUB_FORBID_REPLACE_CONFLICT_RESOLVING: Final[int]
SUB_FORBID_SET_COUNT_STOP_WRITES: Final[int]
SUB_FORBID_SET_SIZE_STOP_WRITES: Final[int]
SUB_FORBID_TRUNCATED: Final[int]
SUB_FORBID_XDR_FILTER_BLOCKED: Final[int]
SUB_MRT_BLOCKED_ID_MISMATCH: Final[int]
SUB_MRT_BLOCKED_RECORD_LOCKED: Final[int]
SUB_NONE: Final[int]
SUB_OPNOT_CDT_BOUNDED_LIST_OVERFLOW: Final[int]
SUB_OPNOT_CDT_INDEX_OUT_OF_BOUNDS: Final[int]
SUB_OPNOT_CDT_RANK_OUT_OF_BOUNDS: Final[int]
SUB_OPNOT_HLL_CANNOT_FOLD_MINHASH: Final[int]
SUB_OPNOT_HLL_CANNOT_REDUCE_INDEX_BITS: Final[int]
SUB_OPNOT_HLL_CANNOT_REDUCE_MINHASH_BITS: Final[int]
SUB_OPNOT_HLL_FOLD_INDEX_BITS_TOO_LARGE: Final[int]
SUB_OPNOT_HLL_INDEX_BITS_UNSET: Final[int]
SUB_OPNOT_HLL_INTERSECT_MINHASH_MISMATCH: Final[int]
SUB_OPNOT_STRING_B64_INVALID: Final[int]
SUB_OPNOT_STRING_CONVERSION_FAILED: Final[int]
SUB_OPNOT_STRING_REGEX_LIMIT_EXCEEDED: Final[int]
SUB_OPNOT_STRING_UTF8_INVALID: Final[int]
SUB_PARAM_BIN_COUNT_TOO_LARGE: Final[int]
SUB_PARAM_BITS_OFFSET_OUT_OF_RANGE: Final[int]
SUB_PARAM_BITS_RESIZE_EXCEEDED: Final[int]
SUB_PARAM_BITS_SIZE_OUT_OF_RANGE: Final[int]
SUB_PARAM_STRING_CTX_MALFORMED: Final[int]
SUB_PARAM_STRING_INDEX_OUT_OF_BOUNDS: Final[int]
SUB_PARAM_STRING_OP_PARAMS_INVALID: Final[int]
SUB_PARAM_STRING_REGEX_INVALID: Final[int]
SUB_PARAM_STRING_UTF8_INVALID: Final[int]
SUB_PARAM_TTL_INVALID: Final[int]
SUB_UNAVAIL_INITIAL_BALANCE_UNRESOLVED: Final[int]
SUB_UNAVAIL_REPLICA_UNAVAILABLE: Final[int]
SUB_UNSUPP_FEAT_GENERIC: Final[int]
SUB_UNSUPP_FEAT_MRT_REQUIRES_STRONG_CONSISTENCY: Final[int]
TTL_CLIENT_DEFAULT: Final[int]
TTL_DONT_UPDATE: Final[int]
TTL_NAMESPACE_DEFAULT: Final[int]
TTL_NEVER_EXPIRE: Final[int]
TXN_STATE_ABORTED: Final[int]
TXN_STATE_COMMITTED: Final[int]
TXN_STATE_COMMIT_FAILED: Final[int]
TXN_STATE_OPEN: Final[int]
TXN_STATE_VERIFIED: Final[int]
UDF_TYPE_LUA: Final[int]
_OP_BIT_B64_ENCODE: Final[int]
_OP_LIST_JOIN: Final[int]
_OP_MODIFY_BY_PATH: Final[int]
_OP_SELECT_BY_PATH: Final[int]
_OP_STRING_APPEND: Final[int]
_OP_STRING_BASE64_DECODE: Final[int]
_OP_STRING_BYTE_LENGTH: Final[int]
_OP_STRING_CASEFOLD: Final[int]
_OP_STRING_CHAR_AT: Final[int]
_OP_STRING_CONCAT: Final[int]
_OP_STRING_CONTAINS: Final[int]
_OP_STRING_ENDS_WITH: Final[int]
_OP_STRING_FIND: Final[int]
_OP_STRING_INSERT: Final[int]
_OP_STRING_IS_LOWER: Final[int]
_OP_STRING_IS_NUMERIC: Final[int]
_OP_STRING_IS_UPPER: Final[int]
_OP_STRING_LOWER: Final[int]
_OP_STRING_NORMALIZE_NFC: Final[int]
_OP_STRING_OVERWRITE: Final[int]
_OP_STRING_PAD_END: Final[int]
_OP_STRING_PAD_START: Final[int]
_OP_STRING_PREPEND: Final[int]
_OP_STRING_REGEX_COMPARE: Final[int]
_OP_STRING_REGEX_REPLACE: Final[int]
_OP_STRING_REPEAT: Final[int]
_OP_STRING_REPLACE: Final[int]
_OP_STRING_REPLACE_ALL: Final[int]
_OP_STRING_SNIP: Final[int]
_OP_STRING_SPLIT: Final[int]
_OP_STRING_SPLIT_SEPARATOR: Final[int]
_OP_STRING_STARTS_WITH: Final[int]
_OP_STRING_STRLEN: Final[int]
_OP_STRING_SUBSTR: Final[int]
_OP_STRING_SUBSTR_RANGE: Final[int]
_OP_STRING_TO_BLOB: Final[int]
_OP_STRING_TO_DOUBLE: Final[int]
_OP_STRING_TO_INTEGER: Final[int]
_OP_STRING_TRIM: Final[int]
_OP_STRING_TRIM_END: Final[int]
_OP_STRING_TRIM_START: Final[int]
_OP_STRING_UPPER: Final[int]
_OP_TO_STRING: Final[int]
