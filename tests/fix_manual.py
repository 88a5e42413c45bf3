# SPDX-License-Identifier: Apache-2.0
"""The manual, built once for all tests that look into it."""

import pathlib
import subprocess
import sys

import pytest
from children import environment

ROOT = pathlib.Path(__file__).parents[1]


@pytest.fixture(scope="session")
def manual(tmp_path_factory):
    """The folder of the manual's pages, built with warnings as errors."""
    pytest.importorskip("furo", reason="the manual needs Sphinx and its theme furo")
    out = tmp_path_factory.mktemp("manual")
    command = [
        *(sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q"),
        *("-d", out / "trees", ROOT / "docs", out / "html"),
    ]
    built = subprocess.run(command, cwd=out, env=environment(), capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return out / "html"


@pytest.fixture(scope="session")
def inventory(manual):
    """Names of the manual."""
    from sphinx.util.inventory import InventoryFile

    with open(manual / "objects.inv", "rb") as file:
        found = InventoryFile.load(file, "", lambda base, path: path)
    return {name for kind, entries in found.items() if kind.startswith("py:") for name in entries}
