# SPDX-License-Identifier: Apache-2.0
"""Operations on strings: the value of a bin, or anywhere within its nested lists and maps.

Places and lengths are in characters (Unicode code points). All need a server that has string operations; servers
before 8.2 answer ``UnsupportedFeature``. A string argument must not contain NUL. Each function returns a dictionary for
the list that :meth:`aerospike.Client.operate` takes::

    from aerospike_helpers.operations import string_operations as strings

    _, _, bins = client.operate(key, [strings.trim("name"), strings.strlen("name")])
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aerospike import _native
from aerospike_helpers.string_helpers import NumericType, RegexFlags, StringPolicy

if TYPE_CHECKING:
    from aerospike.types import Operation
    from aerospike_helpers.cdt_ctx import Context


def strlen(bin_name: str, ctx: Context | None = None) -> Operation:
    """Count the characters.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_STRLEN, "bin": bin_name, "ctx": ctx}


def byte_length(bin_name: str, ctx: Context | None = None) -> Operation:
    """Count the bytes of the string's UTF-8.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_BYTE_LENGTH, "bin": bin_name, "ctx": ctx}


def substr(bin_name: str, start: int, ctx: Context | None = None) -> Operation:
    """Read the characters from one on.

    :param str bin_name: the bin that holds the string.
    :param int start: the first character's place; negative ones count from the end.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_SUBSTR, "bin": bin_name, "start": start, "ctx": ctx}


def substr_range(bin_name: str, start: int, end: int, ctx: Context | None = None) -> Operation:
    """Read a range of characters.

    :param str bin_name: the bin that holds the string.
    :param int start: the first character's place; negative ones count from the end.
    :param int end: the place of the first character that no longer belongs; negative ones count from the end.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_SUBSTR_RANGE, "bin": bin_name, "start": start, "end": end, "ctx": ctx}


def char_at(bin_name: str, index: int, ctx: Context | None = None) -> Operation:
    """Read one character.

    :param str bin_name: the bin that holds the string.
    :param int index: a character's place; negative ones count from the end.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_CHAR_AT, "bin": bin_name, "index": index, "ctx": ctx}


def find(bin_name: str, needle: str, occurrence: int = 1, ctx: Context | None = None) -> Operation:
    """Find a string in the bin's. The result is the place of its first character, or -1.

    :param str bin_name: the bin that holds the string.
    :param str needle: what to look for.
    :param int occurrence: which of them, 1 is the first; negative ones count from the last.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_FIND, "bin": bin_name, "needle": needle, "occurrence": occurrence, "ctx": ctx}


def contains(bin_name: str, needle: str, ctx: Context | None = None) -> Operation:
    """Look whether the bin's string contains another.

    :param str bin_name: the bin that holds the string.
    :param str needle: what to look for.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_CONTAINS, "bin": bin_name, "needle": needle, "ctx": ctx}


def starts_with(bin_name: str, prefix: str, ctx: Context | None = None) -> Operation:
    """Look whether the bin's string starts with another.

    :param str bin_name: the bin that holds the string.
    :param str prefix: the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_STARTS_WITH, "bin": bin_name, "prefix": prefix, "ctx": ctx}


def ends_with(bin_name: str, suffix: str, ctx: Context | None = None) -> Operation:
    """Look whether the bin's string ends with another.

    :param str bin_name: the bin that holds the string.
    :param str suffix: the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_ENDS_WITH, "bin": bin_name, "suffix": suffix, "ctx": ctx}


def to_integer(bin_name: str, ctx: Context | None = None) -> Operation:
    """Read a string of digits as an int.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_TO_INTEGER, "bin": bin_name, "ctx": ctx}


def to_double(bin_name: str, ctx: Context | None = None) -> Operation:
    """Read a string as a float.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_TO_DOUBLE, "bin": bin_name, "ctx": ctx}


def is_numeric(bin_name: str, numeric_type: int = NumericType.ANY, ctx: Context | None = None) -> Operation:
    """Look whether the string is a number.

    :param str bin_name: the bin that holds the string.
    :param int numeric_type: which kind of number, a :class:`~aerospike_helpers.string_helpers.NumericType`.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_IS_NUMERIC, "bin": bin_name, "numeric_type": numeric_type, "ctx": ctx}


def is_upper(bin_name: str, ctx: Context | None = None) -> Operation:
    """Look whether all letters are upper case.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_IS_UPPER, "bin": bin_name, "ctx": ctx}


