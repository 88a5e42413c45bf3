# SPDX-License-Identifier: Apache-2.0
"""The build of the two extensions; everything else about the package is in pyproject.toml.

Environment: AEROSPIKE_C_HOME (a C client to use), AEROSPIKE_DEV=1 (quick to build, slow to run),
SANITIZE=address,undefined or thread (instrumented, the C client too), CC, CXX, JOBS, VERBOSE=1 (shows the commands).
Only what changed is compiled again: an object is as good as the files it was made of, and its command.
"""

from __future__ import annotations

import os
import pathlib
import platform
import shlex
import shutil
import sys
import sysconfig

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).parent.resolve()
sys.path.insert(0, str(ROOT / "scripts"))

import c_client  # noqa: E402
import incremental  # noqa: E402

MACOS = sys.platform == "darwin"
SANITIZE = os.environ.get("SANITIZE", "")
DEV = os.environ.get("AEROSPIKE_DEV") == "1"
MODE = f"sanitize-{SANITIZE.replace(',', '-')}" if SANITIZE else "dev" if DEV else "release"
# Beside the C client's: each mode and each Python has its objects, so that a change of either spoils nothing.
OBJECTS = ROOT / "build" / f"{sysconfig.get_config_var('SOABI')}-{MODE}"

WARNINGS = ["-Wall", "-Wextra", "-Werror"]
LIBRARIES = ["-lssl", "-lcrypto", "-lz", "-lyaml", "-luv", "-lpthread", "-lm"]
# Of the C client's sources and headers: numbers lie wherever they fall, fences stand where the sanitizer sees none.
LENIENT = ["-fno-sanitize=alignment", *(["-Wno-tsan"] if SANITIZE == "thread" else [])]
# src/main/client/select.c, connecting.c, connecting_async.c, login.c, answers.c, answers_async.c, frames.c,
# batch_again.c, batch_value.c, sent.c, turn.c, block.c, late.c, reading.c
WRAPPED = ["select", "as_node_get_connection", "as_command_execute", "as_command_send", "as_proto_parse"]
WRAPPED += ["as_proto_decompress", "as_authenticate", "as_cluster_change_password", "as_event_command_schedule"]
WRAPPED += ["as_thread_pool_queue_task", "as_partition_tracker_assign"]
WRAPPED += ["as_socket_read_deadline", "as_socket_write_deadline"]
WRAPPED += ["as_event_command_execute", "as_event_command_write_start", "as_event_connect", "as_authenticate_set"]
WRAPPED += [f"as_event_command_parse_{what}" for what in ("header", "result", "success_failure", "deadline")]
WRAPPED += ["pthread_mutex_lock", "aerospike_key_apply_async", "uv_write", "uv_read_start", "uv_read_stop"]
WRAPPED += ["as_command_parse_key", "as_command_parse_bins", "clock_gettime"]
WRAPPED += ["as_event_process_timer", "as_event_socket_timeout"]
NEEDED = "a C11 and a C++17 compiler, make, and the headers of OpenSSL, zlib, libyaml, libuv, PCRE2 and utf8proc"


def shared_flags() -> list[str]:
    """What our code and the C client have in common."""
    if SANITIZE:
        return ["-O1", "-g", "-fno-omit-frame-pointer", f"-fsanitize={SANITIZE}"]
    if DEV:
        return ["-O1", "-g"]
    # The C client asks for nocona (x86-64 with SSE3) in places; across different targets nothing is inlined.
    target = ["-march=nocona", "-mtune=generic"] if platform.machine() == "x86_64" else []
    return ["-O3", *target, "-flto" if MACOS else "-flto=auto"]


def homebrew(folder: str) -> list[str]:
    """Where Homebrew keeps what the libraries need; nothing elsewhere."""
    places = ("/opt/homebrew/opt/openssl@3", "/opt/homebrew", "/usr/local/opt/openssl@3", "/usr/local")
    return [f"{place}/{folder}" for place in places if MACOS and os.path.isdir(f"{place}/{folder}")]


