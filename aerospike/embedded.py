# SPDX-License-Identifier: Apache-2.0
"""An Aerospike server inside this process, for development and tests.

::

    from aerospike import embedded

    with embedded.Server() as server:
        client = aerospike.client(server.config)

From a shell: ``python -m aerospike.embedded --port 3000 --namespace test``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, TypeAlias

from aerospike import __version__, _embedded, _native
from aerospike._fault import Fault as Fault
from aerospike._fault import set_fault as _set_fault
from aerospike._secrets import secretive as _secretive
from aerospike._tls import Authority as Authority
from aerospike._tls import Certificate as Certificate
from aerospike._tls import Tls as Tls
from aerospike._tls import server_options as _tls_options
from aerospike.types import Config, TLSConfig

_Host: TypeAlias = tuple[str, int] | tuple[str, int, str]
_User: TypeAlias = tuple[str, str, tuple[str, ...]]  # name, hash of the password, roles


def _resolve(address: str) -> str:
    """The IPv4 address of a host that is named."""
    if not isinstance(address, str):
        raise TypeError(f"address must be a str, not {type(address).__name__}")
    try:
        with contextlib.suppress(OSError):
            return socket.inet_ntoa(socket.inet_pton(socket.AF_INET, address))  # without a look-up
        found = socket.getaddrinfo(address, None, socket.AF_INET, socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise OSError(f"cannot listen at address {address!r}: {error.strerror}") from None
    except ValueError:
        raise OSError(f"cannot listen at address {address!r}: not the name of a host") from None
    return str(found[0][4][0])


def _user(name: Any, given: Any) -> _User:
    """A user, with the hash of the password that clients send. No error shows what is given: it has the password."""
    if not isinstance(name, str) or not name or len(name.encode()) > 63:
        raise ValueError("users must have names that are str of 1 to 63 bytes")
    if not isinstance(given, tuple) or len(given) != 2 or not isinstance(given[0], str) or isinstance(given[1], str):
        raise ValueError(f"users[{name!r}] must be a tuple of a password and a list of roles")
    roles = tuple(given[1])
    if not all(isinstance(role, str) for role in roles):
        raise ValueError(f"users[{name!r}] has a role that is no str")
    return name, _native._password_hash(given[0]), roles


def _security(users: Any, quotas: bool, session_ttl: int) -> tuple[tuple[_User, ...], bool, int] | None:
    """What the native side makes of it; None: there are no users."""
    if users is None:
        return None
    if not isinstance(users, Mapping):
        raise ValueError(f"users must be a dict of names, not {type(users).__name__}")
    if not isinstance(session_ttl, int) or not 1 <= session_ttl < 2**31:
        raise ValueError(f"session_ttl must be from 1 to {2**31 - 1} seconds, not {session_ttl!r}")
    return tuple(_user(name, given) for name, given in users.items()), bool(quotas), session_ttl


def _strong_consistency(names: Any, namespaces: tuple[str, ...]) -> tuple[str, ...]:
    """The namespaces that are strongly consistent."""
    if isinstance(names, str):
        raise ValueError(f"strong_consistency must be a list of names, not the str {names!r}")
    strong = tuple(names)
    for name in strong:
        if name not in namespaces:
            raise ValueError(f"strong_consistency has {name!r}, which is not one of the namespaces")
    return strong


def _number(name: str, given: Any, least: int, most: int) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise ValueError(f"{name} must be an int from {least} to {most}, not {given!r}")
    return given


def _racks(racks: Any, nodes: int) -> tuple[int, ...]:
    """The rack of each node; none: there are no racks."""
    if racks is None:
        return ()
    if isinstance(racks, str) or not isinstance(racks, Iterable):
        raise ValueError(f"racks must be a list of a number for each node, not {racks!r}")
    numbers = tuple(_number(f"racks[{place}]", rack, 0, 1000000) for place, rack in enumerate(racks))
    if len(numbers) != nodes:
        raise ValueError(f"racks must have a number for each of the {nodes} nodes, not {len(numbers)}")
    return numbers


def _cluster(
    name: Any, nodes: Any, replication_factor: Any, racks: Any, heartbeat_interval: Any
) -> tuple[str, int, int, tuple[int, ...], int]:
    """What the native side makes a cluster of."""
    if name is not None and (not isinstance(name, str) or not name or not name.isprintable() or ";" in name):
        raise ValueError(f"cluster_name must be a str that can be printed, without ';', or None, not {name!r}")
    count = _number("nodes", nodes, 1, 16)
    copies = _number("replication_factor", replication_factor, 1, 3)
    interval = _number("heartbeat_interval", heartbeat_interval, 1, 60000)
    return name or "", count, min(copies, count), _racks(racks, count), interval


class Node:
    """One of the nodes of a :class:`Server`, in :attr:`Server.nodes`.

    What happens to it takes its time, as in a real cluster: the others miss a node ten heartbeats after it is gone, and
    one that comes back is let in after as many. :meth:`Server.wait_until_stable` waits for that.
    """

    def __init__(self, server: Server, place: int) -> None:
        self._server = server
        self._place = place
        self.name: str
        self.port: int
        self.name, self.port, _ = server._server.node(place)

    @property
    def hosts(self) -> list[_Host]:
        """``[(address, port)]`` of this node alone, as a client's configuration takes it; with TLS the name, too."""
        address, name = self._server.address, self._server.tls_name
        return [(address, self.port) if name is None else (address, self.port, name)]

    @property
    def running(self) -> bool:
        """Whether it answers: it is neither stopped nor paused."""
        return self._state() == "running"

    def stop(self) -> None:
        """Kill it: its connections are closed, later ones refused, its records and jobs are gone.

        Records of which another node has a copy are there still; with ``replication_factor`` 1 they are lost. Nothing
        happens where it is stopped, or the server is.
        """
        if self._state() != "stopped":
            self._server._server.change_node(self._place, "stop")

    def start(self) -> None:
        """Start it again at its port, without records: the others will let it in, and give it its share.

        Nothing happens where it is not stopped.

        :raises OSError: the port cannot be listened at.
        :raises RuntimeError: the server is stopped.
        """
        self._server._server.change_node(self._place, "start")

    def pause(self) -> None:
        """Let it stand still: connections stay open and are even taken, and nothing is answered.

        When the others have missed it they go on without it, and what it held alone is lost. Nothing happens where it
        is paused.

        :raises RuntimeError: it is stopped, or the server is.
        """
        self._server._server.change_node(self._place, "pause")

    def resume(self) -> None:
        """Let it go on after :meth:`pause`, with what waits in its connections.

        Where the others have missed it, its connections are closed, and it joins them anew.

        :raises OSError: the others have missed it, and its port cannot be listened at.
        :raises RuntimeError: it is stopped, or the server is.
        """
        self._server._server.change_node(self._place, "resume")

    def statistics(self) -> dict[str, Any]:
        """What it has counted since it was started last; all 0 where it is stopped.

        :return: as :meth:`Server.statistics` has it, without ``faults``.
        :raises RuntimeError: the server is stopped.
        """
        counted = self._server._server.statistics(self._place)
        del counted["faults"]
        return counted

    def _state(self) -> str:
        try:
            return self._server._server.node(self._place)[2]
        except RuntimeError:  # the server is
            return "stopped"

    def __repr__(self) -> str:
        return f"<aerospike.embedded.Node {self.name} at {self._server.address}:{self.port}, {self._state()}>"


