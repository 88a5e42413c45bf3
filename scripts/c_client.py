#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Find the Aerospike C client, or build it from the pinned source; every decision is printed.

Used by setup.py. Run by itself it makes the library and tells where it is: ``python scripts/c_client.py``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tarfile

VERSION = "7.6.1"
# The package index carries the C client's source inside this sdist; only that folder of it is used.
SDIST = ("aerospike", "19.3.0")
SDIST_SHA256 = "d9f25a50f4944799b31a320fcd3a56846d3e5a9090b514ca73efd5a1eebcaf07"
FOLDER = "aerospike-client-c"
LIBRARY = "libaerospike.a"


@dataclasses.dataclass(frozen=True)
class CClient:
    """A built C client: what a compiler and a linker need of it."""

    includes: tuple[pathlib.Path, ...]
    library: pathlib.Path


def say(text: str) -> None:
    print(f"C client: {text}", flush=True)


def target_name() -> str:
    """The folder under target/ that the C client's Makefile builds into."""
    return f"{platform.system()}-{platform.machine()}"


def at(home: pathlib.Path) -> CClient | None:
    """The C client in a folder: a source tree that was built in place, or an installed one."""
    modules = ("modules/common/src/include", "modules/mod-lua/src/include", "modules/lua")
    built = home / "target" / target_name() / "lib" / LIBRARY
    if built.is_file() and (home / "src" / "include").is_dir():
        return CClient((home / "src" / "include", *(home / folder for folder in modules)), built)
    for library in (home / "lib" / LIBRARY, home / "lib64" / LIBRARY):
        if library.is_file() and (home / "include" / "aerospike" / "aerospike.h").is_file():
            return CClient((home / "include",), library)
    return None


def download(folder: pathlib.Path) -> pathlib.Path:
    """Fetch the sdist by name and version, check it, and return its path."""
    name, version = SDIST
    archive = folder / f"{name}-{version}.tar.gz"
    if not archive.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        say(f"fetching {name}=={version} with pip")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation"]
        requirements = ["--no-binary", name, "--dest", str(folder), f"{name}=={version}"]
        # pip asks the sdist for its metadata, which is no concern of ours: its answer may fail, the file is there
        done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)
        if not archive.is_file():
            raise SystemExit(f"C client: pip could not fetch {name}=={version}:\n{done.stderr}")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != SDIST_SHA256:
        archive.unlink()
        raise SystemExit(f"C client: {archive.name} has SHA-256 {digest}, not {SDIST_SHA256}")
    say(f"{archive.name} has the pinned SHA-256")
    return archive


def unpack(archive: pathlib.Path, target: pathlib.Path) -> None:
    """Take the C client's folder out of the sdist, and nothing else."""
    root = f"{SDIST[0]}-{SDIST[1]}/{FOLDER}/"
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.startswith(root) and ".." not in member.name:
                member.name = member.name[len(root) :]
                tar.extract(member, partial)
    partial.rename(target)


def compiler_identity(compiler: str) -> str:
    return subprocess.run([*compiler.split(), "--version"], capture_output=True, text=True, check=True).stdout


def build(root: pathlib.Path, compiler: str, flags: str) -> CClient:
    """Build the pinned source under `root`, once for each version, compiler and set of flags."""
    key = hashlib.sha256(f"{VERSION}\n{compiler_identity(compiler)}\n{flags}".encode()).hexdigest()[:12]
    home = root / f"c-client-{VERSION}-{key}"
    done = at(home)
    if done is not None:
        say(f"using the one built before, {home}")
        return done
    archive = download(root / "download")
    shutil.rmtree(home, ignore_errors=True)
    unpack(archive, home)
    say(f"building in {home} with flags {flags!r}")
    log = home / "build.log"
    command = ["make", "-C", str(home), f"-j{min(os.cpu_count() or 1, 4)}", f"CC={compiler}", "EVENT_LIB=libuv"]
    with log.open("w") as output:
        made = subprocess.run(
            [*command, f"EXT_CFLAGS={flags}", "build"], stdout=output, stderr=subprocess.STDOUT, check=False
        )
    done = at(home)
    if made.returncode != 0 or done is None:
        tail = "".join(log.read_text(errors="replace").splitlines(keepends=True)[-30:])
        raise SystemExit(f"C client: the build failed; {log} ends with\n{tail}")
    say(f"built {done.library}")
    return done


def find(root: pathlib.Path, compiler: str, flags: str) -> CClient:
    """The C client of AEROSPIKE_C_HOME, else the pinned one. An explicit choice that fails is fatal."""
    home = os.environ.get("AEROSPIKE_C_HOME")
    if home:
        found = at(pathlib.Path(home))
        if found is None:
            raise SystemExit(f"C client: AEROSPIKE_C_HOME={home} has no {LIBRARY} with headers")
        say(f"using AEROSPIKE_C_HOME={home}")
        return found
    say("AEROSPIKE_C_HOME is not set, using the pinned source")
    return build(root, compiler, flags)


if __name__ == "__main__":
    print(find(pathlib.Path("build"), os.environ.get("CC", "cc"), os.environ.get("CFLAGS", "-O3")).library)
