# SPDX-License-Identifier: Apache-2.0
"""Tables of fields: a row whose kind is not its member's must not compile."""

import pathlib
import shlex
import shutil
import subprocess
import sysconfig

import pytest

INCLUDE = pathlib.Path(__file__).parent.parent / "src" / "include"
COMPILER = shlex.split(sysconfig.get_config_var("CC") or "cc")
SOURCE = """
#include "fields.h"
typedef struct Of {{ uint32_t natural; int32_t number; bool flag; uint8_t small; uint64_t large; int64_t whole; }} Of;
static const Field row = FIELD_NUMBER(Of, "key", {member}, {kind}, 0, 1);
const Field *the_row(void) {{ return &row; }}
"""
GOOD = {
    "natural": {"U32", "TTL", "ENUM", "BITS"},
    "number": {"I32", "ENUM", "BITS"},
    "flag": {"FLAG"},
    "small": {"U8"},
    "large": {"U64"},
    "whole": {"I64"},
}
KINDS = ["U8", "U16", "U32", "U64", "I32", "I64", "ENUM", "BITS", "FLAG", "TTL", "FILTER"]


@pytest.mark.foreign
@pytest.mark.skipif(shutil.which(COMPILER[0]) is None, reason="there is no C compiler")
@pytest.mark.parametrize("member", GOOD)
def test_a_row_of_a_wrong_kind_does_not_compile(member, tmp_path):
    for kind in KINDS:
        source = tmp_path / f"{kind}.c"
        source.write_text(SOURCE.format(member=member, kind=kind))
        folders = [f"-I{INCLUDE}", f"-I{sysconfig.get_path('include')}"]
        command = [*COMPILER, "-std=gnu11", "-fsyntax-only", *folders, str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == (kind in GOOD[member]), (kind, done.stderr)
        assert done.returncode == 0 or f"{member} is no {kind}" in done.stderr
