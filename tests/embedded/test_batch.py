# SPDX-License-Identifier: Apache-2.0
"""Batches: many requests in one frame, each answered as if it had come alone, under the index that it gave."""

import random
import struct
import zlib

import frames
import pytest
from frames import BLOB, INTEGER, Operation
from packing import Raw, pack

from aerospike import embedded

OK, NOT_FOUND, GENERATION, PARAMETER, EXISTS, INCOMPATIBLE = 0, 2, 3, 4, 5, 12
UDF, KEY_MISMATCH, NO_NAMESPACE, BIN_NAME, FORBIDDEN, FILTERED_OUT = 100, 19, 20, 21, 25, 27
INCREMENT, APPEND, TOUCH = 5, 9, 11
RESPOND_ALL_KEYS = 1 << 2  # a batch's flag
GENERATION_EQUAL, DURABLE, CREATE_ONLY = 1 << 2, 1 << 4, 1 << 5  # info2
UPDATE_ONLY = 1 << 3  # info3
COMPRESS_RESPONSE = 1 << 7  # info1
UDF_MODULE, UDF_FUNCTION, UDF_ARGUMENTS = 30, 31, 32
KEY = b"\x03a key"
YEAR = 365 * 24 * 3600
READ_ALL = frames.READ | frames.GET_ALL
REMOVE = frames.WRITE | frames.REMOVE | frames.RESPOND_ALL


def put(name, number):
    return Operation(frames.OP_WRITE, name, INTEGER, struct.pack(">q", number))


def is_equal(name, number):
    """A filter: an integer bin has this value."""
    return pack([1, [81, 2, Raw(name.encode())], number])


class Maker:
    """Requests for the records of one set."""

    def __init__(self, namespace):
        self.fields = {frames.FIELD_NAMESPACE: namespace.encode(), frames.FIELD_SET: b"batch"}

    def entry(self, index, digest, *info, fields=None, **more):
        return frames.entry(index, digest, *info, fields={**self.fields, **(fields or {})}, **more)

    def read(self, index, digest, **more):
        return self.entry(index, digest, READ_ALL, 0, 0, **more)

    def write(self, index, digest, *operations, info2=0, info3=0, **more):
        info2 |= frames.WRITE | frames.RESPOND_ALL
        return self.entry(index, digest, 0, info2, info3, operations=list(operations), **more)

    def remove(self, index, digest, info2=0, **more):
        return self.entry(index, digest, 0, REMOVE | info2, 0, **more)


@pytest.fixture
def make(namespace):
    return Maker(namespace)


@pytest.fixture
def ask(connection):
    """Send a batch; the answers, and the code of the last message, which has nothing else."""

    def ask_batch(*entries, flags=RESPOND_ALL_KEYS, **more):
        connection.send(frames.batch(*entries, flags=flags, **more))
        *answers, last = connection.answers()
        assert last == frames.Answer(last.code, 0, 0, [], info3=frames.LAST)
        assert all(answer.info3 == 0 for answer in answers)
        return answers, last.code

    return ask_batch


@pytest.fixture
def digests(make, connection):
    """Three records with the bin n of 0, 1 and 2, which are gone afterwards."""
    made = [frames.new_digest() for _ in range(3)]
    connection.send(frames.batch(*(make.write(i, digest, put("n", i)) for i, digest in enumerate(made))))
    assert [answer.code for answer in connection.answers()] == [OK] * 4
    yield made
    connection.send(frames.batch(*(make.remove(i, digest) for i, digest in enumerate(made))))
    connection.answers()


def codes(answers):
    return [answer.code for answer in answers]


def bins(answer):
    return {op.name: frames.value_of(op) for op in answer.operations}


# ---- what is answered ----


def test_answers_carry_the_indexes_of_their_requests(ask, make, digests):
    answers, code = ask(make.read(7, digests[2]), make.read(0, frames.new_digest()), make.read(7000, digests[1]))
    assert [(answer.index, answer.code, bins(answer)) for answer in answers] == [
        (7, OK, {"n": 2}),
        (0, NOT_FOUND, {}),
        (7000, OK, {"n": 1}),
    ]
    assert (answers[0].generation, code) == (1, OK)
    assert answers[0].void_time > 0


