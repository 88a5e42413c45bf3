# SPDX-License-Identifier: Apache-2.0
"""Users, roles and passwords."""

import pytest

import aerospike
from aerospike import exception

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


@pytest.mark.parametrize("name", CALLS.keys() - {"admin_change_password"})
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
        if (given, argument) in (("ann", "user" if name == "admin_query_user_info" else "username"), ("clerk", "role"))
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
