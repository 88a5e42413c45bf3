# SPDX-License-Identifier: Apache-2.0
"""Background jobs by frames of our own: what starts one, what it does, how it is shown and ended."""

import base64
import itertools
import struct
import time

import frames
import pytest
from frames import INTEGER, Operation
from packing import Raw, pack

from aerospike import embedded

OK, NOT_FOUND, PARAMETER, UNSUPPORTED, NO_NAMESPACE, NO_INDEX = 0, 2, 4, 16, 20, 201
CREATE_ONLY = 1 << 5  # info2
PARTITION_DONE = 1 << 2  # info3
INCREMENT, TOUCH, DELETE = 5, 11, 14
TASK_ID, SOCKET_TIMEOUT, RATE, INDEX_RANGE, INDEX_SOURCE = 7, 9, 10, 22, 26
COUNT = 40
UDF_MODULE, UDF_FUNCTION, UDF_ARGUMENTS, UDF_OP = 30, 31, 32, 33

_ids = itertools.count(1000)


def add(name, number):
    return Operation(INCREMENT, name, INTEGER, struct.pack(">q", number))


def put(name, number):
    return Operation(frames.OP_WRITE, name, INTEGER, struct.pack(">q", number))


def less_than(name, number):
    """A filter: an integer bin has a smaller value."""
    return pack([5, [81, 2, Raw(name.encode())], number])


class Jobs:
    """A server of one's own with COUNT records {n} in the set "jobs", and three in "others"."""

    def __init__(self, connection):
        self.connection = connection
        self.digests = {set_name: [] for set_name in ("jobs", "others")}
        for set_name, count in (("jobs", COUNT), ("others", 3)):
            for n in range(count):
                digest = frames.new_digest()
                self.digests[set_name].append(digest)
                fields = {**self.fields(set_name), frames.FIELD_DIGEST: digest}
                assert connection.ask(0, frames.WRITE, fields=fields, operations=[put("n", n)]).code == OK

    @staticmethod
    def fields(set_name="jobs", namespace="test"):
        found = {frames.FIELD_NAMESPACE: namespace.encode(), frames.FIELD_SET: set_name.encode()}
        return {kind: value for kind, value in found.items() if value}

    def start(self, *operations, set_name="jobs", fields=None, info2=0, namespace="test", job=None, ttl=0):
        """Ask for a job: its id, and the code of the answer."""
        job = next(_ids) if job is None else job
        asked = {**self.fields(set_name, namespace), TASK_ID: struct.pack(">Q", job), **(fields or {})}
        answer = self.connection.ask(0, frames.WRITE | info2, fields=asked, operations=list(operations), ttl=ttl)
        assert answer == frames.Answer(answer.code, 0, 0, [], info3=frames.LAST if answer.code == OK else 0)
        return job, answer.code

    def info(self, command):
        self.connection.send(frames.frame(frames.INFO, f"{command}\n".encode()))
        _, body = self.connection.receive()
        return body.decode().removesuffix("\n").partition("\t")[2]

    def show(self, job):
        return dict(part.split("=", 1) for part in self.info(f"query-show:id={job}").split(":"))

    def wait(self, job):
        """What is shown of a job once it is done."""
        deadline = time.monotonic() + 60  # for a job that hangs, not for one that is slow under a sanitizer
        while (shown := self.show(job))["status"].startswith("active"):
            assert time.monotonic() < deadline
            time.sleep(0.002)
        return shown

    def run(self, *operations, **more):
        job, code = self.start(*operations, **more)
        assert code == OK
        return self.wait(job)

    def read(self, set_name="jobs"):
        """The answers to a read of each record."""
        read = frames.READ | frames.GET_ALL
        found = []
        for digest in self.digests[set_name]:
            fields = {**self.fields(set_name), frames.FIELD_DIGEST: digest}
            found.append(self.connection.ask(read, fields=fields))
        return found

    def bins(self, set_name="jobs"):
        return [{op.name: frames.value_of(op) for op in answer.operations} for answer in self.read(set_name)]


@pytest.fixture
def server():
    with embedded.Server() as server:
        yield server


@pytest.fixture
def jobs(server):
    with frames.Connection(server.config["hosts"][0]) as connection:
        yield Jobs(connection)


# ---- what a job does ----


def test_operations_on_every_record_of_a_set(jobs):
    shown = jobs.run(add("n", 100), put("new", 1), ttl=500)
    assert (shown["recs-succeeded"], shown["recs-failed"], shown["recs-filtered-bins"]) == (str(COUNT), "0", "0")
    assert jobs.bins() == [{"n": n + 100, "new": 1} for n in range(COUNT)]
    assert {answer.generation for answer in jobs.read()} == {2}
    lifetimes = [answer.void_time + 1262304000 - time.time() for answer in jobs.read()]
    assert all(490 < seconds < 510 for seconds in lifetimes)
    assert jobs.bins("others") == [{"n": n} for n in range(3)]


