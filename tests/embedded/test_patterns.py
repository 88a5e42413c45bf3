# SPDX-License-Identifier: Apache-2.0
"""POSIX regular expressions in expressions: what the C library finds, and an end in time whatever the pattern is.

A real server asks the C library, so that here it is asked, too: patterns by chance, with what it says of them.
"""

import ctypes
import locale
import random
import sys

import frames
import pytest
from frames import BLOB, STRING, Operation
from packing import Raw, pack

REGEX = 7
EXTENDED, IGNORE_CASE, NEWLINES = 1, 2, 4
OK, PARAMETER, UNKNOWN = 0, 4, 26


@pytest.fixture
def find(connection, namespace):
    """What the server says of a pattern in some texts: True, False, or a code."""
    fields = {frames.FIELD_NAMESPACE: namespace.encode(), frames.FIELD_DIGEST: frames.new_digest()}
    write = Operation(frames.OP_WRITE, "s", STRING, b"text")
    assert connection.ask(0, frames.WRITE, fields=fields, operations=[write]).code == OK

    def ask(options, pattern, *texts):
        trees = [[REGEX, options, Raw(pattern), text] for text in texts]
        reads = [Operation(frames.OP_EXP_READ, "out", BLOB, pack([tree, 0])) for tree in trees]
        answer = connection.ask(frames.READ, frames.RESPOND_ALL, fields=fields, operations=reads)
        return [frames.value_of(op) for op in answer.operations] if answer.code == OK else answer.code

    yield ask
    connection.ask(0, frames.WRITE | frames.REMOVE, fields=fields)


# ---- as the C library ----

SETS = [
    "[ab]",
    "[^a]",
    "[]a]",
    "[^]a]",
    "[a-c]",
    "[[:alpha:]]",
    "[^[:digit:]]",
    "[[:upper:]b]",
    "[a\\]",
    "[[.a.]-c]",
    "[a-]",
]
REPEATS = [
    "*",
    "+",
    "?",
    "\\+",
    "\\?",
    "{2}",
    "{1,2}",
    "{,2}",
    "{2,}",
    "\\{2\\}",
    "\\{,2\\}",
    "**",
    "*+",
    "?*",
    "{2}{2}",
]
ILL_FORMED = [
    *("[", "[a", "[a-", "[b-a]", "[a-c-e]", "[[:alpha:]-z]", "[[=a=]-z]", "[a-[:alpha:]]"),
    *("[[:no:]]", "[[.ab.]]", "[[.a", "\\{2", "\\{2}", "\\", "\\3"),
    *("{2,1}", "{,}", "{2a}", "{32768}", "{99999999999}"),
]
PIECES = [
    *(list("abc1-]},A ") + ["é", ".", "^", "$"] + SETS),
    *("\\" + letter for letter in "wWsSbB<>`'12.*[$^\\-/"),
    *["(", "\\(", ")", "\\)", "|", "\\|", "{", "\\{", *REPEATS, *ILL_FORMED],
]


def some_pattern(source, size):
    made = ""
    for _ in range(source.randint(0, size)):
        open_, close = source.choice([("(", ")"), ("\\(", "\\)")])
        made += source.choice(PIECES) if source.random() < 0.85 else open_ + some_pattern(source, 2) + close
        made += source.choice(REPEATS) if source.random() < 0.35 else ""
    return made


def c_library(options, pattern, texts):
    """What regcomp() and regexec() say in the C locale."""
    library = ctypes.CDLL(None)
    compiled = ctypes.create_string_buffer(256)
    if library.regcomp(compiled, pattern, options | 8) != 0:
        return PARAMETER
    found = [library.regexec(compiled, text, 0, None, 0) == 0 for text in texts]
    library.regfree(compiled)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux is the measure")
def test_patterns_by_chance(find):
    """Texts have no newlines: there the C library's "^" within a pattern goes its own way."""
    source = random.Random(21)
    former = locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, "C")
    try:
        for _ in range(2000):
            options, pattern = source.randrange(8), some_pattern(source, 4)
            texts = ["".join(source.choices("abcAB _1é", k=source.randint(0, 8))) for _ in range(4)]
            wanted = c_library(options, pattern.encode(), [text.encode() for text in texts])
            assert find(options, pattern.encode(), *texts) == wanted, (options, pattern, texts)
    finally:
        locale.setlocale(locale.LC_ALL, former)


@pytest.mark.parametrize(
    ("options", "pattern", "found"),
    [
        (EXTENDED, b"^b", False),
        (EXTENDED | NEWLINES, b"^b", True),
        (EXTENDED, b"a$", False),
        (EXTENDED | NEWLINES, b"a$", True),
        (EXTENDED, b"a.b", True),
        (EXTENDED | NEWLINES, b"a.b", False),
        (EXTENDED, b"a[^x]b", True),
        (EXTENDED | NEWLINES, b"a[^x]b", False),
        (EXTENDED, b"b$", True),
        (EXTENDED | NEWLINES | IGNORE_CASE, b"^B$", True),
    ],
)
def test_newlines(find, options, pattern, found):
    assert find(options, pattern, "a\nb") == [found]


def test_a_nul_ends_pattern_and_text(find):
    assert find(0, b"b\0x", "ab\0c") == [True]
    assert find(0, b"c", "ab\0c") == [False]


# ---- in time ----


@pytest.mark.embedded_only("a real server takes as long as it takes, and dies of some")
@pytest.mark.parametrize(
    "pattern",
    [
        "(.*)*(.*)*(.*)*\\1",
        "(a*)(a*)(a*)(a*)\\1\\2\\3\\4b",
        "(" * 2000 + "a" + ")" * 2000,
        "(a*)*" * 600 + "b",
        "((a{1,200}){1,200})b",
        "(a{1,65000})b",
        "(a|b)*a(a|b){16}",
        "(((a*)*)*)*b",
        "(a?){250}" + "a{250}",
        "a.*" * 1300 + "c",
        "(a|aa)+$",
        "((a{60}){60}){16}",
        "(a*)+(a*)+(a*)+\\2c",
        "[a-c]" + "+" * 4000 + "b",  # the C library copies what a "+" repeats
        "((|){0,66})+++b",
        "(((((a*)*)*)*)*){2000}b",
        "(" + "a?" * 2000 + "){15}b",
    ],
    ids=lambda pattern: pattern[:20],
)
def test_a_pattern_ends_in_time(find, pattern):
    for text in ("a" * 400, "ab" * 20_000):  # else the connection gives up waiting
        assert find(EXTENDED, pattern.encode(), text) in ([True], [False], PARAMETER, UNKNOWN)
