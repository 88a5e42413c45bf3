# SPDX-License-Identifier: Apache-2.0
"""No file of policies that a person can write crashes the client, when it starts or as the file changes.

The files are nearly right, for those find more than those that are not: the sections and settings that there are, with
values of every kind at every level, and then with what YAML has besides, or cut, or in another encoding.
"""

import json
import os
import pathlib
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_watched_file import SETTINGS

CHILD = pathlib.Path(__file__).with_name("watched_child.py")
CLIENT = ["app_id", "timeout", "max_error_rate", "error_rate_window", "login_timeout", "max_socket_idle"]
CLIENT += ["tend_interval", "fail_if_not_connected", "use_service_alternative", "rack_aware", "rack_ids"]
STATIC = ["config_interval", "max_connections_per_node", "min_connections_per_node"]
STATIC += ["async_max_connections_per_node", "async_min_connections_per_node"]
METRICS = ["enable", "latency_columns", "latency_shift", "labels"]
POLICY = sorted({name for known, _kinds in SETTINGS.values() for name in known})
NUMBERS = [0, 1, 7, 8, 63, 64, 250, 255, 256, 999, 1000, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64, 10**30]
WORDS = ["true", "false", "null", "~", ".nan", "-.inf", "0x10", "1e3", "0o7", "1_000", "yes", "%s%n", "%", "ALL", "ONE"]
WORDS += [
    "SEQUENCE",
    "PREFER_RACK",
    "LONG",
    "1.1.0",
    "''",
    '""',
    '"\\0"',
    '"\\x00a"',
    "'a''b'",
    '"\\uD800"',
    "é",
    "\U0001f600",
]
WORDS += [
    "a" * 255,
    "a" * 256,
    "b" * 1000,
    "client",
    "labels",
    "metrics",
    "rack_ids",
    "app_id",
    "<<",
    "-",
    "? ",
    "|\n  x\n",
]
SCALARS = st.one_of(
    st.sampled_from(NUMBERS).map(str),
    st.sampled_from(NUMBERS).map(lambda number: f"-{number}"),
    st.sampled_from(WORDS),
)
KEYS = st.sampled_from([*CLIENT, *STATIC, *METRICS, *POLICY, "other"])
DRESSES = ["", "", "", "", "&a ", "!!int ", "!!str ", "!x ", "!!binary ", "&b !!map ", "!<tag:yaml.org,2002:null> "]


def flow(pairs):
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def dressed(nodes):
    return st.tuples(st.sampled_from(DRESSES), nodes).map("".join)


ANY = st.recursive(
    st.one_of(SCALARS, st.sampled_from(["*a", "*b", ""])),
    lambda inner: st.one_of(
        st.lists(dressed(inner), max_size=4).map(lambda items: "[" + ", ".join(items) + "]"),
        st.lists(st.tuples(st.one_of(KEYS, inner), dressed(inner)), max_size=4).map(flow),
    ),
    max_leaves=8,
)
RACKS = st.lists(SCALARS, max_size=4).map(lambda items: "[" + ", ".join(items) + "]")
LABELS = st.lists(st.tuples(SCALARS, SCALARS), max_size=4).map(flow)
VALUES = st.one_of(SCALARS, SCALARS, RACKS, LABELS, dressed(ANY))


def section(names):
    return st.one_of(st.lists(st.tuples(st.one_of(st.sampled_from(names), KEYS), VALUES), max_size=8).map(flow), ANY)


DYNAMIC = st.lists(
    st.one_of(
        st.tuples(st.just("client"), section(CLIENT)),
        st.tuples(st.just("metrics"), section(METRICS)),
        st.tuples(st.sampled_from(list(SETTINGS)), section(POLICY)),
        st.tuples(KEYS, ANY),
    ),
    max_size=5,
).map(flow)
FIXED = st.lists(st.tuples(st.sampled_from(["client", "client", "other"]), section(STATIC)), max_size=2).map(flow)
PARTS = st.one_of(
    st.tuples(st.just("version"), st.one_of(st.just('"1.1.0"'), ANY)),
    st.tuples(st.just("static"), st.one_of(FIXED, ANY)),
    st.tuples(st.just("dynamic"), st.one_of(DYNAMIC, DYNAMIC, ANY)),
    st.tuples(KEYS, ANY),
)


def block(parts):
    return "".join(f"{key}: {value}\n" for key, value in parts)


def one_line(parts):
    return flow(parts) + "\n"


DOCUMENTS = st.lists(PARTS, min_size=1, max_size=4).flatmap(
    lambda parts: st.sampled_from([block(parts), one_line(parts)])
)
MARKS = st.sampled_from(
    ["", "", "", "---\n", "%YAML 1.1\n---\n", "%YAML 9.9\n---\n", "%TAG ! x:\n---\n", "# a\n", "\ufeff"]
)
DEEP = st.tuples(st.sampled_from(["[", "{a: ", "- ", "? ", "&a [", "!x {? "]), st.sampled_from([31, 33, 1000, 50_000]))
TEXTS = st.one_of(
    st.tuples(MARKS, DOCUMENTS).map("".join),
    st.tuples(MARKS, DOCUMENTS, st.sampled_from(["...\n", "---\n"]), MARKS, DOCUMENTS).map("".join),
    st.tuples(DOCUMENTS, DEEP).map(lambda pair: f"{pair[0]}other: {pair[1][0] * pair[1][1]}"),
    DEEP.map(lambda deep: f"dynamic: {{client: {deep[0] * deep[1]}"),
    st.text(alphabet="[]{}:,-?&*!|>'\"%@` \n\tab#", max_size=60),
)


def harmed(text, encoding, cut, place, byte):
    data = bytearray(text.encode(encoding, "surrogatepass"))
    if byte is not None and data:
        data[place % len(data)] = byte
    return bytes(data[: -cut or None])


FILES = st.one_of(
    TEXTS.map(str.encode),
    st.builds(
        harmed,
        TEXTS,
        st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"]),
        st.integers(0, 40),
        st.integers(0, 2**16),
        st.sampled_from([None, None, 0, 9, 10, 13, 37, 91, 123, 127, 128, 192, 255]),
    ),
    st.binary(max_size=40),
)


# The C library then fills memory that is freed, so that who reads it goes astray.
ENVIRONMENT = {**os.environ, "MALLOC_PERTURB_": "165"}


class Readers:
    """A process that reads files; where one has crashed, another begins with the next."""

    def __init__(self, hosts):
        self.command = [sys.executable, str(CHILD), json.dumps(hosts)]
        self.process = None

    def read(self, files):
        """How it ended: None where it goes on."""
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
            )
        print(json.dumps([data.hex() for data in files]), file=self.process.stdin, flush=True)
        if self.process.stdout.readline() == "ok\n":
            return None
        return self.close()

    def close(self):
        if self.process is None:
            return 0
        self.process.stdin.close()
        self.process.stdout.close()
        code, self.process = self.process.wait(60), None
        return code


@pytest.fixture(scope="module")
def readers(hosts):
    made = Readers(hosts)
    yield made
    assert made.close() == 0


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=st.lists(FILES, min_size=8, max_size=16))
def test_no_file_crashes(readers, files):
    assert readers.read(files) is None
