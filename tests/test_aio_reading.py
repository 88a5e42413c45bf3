# SPDX-License-Identifier: Apache-2.0
"""How the event loop reads answers: whole or in pieces, with more behind them, on connections that wait for nothing."""

import asyncio

import pytest

import aerospike

AHEAD = 16384  # bytes that are read at once
HEADER = 8
SIZES = (1, 100, AHEAD - 200, AHEAD, AHEAD + 1, 3 * AHEAD, 500_000)
PATIENT = {"total_timeout": 60000, "socket_timeout": 60000}
WAYS = {"one by one": {"fuse_reads": False}, "in batches": {}}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def run(request, config, proxy):
    """Run a coroutine function with a client that is connected through the proxy."""

    policies = {"read": PATIENT, "write": PATIENT}

    def start(function):
        async def main():
            settings = {**config, "hosts": proxy.hosts, "policies": policies, **request.param}
            async with aerospike.AsyncClient(settings) as client:
                return await function(client)

        return asyncio.run(main())

    return start


@pytest.fixture
def records(client, make_key):
    """Keys and bins of records of many sizes."""
    made = {make_key(size): {"n": size, "b": b"x" * (size - 1) + b"."} for size in SIZES}
    for key, bins in made.items():
        client.put(key, bins)
    return made


def cut_at(frame, *places):
    ends = sorted({place for place in places if 0 < place < len(frame)})
    return [frame[begin:end] for begin, end in zip([0, *ends], [*ends, len(frame)], strict=True)]


def in_pieces(chance, frame):
    """Cut anywhere, most of all near the places where something begins."""
    edges = (HEADER, HEADER + 22, AHEAD, AHEAD + HEADER, 2 * AHEAD, len(frame))
    near = [edge + chance.randint(-2, 2) for edge in edges]
    return cut_at(frame, *near, *(chance.randrange(len(frame)) for _ in range(3))), False


def byte_by_byte(chance, frame):
    return cut_at(frame, *range(60), len(frame) - 1), False


@pytest.mark.parametrize("harm", [in_pieces, byte_by_byte])
def test_an_answer_in_pieces(run, proxy, records, harm):
    async def main(client):
        proxy.harm = harm
        for _ in range(3):
            answers = await asyncio.gather(*map(client.get, records))
            assert [bins for _, _, bins in answers] == [*records.values()]
            for key, bins in records.items():
                assert (await client.get(key))[2] == bins

    run(main)
    assert proxy.harmed > 0


def twice(chance, frame):
    return frame + frame, False


def with_a_rest(chance, frame):
    return frame + chance.randbytes(chance.choice([1, 7, 8, 9, 100])), False


def with_a_rest_later(chance, frame):
    return [frame, frame], False


@pytest.mark.parametrize("harm", [twice, with_a_rest, with_a_rest_later])
def test_what_nobody_asked_for_is_no_answer(run, proxy, records, harm):
    """Where an answer is followed by something, its connection is not used again."""

    async def main(client):
        small, other = list(records)[:2]
        await client.get(small)
        before = proxy.connections
        proxy.harm = harm
        for key in (small, other) * 5:
            assert (await client.get(key))[2] == records[key]
            await asyncio.sleep(0.02)
        assert proxy.harmed == 10
        assert proxy.connections >= before + 9

    run(main)


def test_connections_that_end_while_nobody_waits(run, proxy, records):
    """They wake up the loop a few times at the most, and the next command finds another connection."""

    async def main(client):
        loop = asyncio.get_running_loop()
        key, bins = next(iter(records.items()))
        await asyncio.gather(*(client.get(key) for key in records))
        select, turns = loop._selector.select, 0

        def counted(timeout):
            nonlocal turns
            turns += 1
            return select(timeout)

        proxy.cut()
        loop._selector.select = counted
        await asyncio.sleep(0.2)
        assert turns < 30
        assert await client.put(key, bins, policy={"max_retries": 0}) == 0
        assert (await client.get(key))[2] == bins

    run(main)
