# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterable
from typing import Any, final

@final
class Fault:
    @property
    def count(self) -> int: ...
    def end(self) -> None: ...

@final
class Server:
    def __new__(
        cls,
        namespaces: Iterable[str],
        address: str,
        port: int,
        workers: int,
        max_connections: int,
        default_ttl: int,
        compression: bool,
        security: tuple[tuple[tuple[str, str, tuple[str, ...]], ...], bool, int] | None,
        strong_consistency: tuple[str, ...],
        cluster: tuple[str, int, int, tuple[int, ...], int],
        tls: tuple[bytes, bytes, bytes, str, bool, bool] | None,
    ) -> Server: ...
    @property
    def stable(self) -> bool: ...
    @property
    def tls_name(self) -> str | None: ...
    def node(self, node: int, /) -> tuple[str, int, str]: ...
    def change_node(self, node: int, action: str, /) -> None: ...
    def clear(self) -> None: ...
    def fault(
        self,
        action: int,
        after: bool,
        milliseconds: int,
        code: int,
        kinds: int,
        node: int,
        namespace: str | None,
        set: str | None,
        share: float,
        times: int,
        seed: int,
        /,
    ) -> Fault: ...
    def statistics(self, node: int = -1, /) -> dict[str, Any]: ...
    def stop(self) -> None: ...

def issue_certificate(
    name: str, purpose: int, begins: int, ends: int, password: str, authority: tuple[str, str] | None, /
) -> tuple[str, str, str]: ...
def list_revoked(authority: tuple[str, str], serials: tuple[str, ...], /) -> str: ...
def name_in_directory(certificate: str, /) -> str: ...
