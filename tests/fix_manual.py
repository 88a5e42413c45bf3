# SPDX-License-Identifier: Apache-2.0
"""The manual, built once for all tests that look into it."""

import pathlib
import shutil
import subprocess
import sys

import pytest
from children import environment

ROOT = pathlib.Path(__file__).parents[1]


@pytest.fixture(scope="session")
def manual():
    """The folder of the manual's pages, with warnings as errors; what `make docs` has built is not built again."""
    pytest.importorskip("furo", reason="the manual needs Sphinx and its theme furo")
    out = ROOT / "docs" / "_build" / "html"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", out]
    built = subprocess.run(command, cwd=ROOT / "docs", env=environment(), capture_output=True, text=True, check=False)
    if built.returncode != 0:  # pages with warnings are to warn again
        shutil.rmtree(out)
    assert built.returncode == 0, built.stderr
    return out


@pytest.fixture(scope="session")
def inventory(manual):
    """Names of the manual."""
    from sphinx.util.inventory import InventoryFile

    with open(manual / "objects.inv", "rb") as file:
        found = InventoryFile.load(file, "", lambda base, path: path)
    return {name for kind, entries in found.items() if kind.startswith("py:") for name in entries}
