# SPDX-License-Identifier: Apache-2.0
"""The plugin of pytest, as the tests of another program use it."""

import inspect
import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from children import environment

pytestmark = pytest.mark.foreign  # pytest itself, in processes of its own
INSTALLED = any(plugin.value == "aerospike.pytest_plugin" for plugin in entry_points(group="pytest11"))


@pytest.fixture
def program(tmp_path):
    """Run pytest on files that are given by name; how the tests of it went, and what it printed."""

    def run(ini="", **files):
        (tmp_path / "pytest.ini").write_text(f"[pytest]\n{ini}\n")
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text("import aerospike, pytest\n" + inspect.cleandoc(text) + "\n")
        plugin = () if INSTALLED else ("-p", "aerospike.pytest_plugin")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, tmp_path],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return run


def test_each_test_begins_and_ends_with_an_empty_server(program):
    shown = program(
        test_it="""
        KEY = ("test", "demo", 1)

        def left(server):
            with aerospike.client(server.config) as other:
                return other.scan("test").results()

        @pytest.fixture
        def after(aerospike_server):
            yield
            assert left(aerospike_server) == []

        @pytest.fixture
        def before(aerospike_server):
            with aerospike.client(aerospike_server.config) as other:
                other.put(KEY, {"a": 1})

        def test_what_was_there_before(before, aerospike_client):
            assert aerospike_client.scan("test").results() == []

        def test_a_client_that_is_closed(after, aerospike_client):
            aerospike_client.put(KEY, {"a": 1})
            aerospike_client.close()

        def test_another_client(after, aerospike_config):
            with aerospike.client(aerospike_config) as other:
                other.put(KEY, {"a": 1})

        def test_that_fails(after, aerospike_client):
            aerospike_client.put(KEY, {"a": 1})
            pytest.fail("on purpose")
        """,
    )
    assert "1 failed, 3 passed" in shown, shown


def test_a_test_of_the_server_alone_is_left_alone(program):
    shown = program(
        test_it="""
        @pytest.fixture(scope="module")
        def written(aerospike_server):
            with aerospike.client(aerospike_server.config) as client:
                client.put(("test", "demo", 1), {"a": 1})
                yield client

        @pytest.mark.parametrize("time", [1, 2])
        def test_twice(written, time):
            assert len(written.scan("test").results()) == 1
        """,
    )
    assert "2 passed" in shown, shown


def test_the_configuration_is_a_new_one_each_time_and_may_be_overridden(program):
    shown = program(
        conftest="""
        @pytest.fixture
        def aerospike_config(aerospike_config):
            return {**aerospike_config, "policies": {"read": {"total_timeout": 4321}}}
        """,
        test_it="""
        @pytest.mark.parametrize("time", [1, 2])
        def test_twice(aerospike_config, aerospike_client, time):
            assert "changed" not in aerospike_config
            assert aerospike_client.get_policies()["read"]["total_timeout"] == 4321
            aerospike_config["changed"] = True
        """,
    )
    assert "2 passed" in shown, shown


@pytest.mark.parametrize(
    ("ini", "namespaces"),
    [
        ("", ("test",)),
        ("aerospike_namespaces = test cache", ("test", "cache")),
        ("aerospike_namespaces =\n  one\n  two", ("one", "two")),
    ],
)
def test_namespaces_are_an_option(program, ini, namespaces):
    shown = program(
        ini,
        test_it=f"""
        def test_namespaces(aerospike_server, aerospike_client):
            assert aerospike_server.namespaces == {namespaces!r}
            for namespace in aerospike_server.namespaces:
                aerospike_client.put((namespace, "demo", 1), {{"a": 1}})
        """,
    )
    assert "1 passed" in shown, shown


@pytest.mark.parametrize("names", ["test test", "n" * 32, "''"])
def test_namespaces_that_are_not_valid_are_named(program, names):
    shown = program(f"aerospike_namespaces = {names}", test_it="def test_it(aerospike_client): pass")
    assert "ValueError: namespaces" in shown
    assert "1 error" in shown


def test_a_server_that_a_test_stopped_is_said(program):
    shown = program(
        test_it="""
        def test_stops(aerospike_server):
            aerospike_server.stop()

        def test_next(aerospike_client):
            pass
        """,
    )
    assert "1 passed, 1 error" in shown, shown
    assert "RuntimeError: the server is stopped" in shown
