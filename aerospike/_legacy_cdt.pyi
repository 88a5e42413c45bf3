# SPDX-License-Identifier: Apache-2.0
# The methods that _legacy_cdt.py makes of its table; stubtest (tests/test_typing.py) finds what differs.
from collections.abc import Callable
from inspect import Signature
from typing import Any

from aerospike import _native
from aerospike.types import Key, MapPolicy, Meta, OperatePolicy

LIST: str
MAP: str
ANNOTATIONS: dict[str, str]
OPTIONAL: tuple[str, ...]
SELECTIONS: dict[str, str]
METHODS: dict[str, str]
RENAMED: dict[str, str]
row: str

def signature_of(name: str) -> Signature: ...
def method_of(name: str) -> Callable[..., Any]: ...

class CollectionCalls(_native._Client):
    def list_append(
        self, key: Key, bin: str, val: Any, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_extend(
        self, key: Key, bin: str, items: Any, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_insert(
        self, key: Key, bin: str, index: int, val: Any, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_insert_items(
        self, key: Key, bin: str, index: int, items: Any, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_pop(
        self, key: Key, bin: str, index: int, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_pop_range(
        self, key: Key, bin: str, index: int, count: int, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_remove(
        self, key: Key, bin: str, index: int, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_remove_range(
        self, key: Key, bin: str, index: int, count: int, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_clear(self, key: Key, bin: str, meta: Meta | None = None, policy: OperatePolicy | None = None) -> Any: ...
    def list_set(
        self, key: Key, bin: str, index: int, val: Any, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_get(
        self, key: Key, bin: str, index: int, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_get_range(
        self, key: Key, bin: str, index: int, count: int, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_trim(
        self, key: Key, bin: str, index: int, count: int, meta: Meta | None = None, policy: OperatePolicy | None = None
    ) -> Any: ...
    def list_size(self, key: Key, bin: str, meta: Meta | None = None, policy: OperatePolicy | None = None) -> Any: ...
    def map_set_policy(
        self,
        key: Key,
        bin: str,
        map_policy: MapPolicy | None,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_put(
        self,
        key: Key,
        bin: str,
        map_key: Any,
        val: Any,
        map_policy: MapPolicy | None = None,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_put_items(
        self,
        key: Key,
        bin: str,
        items: Any,
        map_policy: MapPolicy | None = None,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_increment(
        self,
        key: Key,
        bin: str,
        map_key: Any,
        incr: Any,
        map_policy: MapPolicy | None = None,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_decrement(
        self,
        key: Key,
        bin: str,
        map_key: Any,
        decr: Any,
        map_policy: MapPolicy | None = None,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_size(self, key: Key, bin: str, meta: Meta | None = None, policy: OperatePolicy | None = None) -> Any: ...
    def map_clear(self, key: Key, bin: str, meta: Meta | None = None, policy: OperatePolicy | None = None) -> Any: ...
    def map_remove_by_key(
        self,
        key: Key,
        bin: str,
        map_key: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_key_list(
        self,
        key: Key,
        bin: str,
        list: list[Any],
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_key_range(
        self,
        key: Key,
        bin: str,
        map_key: Any,
        range: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_value(
        self,
        key: Key,
        bin: str,
        val: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_value_list(
        self,
        key: Key,
        bin: str,
        list: list[Any],
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_value_range(
        self,
        key: Key,
        bin: str,
        val: Any,
        range: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_index(
        self,
        key: Key,
        bin: str,
        index: int,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_index_range(
        self,
        key: Key,
        bin: str,
        index: int,
        range: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_rank(
        self,
        key: Key,
        bin: str,
        rank: int,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_remove_by_rank_range(
        self,
        key: Key,
        bin: str,
        rank: int,
        range: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_key(
        self,
        key: Key,
        bin: str,
        map_key: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_key_list(
        self,
        key: Key,
        bin: str,
        list: list[Any],
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_key_range(
        self,
        key: Key,
        bin: str,
        map_key: Any,
        range: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_value(
        self,
        key: Key,
        bin: str,
        val: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_value_list(
        self,
        key: Key,
        bin: str,
        list: list[Any],
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_value_range(
        self,
        key: Key,
        bin: str,
        val: Any,
        range: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_index(
        self,
        key: Key,
        bin: str,
        index: int,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_index_range(
        self,
        key: Key,
        bin: str,
        index: int,
        range: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_rank(
        self,
        key: Key,
        bin: str,
        rank: int,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
    def map_get_by_rank_range(
        self,
        key: Key,
        bin: str,
        rank: int,
        range: Any,
        return_type: int,
        meta: Meta | None = None,
        policy: OperatePolicy | None = None,
    ) -> Any: ...