def test_a_repeat_is_the_same_for_another_record(ask, make, digests):
    add = make.write(0, digests[0], Operation(INCREMENT, "n", INTEGER, b"\x0a"), ttl=YEAR)
    answers, _ = ask(add, frames.repeat(1, digests[1]), frames.repeat(2, digests[2]), make.read(3, digests[0]))
    assert codes(answers) == [OK] * 4
    assert abs(answers[0].void_time - answers[2].void_time) <= 1
    answers, _ = ask(make.read(0, digests[0]), frames.repeat(1, digests[1]), frames.repeat(2, digests[2]))
    assert [bins(answer)["n"] for answer in answers] == [10, 11, 12]
    assert {answer.generation for answer in answers} == {2}


def test_requests_of_all_kinds_beside_each_other(ask, make, digests):
    mixed = [put("m", 5), Operation(frames.OP_READ, "n")]
    answers, code = ask(
        make.entry(0, digests[0], frames.READ | frames.NO_BINS, 0, 0),
        make.entry(1, digests[0], frames.READ, 0, 0, operations=[Operation(frames.OP_READ, "n")]),
        make.entry(2, digests[1], frames.READ, frames.WRITE | frames.RESPOND_ALL, 0, operations=mixed),
        make.remove(3, digests[2]),
        make.read(4, digests[2]),
        make.read(5, digests[1]),
    )
    assert (codes(answers), code) == ([OK, OK, OK, OK, NOT_FOUND, OK], OK)
    assert [bins(answer) for answer in answers] == [{}, {"n": 0}, {"m": None, "n": 1}, {}, {}, {"n": 1, "m": 5}]
    assert (answers[3].generation, answers[3].void_time) == (0, 0)


def test_one_record_many_times_in_order(ask, make):
    digest = frames.new_digest()
    wanted = [make.write(0, digest, put("n", 1)), make.write(1, digest, put("n", 2)), make.read(2, digest)]
    answers, _ = ask(*wanted, make.remove(3, digest), frames.repeat(4, digest))
    assert codes(answers) == [OK, OK, OK, OK, NOT_FOUND]
    assert (answers[2].generation, bins(answers[2])) == (2, {"n": 2})


def test_other_namespaces_and_sets(ask, make, digests):
    fields = {frames.FIELD_NAMESPACE: b"nosuch"}
    answers, _ = ask(
        make.read(0, digests[0], fields=fields),
        frames.repeat(1, digests[1]),
        make.read(2, frames.new_digest(), fields={frames.FIELD_SET: b"nosuch"}),
        make.read(3, digests[0], fields={frames.FIELD_SET: b"x" * 64}),
        frames.entry(4, digests[0], READ_ALL, 0, 0, fields={}),
        make.read(5, digests[0]),
    )
    assert codes(answers) == [NO_NAMESPACE, NO_NAMESPACE, NOT_FOUND, PARAMETER, NO_NAMESPACE, OK]


def test_failures_stop_nothing(ask, make, digests):
    answers, _ = ask(
        make.write(0, digests[0], Operation(APPEND, "n", frames.STRING, b"x")),
        make.write(1, digests[0], put("a_name_longer_than_15", 1)),
        make.entry(2, digests[0], 0, frames.WRITE, 0),
        make.entry(3, digests[0], 0, 0, 0),
        make.remove(4, digests[0], DURABLE),
        make.write(5, digests[0], put("n", 9)),
    )
    assert codes(answers) == [INCOMPATIBLE, BIN_NAME, PARAMETER, PARAMETER, FORBIDDEN, OK]
    assert all(answer.operations == [] for answer in answers[:5])


def test_a_function_that_is_not_there_fails_as_it_does_alone(ask, make, connection, digests):
    call = {UDF_MODULE: b"nosuch", UDF_FUNCTION: b"f", UDF_ARGUMENTS: pack([])}
    answers, _ = ask(make.entry(0, digests[0], 0, frames.WRITE, 0, fields=call))
    alone = {**make.fields, frames.FIELD_DIGEST: digests[0], **call}
    assert codes(answers) == [connection.ask(0, frames.WRITE, fields=alone).code] == [UDF]


# ---- the code of the whole ----


def test_what_the_last_message_tells(ask, make, digests):
    """The last failure, where the client wants no answers beside one; a record that is not there is none."""
    fails = make.write(0, digests[0], put("n", 1), info2=CREATE_ONLY)
    fails_otherwise = make.write(1, digests[0], put("n", 1), info2=GENERATION_EQUAL, generation=7)
    absent = make.read(2, frames.new_digest())
    filtered = make.read(3, digests[1], fields={frames.FIELD_FILTER: is_equal("n", 7)})
    for entries, code in [
        ([fails, fails_otherwise, absent, filtered], GENERATION),
        ([fails_otherwise, absent, fails], EXISTS),
        ([absent, filtered], OK),
    ]:
        answers, last = ask(*entries, flags=0)
        assert (len(answers), last) == (len(entries), code)
        assert ask(*entries) == (answers, OK)


