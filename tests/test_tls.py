# SPDX-License-Identifier: Apache-2.0
"""Encrypted connections: what the server is told, what clients need, and who logs in by them."""

import inspect
import pathlib
import re
import shutil
import stat
import subprocess

import pytest

import aerospike
from aerospike import embedded, exception

pytestmark = pytest.mark.embedded_only("a server with TLS")

SECRET = "hush-hush"
KEY = ("test", "tls", 1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return embedded.Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def other_authority(tmp_path_factory):
    return embedded.Authority(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def identity(authority):
    return authority.server("db.example.org")


@pytest.fixture(scope="module")
def serve(authority, identity):
    """Servers with TLS, by what is said of it and of them."""
    servers = []

    def make(certificate=identity, *, ca_file=authority.ca_file, users=None, **settings):
        tls = embedded.Tls(certificate.cert_file, certificate.key_file, ca_file, **settings)
        servers.append(embedded.Server(tls=tls, users=users))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def server(serve):
    return serve()


@pytest.fixture(scope="module")
def strict(serve):
    return serve(require_client_certificate=True)


@pytest.fixture(scope="module")
def secured(serve):
    return serve(users={"admin": (SECRET, ["user-admin"]), "ann": (SECRET, ["read-write"])})


@pytest.fixture
def connect():
    """Connect to a server, with further keys of ``config['tls']``; all clients are closed in the end."""
    clients = []

    def make(server, tls=None, **settings):
        config = server.config
        config["tls"] = {**config["tls"], **(tls or {})}
        clients.append(aerospike.client({**config, "validate_keys": True, **settings}))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def files(certificate):
    return {"certfile": certificate.cert_file, "keyfile": certificate.key_file}


def use(client):
    client.put(KEY, {"a": 1})
    assert client.get(KEY)[2]["a"] == 1


# ---- the server ----


def test_a_server_tells_what_clients_need(server, authority):
    assert server.tls_name == "db.example.org"
    assert server.hosts == [("127.0.0.1", server.port, "db.example.org")]
    assert server.config == {"hosts": server.hosts, "tls": {"enable": True, "cafile": authority.ca_file}}
    assert server.config is not server.config


def test_a_server_without_tls_has_no_name():
    with embedded.Server() as server:
        assert server.tls_name is None
        assert server.config == {"hosts": [(server.address, server.port)]}


def test_a_name_of_ones_own(serve, connect):
    server = serve(name="DB.Example.org")
    assert server.hosts[0][2] == "DB.Example.org"
    use(connect(server))


def test_paths(authority, identity, connect):
    paths = map(pathlib.Path, (identity.cert_file, identity.key_file, authority.ca_file))
    with embedded.Server(tls=embedded.Tls(*paths)) as server:
        use(connect(server))
        connect(server).close()


@pytest.mark.parametrize("argument", ["cert_file", "key_file", "ca_file"])
def test_a_file_that_is_not_there_is_named(authority, identity, argument):
    given = {"cert_file": identity.cert_file, "key_file": identity.key_file, argument: "/no/such/file"}
    with pytest.raises(OSError, match="/no/such/file"):
        embedded.Server(tls=embedded.Tls(**given))


@pytest.mark.parametrize("argument", ["cert_file", "key_file", "ca_file"])
def test_a_file_with_something_else_is_named(identity, argument, tmp_path):
    (tmp_path / "text").write_text("text")
    given = {"cert_file": identity.cert_file, "key_file": identity.key_file, argument: tmp_path / "text"}
    with pytest.raises(ValueError, match=f"^tls: {argument} has no "):
        embedded.Server(tls=embedded.Tls(**given))


def test_a_key_of_another_certificate(authority, identity):
    other = authority.server()
    with pytest.raises(ValueError, match="key_file has no key that fits"):
        embedded.Server(tls=embedded.Tls(identity.cert_file, other.key_file))


def test_a_key_with_a_password(authority):
    locked = authority.client("ann", password=SECRET)
    with pytest.raises(ValueError, match="key_file") as caught:
        embedded.Server(tls=embedded.Tls(locked.cert_file, locked.key_file))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("tls", "named"),
    [
        (5, "tls must be an embedded.Tls, not int"),
        ({"cert_file": "a"}, "tls must be an embedded.Tls, not dict"),
        (embedded.Tls("", "b"), "tls.cert_file"),
        (embedded.Tls(5, "b"), "tls.cert_file"),
        (embedded.Tls(__file__, "a\0b"), "tls.key_file"),
        (embedded.Tls(__file__, __file__, 5), "tls.ca_file"),
        (embedded.Tls(__file__, __file__, name=""), "tls.name"),
        (embedded.Tls(__file__, __file__, name="a\0"), "tls.name"),
        (embedded.Tls(__file__, __file__, require_client_certificate=True), "require_client_certificate needs"),
    ],
)
def test_what_is_not_valid_is_named(tls, named):
    with pytest.raises(ValueError, match=named):
        embedded.Server(tls=tls)


# ---- the authority ----


def test_an_authority_keeps_its_keys_to_itself(authority, tmp_path):
    made = embedded.Authority(tmp_path / "new" / "one")
    for certificate in (made.server(), made.client("ann")):
        assert stat.S_IMODE(pathlib.Path(certificate.key_file).stat().st_mode) == 0o600
        assert int(certificate.serial, 16) > 0
    assert repr(made) == f"<aerospike.embedded.Authority in {str(tmp_path / 'new' / 'one')!r}>"


def test_an_authority_needs_a_directory(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        embedded.Authority(tmp_path / "file" / "below")


@pytest.mark.parametrize("name", ["", "a" * 65, "a\0b", "\udcff", 5, None, b"a"])
def test_names_that_are_not_valid(authority, name):
    with pytest.raises(ValueError, match=r"name|surrogates"):
        authority.server(name)
    with pytest.raises(ValueError, match=r"user|surrogates"):
        authority.client(name)


@pytest.mark.parametrize("password", ["", "a\0b", 5, b"hush"])
def test_passwords_that_are_not_valid(authority, password):
    with pytest.raises(ValueError, match="password must be a str"):
        authority.client("ann", password=password)


def test_what_cannot_be_revoked(authority):
    with pytest.raises(ValueError, match=r"certificate must be an embedded\.Certificate, not str"):
        authority.revoke("1234")


# ---- clients ----


def test_a_client(server, connect):
    client = connect(server)
    use(client)
    assert client.is_connected()
    keys = [("test", "tls", number) for number in range(300)]
    for key in keys:
        client.put(key, {"text": "x" * 5000})
    assert len(client.scan("test", "tls").results()) == 300
    assert len(client.batch_read(keys).batch_records) == 300
    client.put(KEY, {"blob": b"x" * 1000000})
    assert client.get(KEY)[2]["blob"] == b"x" * 1000000


def test_the_name_is_the_hosts(server, connect):
    host = (server.address, server.port)
    use(connect(server, hosts=[f"127.0.0.1:db.example.org:{server.port}"]))
    use(connect(server, hosts=[(*host, "db.example.org")]))


def test_a_client_with_a_certificate(strict, authority, connect):
    use(connect(strict, files(authority.client("ann"))))
    locked = authority.client("ann", password=SECRET)
    use(connect(strict, {**files(locked), "keyfile_pw": SECRET}))


def test_a_directory_of_authorities(server, authority, connect):
    tls = {"enable": True, "capath": str(pathlib.Path(authority.ca_file).parent)}
    with aerospike.client({"hosts": server.hosts, "tls": tls}) as client:
        use(client)


@pytest.mark.parametrize("key", ["crl_check", "crl_check_all"])
def test_a_certificate_that_is_not_revoked(serve, connect, tmp_path, key):
    authority = embedded.Authority(tmp_path)
    server = serve(authority.server(), ca_file=authority.crl_file)
    use(connect(server, {key: True}))
    with aerospike.client({"hosts": server.hosts, "tls": {"enable": True, "capath": str(tmp_path), key: True}}) as one:
        use(one)


@pytest.mark.parametrize("ciphers", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ALL:!aNULL", "HIGH"])
def test_ciphers(server, connect, ciphers):
    use(connect(server, {"cipher_suite": ciphers}))


@pytest.mark.parametrize("protocols", ["TLSv1.2", "-all +TLSv1.2", "all", "+TLSv1.1 +TLSv1.2"])
def test_protocols(server, connect, protocols):
    use(connect(server, {"protocols": protocols}))


def test_a_blacklist_of_others(server, connect, tmp_path):
    (tmp_path / "list").write_text("# none of ours\nABCDEF\n123456 /CN=Somebody\n")
    use(connect(server, {"cert_blacklist": str(tmp_path / "list")}))


# ---- misuse, which is found before any I/O ----


@pytest.mark.parametrize(
    ("tls", "named"),
    [
        ({"cafile": __file__}, "cafile"),
        ({"certfile": __file__}, "certfile"),
        ({"keyfile": __file__}, "keyfile"),
        ({"cipher_suite": "none of these"}, "cipher_suite"),
        ({"cipher_suite": ""}, "cipher_suite"),
        ({"protocols": "TLSv9"}, "protocols"),
        ({"protocols": "SSLv3"}, "protocols"),
        ({"protocols": ""}, "protocols"),
        ({"protocols": "+TLSv1.2 -all"}, "protocols"),
    ],
)
def test_a_key_that_is_not_valid_is_named(tls, named):
    with pytest.raises(exception.TLSError, match=rf"^config\['tls'\]\['{named}'\] "):
        aerospike.client({"hosts": ["127.0.0.1:1"], "tls": {"enable": True, **tls}})
    with pytest.raises(exception.ConnectionError):  # nothing is looked at where it is not enabled
        aerospike.client({"hosts": ["127.0.0.1:1"], "tls": tls})


def test_passwords_of_keys(authority):
    locked, other = authority.client("ann", password=SECRET), authority.client("ann")
    for tls, why in (
        (files(locked), r"keyfile_pw'\] is missing"),
        ({**files(locked), "keyfile_pw": "wrong-one"}, r"keyfile_pw'\] is not the password"),
        ({**files(locked), "keyfile_pw": "x" * 5000}, r"keyfile_pw'\] is not the password"),
        ({"certfile": locked.cert_file, "keyfile": other.key_file}, r"keyfile'\] is not the key of certfile"),
    ):
        with pytest.raises(exception.TLSError, match=why) as caught:
            aerospike.client({"hosts": ["127.0.0.1:1"], "tls": {"enable": True, **tls}})
        assert "wrong-one" not in str(caught.value)


# ---- why it fails ----


@pytest.mark.parametrize(
    ("certificate", "tls", "host", "why"),
    [
        ("good", {}, "other.example.org", "certificate is not for the name 'other.example.org'"),
        ("expired", {}, None, "certificate is not accepted: certificate has expired"),
        ("good", {"cafile": "other"}, None, "certificate is of an unknown authority"),
        ("good", {"cipher_suite": "ECDHE-RSA-AES128-GCM-SHA256"}, None, "takes none of the ciphers in .*cipher_suite"),
        (
            "good",
            {"protocols": "TLSv1.1", "cipher_suite": "ALL:@SECLEVEL=0"},
            None,
            "none of the versions in .*protocol",
        ),
        ("good", {"crl_check": True}, None, "certificate is not accepted: unable to get certificate CRL"),
    ],
)
def test_a_server_that_is_not_accepted(serve, connect, authority, other_authority, certificate, tls, host, why):
    server = serve(authority.server(expired=certificate == "expired"))
    if "cafile" in tls:
        tls = {"cafile": other_authority.ca_file}
    hosts = [(server.address, server.port, host or server.tls_name)]
    with pytest.raises(exception.ConnectionError, match=why):
        connect(server, tls, hosts=hosts)


@pytest.fixture
def silent():
    """The C client's log goes nowhere."""
    aerospike.set_log_level(aerospike.LOG_LEVEL_OFF)
    yield
    aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)


def test_reasons_do_not_need_the_log(silent, serve, connect, authority):
    server = serve(authority.server(expired=True))
    with pytest.raises(exception.ConnectionError, match="has expired"):
        connect(server)


@pytest.mark.parametrize("key", ["crl_check", "crl_check_all"])
def test_a_certificate_that_was_revoked(serve, connect, tmp_path, key):
    authority = embedded.Authority(tmp_path)
    revoked, good = authority.server(), authority.server()
    authority.revoke(revoked)
    with pytest.raises(exception.ConnectionError, match="certificate revoked"):
        connect(serve(revoked, ca_file=authority.crl_file), {key: True})
    use(connect(serve(good, ca_file=authority.crl_file), {key: True}))


@pytest.mark.parametrize("issuer", ["", " /CN=Throw-away authority"])
def test_a_certificate_of_the_blacklist(server, identity, connect, tmp_path, issuer):
    (tmp_path / "list").write_text(f"{identity.serial}{issuer}\n")
    with pytest.raises(exception.ConnectionError, match="cert_blacklist"):
        connect(server, {"cert_blacklist": str(tmp_path / "list")})


def test_a_client_that_is_not_accepted(strict, connect, authority, other_authority):
    for tls, why in (
        ({}, r"wants a certificate of the client: config\['tls'\]\['certfile'\]"),
        (files(authority.client("ann", expired=True)), "refuses the client's certificate .*expired"),
        (files(other_authority.client("ann")), "refuses the client's certificate .*unknown authority"),
    ):
        with pytest.raises(exception.ConnectionError, match=why):
            connect(strict, tls)


def test_tls_on_one_side(server, authority):
    with pytest.raises(exception.ConnectionError, match="may want TLS"):
        aerospike.client({"hosts": [(server.address, server.port)]})
    with embedded.Server() as plain, pytest.raises(exception.ConnectionError, match="may speak no TLS"):
        aerospike.client({"hosts": plain.hosts, "tls": {"enable": True, "cafile": authority.ca_file}})


# ---- who logs in ----


@pytest.mark.parametrize("mode", [aerospike.AUTH_INTERNAL, aerospike.AUTH_EXTERNAL, aerospike.AUTH_EXTERNAL_INSECURE])
def test_passwords(secured, connect, mode):
    policies = {"auth_mode": mode}
    use(connect(secured, user="ann", password=SECRET, policies=policies))
    for user, password, raised in (
        ("ann", "wrong", exception.InvalidCredential),
        ("nobody", SECRET, exception.InvalidUser),
    ):
        with pytest.raises(raised) as caught:
            connect(secured, user=user, password=password, policies=policies)
        assert password not in str(caught.value)


def test_the_user_of_a_certificate(secured, connect, authority):
    policies = {"auth_mode": aerospike.AUTH_PKI}
    admin = connect(secured, user="admin", password=SECRET)
    admin.admin_create_pki_user("robot", ["read-write"])
    robot = connect(secured, files(authority.client("robot")), policies=policies)
    use(robot)
    with pytest.raises(exception.RoleViolation):
        robot.admin_query_users_info()
    with pytest.raises(exception.ForbiddenPassword):
        connect(secured, user="robot", password="nopassword")
    with pytest.raises(exception.ForbiddenPassword):
        admin.admin_set_password("robot", SECRET)
    admin.admin_drop_user("robot")
    with pytest.raises(exception.InvalidUser):
        connect(secured, files(authority.client("robot")), policies=policies)


def test_a_user_of_a_certificate_needs_one(secured, connect):
    with pytest.raises(exception.SecuritySchemeNotSupported):
        connect(secured, policies={"auth_mode": aerospike.AUTH_PKI})


def test_for_the_log_in_only(serve, connect):
    server = serve(plain=True, users={"ann": (SECRET, ["read-write"])})
    client = connect(server, {"for_login_only": True}, user="ann", password=SECRET)
    use(client)


def test_for_the_log_in_only_where_all_is_encrypted(secured, connect):
    with pytest.raises(exception.ClientError, match="service-clear-std"):
        connect(secured, {"for_login_only": True}, user="ann", password=SECRET)


# ---- the guide ----


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the commands of the guide need openssl")
def test_the_commands_of_the_guide(tmp_path, connect):
    page = (pathlib.Path(__file__).parents[1] / "docs" / "tls.rst").read_text()
    (commands,) = re.findall(r"^\.\. code-block:: sh\n((?:\n| {3}.*\n)+)", page, re.M)
    shell = ["sh", "-e", "-c", inspect.cleandoc(commands)]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    files = {name: str(tmp_path / name) for name in ("ca.pem", "server.pem", "server.key", "client.pem", "client.key")}
    tls = embedded.Tls(files["server.pem"], files["server.key"], files["ca.pem"], require_client_certificate=True)
    own = {"certfile": files["client.pem"], "keyfile": files["client.key"]}
    with embedded.Server(tls=tls, users={"robot": (SECRET, ["read-write"])}) as server:
        assert server.tls_name == "db.example.org"
        use(connect(server, own, policies={"auth_mode": aerospike.AUTH_PKI}))


def test_a_cluster(authority, identity, connect):
    tls = embedded.Tls(identity.cert_file, identity.key_file, authority.ca_file)
    with embedded.Server(nodes=2, tls=tls) as server:
        assert [host[2] for host in server.hosts] == ["db.example.org"] * 2
        client = connect(server, hosts=server.nodes[0].hosts)
        keys = [("test", "tls", number) for number in range(50)]
        for key in keys:
            client.put(key, {"a": 1})
        assert len(client.get_node_names()) == 2


def test_what_was_agreed_upon_is_logged(server, connect):
    messages = []
    aerospike.set_log_handler(lambda _level, _function, _path, _line, message: messages.append(message))
    aerospike.set_log_level(aerospike.LOG_LEVEL_INFO)
    try:
        for logged in (False, True):
            del messages[:]
            use(connect(server, {"log_session_info": logged}))
            assert any("TLS cipher" in message for message in messages) == logged
    finally:
        aerospike.set_log_level(aerospike.LOG_LEVEL_WARN)
        aerospike.set_log_handler()