def test_a_whole_namespace(jobs):
    assert jobs.run(add("n", 1), set_name="")["recs-succeeded"] == str(COUNT + 3)
    assert jobs.bins() == [{"n": n + 1} for n in range(COUNT)]
    assert jobs.bins("others") == [{"n": n + 1} for n in range(3)]


def test_a_filter_sees_the_set_of_a_record(jobs):
    of_others = pack([1, [70], Raw(b"\x03others")])
    assert jobs.run(put("x", 1), set_name="", fields={frames.FIELD_FILTER: of_others})["recs-succeeded"] == "3"
    assert jobs.bins("others") == [{"n": n, "x": 1} for n in range(3)]
    assert jobs.bins() == [{"n": n} for n in range(COUNT)]


def test_a_filter(jobs):
    shown = jobs.run(add("n", 100), fields={frames.FIELD_FILTER: less_than("n", 10)})
    assert (shown["recs-succeeded"], shown["recs-filtered-bins"]) == ("10", str(COUNT - 10))
    assert jobs.bins() == [{"n": n + 100 if n < 10 else n} for n in range(COUNT)]


def test_records_that_refuse_are_counted_and_stay(jobs):
    text = Operation(9, "n", frames.STRING, b"x")  # append to an integer
    shown = jobs.run(put("x", 1), text)
    assert (shown["recs-succeeded"], shown["recs-failed"], shown["status"]) == ("0", str(COUNT), "done(ok)")
    assert jobs.bins() == [{"n": n} for n in range(COUNT)]
    assert jobs.run(put("x", 1), info2=CREATE_ONLY)["recs-failed"] == str(COUNT)


def test_records_are_deleted(jobs):
    assert jobs.run(Operation(DELETE, ""), fields={frames.FIELD_FILTER: less_than("n", 5)})["recs-succeeded"] == "5"
    assert [answer.code for answer in jobs.read()] == [NOT_FOUND] * 5 + [OK] * (COUNT - 5)


def test_a_function_is_called_on_every_record(jobs):
    source = "function f(rec, x) if rec.n % 2 == 0 then error('even') end; rec.x = x; aerospike:update(rec) end"
    content = base64.b64encode(source.encode()).decode()
    put_module = f"udf-put:filename=jobs.lua;content={content};content-len={len(content)};udf-type=LUA;"
    assert jobs.info(put_module) == "ok"
    call = {UDF_OP: b"\x02", UDF_MODULE: b"jobs", UDF_FUNCTION: b"f", UDF_ARGUMENTS: pack([7])}
    shown = jobs.run(fields=call)
    assert (shown["job-type"], shown["recs-succeeded"], shown["recs-failed"]) == ("background-udf", "20", "20")
    assert jobs.bins() == [{"n": n} | ({"x": 7} if n % 2 else {}) for n in range(COUNT)]
    shown = jobs.run(fields={**call, UDF_MODULE: b"nosuch"})
    assert (shown["recs-succeeded"], shown["recs-failed"]) == ("0", str(COUNT))


# ---- by an index ----


@pytest.fixture
def indexed(jobs):
    """The same, where the numbers have an index, and a list of each that holds them three times."""
    index = "sindex-create:ns=test;set=jobs;"
    assert jobs.info(f"{index}indexname=numbers;bin=n;type=numeric") == "ok"
    assert jobs.info(f"{index}indexname=lists;bin=l;indextype=list;type=numeric") == "ok"
    for n, digest in enumerate(jobs.digests["jobs"]):
        fields = {**jobs.fields(), frames.FIELD_DIGEST: digest}
        numbers = Operation(frames.OP_WRITE, "l", frames.LIST, pack([n, n + 1, n + 1000]))
        assert jobs.connection.ask(0, frames.WRITE, fields=fields, operations=[numbers]).code == OK
    for name in ("numbers", "lists"):
        while "load_pct=100" not in jobs.info(f"sindex-stat:ns=test;indexname={name}"):
            time.sleep(0.01)
    return jobs


def between(low, high, name="n"):
    ends = b"".join(struct.pack(">Iq", 8, end) for end in (low, high))
    return {INDEX_RANGE: bytes([1, len(name)]) + name.encode() + bytes([INTEGER]) + ends}


def numbers(jobs):
    return [found["n"] for found in jobs.bins()]


def test_records_of_an_index(indexed):
    assert indexed.run(add("n", 100), fields=between(5, 14))["recs-succeeded"] == "10"
    assert numbers(indexed) == [n + 100 if 5 <= n <= 14 else n for n in range(COUNT)]