class Server:
    """A server that runs from here until :meth:`stop`, or the end of a ``with`` block.

    It keeps its records in memory, and they are gone with it. It is made for development and tests: production is an
    Aerospike cluster, reached by changing ``hosts``, nothing else.

    :param str address: the IPv4 address to listen at, or the name of a host that has one.
    :param int port: the port to listen at; 0: a free one.
    :param namespaces: names of the namespaces, of 1 to 31 bytes each.
    :param int workers: threads of each node that serve connections.
    :param int max_connections: connections of a node beyond that are closed at once.
    :param int default_ttl: seconds that a record lives where its write does not say; 0: for ever.
    :param bool compression: take compressed requests and compress answers, as the Enterprise Edition does; otherwise
        such requests are answered with error 25, as by the Community Edition.
    :param strong_consistency: names of namespaces that are strongly consistent, as the Enterprise Edition can have
        them: they have transactions, and their records are removed durably or not at all.
    :param users: who may log in, ``{name: (password, [role])}``: then every command needs a user that has the
        privilege, as with the Enterprise Edition. None: there are no users, and everybody may do everything.
    :param bool quotas: whether roles may have quotas, where there are users.
    :param int session_ttl: seconds for which a log-in serves to open connections, where there are users.
    :param int nodes: how many nodes, 1 to 16, form a cluster in this process, each with a port of its own; where
        ``port`` is given they listen at it and those that follow.
    :param int replication_factor: how many nodes have a copy of each record, 1 to 3; no more than there are nodes.
    :param racks: the number of the rack in which each node is, ``[1, 2, 2]``: copies are in different racks, as with
        the Enterprise Edition. None: there are no racks.
    :param int heartbeat_interval: milliseconds between heartbeats, by which nodes know of each other. That a node is
        gone is noticed after ten, and all is at rest again after 26 of them. Tests do not wait long where it is small.
    :param str cluster_name: the cluster's name, which clients can ask to be sure of. None: it has none.
    :param Tls tls: with which certificate TLS is spoken; None: none is.
    :raises OSError: the address or port cannot be listened at, or a file of ``tls`` cannot be read.
    :raises ValueError: an argument is not valid; the message names it.
    """

    @_secretive
    def __init__(
        self,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        namespaces: Iterable[str] = ("test",),
        workers: int = 2,
        max_connections: int = 4096,
        default_ttl: int = 2592000,
        compression: bool = False,
        strong_consistency: Iterable[str] = (),
        users: Mapping[str, tuple[str, Iterable[str]]] | None = None,
        quotas: bool = False,
        session_ttl: int = 86400,
        nodes: int = 1,
        replication_factor: int = 2,
        racks: Iterable[int] | None = None,
        heartbeat_interval: int = 150,
        cluster_name: str | None = None,
        tls: Tls | None = None,
    ) -> None:
        if isinstance(namespaces, str):
            raise ValueError(f"namespaces must be a list of names, not the str {namespaces!r}")
        self.address = _resolve(address)
        self.namespaces = tuple(namespaces)
        if len(set(self.namespaces)) < len(self.namespaces):
            raise ValueError(f"namespaces must have different names: {', '.join(map(repr, self.namespaces))}")
        cluster = _cluster(cluster_name, nodes, replication_factor, racks, heartbeat_interval)
        if nodes > 1 and isinstance(port, int) and port + nodes > 65536:
            raise ValueError(f"port must be {65536 - nodes} at the most, so that each node has one, not {port}")
        self._server = _embedded.Server(
            self.namespaces,
            self.address,
            port,
            workers,
            max_connections,
            default_ttl,
            compression,
            _security(users, quotas, session_ttl),
            _strong_consistency(strong_consistency, self.namespaces),
            cluster,
            _tls_options(tls),
        )
        self._tls = tls
        self.tls_name: str | None = self._server.tls_name
        self.nodes: tuple[Node, ...] = tuple(Node(self, place) for place in range(nodes))
        self.port: int = self.nodes[0].port
        self.node: str = self.nodes[0].name

    @property
    def hosts(self) -> list[_Host]:
        """``[(address, port)]`` of every node, as a client's configuration takes it; with TLS the name, too."""
        return [host for node in self.nodes for host in node.hosts]

    @property
    def config(self) -> Config:
        """A new configuration for :func:`aerospike.client`; with TLS it trusts the authority of ``tls.ca_file``."""
        if self._tls is None:
            return {"hosts": self.hosts}
        tls: TLSConfig = {"enable": True}
        if self._tls.ca_file is not None:
            tls["cafile"] = os.fspath(self._tls.ca_file)
        return {"hosts": self.hosts, "tls": tls}

    def clear(self) -> None:
        """Remove every record of every namespace, every transaction and every fault, whoever is connected.

        Indexes, modules of Lua, users and what was counted stay.

        :raises RuntimeError: the server is stopped.
        """
        self._server.clear()

    def fault(
        self,
        action: str,
        *,
        commands: str | Iterable[str] | None = None,
        node: Node | None = None,
        namespace: str | None = None,
        set: str | None = None,
        share: float = 1.0,
        seed: int = 0,
        times: int | None = None,
        after: bool | None = None,
        delay_ms: int | None = None,
        code: int | None = None,
    ) -> Fault:
        """Do harm to commands from now on, as a network or a node in trouble does.

        Of several faults, a command is struck by one at the most: the first set that it is for.

        :param str action: ``"delay"``; ``"drop"``: never answer; ``"reset"``: close the connection with an error;
            ``"truncate"``: send half of the answer, or of its first frame, then close the connection; ``"error"``:
            answer an error.
        :param commands: one or more of ``"read"`` and ``"write"`` (commands on one record: an ``operate`` that writes
            is a write, a removal is one), ``"udf"``, ``"batch"`` (the request as a whole), ``"query"`` (scans, too),
            ``"background"``, ``"info"`` and ``"admin"``. None: all but the last two, with which clients also look
            after the cluster and log in.
        :param Node node: for commands that come to that node, one of :attr:`nodes`. None: any.
        :param str namespace: for commands on that namespace; of a batch, on a record of it. None: any.
        :param str set: for commands on that set, likewise; ``""``: on records without one. A fault with either is not
            for info and admin commands.
        :param float share: for that part of these commands, chosen by chance: above 0, 1 at most.
        :param int seed: of that chance, 0 to 2**64 - 1.
        :param int times: how many commands to strike at the most. None: any number.
        :param bool after: strike when the command was carried out, so that it is done, and only its answer is harmed.
            False: before, and then it is not carried out, but for a delay. None: before, but for ``"truncate"``,
            which is always after.
        :param int delay_ms: milliseconds of a delay, from 1 on.
        :param int code: of the error, 1 to 255, such as ``exception.DeviceOverload.code``. A batch or query fails as a
            whole.
        :return: the :class:`Fault`, which strikes until it ends, or until the server is cleared.
        :raises ValueError: an argument is not valid; the message names it.
        :raises RuntimeError: the server is stopped.
        """
        if node is not None and node not in self.nodes:
            raise ValueError(f"node must be one of the server's nodes, not {node!r}")
        given = {
            "commands": commands,
            "node": -1 if node is None else self.nodes.index(node),
            "namespace": namespace,
            "set": set,
            "share": share,
            "seed": seed,
            "times": times,
            "after": after,
            "delay_ms": delay_ms,
            "code": code,
        }
        return _set_fault(self._server, self.namespaces, action, given)

    def statistics(self) -> dict[str, Any]:
        """What the server has counted since its start, all nodes together.

        :return: ``connections`` (open now), ``connections_opened``, ``commands`` (that came, a dict by kind, whatever
            became of them; a batch is one), ``malformed`` (requests that were no command) and ``faults`` (commands
            that a fault struck).
        :raises RuntimeError: the server is stopped.
        """
        return self._server.statistics()

    def wait_until_stable(self, timeout: float = 30.0) -> None:
        """Wait until the nodes have noticed all that happened to others, and every copy is where it belongs.

        :param float timeout: seconds, after which it is an error.
        :raises TimeoutError: they have not.
        :raises RuntimeError: the server is stopped.
        """
        deadline = time.monotonic() + timeout
        while not self._server.stable:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the cluster is not stable after {timeout} seconds")
            time.sleep(0.005)

    def stop(self) -> None:
        """Close all connections and end, every node; stopping twice is fine."""
        self._server.stop()

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        if not hasattr(self, "nodes"):
            return "<aerospike.embedded.Server that did not start>"
        names = ", ".join(self.namespaces)
        ports = ",".join(str(node.port) for node in self.nodes)
        stopped = ", stopped" if all(node._state() == "stopped" for node in self.nodes) else ""
        return f"<aerospike.embedded.Server at {self.address}:{ports}, namespaces {names}{stopped}>"


