# SPDX-License-Identifier: Apache-2.0
"""The build of the two extensions; everything else about the package is in pyproject.toml.

Environment: AEROSPIKE_C_HOME (a C client to use), AEROSPIKE_DEV=1 (quick to build, slow to run),
SANITIZE=address,undefined (instrumented, C client too), CC and CXX.
Only what changed is compiled again: an object is as good as the files it was made of, and the command.
"""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import shlex
import subprocess
import sys
import sysconfig

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).parent
sys.path.insert(0, str(ROOT / "scripts"))

import c_client  # noqa: E402

DEV = os.environ.get("AEROSPIKE_DEV") == "1"
SANITIZE = os.environ.get("SANITIZE", "")
MACOS = sys.platform == "darwin"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
LIBRARIES = ["-lssl", "-lcrypto", "-lz", "-lyaml", "-luv", "-lpthread", "-lm"]


def optimisation() -> list[str]:
    """Flags for our code and the C client alike."""
    if SANITIZE:
        return ["-O1", "-g", "-fno-omit-frame-pointer", f"-fsanitize={SANITIZE}"]
    if DEV:
        return ["-O1", "-g"]
    return ["-O3", "-g0", "-flto"] if MACOS else ["-O3", "-g0", "-flto=auto", "-ffat-lto-objects"]


def stale(made: pathlib.Path, command: list[str]) -> bool:
    """Whether a file must be made again: its command or one of its sources changed."""
    recipe, depends = made.with_suffix(".cmd"), made.with_suffix(".d")
    if not made.exists() or not recipe.exists() or recipe.read_text() != shlex.join(command):
        return True
    sources = depends.read_text().replace("\\\n", " ").split(":", 1)[1].split() if depends.exists() else []
    age = made.stat().st_mtime
    return any(not os.path.exists(source) or os.path.getmtime(source) > age for source in sources)


def run(command: list[str], made: pathlib.Path) -> None:
    print(shlex.join(command) if os.environ.get("VERBOSE") else f"  {made.name}", flush=True)
    subprocess.run(command, check=True, cwd=ROOT)
    made.with_suffix(".cmd").write_text(shlex.join(command))


class BuildExtensions(build_ext):
    """Compile and link with plain commands, in parallel, incrementally."""

    def objects_of(self, extension: Extension, compiler: list[str], flags: list[str]) -> list[pathlib.Path]:
        folder = pathlib.Path(self.build_temp).resolve() / extension.name
        folder.mkdir(parents=True, exist_ok=True)
        jobs = []
        objects = []
        for source in extension.sources:
            made = folder / (source.replace("/", "_") + ".o")
            command = [*compiler, *flags, "-MMD", "-c", source, "-o", str(made)]
            objects.append(made)
            if stale(made, command):
                jobs.append((command, made))
        with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", os.cpu_count() or 1))) as pool:
            for done in [pool.submit(run, *job) for job in jobs]:
                done.result()
        return objects

    def build_extension(self, extension: Extension) -> None:
        cplusplus = extension.language == "c++"
        cc = shlex.split(os.environ.get("CC", "cc"))
        compiler = shlex.split(os.environ.get("CXX", "c++")) if cplusplus else cc
        common = [*optimisation(), "-fPIC", "-fvisibility=hidden"]
        client_flags = shlex.join([flag for flag in common if not flag.startswith("-fvisibility")])
        client = c_client.find(ROOT / "build", shlex.join(cc), client_flags)
        flags = [*common, *WARNINGS, "-std=c++17" if cplusplus else "-std=gnu11", *extension.extra_compile_args]
        flags += [f"-I{folder}" for folder in extension.include_dirs]
        for folder in (*client.includes, sysconfig.get_paths()["include"]):
            flags += ["-isystem", str(folder)]
        version = self.distribution.get_version()
        flags += [f'-DBUILD_VERSION="{version}"', f'-DBUILD_FLAGS="{shlex.join(common)}"']
        objects = self.objects_of(extension, compiler, flags)

        target = pathlib.Path(self.get_ext_fullpath(extension.name)).resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        hide = [] if MACOS else ["-Wl,--exclude-libs,ALL"]
        shared = ["-bundle", "-undefined", "dynamic_lookup"] if MACOS else ["-shared"]
        command = [*compiler, *common, *shared, *hide, *map(str, objects), str(client.library), *LIBRARIES]
        command += ["-o", str(target)]
        recipe = objects[0].parent / target.name
        newest = max(path.stat().st_mtime for path in (*objects, client.library))
        if stale(recipe, command) or not target.exists() or target.stat().st_mtime < newest:
            run(command, target)
            target.with_suffix(".cmd").replace(recipe.with_suffix(".cmd"))
            recipe.touch()


def sources(folder: str, ending: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob(f"*{ending}"))


setup(
    ext_modules=[
        Extension("aerospike._native", sources("src/main", ".c"), include_dirs=["src/include"]),
        Extension("aerospike._embedded", sources("src/embedded", ".cpp"), include_dirs=["src/embedded"], language="c++"),
    ],
    cmdclass={"build_ext": BuildExtensions},
)