def is_lower(bin_name: str, ctx: Context | None = None) -> Operation:
    """Look whether all letters are lower case.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_IS_LOWER, "bin": bin_name, "ctx": ctx}


def to_blob(bin_name: str, ctx: Context | None = None) -> Operation:
    """Read the string's UTF-8 as bytes.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_TO_BLOB, "bin": bin_name, "ctx": ctx}


def split(bin_name: str, ctx: Context | None = None) -> Operation:
    """Read the string as a list of its characters.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_SPLIT, "bin": bin_name, "ctx": ctx}


def split_separator(bin_name: str, separator: str, ctx: Context | None = None) -> Operation:
    """Split the string at a separator. The result is a list of the parts.

    :param str bin_name: the bin that holds the string.
    :param str separator: what stands between the parts.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_SPLIT_SEPARATOR, "bin": bin_name, "separator": separator, "ctx": ctx}


def base64_decode(bin_name: str, ctx: Context | None = None) -> Operation:
    """Read a string of base64 as the bytes that it encodes.

    :param str bin_name: the bin that holds the string.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_BASE64_DECODE, "bin": bin_name, "ctx": ctx}


def regex_compare(
    bin_name: str, pattern: str, regex_flags: int = RegexFlags.DEFAULT, ctx: Context | None = None
) -> Operation:
    """Look whether the string matches a regular expression.

    :param str bin_name: the bin that holds the string.
    :param str pattern: the regular expression, in the syntax of ICU.
    :param int regex_flags: flags of :class:`~aerospike_helpers.string_helpers.RegexFlags`.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {
        "op": _native._OP_STRING_REGEX_COMPARE,
        "bin": bin_name,
        "pattern": pattern,
        "regex_flags": regex_flags,
        "ctx": ctx,
    }


def to_string(bin_name: str) -> Operation:
    """Read a bin of another type as a string.

    :param str bin_name: the bin.
    """
    return {"op": _native._OP_TO_STRING, "bin": bin_name}