def _read_users(path: str) -> dict[str, tuple[str, list[str]]]:
    """Who may log in, as a file says; an error shows no password."""
    users = {}
    try:
        lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise argparse.ArgumentTypeError(f"{path} cannot be read: {error}") from None
    for number, line in enumerate(lines, 1):
        name, _, rest = line.strip().partition(":")
        password, given, roles = rest.rpartition(":")
        if not line.strip() or name.startswith("#"):
            continue
        if not name or not given or name in users:
            raise argparse.ArgumentTypeError(f"{path} line {number} must be NAME:PASSWORD:ROLE[,ROLE], a user once")
        users[name] = password, [role.strip() for role in roles.split(",") if role.strip()]
    return users


def _command_line() -> argparse.ArgumentParser:
    """The options of ``python -m aerospike.embedded``, by the names of the server's arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m aerospike.embedded", description="Run an embedded Aerospike server."
    )
    add = parser.add_argument
    default = "(default: %(default)s)"
    add("--address", default="127.0.0.1", help=f"IPv4 address or name of a host to listen at {default}")
    add("--port", type=int, default=3000, help=f"port to listen at, 0 for a free one {default}")
    again = "a namespace; may be given again (default: test)"
    add("--namespace", action="append", dest="namespaces", metavar="NAMESPACE", help=again)
    strong = "one of them that is strongly consistent, and has transactions; may be given again"
    add("--strong-consistency", action="append", default=[], metavar="NAMESPACE", help=strong)
    add("--workers", type=int, default=2, help=f"threads of each node that serve connections {default}")
    add("--nodes", type=int, default=1, help=f"nodes of a cluster, at this port and those that follow {default}")
    copies = f"how many of them have a copy of each record {default}"
    add("--replication-factor", type=int, default=2, metavar="COUNT", help=copies)
    add("--max-connections", type=int, default=4096, help=f"connections beyond that are closed at once {default}")
    lives = f"seconds that a record lives where its write does not say, 0 for ever {default}"
    add("--default-ttl", type=int, default=2592000, help=lives)
    add("--users", type=_read_users, metavar="FILE", help="who may log in: lines of NAME:PASSWORD:ROLE[,ROLE]")
    made = "speak TLS, by certificates that are made in a folder"
    add("--tls", metavar="FOLDER", help=f"{made}: ca.pem is for clients, who call the server localhost")
    add("--tls-cert", metavar="FILE", help="speak TLS, by this certificate")
    add("--tls-key", metavar="FILE", help="its key")
    add("--tls-ca", metavar="FILE", help="the authority of clients' certificates, by which users may log in")
    add("--version", action="version", version=f"aerospike {__version__}")
    return parser


def _tls_of(options: dict[str, Any]) -> Tls | None:
    """Take the options of TLS out of others, and make them one of the server's."""
    folder, certificate, key, authority = (options.pop(f"tls{name}") for name in ("", "_cert", "_key", "_ca"))
    files = (certificate, key, authority)
    if folder is not None and files != (None, None, None):
        raise ValueError(
            "--tls makes the files that --tls-cert, --tls-key and --tls-ca name: give the one or the others"
        )
    if folder is not None:
        made = Authority(folder)
        identity = made.server("localhost")
        return Tls(identity.cert_file, identity.key_file, made.ca_file)
    if files == (None, None, None):
        return None
    if certificate is None or key is None:
        raise ValueError("--tls-cert and --tls-key go together")
    return Tls(certificate, key, authority)


