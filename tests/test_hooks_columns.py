# SPDX-License-Identifier: Apache-2.0
"""Hooks: streams of columns, which any thread may read to their end."""

import asyncio
import ctypes
import os
import subprocess
import sys
import time

import children
import fix_columns
import pytest
from fix_columns import Stream
from test_iteration import until

import aerospike
from aerospike import exception

COUNT = 100


@pytest.fixture(scope="module")
def set_name(client, namespace):
    for n in range(COUNT):
        client.put((namespace, "hooks columns", n), {"n": n})
    yield "hooks columns"
    client.truncate(namespace, "hooks columns", 0)


@pytest.fixture
def make_reader(watched, recorder, namespace, set_name):
    """Readers of a client of which the recorder knows nothing yet."""
    recorder.told.clear()
    return lambda kind="query", column="int64", **settings: getattr(watched, kind)(namespace, set_name).arrow(
        {"n": column}, **settings
    )


def test_a_reader_alone_is_no_command(make_reader, recorder):
    assert make_reader().__arrow_c_schema__() is not None
    assert recorder.told == []


@pytest.mark.parametrize("kind", ["query", "scan"])
@pytest.mark.parametrize("gil", [False, True])
def test_a_stream_ends_with_its_last_batch(make_reader, recorder, watched, namespace, set_name, kind, gil):
    reader = make_reader(kind, batch_rows=10)
    stream = Stream(reader, gil)
    assert [what for what, _, _ in recorder.told] == ["start"]
    assert stream.rows() == COUNT
    report = recorder.last
    assert (report.command, report.namespace, report.set) == (kind, namespace, set_name)
    assert (report.records, report.code, report.error) == (COUNT, 0, None)
    assert report.duration > 0
    if sys.platform != "darwin":
        assert sorted(report.nodes) == sorted(node["node_name"] for node in watched.get_node_names())
        assert report.retries == 0
    stream.release()
    assert len(recorder.ended) == 1


def test_each_stream_of_a_reader_is_a_command(make_reader, recorder):
    reader = make_reader()
    assert [Stream(reader).rows() for _ in range(3)] == [COUNT] * 3
    assert [what for what, _, _ in recorder.told] == ["start", "end"] * 3


def test_a_stream_that_is_left_ends(make_reader, recorder):
    stream = Stream(make_reader(batch_rows=10))
    fix_columns.release(stream.next()[1])
    assert recorder.ended == []
    stream.release()
    assert (recorder.last.records, recorder.last.code) == (10, 0)


def test_a_stream_that_nobody_reads_asked_no_node(make_reader, recorder):
    stream = Stream(make_reader())
    del stream
    assert (recorder.last.records, recorder.last.code) == (0, 0)
    assert (recorder.last.node, recorder.last.nodes, recorder.last.retries) == (None, None, None)


def test_a_stream_that_fails_tells_its_error(make_reader, recorder):
    reader = make_reader(column="string")
    stream = Stream(reader)
    assert stream.next()[0] != 0
    assert isinstance(recorder.last.error, exception.BinIncompatibleType)
    assert (recorder.last.code, recorder.last.error.bin) == (12, "n")
    assert str(recorder.last.error) == str(reader.error)
    stream.release()
    assert len(recorder.ended) == 1


def test_who_made_a_stream_is_who_begins(make_reader, recorder, watched):
    """A start is told where the program asks; another hook's start may use the client."""
    watched.add_hook(type("Nosy", (), {"start": lambda self, report: watched.get_node_names()})())
    stream = Stream(make_reader())
    watched.remove_hook(recorder)
    assert stream.rows() == COUNT
    assert [report.records for report in recorder.ended] == [COUNT]


def test_a_library_is_done_when_its_end_was_told(make_reader, recorder):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    assert pyarrow.table(make_reader()).num_rows == COUNT
    assert [report.records for report in recorder.ended] == [COUNT]


