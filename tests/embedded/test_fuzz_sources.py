# SPDX-License-Identifier: Apache-2.0
"""The fuzz harnesses compile, and have seeds: `make fuzz` is not part of what every change must pass."""

import pathlib
import runpy
import shlex
import shutil
import subprocess
import sysconfig

import frames
import pytest

ROOT = pathlib.Path(__file__).parents[2]
COMPILER = shlex.split(sysconfig.get_config_var("CXX") or "c++")
SOURCES = sorted((ROOT / "tests" / "fuzz").glob("*.cpp"))


@pytest.mark.foreign
@pytest.mark.skipif(shutil.which(COMPILER[0]) is None, reason="there is no C++ compiler")
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_harness_compiles(source):
    command = [*COMPILER, "-std=c++17", "-fsyntax-only", f"-I{ROOT / 'src' / 'embedded'}", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_requests_of_any_size_are_looked_at_for_seeds():
    seeder = runpy.run_path(str(ROOT / "tests" / "fuzz" / "seeds.py"))
    bodies = [
        frames.message(fields={seeder["NAMESPACE"]: b"test", seeder["UDF_ARGUMENTS"]: bytes(size)})[8:]
        for size in (10, 70_000)
    ]
    sent = [(seeder["MESSAGE"], body) for body in bodies]
    seeds = seeder["collect"]([*sent, (seeder["INFO"], b"sindex-create:" + bytes(70_000))])
    assert (len(seeds["queries"]), len(seeds["lua"])) == (1, 1)


def test_transactions_and_keepers_give_seeds():
    seeder = runpy.run_path(str(ROOT / "tests" / "fuzz" / "seeds.py"))
    sent = seeder["caught"](seeder["transactions"], strong_consistency=["test"])
    sent += seeder["caught"](seeder["keepers"], users={"ann": ("secret", ["user-admin"])}, quotas=True)
    kinds = [kind for kind, _ in sent]
    admin = 2
    assert kinds.count(seeder["MESSAGE"]) > 20
    assert kinds.count(admin) > 15
    assert len(seeder["collect"](sent)["frames"]) > 30
