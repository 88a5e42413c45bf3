# SPDX-License-Identifier: Apache-2.0
"""The soak in short: what it finds, and that it would find it."""

import pathlib
import subprocess
import sys

import pytest

from aerospike import exception

ROOT = pathlib.Path(__file__).parents[1]

pytestmark = pytest.mark.embedded_only("nodes are stopped and started")


@pytest.fixture(scope="module")
def soak():
    sys.path.insert(0, str(ROOT / "scripts"))
    import soak

    yield soak
    sys.path.remove(str(ROOT / "scripts"))


@pytest.fixture
def model(soak):
    return sys.modules["soak_model"]


def test_a_few_seconds_of_it():
    command = [sys.executable, ROOT / "scripts" / "soak.py", "--seconds", "4", "--seed", "5"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seed 5" in done.stdout
    assert done.stdout.endswith("all that was acknowledged is there\n")


def test_records_that_are_lost_are_found_missing(soak):
    class Killer(soak.Trouble):
        def run(self, stop):
            while not stop.is_set():
                self.kill(stop)

    original, soak.Trouble = soak.Trouble, Killer
    try:
        log = soak.run(120, 1, copies=1)
    finally:
        soak.Trouble = original
    assert log.violations


def test_versions(model):
    record = model.Versions()
    assert record.see(0, 0) is None
    assert record.see(1, 1)
    record.acknowledge(record.next())
    assert record.see(1, 1) is None
    assert record.see(0, 0)  # lost
    assert record.see(2, 2)  # of nobody
    for version in (2, 3):
        record.doubt(version)
    assert record.see(1, 1) is None
    assert record.see(2, 3) is None
    assert record.see(2, 2)  # the other one had won
    assert record.see(1, 1)  # and that is over
    record.doubt(4)
    record.acknowledge(5)
    assert record.see(3, 4)


def test_tallies(model):
    tally = model.Tally()
    assert tally.see(0) is None
    assert tally.see(1)
    tally.acknowledge()
    tally.doubt()
    assert tally.see(1) is None
    assert tally.see(2) is None
    assert tally.see(1)  # it was more before
    assert tally.see(3)


def test_errors(model):
    log = model.Log()
    log.note_failed("a write", exception.TimeoutError(9, "late"))
    log.note_rows("a batch", [(exception.NoResponse.code, True)])
    assert log.violations == []
    assert log.in_doubt == 1
    log.note_failed("a write", exception.ParamError(-2, "never"))
    log.note_rows("a batch", [(4, False)])
    assert len(log.violations) == 2