@pytest.mark.parametrize("step", [1, 10**6, -1])
def test_what_moves_within_an_index_is_found_once(indexed, step):
    assert indexed.run(add("n", step), fields=between(-(10**9), 10**9))["recs-succeeded"] == str(COUNT)
    assert numbers(indexed) == [n + step for n in range(COUNT)]


def test_a_list_with_many_values_of_a_range_is_found_once(indexed):
    fields = {**between(0, 10**9, "l"), INDEX_SOURCE: b"\1"}
    assert indexed.run(add("n", 100), fields=fields)["recs-succeeded"] == str(COUNT)
    assert numbers(indexed) == [n + 100 for n in range(COUNT)]


def test_an_index_and_a_filter(indexed):
    fields = {**between(5, 14), frames.FIELD_FILTER: less_than("n", 8)}
    shown = indexed.run(add("n", 100), fields=fields)
    assert (shown["recs-succeeded"], shown["recs-filtered-bins"]) == ("3", "7")


def test_no_such_index(jobs):
    assert jobs.start(add("n", 1), fields=between(5, 14))[1] == NO_INDEX
    assert jobs.start(add("n", 1), fields={INDEX_RANGE: b"\xff"})[1] == PARAMETER


# ---- what starts none ----


@pytest.mark.parametrize(
    ("operations", "more", "code"),
    [
        ([], {}, PARAMETER),
        ([Operation(frames.OP_READ, "n")], {}, PARAMETER),
        ([put("n", 1), Operation(frames.OP_READ, "n")], {}, PARAMETER),
        ([Operation(200, "n")], {}, PARAMETER),
        ([put("n", 1)], {"namespace": "nosuch"}, NO_NAMESPACE),
        ([put("n", 1)], {"set_name": "nosuch"}, NOT_FOUND),
        ([put("n", 1)], {"fields": {frames.FIELD_FILTER: b"\xff"}}, PARAMETER),
    ],
)
def test_what_starts_no_job(jobs, operations, more, code):
    job, answer = jobs.start(*operations, **more)
    assert answer == code
    assert jobs.info(f"query-show:id={job}") == "ERROR:2:job not found"
    assert jobs.bins() == [{"n": n} for n in range(COUNT)]


def test_a_query_of_no_partition_is_refused(jobs):
    answer = jobs.connection.ask(frames.READ, 0, PARTITION_DONE, fields=jobs.fields())
    assert (answer.code, answer.info3) == (UNSUPPORTED, frames.LAST)


# ---- how jobs are shown and ended ----


def slow(jobs, **more):
    """Start a job that takes an hour."""
    job, code = jobs.start(put("x", 1), fields={RATE: struct.pack(">I", 1), **more.pop("fields", {})}, **more)
    assert code == OK
    return job


def test_what_is_shown(jobs):
    job = slow(jobs, fields={SOCKET_TIMEOUT: struct.pack(">I", 700)})
    shown = jobs.show(job)
    assert shown["trid"] == str(job)
    assert (shown["ns"], shown["set"], shown["rps"]) == ("test", "jobs", "1")
    assert (shown["job-type"], shown["socket-timeout"], shown["status"]) == ("background-ops", "700", "active(ok)")
    assert 0 <= float(shown["job-progress"]) < 100
    assert shown["time-since-done"] == "0"
    assert jobs.info("query-show").count("trid=") == 1
    assert "set" not in jobs.show(slow(jobs, set_name=""))
    assert jobs.info("query-show:").count("trid=") == 2


def test_what_is_shown_of_a_job_that_is_done(jobs):
    shown = jobs.run(put("x", 1), job=2**64 - 1)
    assert (shown["trid"], shown["status"], shown["job-progress"]) == (str(2**64 - 1), "done(ok)", "100.00")
    assert (shown["active-threads"], shown["rps"], shown["recs-throttled"]) == ("0", "0", "0")
    assert jobs.info(f"query-show:trid={2**64 - 1}").startswith("trid=")
    assert jobs.info(f"query-show:id={2**64}") == "ERROR:4:bad id"


def test_an_id_is_of_one_job_at_a_time(jobs):
    job = slow(jobs)
    assert jobs.start(put("x", 1), job=job)[1] == PARAMETER
    assert jobs.info(f"query-abort:id={job}") == "OK"
    assert jobs.wait(job)["status"] == "done(user-aborted)"  # it ends when it comes to look
    assert jobs.run(put("x", 2), job=job)["status"] == "done(ok)"


def test_a_job_without_an_id_gets_one(jobs):
    assert jobs.start(put("x", 1), job=0)[1] == OK
    assert jobs.info("query-show").count("trid=") == 1
    assert not jobs.info("query-show").startswith("trid=0:")


