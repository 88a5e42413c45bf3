# SPDX-License-Identifier: Apache-2.0
"""String operations, packed by hand: examples from the C client's headers, edges, and Python's own text as a model."""

import base64
import re
import unicodedata

import frames
import pytest
from frames import BLOB, INTEGER, LIST, MAP, STRING
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_bin import RefusedError, refusal
from packing import pack

READ_OPERATOR = frames.OP_STRING_READ
pytestmark = pytest.mark.usefixtures("since_8_2")

STRLEN, SUBSTR, CHAR_AT, FIND, CONTAINS, STARTS_WITH, ENDS_WITH, TO_INTEGER, TO_DOUBLE, BYTE_LENGTH = range(10)
IS_NUMERIC, IS_UPPER, IS_LOWER, TO_BLOB, SPLIT, DECODE_BASE64, REGEX_COMPARE = range(10, 17)
INSERT, OVERWRITE, CONCAT, SNIP, REPLACE, REPLACE_ALL, UPPER, LOWER, CASE_FOLD, NORMALIZE, TRIM_START = range(50, 61)
TRIM_END, TRIM, PAD_START, PAD_END, REPEAT, REGEX_REPLACE, APPEND, PREPEND = range(61, 69)
CREATE_ONLY, UPDATE_ONLY, NO_FAIL = 1, 2, 4
IGNORE_CASE, MULTILINE, DOT_ALL, UNIX_LINES, GLOBAL = 1, 2, 4, 8, 16
INTEGERS, REALS = 1, 2

PARAMETER, BIN_EXISTS, INCOMPATIBLE, TOO_BIG, BIN_NOT_FOUND, NOT_APPLICABLE, BAD_ENCODING = 4, 6, 12, 13, 17, 26, 29
LIST_INDEX, MAP_KEY = 0x10, 0x22

NFC, NFD = "caf\u00e9", "cafe\u0301"


@pytest.fixture
def text(one_bin):
    """A bin of text: call it to fill it."""

    def fill(value):
        one_bin.put(STRING, value if isinstance(value, bytes) else value.encode())
        return one_bin

    return fill


