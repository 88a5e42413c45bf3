# SPDX-License-Identifier: Apache-2.0
"""Several processes that change one LList at once."""

import json
import subprocess
import sys

from children import environment

WRITERS, ROUNDS = 4, 60
BOUND = 300  # seconds, for what takes a few

# Each has numbers of its own to add and to remove, and all add the same ones, of which each is added once.
WRITER = """
import json, random, sys
import aerospike
from aerospike import exception

task = json.loads(sys.argv[1])
own, rounds, writers = task["own"], task["rounds"], task["writers"]
chance, won = random.Random(own), 0
with aerospike.client({"hosts": [tuple(host) for host in task["hosts"]]}) as client:
    numbers = client.llist(tuple(task["key"]), "numbers")
    for turn in range(rounds):
        mine = [(turn * 10 + place) * (writers + 1) + own for place in range(10)]
        numbers.add_many(mine[:5])
        for number in chance.sample(mine[5:], 5):
            numbers.add(number)
        for number in mine[::2]:
            numbers.remove(number)
        try:
            numbers.add(turn * 10 * (writers + 1) + writers)
            won += 1
        except exception.LDTUniqueKeyError:
            pass
        found = numbers.find_from(mine[0], 20)
        assert found == sorted(set(found)) and set(mine[1::2]) - set(found) <= {n for n in mine if n > found[-1]}, found
print(won)
"""


def test_four_processes_write_one_list(client, hosts, make_key):
    key = make_key()
    numbers = client.llist(key, "numbers")
    numbers.set_page_size(400)
    task = {"hosts": hosts, "key": key, "rounds": ROUNDS, "writers": WRITERS}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, json.dumps({**task, "own": own})],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for own in range(WRITERS)
    ]
    ended = [process.communicate(timeout=BOUND) for process in started]
    assert [process.returncode for process in started] == [0] * WRITERS, "".join(error for _, error in ended)
    assert sum(int(won) for won, _ in ended) == ROUNDS
    step = WRITERS + 1
    own = [
        (turn * 10 + place) * step + own
        for turn in range(ROUNDS)
        for own in range(WRITERS)
        for place in (1, 3, 5, 7, 9)
    ]
    assert numbers.filter() == sorted([*own, *(turn * 10 * step + WRITERS for turn in range(ROUNDS))])
    numbers.destroy()