class BuildExtensions(build_ext):
    """Compile and link with plain commands, in parallel, incrementally."""

    def run(self) -> None:
        self.cc = shlex.split(os.environ.get("CC", "cc"))
        self.cxx = shlex.split(os.environ.get("CXX", "c++"))
        # the C client's Makefile archives with the plain ar, which cannot see into objects of LTO alone
        fat = [] if MACOS or MODE != "release" else ["-ffat-lto-objects"]
        # it copies no bytes from nowhere, which does no harm
        lenient = [*LENIENT, "-fno-sanitize=nonnull-attribute"] if SANITIZE else []
        self.client = c_client.find(ROOT / "build", self.cc, [*shared_flags(), *fat, *lenient])
        super().run()

    def compile_flags(self, extension: Extension) -> list[str]:
        standard = ["-std=c++17"] if extension.language == "c++" else ["-std=gnu11"]
        flags = [*shared_flags(), "-fPIC", "-fvisibility=hidden", *standard, *WARNINGS]
        if SANITIZE:
            flags.append("-fno-sanitize-recover=all")  # what is found in our code ends the program
            flags += [] if extension.language == "c++" else LENIENT
        flags += [f"-D{name}" for name, _ in extension.define_macros]
        flags += [f"-I{folder}" for folder in extension.include_dirs]
        for folder in (*self.client.includes, sysconfig.get_path("include"), *homebrew("include")):
            flags += ["-isystem", str(folder)]
        version = self.distribution.get_version()
        return [*flags, f'-DBUILD_VERSION="{version}"', f'-DBUILD_FLAGS="{shlex.join(shared_flags())}"']

    def link_command(self, compiler: list[str], objects: list[str], own: list[str], made: pathlib.Path) -> list[str]:
        on_linux = ["-shared", "-Wl,--version-script=src/exports.map"]
        shared = ["-bundle", "-undefined", "dynamic_lookup"] if MACOS else on_linux
        if MODE == "release":
            # the C client's Makefile always asks for debug symbols; the linker shows warnings of its sources
            shared += ["-Wl,-S", "-w"]
            # calls within a partition are none that the linker can wrap, so that each source is one by itself
            shared += [] if "clang" in c_client.compiler_identity(self.cc) else ["-flto-partition=1to1"]
        folders = [f"-L{folder}" for folder in homebrew("lib")]
        return [
            *[*compiler, *shared_flags(), "-fPIC", *shared, *objects, str(self.client.library)],
            *[*folders, *(f"-l{name}" for name in own), *LIBRARIES, "-o", str(made)],
        ]

    def build_extension(self, extension: Extension) -> None:
        compiler = self.cxx if extension.language == "c++" else self.cc
        command = [*compiler, *self.compile_flags(extension)]
        linker = [*compiler, *extension.extra_link_args]
        made = OBJECTS / pathlib.Path(self.get_ext_filename(extension.name)).name
        try:
            objects = incremental.compile(command, extension.sources, OBJECTS / extension.name)
            link = self.link_command(linker, objects, extension.libraries, made)
            incremental.make(made, link, [*objects, str(self.client.library)])
        except incremental.CommandError as failed:
            raise SystemExit(f"setup.py: {failed}. The build needs {NEEDED}.") from None
        target = pathlib.Path(self.get_ext_fullpath(extension.name))
        if not target.exists() or target.stat().st_mtime != made.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)  # never written over: a running Python may have it mapped
            shutil.copy2(made, target)


def sources(folder: str, ending: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob(f"*{ending}"))


setup(
    ext_modules=[
        Extension(
            "aerospike._native",
            sources("src/main", ".c"),
            include_dirs=["src/include"],
            define_macros=[("AS_USE_LIBUV", None)],  # as the C client is built: its structs depend on it
            extra_link_args=[] if MACOS else [f"-Wl,--wrap={name}" for name in WRAPPED],
        ),
        Extension(
            "aerospike._embedded",
            sources("src/embedded", ".cpp"),
            include_dirs=["src/embedded"],
            libraries=["pcre2-8", "utf8proc"],  # what the client has no use for
            language="c++",
        ),
    ],
    cmdclass={"build_ext": BuildExtensions},
)
