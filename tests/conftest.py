# SPDX-License-Identifier: Apache-2.0
"""The suite runs against the embedded server, or against the cluster that AEROSPIKE_HOSTS=host:port names."""

import gc
import signal

import pytest

pytest_plugins = ["fix_both", "fix_server", "fix_records", "fix_operate", "fix_proxy", "fix_nodes", "fix_manual"]
pytest_plugins += ["fix_aggregation", "fix_faults", "fix_hooks", "fix_schedules"]


def pytest_configure(config):
    config.addinivalue_line("markers", "embedded_only(reason): needs what only the embedded server offers to a test")
    config.addinivalue_line("markers", "sync_only(reason): not for AsyncClient, where its module runs for both clients")
    config.addinivalue_line("markers", "enterprise: needs a server of the Enterprise Edition")
    config.addinivalue_line("markers", "forks: a child goes on to work, beside threads of its parent")
    config.addinivalue_line(
        "markers", "foreign: compilers, Sphinx, models in Python, and little for a sanitizer to see"
    )
    config.addinivalue_line("markers", "jumps: millions of objects, or of C functions left by longjmp()")


def pytest_collection_modifyitems(items):
    from fix_server import HOSTS

    for item in items:
        marker = item.get_closest_marker("embedded_only")
        if marker is not None and HOSTS:
            item.add_marker(pytest.mark.skip(reason=f"embedded server only: {marker.args[0]}"))
        if item.get_closest_marker("forks") is not None:
            item.add_marker(pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"))
        if item.get_closest_marker("enterprise") is not None:
            item.add_marker(pytest.mark.skip(reason="needs an Enterprise Edition server"))


def pytest_runtest_setup():
    # Tests send it. In the background of a shell it is ignored, and polars has it go on with waits for locks.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish():
    gc.collect()
    gc.freeze()  # else every collection that a test asks for would look at all tests
