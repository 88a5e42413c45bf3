# SPDX-License-Identifier: Apache-2.0
"""Users, roles and passwords."""

import concurrent.futures
import logging
import os
import pickle
import threading
import time
import traceback

import pytest

import aerospike
from aerospike import embedded, exception
from aerospike_helpers.batch import records
from aerospike_helpers.operations import operations

embedded_only = pytest.mark.embedded_only("a server with users")

SECRET = "hush-hush"
READ_A = {"code": aerospike.PRIV_READ, "ns": "test", "set": "a"}
CALLS = {
    "admin_create_user": ("ann", SECRET, ["read"]),
    "admin_create_pki_user": ("ann", ["read"]),
    "admin_drop_user": ("ann",),
    "admin_grant_roles": ("ann", ["read"]),
    "admin_revoke_roles": ("ann", ["read"]),
    "admin_change_password": ("ann", SECRET),
    "admin_set_password": ("ann", SECRET),
    "admin_query_user_info": ("ann",),
    "admin_query_users_info": (),
    "admin_query_user": ("ann",),
    "admin_query_users": (),
    "admin_create_role": ("clerk", [READ_A]),
    "admin_drop_role": ("clerk",),
    "admin_grant_privileges": ("clerk", [READ_A]),
    "admin_revoke_privileges": ("clerk", [READ_A]),
    "admin_set_whitelist": ("clerk", ["10.1.2.0/24"]),
    "admin_set_quotas": ("clerk", 10, 20),
    "admin_get_role": ("clerk",),
    "admin_get_roles": (),
    "admin_query_role": ("clerk",),
    "admin_query_roles": (),
}


def test_all_calls_are_here():
    assert {name for name in dir(aerospike.Client) if name.startswith("admin_")} == set(CALLS)


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"admin_change_password"}))
def test_a_community_server_has_no_users(client, name):
    with pytest.raises(exception.SecurityNotSupported):
        getattr(client, name)(*CALLS[name])


def test_a_password_is_changed_where_there_was_one(client):
    with pytest.raises(exception.ParamError, match="logged in by no password"):
        client.admin_change_password("ann", SECRET)


# ---- misuse, which is found before any I/O ----

NAMES = ["a\0b", "\ud800", "x" * 64, 5, None, b"ann"]


@pytest.mark.parametrize(
    ("name", "place", "argument"),
    [
        (name, place, argument)
        for argument in ("username", "role", "user")
        for name, arguments in CALLS.items()
        for place, given in enumerate(arguments)
        if (given, argument)
        in (("ann", "user" if name in ("admin_query_user_info", "admin_query_user") else "username"), ("clerk", "role"))
    ],
)
def test_names(client, name, place, argument):
    for bad in NAMES:
        arguments = list(CALLS[name])
        arguments[place] = bad
        with pytest.raises((exception.ParamError, exception.ClientError), match=f"^{argument} "):
            getattr(client, name)(*arguments)


@pytest.mark.parametrize("name", ["admin_create_user", "admin_change_password", "admin_set_password"])
def test_passwords(client, name):
    for bad in NAMES:
        arguments = ["ann", bad, *CALLS[name][2:]]
        with pytest.raises((exception.ParamError, exception.ClientError), match=r"^password "):
            getattr(client, name)(*arguments)


@pytest.mark.parametrize(("name", "count"), [("admin_create_user", 2), ("admin_create_pki_user", 1)])
def test_roles(client, name, count):
    given = CALLS[name][:count]
    for bad in (("read",), "read", None, {"read": 1}):
        with pytest.raises(exception.ParamError, match=r"^roles must be a list"):
            getattr(client, name)(*given, bad)
    for bad in NAMES:
        with pytest.raises((exception.ParamError, exception.ClientError), match=r"^roles\[1\] "):
            getattr(client, name)(*given, ["read", bad])
    with pytest.raises(exception.ParamError, match="at most 255 entries, not 256"):
        getattr(client, name)(*given, ["read"] * 256)
    with pytest.raises(exception.ParamError, match="too large together"):
        getattr(client, name)("u" * 63, *given[1:], ["r" * 63] * 255)


