# SPDX-License-Identifier: Apache-2.0
"""A hook that keeps what it is told, and a client that has it."""

import threading

import pytest


class Recorder:
    """Keeps what it is told: ``told`` has ``(what, report, thread)``."""

    def __init__(self):
        self.told = []

    def start(self, report):
        self.told.append(("start", report, threading.get_ident()))

    def end(self, report):
        self.told.append(("end", report, threading.get_ident()))

    @property
    def ended(self):
        return [report for what, report, _ in self.told if what == "end"]

    @property
    def last(self):
        return self.ended[-1]


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def watched(connect, recorder):
    """A client with the recorder as its hook."""
    made = connect()
    made.add_hook(recorder)
    return made
