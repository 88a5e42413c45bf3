#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Check types: ``mypy --strict`` over all that is typed, stubtest of the extensions' stubs against what they are."""

from __future__ import annotations

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPED = ("aerospike", "aerospike_helpers", "scripts", "examples", "benchmarks")


def run(*command: str) -> int:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode


def main() -> int:
    folders = [folder for folder in TYPED if (ROOT / folder).is_dir()]
    failed = run("mypy", "--no-error-summary", *folders)
    stubs = [f"aerospike.{path.stem}" for path in sorted((ROOT / "aerospike").glob("*.pyi"))]
    return (run("mypy.stubtest", "--concise", *stubs) if stubs else 0) or failed


if __name__ == "__main__":
    sys.exit(main())
