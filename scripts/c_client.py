#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Find the Aerospike C client, or build it from the pinned source; every decision is printed.

Used by setup.py, whose flags decide how it is built.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import pathlib
import platform
import shlex
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


def fail(text: str) -> SystemExit:
    return SystemExit(f"C client: {text}")


def at(home: pathlib.Path) -> CClient | None:
    """The C client in a folder: a source tree that was built in place, or an installed one."""
    modules = ("modules/common/src/include", "modules/mod-lua/src/include", "modules/lua")
    built = home / "target" / f"{platform.system()}-{platform.machine()}" / "lib" / LIBRARY
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
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        requirements = ["--no-binary", name, "--dest", str(folder), f"{name}=={version}"]
        # pip asks the sdist for its metadata, which is no concern of ours: its answer may fail, the file is there
        done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)
        if not archive.is_file():
            raise fail(f"pip could not fetch {name}=={version}:\n{done.stderr}")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != SDIST_SHA256:
        archive.unlink()
        raise fail(f"{archive.name} has SHA-256 {digest}, not {SDIST_SHA256}; it was removed")
    say(f"{archive.name} has the pinned SHA-256")
    return archive


def unpack(archive: pathlib.Path, target: pathlib.Path) -> None:
    """Take the C client's folder out of the sdist, and nothing else."""
    root = f"{SDIST[0]}-{SDIST[1]}/{FOLDER}/"
    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):  # absent from the first releases of 3.10 and 3.11
            tar.extraction_filter = tarfile.data_filter
        for member in tar:
            if member.name.startswith(root):
                member.name = member.name[len(root) :]
                tar.extract(member, partial)
    partial.rename(target)


def compiler_identity(compiler: list[str]) -> str:
    return subprocess.run([*compiler, "--version"], capture_output=True, text=True, check=True).stdout


def make_command(home: pathlib.Path, compiler: list[str], flags: list[str]) -> list[str]:
    """The call of the C client's own Makefile.

    The flags travel with the compiler's name, for the Makefile gives EXT_CFLAGS to some of its modules only; the
    optimisation has a variable. REAL_ARCH would tie Lua to one kind of 64-bit Arm.
    """
    level = next(flag[2:] for flag in flags if flag.startswith("-O"))
    return [
        *["make", "-C", str(home), f"-j{os.environ.get('JOBS', os.cpu_count() or 1)}", LIBRARY],
        *["EVENT_LIB=libuv", f"O={level}", "REAL_ARCH=", f"CC={shlex.join([*compiler, *flags])}"],
    ]


def build(root: pathlib.Path, compiler: list[str], flags: list[str]) -> CClient:
    """Build the pinned source under `root`, once for each version, compiler and set of flags."""
    recipe = "\n".join([VERSION, compiler_identity(compiler), *flags])
    home = root / f"c-client-{VERSION}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
    done = at(home)
    if done is not None:
        say(f"using the one built before, {home}")
        return done
    archive = download(root / "download")
    shutil.rmtree(home, ignore_errors=True)
    unpack(archive, home)
    say(f"building {VERSION} in {home} with {shlex.join([*compiler, *flags])}")
    log = home / "build.log"
    with log.open("w") as output:
        made = subprocess.run(make_command(home, compiler, flags), stdout=output, stderr=subprocess.STDOUT, check=False)
    done = at(home)
    if made.returncode != 0 or done is None:
        tail = "".join(log.read_text(errors="replace").splitlines(keepends=True)[-30:])
        raise fail(f"the build failed; {log} ends with\n{tail}")
    say(f"built {done.library}")
    return done


def find(root: pathlib.Path, compiler: list[str], flags: list[str]) -> CClient:
    """The C client of AEROSPIKE_C_HOME, else the pinned one. An explicit choice that fails is fatal."""
    home = os.environ.get("AEROSPIKE_C_HOME")
    if home is None:
        say("AEROSPIKE_C_HOME is not set, so the pinned source is used")
        return build(root, compiler, flags)
    found = at(pathlib.Path(home).resolve())
    if found is None:
        raise fail(f"AEROSPIKE_C_HOME={home} is neither an installed C client nor a source tree that was built")
    if not any((folder / "lua.h").is_file() for folder in found.includes):
        raise fail(f"AEROSPIKE_C_HOME={home} lacks lua.h: beside its headers must be those of the Lua in {LIBRARY}")
    say(f"using AEROSPIKE_C_HOME={home}")
    return found
