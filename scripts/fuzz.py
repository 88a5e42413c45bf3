#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fuzz the embedded server with libFuzzer: each source of tests/fuzz is a fuzzer over the server without its network.

A crash, a hang, a leak, a broken promise or a sanitizer's report fails the run and leaves its input in
build/fuzz/NAME; ``build/fuzz/NAME/fuzzer FILE`` shows it again. What was found to reach new code is kept for next time.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import pathlib
import shlex
import subprocess
import sys
import time

import c_client
import incremental

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "fuzz"
CXX = shlex.split(os.environ.get("FUZZ_CXX", "clang++"))
FLAGS = ["-std=c++17", "-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=fuzzer-no-link,address,undefined"]
FLAGS += ["-fno-sanitize-recover=all", "-Isrc/embedded", "-Itests/fuzz", "-Wall", "-Wextra", "-Werror"]
LINK = ["-fsanitize=fuzzer,address,undefined", "-lssl", "-lcrypto", "-lz", "-luv", "-lpthread", "-lm"]
LINK += ["-lpcre2-8", "-lutf8proc"]
# The C client has the Lua that scripts run in, which is fuzzed with the rest.
CLIENT_FLAGS = ["-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize=alignment"]
LIMITS = ["-timeout=20", "-rss_limit_mb=3000", "-malloc_limit_mb=1500", "-max_len=4096", "-print_final_stats=1"]


def build(names: list[str]) -> None:
    """Bring the fuzzers up to date."""
    client = c_client.find(ROOT / "build", [CXX[0].replace("++", ""), *CXX[1:]], CLIENT_FLAGS)
    compiler = [*CXX, *FLAGS, *(part for folder in client.includes for part in ("-isystem", str(folder)))]
    # without what only moves bytes, which lies in net/, and what makes it a module of Python
    server = [path for path in sorted((ROOT / "src" / "embedded").glob("*/*.cpp")) if path.parent.name != "net"]
    objects = incremental.compile(compiler, [str(path.relative_to(ROOT)) for path in server], FOLDER / "objects")
    for name in names:
        (FOLDER / name).mkdir(parents=True, exist_ok=True)
        own = incremental.compile(compiler, [f"tests/fuzz/{name}.cpp"], FOLDER / "objects")
        made = FOLDER / name / "fuzzer"
        incremental.make(made, [*CXX, *own, *objects, str(client.library), *LINK, "-o", str(made)], [*own, *objects])


def run(name: str, seconds: int) -> tuple[str, bool, float, str]:
    """Merge the seeds into what is kept, then look for more; whether all went well, and what the fuzzer said."""
    home = FOLDER / name
    corpus = home / "corpus"
    corpus.mkdir(exist_ok=True)
    for finding in findings(home):
        finding.unlink()
    began = time.monotonic()
    log = ""
    for action in (["-merge=1", corpus, FOLDER / "seeds" / name], [f"-max_total_time={seconds}", corpus]):
        command = [str(part) for part in (home / "fuzzer", *LIMITS, f"-artifact_prefix={home}/", *action)]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, errors="replace", check=False)
        log += done.stderr
        if done.returncode != 0 or findings(home):  # a merge goes on after a crash
            break
    (home / "log").write_text(log)
    return name, done.returncode == 0 and not findings(home), time.monotonic() - began, log


def findings(home: pathlib.Path) -> list[pathlib.Path]:
    """Inputs that a fuzzer left behind because something went wrong with them."""
    return [path for kind in ("crash", "timeout", "oom", "leak") for path in home.glob(f"{kind}-*")]


def summary(log: str) -> str:
    """How many inputs were tried, and how much of the server they reach."""
    tried = [line.split()[-1] for line in log.splitlines() if line.startswith("stat::number_of_executed_units")]
    reached = [line.split("cov: ")[1].split()[0] for line in log.splitlines() if "cov: " in line]
    return f"{int(tried[-1]):,} inputs, {int(reached[-1]):,} edges reached" if tried and reached else "no statistics"


def main() -> int:
    names = sorted(path.stem for path in (ROOT / "tests" / "fuzz").glob("*.cpp"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="for each fuzzer (default: %(default)s)")
    parser.add_argument("names", nargs="*", default=names, help=f"which fuzzers (default: {' '.join(names)})")
    options = parser.parse_args()
    os.chdir(ROOT)
    try:
        build(options.names)
    except incremental.CommandError as error:
        raise SystemExit(f"fuzz.py: {error}") from None
    subprocess.run([sys.executable, "tests/fuzz/seeds.py", str(FOLDER / "seeds")], check=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", os.cpu_count() or 1))) as pool:
        jobs = [pool.submit(run, name, options.seconds) for name in options.names]
        for job in concurrent.futures.as_completed(jobs):
            name, good, seconds, log = job.result()
            print(f"{name}: {'nothing found' if good else 'FAILED'} in {seconds:.0f} s; {summary(log)}", flush=True)
            if not good:
                failed += 1
                print(*log.splitlines()[-60:], sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