@pytest.mark.parametrize(
    ("value", "payload", "result"),
    [
        ("hello world", (STRLEN,), 11),
        ("", (STRLEN,), 0),
        ("👋hé", (STRLEN,), 3),
        ("👋hé", (BYTE_LENGTH,), 7),
        ("hello world", (SUBSTR, 6), "world"),
        ("hello world", (SUBSTR, -5), "world"),
        ("日本語hi", (SUBSTR, 1, 4), "本語h"),
        ("hello", (SUBSTR, -100, 2), "he"),
        ("hello", (SUBSTR, 3, 2), ""),
        ("hello", (SUBSTR, 0, -1), "hell"),
        ("a👋b", (CHAR_AT, 1), "👋"),
        ("abc", (CHAR_AT, -1), "c"),
        ("abc", (CHAR_AT, 9), ""),
        ("👋-world", (FIND, "world"), 2),
        ("hello", (FIND, "x"), -1),
        ("aaaa", (FIND, "aa", 2), 2),
        ("aaaa", (FIND, "aa", 3), -1),
        ("ababab", (FIND, "ab", -1), 4),
        ("ababab", (FIND, "ab", -3), 0),
        ("ababab", (FIND, "ab", -4), -1),
        ("abc", (FIND, ""), 0),
        (NFC + "-x", (FIND, "x"), 5),
        (NFD + "-x", (FIND, "x"), 6),
        (NFD, (FIND, NFC), 0),
        (NFC, (CONTAINS, NFD), True),
        (NFD, (CONTAINS, "cafe"), False),  # not between a letter and its mark
        ("hello", (CONTAINS, ""), True),
        ("각", (CONTAINS, "\u1100\u1161\u11a8"), True),
        ("각", (CONTAINS, "가"), False),
        (NFD + "!", (STARTS_WITH, NFC), True),
        ("Hello", (STARTS_WITH, "hello"), False),
        ("!" + NFC, (ENDS_WITH, NFD), True),
        ("aaa", (ENDS_WITH, "aa"), True),
        ("x", (ENDS_WITH, "xx"), False),
        ("-12345", (TO_INTEGER,), -12345),
        ("+7", (TO_INTEGER,), 7),
        ("9223372036854775807", (TO_INTEGER,), 2**63 - 1),
        ("3.25", (TO_DOUBLE,), 3.25),
        ("-1e3", (TO_DOUBLE,), -1000.0),
        ("5", (TO_DOUBLE,), 5.0),
        ("12", (IS_NUMERIC,), True),
        ("-3.14", (IS_NUMERIC,), True),
        ("1e5", (IS_NUMERIC,), False),
        ("5.", (IS_NUMERIC,), False),
        ("12a", (IS_NUMERIC,), False),
        ("", (IS_NUMERIC,), False),
        ("3.14", (IS_NUMERIC, INTEGERS), False),
        ("5", (IS_NUMERIC, INTEGERS), True),
        ("5", (IS_NUMERIC, REALS), False),
        ("3.14", (IS_NUMERIC, REALS), True),
        ("HELLO 1", (IS_UPPER,), True),
        ("HELLo", (IS_UPPER,), False),
        ("ß é", (IS_LOWER,), True),
        ("É", (IS_LOWER,), False),
        ("é", (TO_BLOB,), b"\xc3\xa9"),
        ("aé👋", (SPLIT,), ["a", "é", "👋"]),
        ("one,two,,three", (SPLIT, ","), ["one", "two", "", "three"]),
        ("one", (SPLIT, "|"), ["one"]),
        ("aGVsbG8=", (DECODE_BASE64,), b"hello"),
        ("", (DECODE_BASE64,), b""),
        ("Hello123World", (REGEX_COMPARE, "[0-9]+"), True),
        ("HELLO", (REGEX_COMPARE, "hello"), False),
        ("HELLO", (REGEX_COMPARE, "hello", IGNORE_CASE), True),
        ("a\nb", (REGEX_COMPARE, "^b$"), False),
        ("a\nb", (REGEX_COMPARE, "^b$", MULTILINE), True),
        ("a\nb", (REGEX_COMPARE, "a.b"), False),
        ("a\nb", (REGEX_COMPARE, "a.b", DOT_ALL), True),
        ("a\rb", (REGEX_COMPARE, "a.b", UNIX_LINES), True),
    ],
)
def test_a_read_gives(text, value, payload, result):
    bin_ = text(value)
    assert bin_.read(*payload) == result
    assert bin_.get() == value