def insert(
    bin_name: str, index: int, value: str, policy: StringPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Insert a string before a character.

    :param str bin_name: the bin that holds the string.
    :param int index: a character's place; negative ones count from the end.
    :param str value: the other string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {
        "op": _native._OP_STRING_INSERT,
        "bin": bin_name,
        "index": index,
        "value": value,
        "policy": policy,
        "ctx": ctx,
    }


def overwrite(
    bin_name: str, index: int, value: str, policy: StringPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Write a string over the characters from one on.

    :param str bin_name: the bin that holds the string.
    :param int index: a character's place; negative ones count from the end.
    :param str value: the other string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {
        "op": _native._OP_STRING_OVERWRITE,
        "bin": bin_name,
        "index": index,
        "value": value,
        "policy": policy,
        "ctx": ctx,
    }


def append(bin_name: str, value: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Append a string.

    :param str bin_name: the bin that holds the string.
    :param str value: the other string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_APPEND, "bin": bin_name, "value": value, "policy": policy, "ctx": ctx}


def prepend(bin_name: str, value: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Prepend a string.

    :param str bin_name: the bin that holds the string.
    :param str value: the other string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_PREPEND, "bin": bin_name, "value": value, "policy": policy, "ctx": ctx}


def concat(
    bin_name: str, value_list: list[str], policy: StringPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Append several strings.

    :param str bin_name: the bin that holds the string.
    :param value_list: the other strings.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_CONCAT, "bin": bin_name, "value_list": value_list, "policy": policy, "ctx": ctx}


def snip(
    bin_name: str, start: int, end: int | None = None, policy: StringPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Remove a range of characters.

    :param str bin_name: the bin that holds the string.
    :param int start: the first character's place; negative ones count from the end.
    :param int end: the place of the first character that stays; negative ones count from the end; None: all from
        start on are removed.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_SNIP, "bin": bin_name, "start": start, "end": end, "policy": policy, "ctx": ctx}


def replace(
    bin_name: str, needle: str, replacement: str, policy: StringPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Replace the first occurrence of a string.

    :param str bin_name: the bin that holds the string.
    :param str needle: what to look for.
    :param str replacement: what takes its place.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {
        "op": _native._OP_STRING_REPLACE,
        "bin": bin_name,
        "needle": needle,
        "replacement": replacement,
        "policy": policy,
        "ctx": ctx,
    }


def replace_all(
    bin_name: str, needle: str, replacement: str, policy: StringPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Replace every occurrence of a string.

    :param str bin_name: the bin that holds the string.
    :param str needle: what to look for.
    :param str replacement: what takes its place.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {
        "op": _native._OP_STRING_REPLACE_ALL,
        "bin": bin_name,
        "needle": needle,
        "replacement": replacement,
        "policy": policy,
        "ctx": ctx,
    }


def regex_replace(
    bin_name: str,
    pattern: str,
    replacement: str,
    regex_flags: int = RegexFlags.DEFAULT,
    policy: StringPolicy | None = None,
    ctx: Context | None = None,
) -> Operation:
    """Replace what matches a regular expression: the first match, or all of them with ``RegexFlags.GLOBAL``.

    :param str bin_name: the bin that holds the string.
    :param str pattern: the regular expression, in the syntax of ICU.
    :param str replacement: what takes its place.
    :param int regex_flags: flags of :class:`~aerospike_helpers.string_helpers.RegexFlags`.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {
        "op": _native._OP_STRING_REGEX_REPLACE,
        "bin": bin_name,
        "pattern": pattern,
        "replacement": replacement,
        "regex_flags": regex_flags,
        "policy": policy,
        "ctx": ctx,
    }


def upper(bin_name: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Make all letters upper case.

    :param str bin_name: the bin that holds the string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_UPPER, "bin": bin_name, "policy": policy, "ctx": ctx}


def lower(bin_name: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Make all letters lower case.

    :param str bin_name: the bin that holds the string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_LOWER, "bin": bin_name, "policy": policy, "ctx": ctx}


def casefold(bin_name: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Fold the case of all letters, so that strings compare without regard to it.

    :param str bin_name: the bin that holds the string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_CASEFOLD, "bin": bin_name, "policy": policy, "ctx": ctx}


def normalize_nfc(bin_name: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Bring the string into Unicode's normal form NFC.

    :param str bin_name: the bin that holds the string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_NORMALIZE_NFC, "bin": bin_name, "policy": policy, "ctx": ctx}


def trim(bin_name: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Remove white space at both ends.

    :param str bin_name: the bin that holds the string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_TRIM, "bin": bin_name, "policy": policy, "ctx": ctx}


def trim_start(bin_name: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Remove white space at the start.

    :param str bin_name: the bin that holds the string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_TRIM_START, "bin": bin_name, "policy": policy, "ctx": ctx}


def trim_end(bin_name: str, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Remove white space at the end.

    :param str bin_name: the bin that holds the string.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_TRIM_END, "bin": bin_name, "policy": policy, "ctx": ctx}


def pad_start(
    bin_name: str, target_length: int, pad_string: str, policy: StringPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Put a string at the start, until there are enough characters.

    :param str bin_name: the bin that holds the string.
    :param int target_length: how many characters the string should have at least.
    :param str pad_string: what is put there, again and again.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {
        "op": _native._OP_STRING_PAD_START,
        "bin": bin_name,
        "target_length": target_length,
        "pad_string": pad_string,
        "policy": policy,
        "ctx": ctx,
    }


def pad_end(
    bin_name: str, target_length: int, pad_string: str, policy: StringPolicy | None = None, ctx: Context | None = None
) -> Operation:
    """Put a string at the end, until there are enough characters.

    :param str bin_name: the bin that holds the string.
    :param int target_length: how many characters the string should have at least.
    :param str pad_string: what is put there, again and again.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {
        "op": _native._OP_STRING_PAD_END,
        "bin": bin_name,
        "target_length": target_length,
        "pad_string": pad_string,
        "policy": policy,
        "ctx": ctx,
    }


def repeat(bin_name: str, count: int, policy: StringPolicy | None = None, ctx: Context | None = None) -> Operation:
    """Repeat the string.

    :param str bin_name: the bin that holds the string.
    :param int count: how many times.
    :param StringPolicy policy: a :class:`~aerospike_helpers.string_helpers.StringPolicy`; None: the default.
    :param list ctx: where in the bin's nested lists and maps the string is, from :mod:`aerospike_helpers.cdt_ctx`;
        None: it is the bin's value.
    """
    return {"op": _native._OP_STRING_REPEAT, "bin": bin_name, "count": count, "policy": policy, "ctx": ctx}