PRIVILEGES = [
    (None, r"privileges must be a list"),
    ((READ_A,), r"privileges must be a list"),
    ([5], r"privileges\[0\] must be a dict"),
    ([READ_A, {}], r"privileges\[1\]: 'code' is missing"),
    ([{"code": None}], r"privileges\[0\]: 'code' must be an int"),
    ([{"code": "read"}], r"privileges\[0\]: 'code' must be an int"),
    ([{"code": 256}], r"privileges\[0\]: 'code' must be from 0 to 255"),
    ([{"code": -1}], r"privileges\[0\]: 'code' must be from 0 to 255"),
    ([{**READ_A, "ns": "n" * 32}], r"privileges\[0\]: 'ns' must be at most 31 bytes"),
    ([{**READ_A, "set": "s" * 64}], r"privileges\[0\]: 'set' must be at most 63 bytes"),
    ([{**READ_A, "ns": 5}], r"privileges\[0\]: 'ns' must be a str"),
    ([{**READ_A, "ns": None}], r"privileges\[0\] has a set of no namespace"),
    ([{"code": aerospike.PRIV_SYS_ADMIN, "ns": "test"}], r"privileges\[0\] is one of the whole cluster"),
    ([READ_A] * 256, r"privileges must have at most 255 entries, not 256"),
    ([{**READ_A, "ns": "n" * 31, "set": "s" * 63}] * 255, r"too large together"),
]


@pytest.mark.parametrize("name", ["admin_create_role", "admin_grant_privileges", "admin_revoke_privileges"])
@pytest.mark.parametrize(("bad", "message"), PRIVILEGES)
def test_privileges(client, name, bad, message):
    with pytest.raises(exception.ParamError, match=message):
        getattr(client, name)("clerk", bad)


def test_a_mistyped_key_of_a_privilege(client, connect):
    mistyped = [{"code": aerospike.PRIV_READ, "nss": "test"}]
    with (
        pytest.warns(UserWarning, match=r"privileges\[0\] has no key 'nss'; did you mean 'ns'"),
        pytest.raises(exception.SecurityNotSupported),
    ):
        client.admin_create_role("clerk", mistyped)
    with pytest.raises(exception.ParamError, match='"nss" is an invalid privilege dictionary key'):
        connect(validate_keys=True).admin_create_role("clerk", mistyped)


def test_whitelists(client):
    for bad in (("10.1.2.3",), "10.1.2.3", 5):
        with pytest.raises(exception.ParamError, match=r"^whitelist must be a list"):
            client.admin_set_whitelist("clerk", bad)
        with pytest.raises(exception.ParamError, match=r"^whitelist must be a list"):
            client.admin_create_role("clerk", [READ_A], whitelist=bad)
    for bad in (5, "", "10.1.2.3,10.1.2.4", "a\0b"):
        with pytest.raises(exception.ParamError, match=r"^whitelist\[1\] must "):
            client.admin_set_whitelist("clerk", ["10.1.2.3", bad])
    with pytest.raises(exception.ParamError, match="too large together"):
        client.admin_set_whitelist("clerk", ["1" * 100] * 200)


@pytest.mark.parametrize("name", ["admin_create_role", "admin_set_quotas"])
@pytest.mark.parametrize("quota", ["read_quota", "write_quota"])
def test_quotas(client, name, quota):
    given = CALLS[name][:2] if name == "admin_create_role" else CALLS[name][:1]
    for bad in (-1, 2**31, 10**400, 1.5, "5", None):
        with pytest.raises(exception.ParamError, match=f"^{quota} must "):
            getattr(client, name)(*given, **{quota: bad})


@pytest.mark.parametrize("name", CALLS)
def test_policies(client, name):
    with pytest.raises(exception.ParamError, match="policy"):
        getattr(client, name)(*CALLS[name], policy=5)
    with pytest.raises(exception.ParamError, match="timeout"):
        getattr(client, name)(*CALLS[name], policy={"timeout": -1})