@pytest.mark.parametrize(
    ("value", "payload", "after"),
    [
        ("hello world", (INSERT, 5, " big"), "hello big world"),
        ("hello", (INSERT, -1, "👋"), "hell👋o"),
        ("hello", (INSERT, 99, "!"), "hello!"),
        ("hello", (OVERWRITE, 3, "ping!"), "helping!"),
        ("hello", (OVERWRITE, -5, "J"), "Jello"),
        ("hello", (OVERWRITE, 5, "!"), "hello!"),
        ("a", (CONCAT, ["b", "", "é"]), "abé"),
        ("hello beautiful world", (SNIP, 5, 15, 0), "hello world"),
        ("hello world", (SNIP, 5), "hello"),
        ("hello", (SNIP, -2), "hel"),
        ("a world world", (REPLACE, ["world", "x"]), "a x world"),
        ("aaaaa", (REPLACE_ALL, ["aa", "X"]), "XXa"),
        (f"{NFD} {NFC}", (REPLACE_ALL, [NFC, "tea"]), "tea tea"),
        ("hello", (REPLACE_ALL, ["z", "!"]), "hello"),
        ("hello", (REPLACE, ["", "!"]), "hello"),
        ("hé ǆ ŉ", (UPPER,), "HÉ Ǆ ŉ"),
        ("ὈΔΥΣΣΕΎΣ", (LOWER,), "ὀδυσσεύσ"),  # the small sigma of a word's end is another character
        ("Straße", (CASE_FOLD,), "strasse"),
        (NFD, (NORMALIZE,), NFC),
        ("\u3000 a b\t\n", (TRIM,), "a b"),
        ("  a  ", (TRIM_START, 0), "a  "),
        ("  a  ", (TRIM_END,), "  a"),
        ("   ", (TRIM,), ""),
        ("hi", (PAD_START, 7, "ab"), "ababahi"),
        ("hé", (PAD_END, 5, "."), "hé..."),
        ("hello", (PAD_END, 3, "."), "hello"),
        ("ab", (REPEAT, 3), "ababab"),
        ("ab", (REPEAT, 0), ""),
        ("a", (APPEND, "é"), "aé"),
        ("a", (PREPEND, "é"), "éa"),
        ("abc123def456", (REGEX_REPLACE, ["[0-9]+", "N"], 0), "abcNdef456"),
        ("abc123def456", (REGEX_REPLACE, ["[0-9]+", "N"], GLOBAL, 0), "abcNdefN"),
        ("a-b", (REGEX_REPLACE, [r"(\w)-(?<last>\w)", r"${last}\$$1"], 0), "b$a"),
        ("abc", (REGEX_REPLACE, ["x*", "-"], GLOBAL), "-a-b-c-"),
        ("é👋", (REGEX_REPLACE, ["", "-"], GLOBAL), "-é-👋-"),
        ("aab", (REGEX_REPLACE, ["a*", "-"], GLOBAL), "--b-"),
        ("ab", (REGEX_REPLACE, ["(a)|(b)", "[$1$2]"], GLOBAL), "[a][b]"),
        ("abc", (REGEX_REPLACE, ["(b)", r"$12\\$0\d"], 0), r"ab2\bdc"),
    ],
)
def test_a_modify_leaves(text, value, payload, after):
    bin_ = text(value)
    assert bin_.modify(*payload) is None
    assert bin_.get() == after


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ((99,), PARAMETER),
        ((STRLEN, 1), PARAMETER),
        ((FIND,), PARAMETER),
        ((FIND, 1), PARAMETER),
        ((FIND, "a", 0), PARAMETER),
        ((IS_NUMERIC, 3), PARAMETER),
        ((TO_INTEGER,), NOT_APPLICABLE),
        ((TO_DOUBLE,), NOT_APPLICABLE),
        ((DECODE_BASE64,), NOT_APPLICABLE),
        ((REGEX_COMPARE, "[a"), PARAMETER),
        ((REGEX_COMPARE, "a", 32), PARAMETER),
        ((REGEX_COMPARE, r"(a*)*\1[xy]"), NOT_APPLICABLE),  # more ways to try than anyone waits for
        ((REGEX_COMPARE, r"(*LIMIT_MATCH=4000000000)(*LIMIT_HEAP=4000000000)(a*)*\1[xy]"), NOT_APPLICABLE),
        ((REGEX_COMPARE, r"\C"), PARAMETER),  # half a character
        ((REGEX_COMPARE, "a(?C1)"), PARAMETER),
        ((REGEX_COMPARE, "a(?C'x')"), PARAMETER),
    ],
)
def test_a_read_is_refused(text, payload, code):
    assert refusal(text("a" * 40 + "-").read, *payload) == code


