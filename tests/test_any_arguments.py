# SPDX-License-Identifier: Apache-2.0
"""Whatever the arguments of a method: its result, an error of ours or a TypeError, and the client goes on."""

import contextlib
import decimal
import inspect
import time

import pytest
from blocking import blocking_client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import aerospike
from aerospike import _native, exception, types
from aerospike_helpers import cdt_ctx
from aerospike_helpers.batch import records
from aerospike_helpers.expressions import base
from aerospike_helpers.metrics import MetricsListeners, MetricsPolicy
from aerospike_helpers.operations import operations

pytestmark = pytest.mark.filterwarnings("ignore")


class HostileError(Exception):
    """What an object raises that allows nothing."""


class Hostile:
    """An object that allows nothing."""

    def refuse(self, *arguments):
        raise HostileError

    __eq__ = __hash__ = __str__ = __repr__ = __bool__ = __index__ = __len__ = __iter__ = __getattr__ = refuse


class Text(str):
    """Of a type that derives from str."""


class Number(int):
    """Of a type that derives from int."""


def is_hashable(value):
    try:
        hash(value)
    except (TypeError, HostileError):
        return False
    return True


LOOP = []
LOOP.append({"loop": LOOP})
CODES = [getattr(aerospike, name) for name in dir(aerospike) if name.startswith(("OP_", "OPERATOR_"))]
# a pause of 2**31 ms, with no time limit, would be as it was asked for
POLICY_KEYS = sorted(
    {key for policy in vars(types).values() for key in getattr(policy, "__annotations__", {})}
    - {"sleep_between_retries"}
)

hostile = st.builds(Hostile)
odd = st.sampled_from(
    [None, True, 0, -1, 5, 2**31, 2**63 - 1, 2**63, -(2**63), 10**400, 1.5, float("nan"), float("inf")]
    + [
        "",
        "a",
        "b",
        "x" * 16,
        "x" * 100,
        "a\0b",
        "\ud800",
        "é🚀",
        Text("a"),
        Number(5),
        b"",
        b"\0\xff",
        bytearray(b"ab"),
    ]
    + [memoryview(b"x"), object(), int, len, LOOP, decimal.Decimal(1), frozenset([1]), (), range(3), ValueError("x")]
    + [aerospike.GeoJSON({"type": "Point", "coordinates": [1, 2]}), aerospike.null(), aerospike.CDTInfinite()]
    + [aerospike.Transaction(), aerospike.CDTWildcard(), aerospike.KeyOrderedDict({"a": 1}), base.IntBin("a")]
    + [base.Eq(base.IntBin("a"), 1).compile(), cdt_ctx.cdt_ctx_list_index(0), [cdt_ctx.cdt_ctx_map_key("a")]]
)
anything = st.recursive(
    odd | hostile,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner, inner)
        | st.dictionaries(st.sampled_from([*POLICY_KEYS, "a", 5]), inner, max_size=3)
    ),
    max_leaves=6,
)
operation = st.fixed_dictionaries(
    {"op": st.sampled_from(CODES)}, optional={"bin": st.sampled_from(["a", "l", "m"])}
).flatmap(
    lambda start: st.dictionaries(
        st.sampled_from(sorted(types.Operation.__annotations__.keys() - {"op", "bin"})),
        st.integers(-3, 8) | st.sampled_from(["a", b"x", [1, 2], {"a": 1}]) | anything,
        max_size=6,
    ).map(lambda more: {**start, **more})
)
row_policy = st.dictionaries(st.sampled_from(POLICY_KEYS), st.integers(0, 3) | anything, max_size=2) | st.none()
any_key = st.just(("test", "any", 1)) | st.tuples(st.just("test"), st.just("any"), anything)
row = st.one_of(
    st.builds(records.Write, any_key, st.lists(operation, max_size=2), st.none() | anything, row_policy),
    st.builds(records.Read, any_key, st.none() | st.lists(operation, max_size=2), st.booleans(), st.none(), row_policy),
    st.builds(records.Remove, any_key, row_policy),
    st.builds(records.Apply, any_key, anything, anything, anything, row_policy),
    anything,
)
ARGUMENTS = {
    "predicate": st.tuples(
        st.integers(-1, 2), st.integers(-1, 5), st.sampled_from(["a", None]), anything, anything, anything
    ),
    "keys": st.lists(any_key, max_size=4),
    "ops": st.lists(operation, min_size=1, max_size=3),
    "batch_records": st.lists(row, max_size=4).map(records.BatchRecords),
    "key": any_key,
    "roles": st.lists(st.sampled_from(["read", "write"]) | anything, max_size=3),
    "privileges": st.lists(
        st.dictionaries(st.sampled_from(["code", "ns", "set", "a"]), st.integers(0, 15) | st.just("a") | anything),
        max_size=3,
    ),
    "whitelist": st.lists(st.sampled_from(["10.1.2.3", "10.0.0.0/8"]) | anything, max_size=3),
    "list": st.lists(operation, min_size=1, max_size=3),
    "bins": st.dictionaries(st.sampled_from("alm"), anything, min_size=1, max_size=3),
    "policy": st.dictionaries(st.sampled_from(POLICY_KEYS), st.integers(0, 3) | anything, max_size=3),
    "meta": st.dictionaries(st.sampled_from(["ttl", "gen"]), st.integers(0, 3) | anything, max_size=2),
}
listeners = st.builds(MetricsListeners, *[st.just(print) | anything] * 4) | st.none() | anything
ARGUMENTS_OF = {
    ("commit", "transaction"): st.builds(aerospike.Transaction),
    ("abort", "transaction"): st.builds(aerospike.Transaction),
    ("enable_metrics", "policy"): st.builds(
        MetricsPolicy, listeners, st.just(".") | anything, *[st.integers(0, 9) | anything] * 4, st.none() | anything
    ),
}
METHODS = [
    *(
        (aerospike.Client, name)
        for name, method in inspect.getmembers(aerospike.Client, callable)
        if not name.startswith("_") and name not in ("add_hook", "close", "connect")
    ),
    *(
        (aerospike.Scan, name)
        for name in ("select", "results", "records", "foreach", "add_ops", "apply", "execute_background")
    ),
    *(
        (aerospike.Query, name)
        for name in ("select", "results", "records", "foreach", "add_ops", "apply", "execute_background")
    ),
    *((aerospike.Query, name) for name in ("where", "where_with_expr", "where_with_index_name")),
]