def test_a_certificate_needs_tls_and_no_password(hosts):
    for user in ({}, {"user": "ann"}):
        with pytest.raises(exception.ClientError, match="TLS is required"):
            aerospike.client({"hosts": hosts, "policies": {"auth_mode": aerospike.AUTH_PKI}, **user})
    with pytest.raises(exception.ForbiddenPassword) as caught:
        aerospike.client(
            {"hosts": hosts, "user": "ann", "password": SECRET, "policies": {"auth_mode": aerospike.AUTH_PKI}}
        )
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        f"aerospike://ann:x/{SECRET}@127.0.0.1",
        f"aerospike://ann:x?{SECRET}@127.0.0.1",
        f"aerospike://ann:x#{SECRET}@127.0.0.1",
        f"aerospike://ann:x/{SECRET}?y@127.0.0.1",
        f"aerospike://ann:{SECRET}@127.0.0.1:x",
        f"ann:{SECRET}@127.0.0.1",
        f"http://ann:{SECRET}@127.0.0.1",
    ],
)
def test_urls_keep_secrets(url):
    with pytest.raises(exception.ParamError) as caught:
        aerospike.client(url)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


# ---- on a server with users ----


@pytest.fixture(scope="module")
def secured():
    users = {"admin": (SECRET, ["user-admin"]), "ann": (SECRET, ["read-write"])}
    with embedded.Server(users=users, quotas=True) as server:
        yield server


@pytest.fixture
def log_in(secured):
    """Connect as a user; all clients are closed in the end."""
    clients = []

    def make(user, password=SECRET, server=secured, **settings):
        clients.append(aerospike.client({**server.config, "user": user, "password": password, **settings}))
        return clients[-1]

    yield make
    for made in clients:
        made.close()


@pytest.fixture
def admin(log_in):
    client = log_in("admin")
    yield client
    for role in client.admin_query_roles().keys() & {"clerk", "other"}:
        client.admin_drop_role(role)
    for user in client.admin_query_users_info().keys() - {"admin", "ann"}:
        client.admin_drop_user(user)


KEY = ("test", "a", 1)


@embedded_only
def test_users_come_and_go(admin):
    assert admin.admin_create_user("bob", "hidden", ["read", "write"]) == 0
    bob = {"read_info": [0, 0, 0, 0], "write_info": [0, 0, 0, 0], "conns_in_use": 0, "roles": ["read", "write"]}
    assert admin.admin_query_user_info("bob") == bob
    assert admin.admin_query_users_info()["bob"] == bob
    assert admin.admin_query_users_info().keys() == {"admin", "ann", "bob"}
    assert admin.admin_query_user_info("admin")["conns_in_use"] >= 1
    assert admin.admin_grant_roles("bob", ["truncate"]) == 0
    assert admin.admin_revoke_roles("bob", ["read", "write"]) == 0
    assert admin.admin_query_user_info("bob", {"timeout": 5000})["roles"] == ["truncate"]
    assert admin.admin_drop_user("bob") == 0
    with pytest.raises(exception.InvalidUser):
        admin.admin_query_user_info("bob")
    with pytest.raises(exception.UserExistsError):
        admin.admin_create_user("ann", "hidden", [])
    with pytest.raises(exception.InvalidRole):
        admin.admin_create_user("bob", "hidden", ["nosuch"])


