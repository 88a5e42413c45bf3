#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the test suite in a build with sanitizers, apart from the release build.

Usage: sanitized.py FOLDER [pytest's arguments]. The package is built into FOLDER and the suite runs from there, so that
neither it nor the processes that it starts can import the other build.
"""

from __future__ import annotations

import os
import pathlib
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SANITIZERS = "address,undefined"
# CPython does not free everything at exit, so leaks are scripts/leaks.py's subject.
OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=0:strict_init_order=1:detect_stack_use_after_return=1:allocator_may_return_null=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "PYTHONMALLOC": "malloc",  # Python's own allocator would hide what happens to small objects
}
# Python is not linked with the sanitizers, so their libraries must come first; they want the C++ library with them.
PRELOADED = ("libasan.so", "libubsan.so", "libstdc++.so")
CHECK = "import aerospike, sys; sys.exit('fsanitize' not in aerospike.__build_info__['flags'])"


def build(folder: pathlib.Path) -> None:
    """Build the package into a folder; the objects are kept, only what changed is compiled."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "setup.py", "-q", "build", "--build-base", "build", "--build-lib", str(folder)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "SANITIZE": SANITIZERS}, check=True)


def library(name: str) -> str:
    """Where the compiler that built the extensions has a library of its own."""
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    found = subprocess.run([*compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    return os.path.realpath(found.stdout.strip())


def main() -> int:
    folder = pathlib.Path(sys.argv[1]).resolve()
    build(folder)
    preload = ":".join(map(library, PRELOADED))
    environment = {**os.environ, **OPTIONS, "LD_PRELOAD": preload, "PYTHONPATH": str(folder)}
    subprocess.run([sys.executable, "-c", CHECK], cwd=folder, env=environment, check=True)
    # What the sanitizers report goes to the terminal, for a process that ends at once shows nothing that was captured.
    pytest = ["-m", "pytest", "--capture=sys", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    command = [sys.executable, *pytest, str(ROOT / "tests"), *sys.argv[2:]]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
