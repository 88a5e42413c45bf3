# SPDX-License-Identifier: Apache-2.0
"""A plugin of pytest: of the suite, only the tests that send to the server of AEROSPIKE_HOSTS."""


def pytest_collection_modifyitems(config, items):
    others = [item for item in items if "hosts" not in item.fixturenames]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if "hosts" in item.fixturenames]