# ---- policies of a request ----


def test_filters(ask, make, digests):
    """A request's own goes before the whole batch's."""
    own = {frames.FIELD_FILTER: is_equal("n", 1)}
    entries = [
        make.read(0, digests[0]),
        frames.repeat(1, digests[2]),
        make.read(2, digests[0], fields=own),
        frames.repeat(3, digests[1]),
        make.remove(4, digests[1]),
        make.write(5, frames.new_digest(), put("n", 0), ttl=60),
    ]
    answers, _ = ask(*entries, fields={frames.FIELD_FILTER: is_equal("n", 2)})
    assert codes(answers) == [FILTERED_OUT, OK, FILTERED_OUT, OK, FILTERED_OUT, OK]
    answers, _ = ask(*entries[:2], fields={frames.FIELD_FILTER: b"\xc1"})
    assert codes(answers) == [PARAMETER, PARAMETER]


def test_keys_are_kept(ask, make):
    digest = frames.new_digest()
    ask(make.write(0, digest, put("n", 1), fields={frames.FIELD_KEY: KEY}))
    has_key = [Operation(frames.OP_EXP_READ, "k", BLOB, pack([[71], 0]))]
    answers, _ = ask(
        make.entry(0, digest, frames.READ, 0, 0, operations=has_key),
        make.write(1, digest, put("n", 2), fields={frames.FIELD_KEY: b"\x03another"}),
        make.remove(2, digest, fields={frames.FIELD_KEY: KEY}),
    )
    assert codes(answers) == [OK, KEY_MISMATCH, OK]
    assert bins(answers[0]) == {"k": True}


def test_generations_times_and_existence(ask, make, digests):
    new = frames.new_digest()
    answers, _ = ask(
        make.write(0, digests[0], put("n", 5), info2=GENERATION_EQUAL, generation=1, ttl=0xFFFFFFFF),
        make.write(1, digests[0], put("n", 5), info2=GENERATION_EQUAL, generation=1),
        make.remove(2, digests[0], GENERATION_EQUAL, generation=1),
        make.write(3, digests[1], put("n", 5), info2=CREATE_ONLY),
        make.write(4, new, put("n", 5), info3=UPDATE_ONLY),
        make.write(5, new, Operation(TOUCH, ""), ttl=60),
        make.write(6, digests[2], Operation(TOUCH, ""), ttl=YEAR * 11),
        make.remove(7, digests[2], GENERATION_EQUAL, generation=1, ttl=0),
    )
    assert codes(answers) == [OK, GENERATION, GENERATION, EXISTS, NOT_FOUND, NOT_FOUND, PARAMETER, OK]
    assert (answers[0].generation, answers[0].void_time) == (2, 0)


def test_attributes_of_every_length(ask, make, digests):
    answers, _ = ask(
        make.entry(0, digests[0], READ_ALL),  # as clients of old write it
        make.entry(1, digests[1], READ_ALL, 0, 0, 0),
        make.read(2, digests[2], ttl=50),
        make.entry(3, digests[0], READ_ALL, 0, 0, 0x20, generation=3, ttl=0),
        frames.repeat(4, digests[1]),
    )
    assert [bins(answer) for answer in answers] == [{"n": 0}, {"n": 1}, {"n": 2}, {"n": 0}, {"n": 1}]


# ---- long answers ----


def test_a_long_answer_comes_in_many_frames(connection, make):
    """Of bounded size, in order, and what was sent behind the batch is answered after it."""
    large = bytes(100_000)
    digests = [frames.new_digest() for _ in range(20)]
    write = Operation(frames.OP_WRITE, "b", BLOB, large)
    connection.send(frames.batch(*(make.write(i, digest, write, ttl=60) for i, digest in enumerate(digests))))
    assert codes(connection.answers()) == [OK] * 21
    asked = [make.read(0, digests[0]), *(frames.repeat(i, digests[i % 20]) for i in range(1, 100))]
    connection.send(frames.batch(*asked) + frames.batch(make.read(5, digests[0])))
    answers, sizes = [], []
    while not answers or not answers[-1].info3 & frames.LAST:
        _, body = connection.receive()
        sizes.append(len(body))
        answers += map(frames.read_answer, frames.messages(body))
    assert [answer.index for answer in answers[:-1]] == list(range(100))
    assert all(answer.operations[0].value == large for answer in answers[:-1])
    assert max(sizes) < 300_000
    assert [answer.index for answer in connection.answers()] == [5, 0]