@embedded_only
def test_roles_come_and_go(admin):
    everywhere = {"code": aerospike.PRIV_SYS_ADMIN}
    assert admin.admin_create_role("clerk", [READ_A, everywhere], None, ["127.0.0.1", "10.0.0.0/8"], 5, 6) == 0
    privileges = [READ_A, {**everywhere, "ns": "", "set": ""}]
    clerk = {"privileges": privileges, "whitelist": ["127.0.0.1", "10.0.0.0/8"], "read_quota": 5, "write_quota": 6}
    assert admin.admin_get_role("clerk") == clerk
    assert admin.admin_get_roles()["clerk"] == clerk
    assert admin.admin_query_role("clerk") == privileges
    assert admin.admin_query_roles()["clerk"] == privileges
    assert admin.admin_grant_privileges("clerk", [{"code": aerospike.PRIV_WRITE, "ns": "test", "set": None}]) == 0
    assert admin.admin_revoke_privileges("clerk", privileges) == 0
    assert admin.admin_query_role("clerk") == [{"code": aerospike.PRIV_WRITE, "ns": "test", "set": ""}]
    assert admin.admin_set_whitelist("clerk", None) == 0
    assert admin.admin_set_quotas("clerk", write_quota=2**31 - 1) == 0
    changed = admin.admin_get_role("clerk")
    assert (changed["whitelist"], changed["read_quota"], changed["write_quota"]) == ([], 0, 2**31 - 1)
    assert admin.admin_drop_role("clerk") == 0
    for call in (admin.admin_get_role, admin.admin_query_role, admin.admin_drop_role):
        with pytest.raises(exception.InvalidRole):
            call("clerk")
    assert admin.admin_create_role("other", []) == 0
    assert admin.admin_get_role("other")["privileges"] == []
    with pytest.raises(exception.RoleExistsError):
        admin.admin_create_role("other", [])
    with pytest.raises(exception.InvalidWhitelist):
        admin.admin_set_whitelist("other", ["somewhere"])
    with pytest.raises(exception.InvalidPrivilege):
        admin.admin_grant_privileges("other", [{"code": 99}])


@embedded_only
def test_as_much_as_a_request_holds(admin):
    privileges = [{"code": aerospike.PRIV_READ, "ns": "n" * 31, "set": f"{n:063}"} for n in range(140)]
    admin.admin_create_role("clerk", privileges)
    assert admin.admin_query_role("clerk") == privileges
    addresses = [f"10.{n // 256}.{n % 256}.0/24" for n in range(255)]
    admin.admin_set_whitelist("clerk", addresses)
    assert admin.admin_get_role("clerk")["whitelist"] == addresses
    admin.admin_create_user("u" * 63, "p" * 63, [])
    assert "u" * 63 in admin.admin_query_users_info()


@embedded_only
def test_what_a_user_may_not(admin, log_in):
    ann = log_in("ann")
    ann.put(KEY, {"a": 1})
    assert ann.get(KEY)[2] == {"a": 1}
    with pytest.raises(exception.RoleViolation) as caught:
        admin.get(KEY)
    assert (caught.value.code, caught.value.in_doubt) == (81, False)
    for call in (
        lambda: ann.admin_create_user("bob", SECRET, []),
        lambda: ann.truncate("test", None, 0),
        lambda: ann.index_single_value_create("test", "a", "a", aerospike.INDEX_NUMERIC, "i"),
        lambda: ann.apply(KEY, "module", "function", []),
        lambda: admin.query("test", "a").results(),
        lambda: admin.put(KEY, {"a": 1}),
    ):
        with pytest.raises(exception.RoleViolation):
            call()
    assert [row.result for row in admin.batch_read([KEY]).batch_records] == [81]
    assert ann.admin_query_user_info("ann")["roles"] == ["read-write"]


@embedded_only
@pytest.mark.parametrize(
    ("user", "password", "raised", "reason"),
    [
        ("ann", "wrong", exception.InvalidCredential, "the password is not the user's"),
        ("nobody", SECRET, exception.InvalidUser, "the server has no such user"),
    ],
)
def test_who_cannot_log_in(log_in, user, password, raised, reason):
    with pytest.raises(raised, match=f"Failed to connect .*: {reason}") as caught:
        log_in(user, password)
    assert password not in repr(caught.value)


@embedded_only
def test_who_does_not_log_in(secured):
    with pytest.raises(exception.NotAuthenticated, match=r"wants config\['user'\] and config\['password'\]"):
        aerospike.client(secured.config)


@embedded_only
def test_external_users_without_tls(log_in):
    client = log_in("ann", policies={"auth_mode": aerospike.AUTH_EXTERNAL_INSECURE})
    assert client.exists(("test", "a", "none"))[1] is None
    with pytest.raises(exception.ClientError, match="TLS is required"):
        log_in("ann", policies={"auth_mode": aerospike.AUTH_EXTERNAL})


