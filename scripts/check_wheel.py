# SPDX-License-Identifier: Apache-2.0
"""Try an installed wheel: what it says of itself, where its libraries come from, and the README's program.

Usage: python check_wheel.py README.md, with the Python that has the wheel and nothing else.
"""

from __future__ import annotations

import pathlib
import re
import shutil
import sys

import aerospike
from aerospike import _embedded, _native

COMPILERS = ("cc", "c++", "gcc", "g++", "clang", "make")
FACTS = ("version", "c_client", "openssl", "libuv", "compiler", "flags")
BUNDLED = ("libssl", "libcrypto", "libuv", "libyaml", "libpcre2", "libutf8proc")


def mapped() -> list[str]:
    """The files that are mapped into this process."""
    try:
        lines = pathlib.Path("/proc/self/maps").read_text().splitlines()
    except FileNotFoundError:
        return []  # there is no such file on macOS
    return [line.split(maxsplit=5)[5] for line in lines if line.count("/")]


def main() -> None:
    home = pathlib.Path(sys.prefix)
    for module in (aerospike, _native, _embedded):
        assert pathlib.Path(str(module.__file__)).is_relative_to(home), f"{module.__file__} is not the wheel's"
    assert not any(map(shutil.which, COMPILERS)), "there is a compiler in the PATH"
    assert set(aerospike.__build_info__) >= set(FACTS), aerospike.__build_info__
    assert aerospike.__version__ == aerospike.__build_info__["version"]
    strangers = [
        path for path in mapped() if pathlib.Path(path).name.startswith(BUNDLED) and not path.startswith(sys.prefix)
    ]
    assert not strangers, f"libraries of the system are used: {strangers}"
    (program,) = re.findall(r"^```python\n(.*?)^```$", pathlib.Path(sys.argv[1]).read_text(), re.DOTALL | re.MULTILINE)
    exec(compile(program, sys.argv[1], "exec"), {"__name__": "__main__"})
    print(aerospike.__version__, aerospike.__build_info__)


if __name__ == "__main__":
    main()
