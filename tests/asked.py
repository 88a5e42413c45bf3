# SPDX-License-Identifier: Apache-2.0
"""What commands do to records: each command on each content is asked of the server once, and known from then on."""

import copy
import pickle

from stepped import READS, Stepped, answer_of, packed

from aerospike import exception
from aerospike_helpers.batch import records as batches

NEVER, REMOVED = 0, 1  # contents of a record that is not there


def bare(answer):
    """An answer without what is none of its record's content: keys, generations, times to live."""
    if isinstance(answer, batches.BatchRecords):
        for row in answer.batch_records:
            row.key, row.record = None, bare(row.record)
    elif isinstance(answer, tuple):
        _, meta, *bins = answer
        return None, None if meta is None else {}, *bins
    return answer


class Asked:
    """Contents of records, and answers, by numbers.

    A server's answer follows from the command and from what the record has. So nothing is left out where the records of
    actors are numbers of contents, and only commands that have not been asked about yet reach records on a server.
    """

    def __init__(self, client, make_key):
        self._client, self._make_key = client, make_key
        self.places, self.commands = {}, []
        self._answers, self._contents = [], [None, None]
        self._numbers = {}  # of commands, answers and contents, by their bytes
        self._known = {}  # (content, command): (answer, content after it)
        self._origins = [(), ()]  # of contents: commands that make them of nothing
        self._there = {}  # content: the key of a record on the server that has it

    def place(self, key):
        return self.places.setdefault(key[:3], len(self.places))

    def command(self, command):
        return self._number(self.commands, command, (command.name, command.given, command.named))

    def _number(self, known, one, all_of_it):
        number = self._numbers.setdefault((id(known), packed(all_of_it)), len(known))
        if number == len(known):
            known.append(one)
        return number

    def answer(self, number):
        """An answer, for one who may change it."""
        answer = self._answers[number]
        return copy.copy(answer) if isinstance(answer, BaseException) else pickle.loads(answer)

    def ask(self, content, command):
        """The number of a command's answer, and that of the content after it."""
        known = self._known.get((content, command))
        if known is None:
            known = self._known[content, command] = self._ask(content, command)
        return known

    def _ask(self, content, command):
        key, asked = self._record(content), self.commands[command]
        answer = bare(answer_of(self._client, asked, key))
        after = content if asked.name in READS else self._look(key, content)
        if after == len(self._origins):
            self._origins.append((*self._origins[content], command))
        if after > REMOVED:
            self._there[after] = key
        kept = answer if isinstance(answer, BaseException) else packed(answer)
        return self._number(self._answers, kept, kept), after

    def _record(self, content):
        """The key of a record that has the content."""
        key = self._there.pop(content, None)
        if key is None:
            key = self._make_key()
            for command in self._origins[content]:
                answer_of(self._client, self.commands[command], key)
        return key

    def _look(self, key, content):
        try:
            bins = self._client.get(key)[2]
        except exception.RecordNotFound:
            return content if content == NEVER else REMOVED
        return self._number(self._contents, None, bins)

    def client(self, records):
        """A client before the records ``{place: content}``."""

        def carry_out(command):
            place = self.place(command.key)
            answer, records[place] = self.ask(records.get(place, NEVER), self.command(command))
            answer = self.answer(answer)
            if isinstance(answer, BaseException):
                raise answer
            return answer

        return Stepped(self._client, carry_out)
