# SPDX-License-Identifier: Apache-2.0
"""TLS of the embedded server, by frames of one's own over Python's ssl."""

import os
import socket
import ssl

import frames
import pytest
from frames import FIELD_DIGEST, FIELD_NAMESPACE, FIELD_SET, OP_READ, OP_WRITE, READ, STRING, WRITE, Operation
from test_security import AUTHENTICATE, CREDENTIAL_BAD, LOGIN, NO_USER, OK, OTHER, SCHEME, SECRET, TOKEN, Person

from aerospike import embedded

pytestmark = pytest.mark.embedded_only("a server with TLS")

FIELDS = {FIELD_NAMESPACE: b"test", FIELD_SET: b"a", FIELD_DIGEST: b"\1" * 20}
INFO = frames.frame(frames.INFO, b"node\n")
USERS = {"ann": ("secret", ["read-write"]), "bob": ("other", [])}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return embedded.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def identity(authority):
    return authority.server()


@pytest.fixture(scope="module")
def server(authority, identity):
    with embedded.Server(tls=embedded.Tls(identity.cert_file, identity.key_file, authority.ca_file)) as made:
        yield made


@pytest.fixture(scope="module")
def secured(authority, identity):
    tls = embedded.Tls(identity.cert_file, identity.key_file, authority.ca_file)
    with embedded.Server(tls=tls, users=USERS) as made:
        yield made


@pytest.fixture
def context(authority):
    return ssl.create_default_context(cafile=authority.ca_file)


class Encrypted(Person):
    """A connection that is wrapped."""

    def __init__(self, server, context):
        super().__init__((server.address, server.port))
        self._socket = context.wrap_socket(self._socket, server_hostname=server.tls_name)
        self.version = self._socket.version()


@pytest.fixture
def connection(server, context):
    with Encrypted(server, context) as made:
        yield made


def still_serves(server, context):
    with Encrypted(server, context) as other:
        assert other.info("node") == server.node


def put(connection, text):
    operation = Operation(OP_WRITE, "b", STRING, text)
    return connection.ask(0, WRITE, fields=FIELDS, operations=[operation]).code


def get(connection):
    answer = connection.ask(READ, fields=FIELDS, operations=[Operation(OP_READ, "b")])
    return answer.operations[0].value


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_frames_go_through(server, context, version):
    context.minimum_version = context.maximum_version = version
    with Encrypted(server, context) as connection:
        assert connection.version == version.name.replace("_", ".")
        for size in (1, 16383, 16384, 16385, 1000000, 3):
            text = os.urandom(size)
            assert put(connection, text) == OK
            assert get(connection) == text


def test_many_requests_in_one_piece(connection):
    assert put(connection, b"x" * 500000) == OK
    asked = frames.message(READ, fields=FIELDS, operations=[Operation(OP_READ, "b")])
    connection.send(asked * 60)  # which is little; the answers are more than the sockets hold
    for _ in range(60):
        _, body = connection.receive()
        assert frames.read_answer(body).operations[0].value == b"x" * 500000


def test_a_record_of_tls_byte_by_byte(server, context):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=server.tls_name)
    with socket.create_connection((server.address, server.port), timeout=10) as raw:

        def step(work):
            while True:
                try:
                    done = work()
                except ssl.SSLWantReadError:
                    done = None
                for byte in outgoing.read():
                    raw.sendall(bytes([byte]))
                if done is not None:
                    return done
                incoming.write(raw.recv(65536))

        step(lambda: client.do_handshake() or True)
        step(lambda: client.write(INFO))
        assert server.node.encode() in step(lambda: client.read(100))


def closed(raw):
    """Read to the end."""
    try:
        while raw.recv(65536):
            pass
    except ConnectionError:
        pass  # by a reset


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(INFO, id="a frame without TLS"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="another protocol"),
        pytest.param(b"\x16\x03\x01\xff\xff" + b"x" * 100, id="a record that is too long"),
        pytest.param(b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", id="a greeting that is none"),
        pytest.param(b"\x17\x03\x03\x00\x05xxxxx", id="data before a handshake"),
    ],
)
def test_what_is_no_handshake_closes(server, context, data):
    with socket.create_connection((server.address, server.port), timeout=10) as raw:
        raw.sendall(data)
        closed(raw)
    still_serves(server, context)