@embedded_only
def test_not_from_there(admin, log_in):
    admin.admin_create_role("clerk", [READ_A], whitelist=["10.1.2.0/24"])
    admin.admin_create_user("bob", SECRET, ["clerk"])
    with pytest.raises(exception.NotWhitelisted):
        log_in("bob")


@embedded_only
def test_quotas_are_held(admin, log_in):
    admin.admin_create_role("clerk", [READ_A], read_quota=1)
    admin.admin_create_user("bob", SECRET, ["clerk"])
    bob = log_in("bob")
    with pytest.raises(exception.QuotaExceeded):
        [bob.exists(KEY) for _ in range(100)]
    with pytest.raises(exception.QuotaExceeded):
        bob.query("test", "a").results()


# ---- passwords, and log-ins that end ----


@pytest.fixture
def hasty():
    """A server that ends log-ins after a second."""
    with embedded.Server(
        users={"ann": (SECRET, ["data-admin", "read-write-udf", "user-admin"])}, session_ttl=1
    ) as server:
        yield server


def ended(client):
    """Wait until a new connection of the client must log in anew."""
    time.sleep(1.2)
    return client


@embedded_only
def test_a_log_in_that_ended_is_made_anew(hasty, log_in):
    client = ended(log_in("ann", server=hasty))
    client.put(KEY, {"a": 1})
    assert client.get(KEY)[2] == {"a": 1}
    other = ended(log_in("ann", server=hasty))
    assert other.admin_query_user_info("ann")["roles"] == ["data-admin", "read-write-udf", "user-admin"]


SUMS = """
local function value(rec) return rec.a end
local function add(a, b) return a + b end
function total(s) return s : map(value) : reduce(add) end
function all(s) return s : map(value) end
"""
MANY = [("test", "a", n) for n in range(10)]
LATER = {
    "batch_read": lambda client: [row.record[2] for row in client.batch_read(MANY).batch_records] == [{"a": 1}] * 10,
    "batch_write": lambda client: client.batch_operate(MANY, [operations.increment("n", 1)]).result == 0,
    "batch_remove": lambda client: client.batch_remove(MANY).result == 0,
    "batch_write of all kinds": lambda client: client.batch_write(
        records.BatchRecords([records.Read(MANY[0], None), records.Remove(MANY[1])])
    ).result == 0,
    "scan": lambda client: len(client.scan("test", "a").results()) == 10,
    "scan of a node": lambda client: len(
        client.scan("test", "a").results(None, client.get_node_names()[0]["node_name"])
    ) == 10,
    "query": lambda client: len(list(client.query("test", "a"))) == 10,
    "pages": lambda client: pages(client) == 10,
    "aggregation": lambda client: client.query("test", "a").apply("sums", "total").results() == [10],
    "values": lambda client: client.query("test", "a").apply("sums", "all").results() == [1] * 10,
    "background": lambda client: client.scan("test", "a").add_ops([operations.touch()]).execute_background() > 0,
    "info_all": lambda client: [answer[0] for answer in client.info_all("build").values()] == [None],
    "info_random_node": lambda client: "build" in client.info_random_node("build"),
    "truncate": lambda client: client.truncate("test", "a", 0) == 0,
    "index": lambda client: client.index_single_value_create("test", "a", "a", aerospike.INDEX_NUMERIC, "late") == 0,
    "udf_list": lambda client: client.udf_list()[0]["name"] == "sums.lua",
}  # fmt: skip


def pages(client):
    scan = client.scan("test", "a")
    scan.max_records = 4
    scan.paginate()
    count = 0
    while not scan.is_done():
        count += len(scan.results())
    return count