def test_what_a_hook_raises_ends_no_stream(make_reader, recorder, watched, monkeypatch):
    raised = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: raised.append(unraisable.exc_type))
    watched.add_hook(lambda report: 1 / 0)
    assert Stream(make_reader()).rows() == COUNT
    assert raised.count(ZeroDivisionError) == 1
    assert recorder.last.code == 0


def test_what_is_about_to_be_raised_is_raised(make_reader, recorder):
    """A stream may be let go of while an exception flies past."""

    def fail():
        stream = Stream(make_reader())
        raise KeyError(stream.error())

    with pytest.raises(KeyError) as caught:
        fail()
    del caught
    until(lambda: recorder.ended)
    assert recorder.last.error is None


@pytest.mark.skipif(sys.platform == "darwin", reason="pthread_t is no number there")
def test_a_thread_that_python_does_not_know_waits_for_nobody(make_reader, recorder):
    """It lets go of a stream while the GIL is with somebody who waits for it."""
    stream = Stream(make_reader(batch_rows=10))
    fix_columns.release(stream.next()[1])
    system = ctypes.PyDLL(None)
    thread = ctypes.c_ulong()
    begin, join = system.pthread_create, system.pthread_join
    begin.argtypes = [ctypes.POINTER(ctypes.c_ulong), ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    join.argtypes = [ctypes.c_ulong, ctypes.c_void_p]
    assert begin(thread, None, stream.functions.release, ctypes.addressof(stream.functions)) == 0
    assert join(thread, None) == 0
    until(lambda: recorder.ended)
    assert (recorder.last.records, recorder.last.code) == (10, 0)


@pytest.mark.forks
def test_a_child_process_tells_no_end(make_reader, recorder):
    begun, unread = Stream(make_reader(batch_rows=10)), Stream(make_reader())
    fix_columns.release(begun.next()[1])
    child = os.fork()
    if child == 0:
        try:
            begun.next()
            begun.release()
            del unread
        finally:
            os._exit(len(recorder.ended))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert begun.rows() == COUNT - 10
    assert [report.records for report in recorder.ended] == [COUNT]


def test_async_for_is_told_as_any_stream(config, recorder, namespace, set_name):
    async def main():
        async with aerospike.AsyncClient(config) as client:
            await client.add_hook(recorder)
            rows = 0
            async for batch in client.scan(namespace, set_name).arrow({"n": "int64"}, batch_rows=10):
                rows += len(batch)
            return rows

    assert asyncio.run(main()) == COUNT
    assert [(report.command, report.records) for report in recorder.ended] == [("scan", COUNT)]


def test_a_slow_stream_is_logged(connect, namespace, set_name, caplog):
    watched = connect(slow_log_ms=1)
    caplog.clear()
    stream = Stream(watched.query(namespace, set_name).arrow({"n": "int64"}, batch_rows=10))
    fix_columns.release(stream.next()[1])
    time.sleep(0.01)
    stream.rows()
    (message,) = [record.getMessage() for record in caplog.records if record.name == "aerospike"]
    assert message.startswith("slow command: query took ")
    assert f"records={COUNT}" in message


UNFINISHED = """
import sys
sys.path.insert(0, sys.argv[2])
import aerospike
from fix_columns import Stream
client = aerospike.client({"hosts": [("127.0.0.1", int(sys.argv[1]))]})
client.add_hook(lambda report: print(report.command, report.records))
stream = Stream(client.query("test", "suite").arrow({"n": "int64"}))
"""


@pytest.mark.embedded_only("a port of its own")
def test_a_stream_may_live_as_long_as_the_program():
    """Its end may come when Python tells nobody any more."""
    with aerospike.embedded.Server() as server:
        run = subprocess.run(
            [sys.executable, "-c", UNFINISHED, str(server.port), os.path.dirname(__file__)],
            env=children.environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout in ("", "query 0\n")