_ENDS = frozenset((signal.SIGINT, signal.SIGTERM))


@contextlib.contextmanager
def _held_back(numbers: Iterable[int]) -> Iterator[None]:
    """Signals are for sigwait(), which loses none that came before it; afterwards they are what they were."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    # A shell ignores SIGINT in what it runs in the background.
    handlers = {number: signal.signal(number, signal.SIG_DFL) for number in numbers}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


@_secretive
def main(arguments: list[str] | None = None) -> int:
    """Run a server until Ctrl-C or SIGTERM; the command line of ``python -m aerospike.embedded``."""
    parser = _command_line()
    options = vars(parser.parse_args(arguments))
    with _held_back(_ENDS):
        return _serve(parser, options)


def _serve(parser: argparse.ArgumentParser, options: dict[str, Any]) -> int:
    try:
        tls = _tls_of(options)
        server = Server(**{**options, "namespaces": options["namespaces"] or ["test"], "tls": tls})
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    with server:
        where = ", ".join(f"{server.address}:{node.port}" for node in server.nodes)
        encrypted = "" if server.tls_name is None else f", TLS as {server.tls_name}"
        print(f"listening at {where}, namespaces: {', '.join(server.namespaces)}{encrypted}", flush=True)
        signal.sigwait(_ENDS)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)  # a second one ends it at once
    try:
        print("stopped", flush=True)
    except BrokenPipeError:  # who started it read no further; what is left would be told of at the interpreter's end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
