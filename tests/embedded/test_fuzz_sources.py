# SPDX-License-Identifier: Apache-2.0
"""The fuzz harnesses compile: `make fuzz`, which uses them, is not a part of what every change must pass."""

import pathlib
import shlex
import shutil
import subprocess
import sysconfig

import pytest

ROOT = pathlib.Path(__file__).parents[2]
COMPILER = shlex.split(sysconfig.get_config_var("CXX") or "c++")
SOURCES = sorted((ROOT / "tests" / "fuzz").glob("*.cpp"))


@pytest.mark.skipif(shutil.which(COMPILER[0]) is None, reason="there is no C++ compiler")
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_harness_compiles(source):
    command = [*COMPILER, "-std=c++17", "-fsyntax-only", f"-I{ROOT / 'src' / 'embedded'}", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
