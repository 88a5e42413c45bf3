# SPDX-License-Identifier: Apache-2.0
"""Pickles as clients of 2015, in Python 2, stored them: in bins of a type of their own."""

import datetime
import pickle
import warnings

import frames
import pytest

import aerospike
from aerospike import exception

PARTICLE = 9
# What programs in Python 2 wrote, protocol 0, and what it is.
BLOBS = [
    (b"(I1\nS'a'\np1\nVb\np2\ntp3\n.", (1, "a", "b")),
    (b"c__builtin__\nset\np1\n((lp2\nI1\naI2\natRp3\n.", {1, 2}),
    (b"c__builtin__\ncomplex\np1\n(F3\nF4\ntRp2\n.", 3 + 4j),
    (b"cdatetime\ndate\np1\n(S'\\x07\\x17\\x0c\\n'\np2\ntRp3\n.", datetime.date(1815, 12, 10)),
    (b"L123456789012345678901234567890L\n.", 123456789012345678901234567890),
]


@pytest.fixture
def record(connection, client, make_key):
    """``record(operation)`` writes a bin by a frame, or reads the record; and its key."""
    key = make_key()
    fields = {frames.FIELD_NAMESPACE: key[0].encode(), frames.FIELD_SET: key[1].encode()}
    fields[frames.FIELD_DIGEST] = bytes(client.get_key_digest(*key))

    def ask(*operations):
        info = (0, frames.WRITE) if operations else (frames.READ | frames.GET_ALL, 0)
        answer = connection.ask(*info, fields=fields, operations=list(operations))
        assert answer.code == 0
        return answer.operations

    ask.key = key
    return ask


@pytest.mark.parametrize(("blob", "value"), BLOBS)
def test_a_pickle_of_the_time(record, client, connect, blob, value):
    record(frames.Operation(frames.OP_WRITE, "v", PARTICLE, blob))
    assert client.get(record.key)[2] == {"v": bytearray(blob)}
    reader = connect(unpickle=lambda given: pickle.loads(given, encoding="latin1"))
    assert reader.get(record.key)[2] == {"v": value}


def test_a_pickle_of_a_class_that_is_gone(record, connect):
    record(frames.Operation(frames.OP_WRITE, "v", PARTICLE, b"(iold_program\nThing\np1\n(dp2\nb."))
    with pytest.raises(exception.ClientError, match="bin 'v' cannot be unpickled: ModuleNotFoundError") as caught:
        connect(unpickle=pickle.loads).get(record.key)
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)


def test_how_a_pickle_goes_to_the_server(record, client):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        client.put(record.key, {"v": {1}, "l": [{1}]}, serializer=aerospike.SERIALIZER_PYTHON)
    sent = {op.name: (op.particle, op.value) for op in record()}
    pickled = pickle.dumps({1}, 2)
    assert sent["v"] == (PARTICLE, pickled)
    particle, packed = sent["l"]
    assert particle == frames.LIST
    assert packed.endswith(bytes([PARTICLE]) + pickled)
    assert pickled[:2] == b"\x80\x02"
