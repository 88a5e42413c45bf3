#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Build a wheel for each CPython found and try it where there is no compiler.

Each wheel is built by pip in isolation, from the sdist, gets the shared libraries that it needs from auditwheel
(delocate on macOS), and lands in wheelhouse/. Then check_wheel.py runs from it, installed in a new environment.
"""

from __future__ import annotations

import argparse
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
WHEELHOUSE = ROOT / "wheelhouse"
ASK = "import sys; print('%d.%d' % sys.version_info[:2], sys.implementation.name)"


def candidates(version: str) -> list[str]:
    """Where an interpreter may be: in the PATH, or where pyenv keeps it."""
    kept = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    found = sorted(glob.glob(f"{kept}/{version}.*/bin/python{version}"), reverse=True)
    return [sys.executable, *found, *filter(None, [shutil.which(f"python{version}")])]


def interpreter(version: str) -> str | None:
    """A CPython of a version that can make environments."""
    for candidate in candidates(version):
        answer = subprocess.run(
            [candidate, "-c", f"import venv, ensurepip; {ASK}"], capture_output=True, text=True, check=False
        )
        if answer.stdout.split() == [version, "cpython"]:
            return candidate
    return None


def run(*command: str | os.PathLike[str], **settings: object) -> None:
    print("$", *(str(part).replace(f"{ROOT}/", "") for part in command), flush=True)
    done = subprocess.run([os.fspath(part) for part in command], check=False, **settings)  # type: ignore[call-overload]
    if done.returncode != 0:
        raise SystemExit(f"wheels.py: {pathlib.Path(command[0]).name} failed")


def environment(python: str, folder: pathlib.Path) -> pathlib.Path:
    """A new virtual environment; its interpreter."""
    run(python, "-m", "venv", folder)
    return folder / "bin" / "python"


def unpacked_sdist(folder: pathlib.Path) -> pathlib.Path:
    """The source distribution, made of the working tree, and unpacked, so that all wheels share a C client."""
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder, ROOT, stdout=subprocess.DEVNULL)
    archive = next(folder.glob("*.tar.gz"))
    shutil.unpack_archive(archive, folder)
    return folder / archive.name.removesuffix(".tar.gz")


def build(python: str, source: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """The repaired wheel of a source distribution for an interpreter."""
    builder = environment(python, folder / "builder")
    made = folder / "made"
    run(builder, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", made, source)
    repaired = folder / "repaired"
    tool = ["delocate-wheel"] if sys.platform == "darwin" else ["auditwheel", "repair"]
    bin_folder = pathlib.Path(sys.executable).parent
    path = os.pathsep.join([str(bin_folder), os.environ["PATH"]])
    run(
        bin_folder / tool[0],
        *tool[1:],
        "--wheel-dir",
        repaired,
        next(made.glob("*.whl")),
        env={**os.environ, "PATH": path},
    )
    wheel = next(repaired.glob("*.whl"))
    WHEELHOUSE.mkdir(exist_ok=True)
    return pathlib.Path(shutil.copy(wheel, WHEELHOUSE))


def check(python: str, wheel: pathlib.Path, folder: pathlib.Path) -> None:
    """Run the checks from the wheel, in an environment that has nothing else and shows no compiler."""
    checker = environment(python, folder / "checker")
    run(checker, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
    bare = {"PATH": str(folder / "checker" / "bin"), "HOME": str(folder)}
    run(checker, ROOT / "scripts" / "check_wheel.py", ROOT / "README.md", cwd=folder, env=bare)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("versions", nargs="*", default=VERSIONS, help=f"of CPython (default: {' '.join(VERSIONS)})")
    options = parser.parse_args()
    absent = []
    with tempfile.TemporaryDirectory() as temporary:
        source = unpacked_sdist(pathlib.Path(temporary))
        for version in options.versions:
            python = interpreter(version)
            if python is None:
                absent.append(version)
                continue
            folder = pathlib.Path(temporary) / version
            wheel = build(python, source, folder)
            check(python, wheel, folder)
            print(f"CPython {version}: {wheel.name} is good", flush=True)
    for version in absent:
        print(f"CPython {version}: not found, so no wheel was built for it")
    return 1 if len(absent) == len(options.versions) else 0


if __name__ == "__main__":
    sys.exit(main())
