#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run tests in a build with sanitizers, apart from the release build.

Usage: sanitized.py address|thread FOLDER [pytest's arguments]. The package is built into FOLDER and the tests run from
there, so that neither they nor the processes that they start can import the other build.
"""

from __future__ import annotations

import os
import pathlib
import shlex
import shutil
import subprocess
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Kind(NamedTuple):
    """Sanitizers that go together, and what is run under them."""

    sanitizers: str
    preloaded: tuple[str, ...]  # Python is not linked with the sanitizers, so their libraries must come first
    options: dict[str, str]
    tests: tuple[str, ...]  # within tests/
    arguments: tuple[str, ...] = ()  # pytest's
    processes: tuple[str, ...] = ()  # pytest-xdist's, against embedded servers
    launcher: tuple[str, ...] = ()  # what starts Python, where it can


KINDS = {
    "address": Kind(
        sanitizers="address,undefined",
        preloaded=("libasan.so", "libubsan.so", "libstdc++.so"),  # they want the C++ library with them
        options={
            # CPython does not free everything at exit, so leaks are scripts/leaks.py's subject.
            "ASAN_OPTIONS": "detect_leaks=0:strict_init_order=1:detect_stack_use_after_return=1"
            ":allocator_may_return_null=1",
            "UBSAN_OPTIONS": "print_stacktrace=1",
        },
        tests=("",),
        # A child of fork() may find a lock of the sanitizer's allocator held by a thread that it does not have.
        arguments=("-m", "not forks and not foreign"),
        # Half of the time is waiting. A cluster is one, an embedded server is each process's own.
        processes=("-n", "2", "--dist", "worksteal"),
    ),
    "thread": Kind(
        sanitizers="thread",
        preloaded=("libtsan.so",),
        options={
            "TSAN_OPTIONS": f"suppressions={ROOT / 'scripts' / 'tsan.supp'}:history_size=7"
            ":report_signal_unsafe=0:die_after_fork=0",
        },
        tests=(
            "test_concurrent.py",
            "test_survival.py",
            "test_scan.py",
            "test_operate.py",
            "test_sockets.py",
            "test_logging.py",
            "test_info.py",
            "test_client.py",
            "test_cluster.py",
            "test_connection_wait.py",
            "test_columns.py",
            "test_columns_faults.py",
            "test_batch_arrow.py",
            "test_batch_matrix.py",
            "test_put_arrow.py",
            "test_server_faults.py",
            "test_soak.py",
            "test_aio.py",
            "test_aio_faults.py",
            "test_aio_query.py",
            "test_iteration.py",
            "test_hooks_columns.py",
            "embedded",
        ),
        # It does not follow a child that starts threads, and its own stack keeps each function left by longjmp().
        arguments=("-m", "not forks and not jumps and not foreign"),
        launcher=("setarch", "-R"),  # addresses at random may lie where it keeps its own
    ),
}
COMMON = {"PYTHONMALLOC": "malloc"}  # Python's own allocator would hide what happens to small objects
CHECK = "import aerospike, sys; sys.exit('-fsanitize={}' not in aerospike.__build_info__['flags'])"


def build(folder: pathlib.Path, sanitizers: str) -> None:
    """Build the package into a folder; the objects are kept, only what changed is compiled."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "setup.py", "-q", "build", "--build-base", "build", "--build-lib", str(folder)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "SANITIZE": sanitizers}, check=True)


def library(name: str) -> str:
    """Where the compiler that built the extensions has a library of its own."""
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    found = subprocess.run([*compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    return os.path.realpath(found.stdout.strip())


def python(kind: Kind, folder: pathlib.Path, environment: dict[str, str]) -> list[str]:
    """The command that starts Python under the sanitizers."""
    said = ""
    for launcher in dict.fromkeys((kind.launcher, ())):
        command = [*launcher, sys.executable]
        if launcher and shutil.which(launcher[0]) is None:
            continue
        check = [*command, "-c", CHECK.format(kind.sanitizers)]
        done = subprocess.run(check, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return command
        said += done.stderr
    raise SystemExit(f"sanitized.py: Python does not start under the sanitizers ({kind.sanitizers}) here:\n{said}")


def main() -> int:
    kind = KINDS[sys.argv[1]]
    folder = pathlib.Path(sys.argv[2]).resolve()
    build(folder, kind.sanitizers)
    preload = ":".join(map(library, kind.preloaded))
    environment = {**os.environ, **COMMON, **kind.options, "LD_PRELOAD": preload, "PYTHONPATH": str(folder)}
    # What the sanitizers report goes to the terminal, for a process that ends at once shows nothing that was captured.
    pytest = ["-m", "pytest", "--capture=sys", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    tests = [str(ROOT / "tests" / name) for name in kind.tests]
    processes = () if os.environ.get("AEROSPIKE_HOSTS") else kind.processes
    command = [*python(kind, folder, environment), *pytest, *tests, *kind.arguments, *processes, *sys.argv[3:]]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