def test_many_small_requests(ask, make, digests):
    answers, _ = ask(make.read(0, digests[0]), *(frames.repeat(i, digests[i % 3]) for i in range(1, 20_000)))
    assert [answer.index for answer in answers] == list(range(20_000))
    assert [bins(answer)["n"] for answer in answers] == [i % 3 for i in range(20_000)]


def test_a_client_that_leaves_in_the_middle(hosts, ask, make, digests):
    write = Operation(frames.OP_WRITE, "b", BLOB, bytes(500_000))
    assert codes(ask(make.write(0, digests[0], write))[0]) == [OK]
    with frames.Connection(hosts[0]) as leaving:
        leaving.send(frames.batch(make.read(0, digests[0]), *(frames.repeat(i, digests[0]) for i in range(1, 1000))))
        leaving.receive()
    assert codes(ask(make.read(0, digests[0]))[0]) == [OK]


@pytest.mark.parametrize("compression", [False, True])
def test_compressed_answers(compression):
    with embedded.Server(compression=compression) as server, frames.Connection((server.address, server.port)) as one:
        reads = [Maker("test").read(i, frames.new_digest()) for i in range(50)]
        one.send(frames.batch(*reads, info1=COMPRESS_RESPONSE))
        kind, body = one.receive()
        assert kind == (frames.COMPRESSED if compression else frames.MESSAGE)
        inside = zlib.decompress(body[8:])[8:] if compression else body
        assert codes(map(frames.read_answer, frames.messages(inside))) == [NOT_FOUND] * 50 + [OK]


# ---- malformed ----


def batch_of(value):
    return frames.message(frames.BATCH, fields={frames.FIELD_BATCH: value})


def refused(connection, data):
    connection.send(data)
    return connection.answers() == [frames.Answer(PARAMETER, 0, 0, [], info3=frames.LAST)]


@pytest.mark.embedded_only("malformed on purpose")
def test_a_batch_that_is_cut_is_refused_and_nothing_of_it_done(connection, make):
    digest = frames.new_digest()
    write = make.write(0, digest, put("n", 1), fields={frames.FIELD_KEY: KEY}, generation=1, ttl=60)
    whole = struct.pack(">IB", 3, RESPOND_ALL_KEYS) + write + frames.repeat(1, digest) + write
    for size in range(len(whole)):
        assert refused(connection, batch_of(whole[:size]))
    connection.send(frames.batch(make.read(0, digest)))
    assert codes(connection.answers()) == [NOT_FOUND, OK]


@pytest.mark.embedded_only("malformed on purpose")
@pytest.mark.parametrize("count", [0, 2, 5000, 0xFFFFFFFF])
def test_a_count_that_is_wrong(connection, make, count):
    assert refused(connection, batch_of(struct.pack(">IB", count, 0) + make.read(0, frames.new_digest())))


@pytest.mark.embedded_only("malformed on purpose")
def test_a_repeat_of_nothing(connection, make):
    entries = [frames.repeat(0, frames.new_digest()), make.read(1, frames.new_digest())]
    assert refused(connection, frames.batch(*entries))


@pytest.mark.embedded_only("malformed on purpose")
def test_a_batch_without_its_field(connection, make):
    fields = {**make.fields, frames.FIELD_DIGEST: frames.new_digest()}
    assert refused(connection, frames.message(READ_ALL | frames.BATCH, fields=fields))


@pytest.mark.embedded_only("malformed on purpose")
def test_random_changes(connection, make, digests):
    """Whatever stands behind their number, all requests are answered, or none."""
    made = random.Random(1)
    write = make.write(2, digests[2], put("n", 2), generation=0, ttl=0)
    whole = frames.batch(make.read(0, digests[0]), frames.repeat(1, digests[1]), write, make.remove(3, digests[0]))
    for _ in range(300):
        changed = bytearray(whole)
        for _ in range(made.randint(1, 4)):
            changed[made.randrange(40, len(changed))] = made.choice([0, 1, 2, 0x7F, 0xFF, made.randrange(256)])
        connection.send(changed)
        _, body = connection.receive()
        assert len(frames.messages(body)) in (1, 5)