@pytest.fixture(scope="module", autouse=True)
def nothing_left(client, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("reports"))
        yield
    client.disable_metrics()
    client.truncate("test", "any", 0)


TLS_VALUES = st.sampled_from(["", "a", "/", ".", __file__, "ALL", "TLSv1.2", "-all +TLSv1.3", True, False]) | anything
TLS = st.dictionaries(
    st.sampled_from(sorted(types.TLSConfig.__annotations__)) | anything.filter(is_hashable), TLS_VALUES
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tls=TLS.map(lambda tls: {**tls, "enable": True}) | TLS | anything)
def test_whatever_stands_in_tls(tls):
    with contextlib.suppress(aerospike.Error, TypeError, HostileError):
        aerospike.client({"hosts": [("127.0.0.1", 1)], "tls": tls}).close()


@pytest.fixture(scope="module")
def keeper(hosts):
    """For calls of admins: each that fails counts against the node, and any client asks one only so many times."""
    with aerospike.client({"hosts": hosts}) as client:
        yield client


def in_the_end(call, *arguments):
    """What a call returns once its node may be asked: too many commands failed there within a second before it."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return call(*arguments)
        except exception.MaxErrorRateExceeded:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def call_somehow(data, owner, name, target):
    """Call a method with arguments of any kind."""
    parameters = [
        each
        for each in list(inspect.signature(getattr(owner, name)).parameters.values())[1:]
        if each.kind is not each.VAR_POSITIONAL
    ]
    required = sum(each.default is each.empty for each in parameters)
    count = data.draw(st.integers(required, len(parameters)))
    arguments = [
        data.draw(ARGUMENTS_OF.get((name, each.name), ARGUMENTS.get(each.name, anything)) | anything)
        for each in parameters[:count]
    ]
    with contextlib.suppress(aerospike.Error, TypeError, HostileError):
        getattr(target, name)(*arguments)


@pytest.fixture
def in_order(client):
    """Give the record that the calls are about its bins; after a call, the client goes on."""

    @contextlib.contextmanager
    def around():
        in_the_end(client.put, ("test", "any", 1), {"a": 1, "l": [1, [2]], "m": {"a": {"b": 2}}})
        yield
        assert in_the_end(client.exists, ("test", "any", 2))[1] is None

    return around


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize(("owner", "name"), METHODS, ids=lambda value: getattr(value, "__name__", value))
@given(data=st.data())
def test_whatever_the_arguments(client, keeper, in_order, data, owner, name):
    plans = {aerospike.Scan: client.scan, aerospike.Query: client.query}
    target = plans[owner]("test", "any") if owner in plans else keeper if name.startswith("admin_") else client
    with in_order():
        call_somehow(
            data, owner, name, target.add_ops([operations.touch()]) if name == "execute_background" else target
        )


@pytest.fixture(scope="module")
def awaited(hosts):
    """An AsyncClient, whose methods wait."""
    with blocking_client({"hosts": hosts}) as client:
        yield client


# What is not the synchronous client's, called in a thread.
OWN = [
    *(
        (aerospike.AsyncClient, name)
        for name in dir(aerospike.AsyncClient)
        if hasattr(_native._Client, f"_begin_{name}") and name != "close"
    ),
    (aerospike.AsyncClient, "batch_arrow"),
    *((owner, name) for owner in (aerospike.AsyncScan, aerospike.AsyncQuery) for name in ("results", "records")),
]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize(("owner", "name"), OWN, ids=lambda value: getattr(value, "__name__", value))
@given(data=st.data())
def test_whatever_the_arguments_of_a_coroutine(awaited, in_order, data, owner, name):
    plans = {aerospike.AsyncScan: awaited.scan, aerospike.AsyncQuery: awaited.query}
    with in_order():
        call_somehow(data, owner, name, plans[owner]("test", "any") if owner in plans else awaited)
    assert in_the_end(awaited.exists, ("test", "any", 2))[1] is None
