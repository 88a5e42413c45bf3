# SPDX-License-Identifier: Apache-2.0
"""Whether an LList is whole, asked in every way that there is; how it lies in records is nothing to this."""

from llist_model import key_of
from stepped import Stepped

import aerospike


def audit(elements):
    """The elements of a list, of which every call has the same, in order, each once."""
    found = elements.filter()
    keys = [key_of(element) for element in found]
    assert keys == sorted(set(keys)), f"out of order, or twice: {keys}"
    assert list(elements) == found
    assert elements.size() == len(found)
    assert elements.find_first(len(found) + 1) == found
    assert elements.find_last(len(found) + 1) == found[::-1]
    for key, element in zip(keys, found, strict=True):
        assert elements.get(key) == element
    return found


class Watched:
    """A client that remembers which records were written through it and its actors' clients."""

    def __init__(self, client):
        self.client, self.keys = Stepped(client, self.command), set()
        self._client = client

    def command(self, command):
        self.keys.add(command.key[:3])
        return command.carry_out(self._client)

    def left(self, further=()):
        """The records of these and further keys that are still there."""
        return [key for key in self.keys | set(further) if self._client.exists(key)[1] is not None]


def whole(client, key, name, further=()):
    """The elements of a list that is audited and destroyed. ``further`` are keys that its writers have written."""
    watched = Watched(client)
    elements = aerospike.LList(watched.client, key, name)
    found = audit(elements)
    elements.destroy()
    left = watched.left(further)
    assert not left, f"nothing leads to {left}"
    return found
