# SPDX-License-Identifier: Apache-2.0
"""Processes that tests start: with the package that the test itself runs, whichever build of it that is."""

import os
import pathlib
import signal
import subprocess
import sys
import textwrap

import pytest

import aerospike

PACKAGES = pathlib.Path(aerospike.__file__).parents[1]


def environment(*folders, **variables):
    """Of a child that imports this aerospike, and what lies in the folders."""
    path = filter(None, (PACKAGES, *folders, os.environ.get("PYTHONPATH")))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path)), **variables}


def run_program(program, *arguments, timeout=60):
    """What came of a program in Python. Of one that hangs it is told where its threads were."""
    command = [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(program), *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment()) as child:
        try:
            stdout, stderr = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGABRT)
            stdout, stderr = child.communicate(timeout=timeout)
            pytest.fail(f"the program did not end in {timeout} s:\n{stdout}{stderr}", pytrace=False)
        except BaseException:
            child.kill()
            raise
    return subprocess.CompletedProcess(command, child.returncode, stdout, stderr)
