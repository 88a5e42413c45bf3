# SPDX-License-Identifier: Apache-2.0
"""A process that is killed between any two commands of a call on an LList, and what the next call finds."""

import json
import pathlib
import subprocess
import sys

import pytest
from children import environment
from llist_audit import audit
from llist_model import MISSING

ROOT = pathlib.Path(__file__).parents[1]
PAGE = 256  # bytes, the least: half a dozen elements
FULL, PAGES = range(0, 14, 2), range(0, 60, 2)


def text(number):
    return f"{number:030}"


# name: (numbers before, call, its numbers)
CALLS = {
    "first spreading": (FULL, "add", [3]),
    "a page splits": (PAGES, "add", [3]),
    "many": (PAGES, "add_many", [range(1, 40, 4)]),
    "updated": (PAGES, "update", [4]),
    "removed": (PAGES, "remove", [4]),
    "many removed": (PAGES, "remove_many", [range(0, 40, 4)]),
    "destroyed": (PAGES, "destroy", []),
}


@pytest.fixture(scope="module")
def dying():
    """``dying(task)``: what the program ``dying.py`` tells of it."""
    command = [sys.executable, str(ROOT / "tests" / "dying.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment(), **pipes) as process:

        def run(task):
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


def given(arguments):
    return [[text(one) for one in part] if isinstance(part, range) else text(part) for part in arguments]


def left(client, namespace):
    """The pages of all lists of the tests."""
    return {bytes(digest) for (*_, digest), _, _ in client.scan(namespace, "suite-deaths.llist").results()}


@pytest.mark.parametrize("call", CALLS)
def test_a_writer_is_killed(client, hosts, namespace, make_key, dying, call):
    before, name, arguments = CALLS[call]
    numbers = {text(number) for number in before}
    changed = {one for part in given(arguments) for one in (part if isinstance(part, list) else [part])}
    task = {"hosts": hosts, "bin": "l", "call": name, "arguments": given(arguments)}
    pages, lives, killed = left(client, namespace), 0, True
    while killed:
        llist = client.llist(make_key(set_name="suite-deaths"), "l")
        llist.set_page_size(PAGE)
        llist.add_many(sorted(numbers))
        killed = dying({**task, "key": llist.key, "lives": lives})["killed"]
        with_it, without = numbers | changed, numbers - changed
        found = set(llist.filter())
        if name == "destroy":
            assert found in (set(), numbers)
        else:
            assert without <= found <= with_it
        repairs = text(1000 + lives)
        llist.add(repairs)
        assert set(audit(llist)) == found | {repairs}
        llist.remove(repairs)
        with pytest.raises(MISSING):
            llist.get(repairs)
        llist.destroy()
        assert left(client, namespace) == pages, f"a page is left of a writer that died after {lives} commands"
        lives += 1
    assert lives > 4