def test_a_record_that_was_changed_closes(server, context):
    with Encrypted(server, context) as connection:
        assert connection.info("node") == server.node
        raw = socket.socket(fileno=os.dup(connection._socket.fileno()))
        with raw:
            raw.settimeout(10)
            raw.sendall(b"\x17\x03\x03\x00\x40" + os.urandom(64))
            closed(raw)
    still_serves(server, context)


def test_a_handshake_that_never_ends_is_cut_off(server, context):
    begun = b"\x16\x03\x01\x02\x00\x01"
    address = (server.address, server.port)
    with socket.create_connection(address) as silent, socket.create_connection(address) as half:
        half.sendall(begun)
        still_serves(server, context)
        for raw in (half, silent):
            raw.settimeout(120)
            closed(raw)
    still_serves(server, context)


def test_who_has_ended_it_is_heard(connection):
    assert connection.info("node")
    raw = connection._socket.unwrap()
    with raw:
        raw.settimeout(10)
        closed(raw)


def test_the_server_says_that_it_ends(authority, identity, context):
    server = embedded.Server(tls=embedded.Tls(identity.cert_file, identity.key_file))
    with Encrypted(server, context) as connection:
        assert connection.info("node")
        connection._socket.suppress_ragged_eofs = False
        server.stop()
        assert connection._socket.recv(1) == b""  # where it is cut, it is an error


def test_info(server, connection):
    assert connection.info("service-tls-std") == f"{server.address}:{server.port}"
    assert connection.info("service-clear-std") == ""
    assert connection.info("service-tls-alt") == ""
    assert connection.info("peers-tls-std") == connection.info("peers-clear-std")


def test_both_at_one_port(authority, identity, context):
    tls = embedded.Tls(identity.cert_file, identity.key_file, plain=True)
    with embedded.Server(tls=tls) as server:
        address = (server.address, server.port)
        with Encrypted(server, context) as encrypted, Person(address) as plain:
            for connection in (encrypted, plain):
                for command in ("service-tls-std", "service-clear-std"):
                    assert connection.info(command) == f"{server.address}:{server.port}"
        with socket.create_connection(address, timeout=10) as raw:
            raw.sendall(b"\x15\x03\x01\x00\x02\x02\x28" * 2)
            closed(raw)


# ---- who it is ----


@pytest.fixture
def certified(secured, context, authority):
    """A connection of whom a certificate names."""

    def make(user):
        made = authority.client(user)
        context.load_cert_chain(made.cert_file, made.key_file)
        return Encrypted(secured, context)

    return make


def test_a_certificate_logs_in(certified):
    with certified("ann") as ann:
        (told,) = ann.admin(LOGIN)
        assert told.code == OK
        assert ann.put() == OK
        with certified("ann") as other:
            assert other.code(AUTHENTICATE, TOKEN=told.fields[TOKEN]) == OK
            assert other.put() == OK


def test_a_token_is_of_the_user_whom_the_certificate_names(certified):
    with certified("ann") as ann:
        (told,) = ann.admin(LOGIN)
    with certified("bob") as bob:
        assert bob.code(AUTHENTICATE, TOKEN=told.fields[TOKEN]) == CREDENTIAL_BAD
        assert bob.code(LOGIN, USER=b"ann", CREDENTIAL=OTHER) == CREDENTIAL_BAD


def test_a_certificate_of_nobody(certified):
    with certified("nobody") as nobody:
        assert nobody.code(LOGIN) == NO_USER


def test_no_certificate(secured, context):
    with Encrypted(secured, context) as connection:
        assert connection.code(LOGIN) == SCHEME
        assert connection.code(AUTHENTICATE, TOKEN=b"x" * 32) == NO_USER


@pytest.mark.parametrize(
    ("credential", "password", "code"),
    [
        (SECRET, b"secret", OK),
        (OTHER, b"other", CREDENTIAL_BAD),
        (OTHER, b"secret", CREDENTIAL_BAD),
        (SECRET, b"other", CREDENTIAL_BAD),
        (SECRET, b"secret\0", CREDENTIAL_BAD),
        (SECRET, SECRET, CREDENTIAL_BAD),
        (SECRET, b"", CREDENTIAL_BAD),
    ],
)
def test_a_password_itself(secured, context, credential, password, code):
    with Encrypted(secured, context) as connection:
        assert connection.code(LOGIN, USER=b"ann", CREDENTIAL=credential, CLEAR=password) == code