def test_a_throttled_job_goes_on_bit_by_bit(jobs):
    shown = jobs.run(put("x", 1), fields={RATE: struct.pack(">I", 2000)})
    assert (shown["recs-succeeded"], shown["rps"]) == (str(COUNT), "2000")
    assert 0 < int(shown["recs-throttled"]) <= COUNT


def test_abort(jobs):
    job = slow(jobs)
    assert jobs.info(f"query-abort:trid={job}") == "OK"
    assert jobs.wait(job)["status"] == "done(user-aborted)"
    assert jobs.info(f"query-abort:id={job}") == "ERROR:2:id not active"
    assert jobs.info("query-abort:id=x") == "ERROR:4:bad id"
    assert len([1 for bins in jobs.bins() if "x" in bins]) < COUNT


def test_abort_all(jobs):
    started = [slow(jobs) for _ in range(3)]
    assert jobs.info("query-abort-all") == "number-of-queries-killed:3"
    assert {jobs.wait(job)["status"] for job in started} == {"done(user-aborted)"}
    assert jobs.info("query-abort-all:") == "number-of-queries-killed:0"


def test_a_hundred_finished_jobs_are_remembered(jobs):
    started = [jobs.start(put("x", n), set_name="others")[0] for n in range(110)]
    jobs.wait(started[-1])
    for job in started[20:]:
        jobs.wait(job)
    assert jobs.info("query-show").count("trid=") == 100
    assert jobs.info(f"query-show:id={started[0]}") == "ERROR:2:job not found"


def test_clear_ends_the_jobs(server, jobs):
    job = slow(jobs)
    server.clear()
    assert jobs.show(job)["status"] == "done(user-aborted)"
    assert {answer.code for answer in jobs.read()} == {NOT_FOUND}


def test_a_server_with_a_job_stops_at_once():
    with embedded.Server() as server, frames.Connection(server.config["hosts"][0]) as connection:
        slow(Jobs(connection))
    assert "stopped" in repr(server)


def test_others_are_served_while_jobs_run(jobs):
    for n in range(3000):
        digest = frames.new_digest()
        fields = {**jobs.fields("many"), frames.FIELD_DIGEST: digest}
        jobs.connection.send(frames.message(0, frames.WRITE, fields=fields, operations=[put("n", n)]))
    for _ in range(3000):
        jobs.connection.receive()
    started = [jobs.start(add("n", 1), set_name="many")[0] for _ in range(4)]
    assert jobs.bins() == [{"n": n} for n in range(COUNT)]
    assert {jobs.wait(job)["recs-succeeded"] for job in started} == {"3000"}


# ---- others have their turn ----

SLOW = """
function slow(rec)
  local sum = 0
  for i = 1, 1000000 do sum = sum + i end
  rec.sum = sum
  return aerospike:update(rec)
end
"""


@pytest.fixture
def one_worker():
    """Of a server with one worker, which has a function that takes a while: the jobs, and another connection."""
    with embedded.Server(workers=1) as server, frames.Connection(server.config["hosts"][0]) as connection:
        jobs = Jobs(connection)
        content = base64.b64encode(SLOW.encode()).decode()
        assert jobs.info(f"udf-put:filename=m.lua;content={content};content-len={len(content)};udf-type=LUA;") == "ok"
        with frames.Connection(server.config["hosts"][0]) as other:
            yield jobs, other


CALL = {UDF_MODULE: b"m", UDF_FUNCTION: b"slow", UDF_ARGUMENTS: pack([])}


def test_a_job_lets_connections_have_their_turn(one_worker):
    jobs, _ = one_worker
    job, code = jobs.start(fields={**CALL, UDF_OP: b"\2"})
    assert code == OK
    assert jobs.show(job)["status"].startswith("active")
    assert int(jobs.wait(job)["recs-succeeded"]) == COUNT


def test_a_batch_lets_connections_have_their_turn(one_worker):
    jobs, other = one_worker
    digests = jobs.digests["jobs"]
    first = frames.entry(0, digests[0], 0, frames.WRITE, 0, fields={**jobs.fields(), **CALL})
    rest = [frames.repeat(place, digest) for place, digest in enumerate(digests[1:], 1)]
    other.send(frames.batch(first, *rest, flags=1 << 2))
    last = {**jobs.fields(), frames.FIELD_DIGEST: digests[-1]}
    jobs.info("status")  # which may have come together with the batch
    read = jobs.connection.ask(frames.READ | frames.GET_ALL, fields=last)
    assert [op.name for op in read.operations] == ["n"]
    *answers, _ = other.answers()
    assert [answer.code for answer in answers] == [OK] * COUNT