@embedded_only
@pytest.mark.parametrize("what", LATER)
def test_whatever_comes_after_a_log_in_ended(hasty, log_in, tmp_path, what):
    (tmp_path / "sums.lua").write_text(SUMS)
    with log_in("ann", server=hasty) as ann:
        ann.udf_put(str(tmp_path / "sums.lua"))
        for key in MANY:
            ann.put(key, {"a": 1})
    assert LATER[what](ended(log_in("ann", server=hasty)))


@pytest.fixture(scope="module")
def hasty_nodes():
    """Three nodes that end log-ins after a second; 60 records."""
    with embedded.Server(
        nodes=3, users={"ann": (SECRET, ["data-admin", "read-write-udf", "user-admin"])}, session_ttl=1
    ) as server:
        with aerospike.client({**server.config, "user": "ann", "password": SECRET}) as ann:
            for key in SPREAD:
                ann.put(key, {"n": 0})
        yield server


SPREAD = [("test", "a", n) for n in range(60)]


def counted(client, job=None):
    """Whether each record was counted up once more, and then put back."""
    while job is not None and client.job_info(job, aerospike.JOB_SCAN)["status"] == aerospike.JOB_STATUS_INPROGRESS:
        time.sleep(0.01)
    counts = [row.record[2]["n"] for row in client.batch_read(SPREAD).batch_records]
    client.batch_operate(SPREAD, [operations.write("n", 0)])
    return counts == [1] * len(SPREAD)


def count_in_background(client):
    scan = client.scan("test", "a")
    scan.add_ops([operations.increment("n", 1)])
    return counted(client, scan.execute_background())


BY_NODES = {
    "scan": lambda client: len(client.scan("test", "a").results()) == len(SPREAD),
    "query": lambda client: len(list(client.query("test", "a"))) == len(SPREAD),
    "background": count_in_background,
    "batch_write": lambda client: (
        client.batch_operate(SPREAD, [operations.increment("n", 1)]).result == 0 and counted(client)
    ),
    "info_all": lambda client: [answer[0] for answer in client.info_all("build").values()] == [None] * 3,
    "users": lambda client: [client.admin_query_user_info("ann") for _ in range(9)] != [],
}


@embedded_only
@pytest.mark.parametrize("what", BY_NODES)
def test_one_node_goes_on_while_others_log_in_anew(hasty_nodes, log_in, what):
    client = log_in("ann", server=hasty_nodes)
    client.exists(SPREAD[0])  # on a connection that stays open
    assert BY_NODES[what](ended(client))


@embedded_only
def test_connections_that_are_kept_open_log_in_anew(hasty, log_in):
    """The thread that opens them is the one that logs in: it must not wait for itself."""
    messages = []
    aerospike.set_log_handler(lambda *said: messages.append(said[-1]))
    try:
        client = log_in("ann", server=hasty, min_conns_per_node=3, tend_interval=250)
        with hasty.fault("reset", times=2):
            for _ in range(2):
                with pytest.raises(exception.ConnectionError):
                    ended(client).get(KEY, {"max_retries": 0})
        deadline = time.monotonic() + 60
        while sum("Invalid session TTL" in message for message in messages) < 2:  # it is said at each log-in
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        aerospike.set_log_handler()
    client.exists(KEY)
    closing = threading.Thread(target=client.close, daemon=True)
    closing.start()
    closing.join(60)
    assert not closing.is_alive()


@embedded_only
def test_passwords_change_while_the_client_logs_in(hasty, log_in):
    client = log_in("ann", server=hasty, tend_interval=250)
    for number in range(6):
        client.admin_set_password("ann", f"another-{number}")
        client.admin_change_password("ann", f"a third-{number}")
        client.close()
        client.connect()
    client.admin_set_password("ann", SECRET)
    assert client.admin_query_user_info("ann")["roles"] == ["data-admin", "read-write-udf", "user-admin"]


@embedded_only
def test_a_batch_of_writes_is_done_once(hasty, log_in):
    client = log_in("ann", server=hasty)
    for count in range(1, 4):
        assert ended(client).batch_operate(MANY, [operations.increment("n", 1)]).result == 0
        assert [client.get(key)[2] for key in MANY] == [{"n": count}] * 10