@pytest.mark.parametrize("number", ["", "-", " 1", "1 ", "0x10", "1.0", "9223372036854775808", "\u0661"])
def test_no_integer(text, number):
    assert refusal(text(number).read, TO_INTEGER) == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ((STRLEN,), PARAMETER),  # reads
        ((OVERWRITE, 6, "x"), PARAMETER),
        ((OVERWRITE, -6, "x"), PARAMETER),
        ((CONCAT, ["a", 1]), PARAMETER),
        ((REPLACE, ["a"]), PARAMETER),
        ((PAD_START, 9, ""), PARAMETER),
        ((PAD_END, -1, "a"), PARAMETER),
        ((REPEAT, -1), PARAMETER),
        ((REGEX_REPLACE, ["[a", ""], 0), PARAMETER),
        ((REGEX_REPLACE, ["h", "$7x$"], 0), PARAMETER),
        ((REGEX_REPLACE, ["h", "$"], 0), PARAMETER),
        ((REGEX_REPLACE, ["(?<n>h)", "${m}"], 0), PARAMETER),
        ((REGEX_REPLACE, ["(?<n>h)", "${n"], 0), PARAMETER),
        ((REGEX_REPLACE, [r"(?(DEFINE)(?<n>e\K))h(?=(?&n))", ""], GLOBAL), NOT_APPLICABLE),  # ends before it begins
        ((REGEX_REPLACE, [r"(?(DEFINE)(?<n>\Kh))(?<=(?&n))", ""], GLOBAL), NOT_APPLICABLE),  # goes back
        ((UPPER, 8), PARAMETER),
        ((UPPER, CREATE_ONLY), PARAMETER),
        ((APPEND, "a", CREATE_ONLY | UPDATE_ONLY), PARAMETER),
        ((APPEND, "a", CREATE_ONLY | UPDATE_ONLY | NO_FAIL), PARAMETER),
        ((APPEND, "a", CREATE_ONLY), BIN_EXISTS),
        ((REPEAT, 2**40), TOO_BIG),
        ((PAD_START, 2**40, "a"), TOO_BIG),
    ],
)
def test_a_modify_is_refused(text, payload, code):
    bin_ = text("hello")
    assert refusal(bin_.modify, *payload) == code
    assert bin_.get() == "hello"


@pytest.mark.parametrize("pattern", ["(a+)+[bc]", "a*[bc]", "^(a|b)*$"])  # in tries, in time, in memory
def test_a_pattern_costs_no_more_than_a_text_is_worth(text, pattern):
    bin_ = text("a" * 900_000)
    assert refusal(bin_.read, REGEX_COMPARE, pattern) == NOT_APPLICABLE
    assert refusal(bin_.modify, REGEX_REPLACE, [pattern, ""], GLOBAL) == NOT_APPLICABLE


def test_a_replacement_that_no_record_holds(text):
    bin_ = text("a" * 900_000)
    assert refusal(bin_.modify, REGEX_REPLACE, [".*", "$0" * 100_000], GLOBAL) == TOO_BIG
    assert refusal(bin_.modify, REGEX_REPLACE, ["a{90}", "$0$0"], GLOBAL) == TOO_BIG


@pytest.mark.parametrize(
    "payload",
    [
        (OVERWRITE, 6, "x", NO_FAIL),
        (PAD_START, 9, "", NO_FAIL),
        (REPEAT, -1, NO_FAIL),
        (REGEX_REPLACE, ["[a", ""], 0, NO_FAIL),
        (APPEND, "a", CREATE_ONLY | NO_FAIL),
    ],
)
def test_no_fail_leaves_the_bin(text, payload):
    bin_ = text("hello")
    assert bin_.modify(*payload) is None
    assert bin_.get() == "hello"


@pytest.mark.parametrize(
    ("payload", "after"),
    [
        ((INSERT, 3, "a"), "a"),
        ((OVERWRITE, 0, "a"), "a"),
        ((CONCAT, ["a", "b"]), "ab"),
        ((PAD_START, 2, "a"), "aa"),
        ((REPEAT, 3), ""),
        ((APPEND, "a", CREATE_ONLY), "a"),
        ((PREPEND, "a", UPDATE_ONLY), None),
        ((UPPER,), None),
        ((SNIP, 0), None),
        ((REGEX_REPLACE, ["a", "b"], 0), None),
    ],
)
def test_without_the_bin(one_bin, payload, after):
    one_bin.put(0, b"")
    assert one_bin.modify(*payload) is None
    assert one_bin.get() == after


def test_a_read_without_the_bin(one_bin):
    one_bin.put(0, b"")
    assert refusal(one_bin.read, STRLEN) == BIN_NOT_FOUND


@pytest.mark.parametrize(("particle", "value"), [(INTEGER, bytes(8)), (BLOB, b"text")])
def test_another_type_is_refused(one_bin, particle, value):
    one_bin.put(particle, value)
    assert refusal(one_bin.read, STRLEN) == INCOMPATIBLE
    assert refusal(one_bin.modify, UPPER, NO_FAIL) == INCOMPATIBLE


