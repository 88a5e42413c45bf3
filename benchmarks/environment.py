# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks need around them: the machine's name, a server in a process of its own, the vendor's wheel,
programs in C."""

from __future__ import annotations

import contextlib
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from typing import IO, Any

HERE = pathlib.Path(__file__).parent.resolve()
ROOT = HERE.parent
BUILD = ROOT / "build"
sys.path.insert(0, str(ROOT / "scripts"))

import c_client  # noqa: E402
import incremental  # noqa: E402

VENDOR_VERSION = "19.3.0"
LIBRARIES = ["-lssl", "-lcrypto", "-lz", "-lyaml", "-luv", "-lpthread", "-lm"]


def processor() -> str:
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def machine() -> dict[str, Any]:
    """The machine, as a report must name it for its numbers to mean anything."""
    return {
        "cpu": processor(),
        "cores": os.cpu_count() or 1,
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load": os.getloadavg()[0],
    }


def machine_text(facts: dict[str, Any]) -> str:
    return "{cpu}, {cores} cores, {kernel}, {python}, load average {load:.1f} at the start".format(**facts)


def our_paths() -> list[str]:
    """Where `import aerospike` is to look first: PYTHONPATH, then this checkout where it is built."""
    built = any((ROOT / "aerospike" / f"_native{suffix}").exists() for suffix in EXTENSION_SUFFIXES)
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [path for path in (*named, str(ROOT) if built else "") if path]


def our_environment() -> dict[str, str]:
    """The environment in which `import aerospike` looks there first, from any folder."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(our_paths())}


def build_flags() -> list[str]:
    """The compiler's flags of the extension that is to be measured."""
    command = [sys.executable, "-c", "import aerospike; print(aerospike.__build_info__['flags'])"]
    done = subprocess.run(command, env=our_environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"the extension is not built; run 'python setup.py build_ext --inplace' first:\n{done.stderr}")
    return shlex.split(done.stdout)


def pipe(stream: IO[str] | None) -> IO[str]:
    """A pipe of a process that was started with one."""
    assert stream is not None
    return stream


@contextlib.contextmanager
def cores(one: bool) -> Iterator[None]:
    """What is started here runs on one core, or on all."""
    if not one or not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def embedded_server(*arguments: str) -> Iterator[tuple[str, int, int]]:
    """Our embedded server in a process of its own: its address, port and process id."""
    command = [sys.executable, "-m", "aerospike.embedded", "--port", "0", *arguments]
    with subprocess.Popen(command, env=our_environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            greeting = pipe(process.stdout).readline()  # "listening at 127.0.0.1:37093, namespaces: test"
            if not greeting:
                raise SystemExit("the embedded server did not start")
            address, _, port = greeting.split()[2].rstrip(",").rpartition(":")
            yield address, int(port), process.pid
        finally:
            process.terminate()
            pipe(process.stdout).read()  # it says that it stopped


def vendor_python() -> str:
    """The Python of an environment that holds the vendor's wheel, and NumPy; it is made once, under build/."""
    home = BUILD / f"vendor-{VENDOR_VERSION}-numpy-{sys.implementation.cache_tag}"
    python = home / "bin" / "python"
    if not (home / "done").exists():
        print(f"installing aerospike=={VENDOR_VERSION} (the vendor's wheel) into {home}", file=sys.stderr)
        venv.create(home, clear=True, with_pip=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "--only-binary", "aerospike", f"aerospike=={VENDOR_VERSION}", "numpy"], check=True)
        (home / "done").touch()
    return str(python)


def c_program(name: str, with_client: bool = True) -> str:
    """Compile benchmarks/NAME.c, with the C client that our extension was built with; its path."""
    compiler = shlex.split(os.environ.get("CC", "cc"))
    flags = build_flags()
    includes, libraries = [], ["-lpthread"]
    if with_client:
        fat = ["-ffat-lto-objects"] if "-flto=auto" in flags else []  # as setup.py does
        client = c_client.find(BUILD, compiler, [*flags, *fat])
        includes = [f"-isystem{folder}" for folder in client.includes]
        libraries = [str(client.library), *LIBRARIES]
    made = BUILD / "benchmarks" / name
    try:
        command = [*compiler, *flags, "-std=gnu11", "-Wall", "-Wextra", "-Werror", *includes]
        objects = incremental.compile(command, [str(HERE / f"{name}.c")], made.parent)
        # across files, the compiler takes the C client's frees of what is not on the heap for mistakes
        link = [*compiler, *flags, "-w", *objects, *libraries, "-o", str(made)]
        incremental.make(made, link, [*objects, *(path for path in libraries if os.path.exists(path))])
    except incremental.CommandError as failed:
        raise SystemExit(str(failed)) from None
    return str(made)