@embedded_only
@pytest.mark.parametrize("what", ["batch_read", "scan", "aggregation", "info_all"])
def test_what_cannot_log_in_anew_ends(hasty, log_in, tmp_path, what):
    (tmp_path / "sums.lua").write_text(SUMS)
    ann = log_in("ann", server=hasty)
    ann.udf_put(str(tmp_path / "sums.lua"))
    other = log_in("ann", server=hasty)
    ann.admin_set_password("ann", "another")
    with pytest.raises((exception.AerospikeError, AttributeError, TypeError)):
        LATER[what](ended(other))


@embedded_only
@pytest.mark.parametrize("change", ["admin_change_password", "admin_set_password"])
def test_a_changed_password_holds(hasty, log_in, change):
    client = log_in("ann", server=hasty)
    assert getattr(client, change)("ann", "another") == 0
    client.put(KEY, {"a": 1})
    with pytest.raises(exception.InvalidCredential):
        log_in("ann", server=hasty)
    log_in("ann", "another", server=hasty)
    # for connections that come later, after close(), and in a child process
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: client.exists(KEY)[1] is not None, range(64))) == [True] * 64
    client.close()
    client.connect()
    assert client.get(KEY)[2] == {"a": 1}
    assert getattr(client, change)("ann", "a third") == 0
    assert client.get(KEY)[2] == {"a": 1}


@embedded_only
def test_a_password_that_another_changed(hasty, log_in):
    ann, other = log_in("ann", server=hasty), log_in("ann", server=hasty)
    ann.admin_set_password("ann", "another")
    with pytest.raises(exception.AerospikeError) as caught:
        ended(other).get(KEY)
    assert caught.value.code in (65, 66)
    ann.put(KEY, {"a": 1})


@embedded_only
@pytest.mark.forks
def test_a_child_knows_the_changed_password(hasty, log_in):
    client = log_in("ann", server=hasty)
    client.admin_change_password("ann", "another")
    client.put(KEY, {"a": 1})
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if client.get(KEY)[2] == {"a": 1} else 1)
        except BaseException:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0


@embedded_only
def test_the_password_of_another_is_not_taken_over(admin, log_in):
    admin.admin_create_user("bob", SECRET, [])
    admin.admin_set_password("bob", "another")
    admin.close()
    admin.connect()
    assert "bob" in admin.admin_query_users_info()


@embedded_only
def test_secrets_are_nowhere_to_be_seen(hasty, log_in, caplog, request):
    caplog.set_level(logging.DEBUG)
    aerospike.set_log_level(aerospike.LOG_LEVEL_TRACE)
    request.addfinalizer(lambda: aerospike.set_log_level(aerospike.LOG_LEVEL_WARN))
    texts = []

    def fails(call, *arguments, **keywords):
        try:
            call(*arguments, **keywords)
        except Exception as error:
            shown = [error, error.args, vars(error), pickle.dumps(error)]
            texts.append("".join(traceback.format_exception(error)) + "".join(map(repr, shown)))
        else:
            raise AssertionError("it did not fail")

    client = log_in("ann", server=hasty)
    other = "other-secret"
    fails(log_in, "ann", other, server=hasty)
    fails(log_in, "ann", other * 10, server=hasty)
    fails(log_in, "ann", f"{other}\0", server=hasty)
    fails(client.admin_create_user, "ann", other, [])
    fails(client.admin_create_user, "bob", other * 10, [])
    fails(client.admin_create_user, "bob", f"{other}\ud800", [])
    fails(client.admin_create_user, "bob", other.encode(), [])
    fails(client.admin_set_password, "nobody", other)
    fails(client.admin_change_password, "nobody", other)
    fails(client.connect, "ann", other, "more")
    client.close()
    fails(client.connect, "ann", other)
    client.connect("ann", SECRET)
    client.admin_change_password("ann", other)
    texts += [caplog.text, *map(repr, (client, client.get_policies(), vars(client), hasty, vars(hasty)))]
    assert [text for text in texts if SECRET in text or "other-secret" in text] == []