def test_text_that_is_no_utf8(text):
    bin_ = text(b"\xed\xa0\x80")
    assert refusal(bin_.read, STRLEN) == BAD_ENCODING
    assert refusal(bin_.modify, UPPER, NO_FAIL) == BAD_ENCODING
    argument = b"\x92\x03\xa4\x03\xed\xa0\x80"
    with pytest.raises(RefusedError, match=str(PARAMETER)):
        bin_.ask_raw(READ_OPERATOR, argument)


def test_in_a_list_and_in_a_map(one_bin):
    one_bin.put(LIST, pack(["alpha", {"k": "beta"}, 5]))
    in_map = [LIST_INDEX, 1, MAP_KEY, "k"]
    assert one_bin.read(0xFF, [LIST_INDEX, 0], [STRLEN]) == 5
    assert one_bin.read(0xFF, in_map, [FIND, "t"]) == 2
    one_bin.modify(0xFF, in_map, [UPPER])
    one_bin.modify(0xFF, [LIST_INDEX, 0], [APPEND, "!"])
    assert one_bin.get() == ["alpha!", {"k": "BETA"}, 5]
    assert refusal(one_bin.read, 0xFF, [LIST_INDEX, 2], [STRLEN]) == INCOMPATIBLE
    assert refusal(one_bin.modify, 0xFF, [LIST_INDEX, 2], [UPPER, NO_FAIL]) == INCOMPATIBLE
    assert refusal(one_bin.modify, 0xFF, [LIST_INDEX, 0], [APPEND, "!", CREATE_ONLY]) == PARAMETER
    assert refusal(one_bin.modify, 0xFF, [LIST_INDEX, 9], [UPPER]) == NOT_APPLICABLE
    assert refusal(one_bin.modify, 0xFF, [LIST_INDEX], [UPPER]) == PARAMETER
    assert refusal(one_bin.modify, 0xFF, [UPPER]) == PARAMETER


def test_an_unordered_map_stays_one(one_bin):
    one_bin.put(MAP, pack({"b": "x", "a": "y"}))
    one_bin.modify(0xFF, [MAP_KEY, "b"], [REPEAT, 2])
    assert one_bin.get() == {"a": "y", "b": "xx"}


# ---- against Python ----

property_test = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def one_to_one(change, value):
    """A change of case as far as a character becomes one character."""
    return "".join(change(char) if len(change(char)) == 1 else char for char in value)


# letters with and without marks, of scripts whose tables have not changed for years
letters = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_characters="ßİ"),
        st.characters(min_codepoint=0x300, max_codepoint=0x36F),
        st.characters(min_codepoint=0x391, max_codepoint=0x3C9, exclude_characters="\u03a2"),
        st.characters(min_codepoint=0x400, max_codepoint=0x4FF),
        st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
        st.sampled_from("\u1100\u1161\u11a8ﬁŉǰΐ👋\u0915\u093c\u0345ﬃ"),
    ),
    max_size=12,
)


@property_test
@given(letters)
def test_as_python_does(text, value):
    for payload, after in [
        ((UPPER,), one_to_one(str.upper, value)),
        ((LOWER,), one_to_one(str.lower, value)),
        ((CASE_FOLD,), value.casefold()),
        ((NORMALIZE,), unicodedata.normalize("NFC", value)),
        ((TRIM,), value.strip()),
    ]:
        bin_ = text(value)
        bin_.modify(*payload)
        assert bin_.get() == after, payload
    bin_ = text(value)
    assert bin_.read(SPLIT) == list(value)
    assert bin_.read(CONTAINS, unicodedata.normalize("NFD", value)) is True
    assert bin_.read(FIND, value) == 0
    encoded = base64.b64encode(value.encode()).decode()
    assert text(encoded).read(DECODE_BASE64) == value.encode()


