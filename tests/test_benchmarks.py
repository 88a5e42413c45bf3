# SPDX-License-Identifier: Apache-2.0
"""The benchmarks run and report; how fast anything is, no test asserts."""

import json
import pathlib
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.foreign
BENCHMARKS = pathlib.Path(__file__).parent.parent / "benchmarks"


def run(script, *arguments):
    command = [sys.executable, str(BENCHMARKS / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.json"
    cases = ["get", "put", "exists", "operate", "map-get", "map-put", "list-get", "list-put", "get-4", "get-16"]
    cases += ["batch-put", "query", "query-map"]
    few = ["--clients", "ours", "--rounds", "1", "--scale", "0.01"]
    done = run("compare.py", *few, "--json", str(path), "--cases", *cases)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(path.read_text())


def test_compare_measures_every_case_of_this_client(report):
    text, facts = report
    assert "machine: " in text
    for case in facts["cases"]:
        assert case["what"] in text
        assert case["clients"]["ours"]["per_second"] > 0


def test_compare_refuses_an_unknown_case():
    done = run("compare.py", "--cases", "fastest")
    assert done.returncode == 2
    assert "fastest" in done.stderr


def test_watching_measures_every_way(tmp_path):
    path = tmp_path / "report.json"
    done = run("watching.py", "--rounds", "1", "--count", "20", "--json", str(path))
    assert done.returncode == 0, done.stderr
    facts = json.loads(path.read_text())["cases"]
    for case in ("get", "put"):
        assert {"nobody", "log of slow commands", "empty function", "empty start and end"} <= set(facts[case])
        assert all(way in done.stdout for way in facts[case])


def test_columns_are_measured(tmp_path):
    path = tmp_path / "report.json"
    pytest.importorskip("numpy", reason="NumPy is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    cases = ["columns", "matrix", "put-table"]
    few = ["--clients", "ours", "--rounds", "1", "--scale", "0.01"]
    done = run("columns.py", *few, "--cases", *cases, "--json", str(path))
    assert done.returncode == 0, done.stderr
    assert "20,000 of 5 flat bins" in done.stdout
    assert [case["clients"]["ours"]["per_second"] > 0 for case in json.loads(path.read_text())["cases"]] == [True] * 3


def test_llist_measures_lists_of_each_size(tmp_path):
    path = tmp_path / "report.json"
    done = run("llist.py", "--sizes", "10", "3000", "--calls", "5", "--json", str(path))
    assert done.returncode == 0, done.stderr
    sizes = json.loads(path.read_text())["sizes"]
    assert list(sizes) == ["10", "3000"]
    assert {row["what"] for row in sizes["10"]} >= {"get", "add", "remove", "size", "iteration"}
    assert all(row["trips"] == 1 for row in sizes["10"])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the load generator needs epoll")
@pytest.mark.skipif(shutil.which("cc") is None, reason="the load generator is compiled from C")
def test_embedded_measures_the_server(tmp_path):
    path = tmp_path / "report.json"
    few = ["--connections", "4", "--seconds", "0.1", "--rounds", "1", "--records", "500"]
    done = run("embedded.py", *few, "--json", str(path))
    assert done.returncode == 0, done.stderr
    facts = json.loads(path.read_text())
    assert facts["gets"]["per_second"] > 0
    assert facts["batches"]["per_second"] > 0
    assert facts["start_ms"] > 0


def test_clients_in_asyncio_are_measured(tmp_path):
    path = tmp_path / "report.json"
    few = ["--clients", "ours", "sync", "--rounds", "1", "--seconds", "0.05", "--cases", "query", "think"]
    done = run("asyncio_clients.py", *few, "--json", str(path))
    assert done.returncode == 0, done.stderr
    rows = json.loads(path.read_text())["rows"]
    assert [(row["case"], row["client"]) for row in rows] == [("query", "ours"), ("query", "sync"), ("think", "ours")]
    assert all(row["rate"] > 0 and row["heartbeat"] is not None for row in rows)
    assert "| query of 10,000 records (of `results()`) |" in done.stdout