PATTERNS = [
    *("a", "ab|b", "(a|b)*b", "a+?b", "(?:ab){2,3}", "a{2}", "^a", "b$", r"\bab", r"\Ba", "[^a]b", "[a-c]+", r"\w+\s"),
    *(r"\d+", r"\D\d", "(a)(b)?", r"(a+)b\1", "a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b", "(?i)A", "(?i:A)b", "(?s).a"),
    *("a*", "(a*)*", "(a*)+b", "(?:)", "a??b", "[ab]{0,2}c?", r"\.", "(?x) a b # comment", r"(?P<n>a)b", "((a)|b)+c"),
    *(r"\Aa", r"b\Z", "x|", "(?=(a))a", r"(?:a(b)?)+", "a.c", "[.]", "[]a]", "[a-]", r"[\]]", "É|x"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
@property_test
@given(st.text("ab c\n1é.A]-", max_size=8))
def test_patterns_as_python_has_them(text, pattern, value):
    bin_ = text(value)
    mine = pattern.replace("?P<", "?<").replace(r"\Z", r"\z")
    expected = re.search(pattern, value)
    assert bin_.read(REGEX_COMPARE, mine) is bool(expected)
    bin_.modify(REGEX_REPLACE, [mine, "<$0>"], 0)
    assert bin_.get() == re.sub(pattern, r"<\g<0>>", value, count=1)


@pytest.mark.parametrize(
    ("pattern", "value", "found"),
    [
        ("a++b", "aab", "aab"),
        ("a++ab", "aaab", None),
        ("(?>a|ab)c", "abc", None),
        (r"[[:upper:]]+", "aÉBc", "ÉB"),
        (r"[^[:alpha:]]", "ab1", "1"),
        (r"\p{Lu}\p{Ll}+", "xÉté", "Été"),
        (r"\P{L}", "ab!", "!"),
        (r"\p{Nd}", "a٣", "٣"),
        (r"\p{Greek}+", "xλμ", "λμ"),
        (r"\x{1F44B}", "a👋", "👋"),
        (r"\X", "e\u0301a", "e\u0301"),
        ("(?<=a|bc)d", "bcd", "d"),
        (r"\Qa.b\E+", "xa.bb", "a.bb"),
        (r"(?<w>a.)\k<w>", "xababx", "abab"),
        (r"a\Rb", "a\r\nb", "a\r\nb"),
        (r"\h+", "a \t\u3000b", " \t\u3000"),
        ("(?i)straße", "STRAßE", "STRAßE"),
        ("(?i)[a-c]+", "xABc", "ABc"),
        ("(?-i)a", "A", None),
        ("a(?i)b|c", "aB", "aB"),
        ("$", "a\n", ""),
    ],
)
def test_patterns_beyond_python(text, pattern, value, found):
    bin_ = text(value)
    assert bin_.read(REGEX_COMPARE, pattern) is (found is not None)
    if found is not None:
        bin_.modify(REGEX_REPLACE, [pattern, "<$0>"], 0)
        assert f"<{found}>" in bin_.get()


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[", "[z-a]", "*", "a**", "a{2,1}", r"\q", r"\p{Nothing}", r"(a)\2", "(?<=a*)b", "(?z)", "(?<n>a"]
    + ["(?<n>a)(?<n>b)", r"\k<n>", r"\x{110000}", "((a{100}){100}){100}", "(" * 300 + ")" * 300, "\\"],
)
def test_malformed_patterns(text, pattern):
    assert refusal(text("a").read, REGEX_COMPARE, pattern) == PARAMETER


def test_to_string_is_an_operator(one_bin):
    one_bin.put(INTEGER, (42).to_bytes(8, "big"))
    assert one_bin.ask_raw(frames.OP_TO_STRING, b"") == "42"
    one_bin.put(BLOB, b"\xff")
    with pytest.raises(RefusedError, match=str(NOT_APPLICABLE)):
        one_bin.ask_raw(frames.OP_TO_STRING, b"")
    one_bin.put(LIST, pack([1]))
    with pytest.raises(RefusedError, match=str(INCOMPATIBLE)):
        one_bin.ask_raw(frames.OP_TO_STRING, b"")
