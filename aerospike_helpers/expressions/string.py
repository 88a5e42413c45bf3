# SPDX-License-Identifier: Apache-2.0
"""Strings: what an expression reads from one, or makes of one. The bin itself stays as it is. Server 8.2.

Characters are those of Unicode, not bytes. ``StringPolicy``, ``RegexFlags`` and ``NumericType`` are those of
:mod:`aerospike_helpers.string_helpers`.
"""

from __future__ import annotations

from aerospike_helpers.expressions.resources import Expression, TypeBinName
from aerospike_helpers.string_helpers import NumericType, RegexFlags, StringPolicy

# ---- what is read ----


class StrLen(Expression):
    """How many characters the string has: an integer.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class SubStr(Expression):
    """The string from a character on.

    :param start: the first character, from 0; negative: counted from the end.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, start: int, bin: TypeBinName) -> None:
        self._build(start, bin)


class SubStrRange(Expression):
    """The string from a character up to, not with, another.

    :param start: the first character, from 0; negative: counted from the end.
    :param end: the character before which it ends; negative: counted from the end.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, start: int, end: int, bin: TypeBinName) -> None:
        self._build(start, end, bin)


class CharAt(Expression):
    """One character of the string: a string.

    :param index: the character, from 0; negative: counted from the end.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, index: int, bin: TypeBinName) -> None:
        self._build(index, bin)


class Find(Expression):
    """Where a text is in the string: an integer, in characters; -1 where it is not.

    :param needle: the text.
    :param occurrence: which of its occurrences: 1 is the first, -1 the last.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, needle: str, occurrence: int, bin: TypeBinName) -> None:
        self._build(needle, occurrence, bin)


class Contains(Expression):
    """Whether a text is in the string: a boolean.

    :param needle: the text.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, needle: str, bin: TypeBinName) -> None:
        self._build(needle, bin)


class StartsWith(Expression):
    """Whether the string begins with a text: a boolean.

    :param prefix: the text.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, prefix: str, bin: TypeBinName) -> None:
        self._build(prefix, bin)


class EndsWith(Expression):
    """Whether the string ends with a text: a boolean.

    :param suffix: the text.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, suffix: str, bin: TypeBinName) -> None:
        self._build(suffix, bin)


class ToInteger(Expression):
    """The string, decimal digits, as an integer.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class ToDouble(Expression):
    """The string, a number in digits, as a float.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class ByteLength(Expression):
    """How many bytes the string has in UTF-8: an integer.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class IsNumeric(Expression):
    """Whether the string is a number in digits: a boolean.

    :param numeric_type: which kind of number: ``NumericType``.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, numeric_type: NumericType | int, bin: TypeBinName) -> None:
        self._build(numeric_type, bin)


class IsUpper(Expression):
    """Whether the string is in upper case: a boolean.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class IsLower(Expression):
    """Whether the string is in lower case: a boolean.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class ToBlob(Expression):
    """The string as its bytes in UTF-8.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class Split(Expression):
    """The characters of the string: a list.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class SplitSeparator(Expression):
    """The parts of the string between separators: a list.

    :param separator: what stands between them.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, separator: str, bin: TypeBinName) -> None:
        self._build(separator, bin)


class Base64Decode(Expression):
    """The bytes that the string has in base64.

    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


class RegexCompare(Expression):
    """Whether the string matches a regular expression: a boolean.

    :param pattern: the regular expression, as the ICU library has them.
    :param bin: the name of a string bin, or an expression of a string.
    :param regex_flags: ``RegexFlags`` combined by ``|``.
    """

    def __init__(self, pattern: str, bin: TypeBinName, regex_flags: RegexFlags | int = RegexFlags.DEFAULT) -> None:
        self._build(pattern, bin, regex_flags)


class ToString(Expression):
    """A value as a string.

    :param bin: the name of a string bin, or an expression of a value.
    """

    def __init__(self, bin: TypeBinName) -> None:
        self._build(bin)


# ---- changed strings ----


class Insert(Expression):
    """The string with a text put in before a character.

    :param policy: ``StringPolicy``, or None.
    :param index: the character, from 0; negative: counted from the end.
    :param value: the text.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, index: int, value: str, bin: TypeBinName) -> None:
        self._build(policy, index, value, bin)


class Overwrite(Expression):
    """The string with a text over its own from a character on.

    :param policy: ``StringPolicy``, or None.
    :param index: the character, from 0; negative: counted from the end.
    :param value: the text.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, index: int, value: str, bin: TypeBinName) -> None:
        self._build(policy, index, value, bin)


class Append(Expression):
    """The string with a text added at its end.

    :param policy: ``StringPolicy``, or None.
    :param value: the text.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, value: str, bin: TypeBinName) -> None:
        self._build(policy, value, bin)


class Prepend(Expression):
    """The string with a text added before it.

    :param policy: ``StringPolicy``, or None.
    :param value: the text.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, value: str, bin: TypeBinName) -> None:
        self._build(policy, value, bin)


class Concat(Expression):
    """The string with several texts added at its end.

    :param policy: ``StringPolicy``, or None.
    :param values: the texts: a list, or an expression of one.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, values: Expression | list[str], bin: TypeBinName) -> None:
        self._build(policy, values, bin)


class Snip(Expression):
    """The string without some characters.

    :param policy: ``StringPolicy``, or None.
    :param start: the first character, from 0; negative: counted from the end.
    :param end: the character before which the gap ends; negative: counted from the end; None: the end of the string
        (the policy has no place then).
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, start: int, end: int | None, bin: TypeBinName) -> None:
        self._build(policy, start, end, bin)


class Replace(Expression):
    """The string with the first occurrence of a text replaced.

    :param policy: ``StringPolicy``, or None.
    :param needle: the text.
    :param replacement: what goes in its place.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, needle: str, replacement: str, bin: TypeBinName) -> None:
        self._build(policy, needle, replacement, bin)


class ReplaceAll(Expression):
    """The string with every occurrence of a text replaced.

    :param policy: ``StringPolicy``, or None.
    :param needle: the text.
    :param replacement: what goes in its place.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, needle: str, replacement: str, bin: TypeBinName) -> None:
        self._build(policy, needle, replacement, bin)


class Upper(Expression):
    """The string in upper case.

    :param policy: ``StringPolicy``, or None.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, bin: TypeBinName) -> None:
        self._build(policy, bin)


class Lower(Expression):
    """The string in lower case.

    :param policy: ``StringPolicy``, or None.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, bin: TypeBinName) -> None:
        self._build(policy, bin)


class CaseFold(Expression):
    """The string without differences of case, for comparisons.

    :param policy: ``StringPolicy``, or None.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, bin: TypeBinName) -> None:
        self._build(policy, bin)


class NormalizeNFC(Expression):
    """The string in the Unicode normal form C.

    :param policy: ``StringPolicy``, or None.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, bin: TypeBinName) -> None:
        self._build(policy, bin)


class TrimStart(Expression):
    """The string without white space at its start.

    :param policy: ``StringPolicy``, or None.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, bin: TypeBinName) -> None:
        self._build(policy, bin)


class TrimEnd(Expression):
    """The string without white space at its end.

    :param policy: ``StringPolicy``, or None.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, bin: TypeBinName) -> None:
        self._build(policy, bin)


class Trim(Expression):
    """The string without white space at both ends.

    :param policy: ``StringPolicy``, or None.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, bin: TypeBinName) -> None:
        self._build(policy, bin)


class PadStart(Expression):
    """The string made longer at its start.

    :param policy: ``StringPolicy``, or None.
    :param target_length: how many characters the result has at least.
    :param pad_string: what to repeat for that.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, target_length: int, pad_string: str, bin: TypeBinName) -> None:
        self._build(policy, target_length, pad_string, bin)


class PadEnd(Expression):
    """The string made longer at its end.

    :param policy: ``StringPolicy``, or None.
    :param target_length: how many characters the result has at least.
    :param pad_string: what to repeat for that.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, target_length: int, pad_string: str, bin: TypeBinName) -> None:
        self._build(policy, target_length, pad_string, bin)


class Repeat(Expression):
    """The string several times over.

    :param policy: ``StringPolicy``, or None.
    :param count: how many times.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(self, policy: StringPolicy | None, count: int, bin: TypeBinName) -> None:
        self._build(policy, count, bin)


class RegexReplace(Expression):
    """The string with what matches a regular expression replaced.

    :param policy: ``StringPolicy``, or None.
    :param pattern: the regular expression, as the ICU library has them.
    :param replacement: what goes in its place.
    :param regex_flags: ``RegexFlags`` combined by ``|``; without ``GLOBAL`` the first match only.
    :param bin: the name of a string bin, or an expression of a string.
    """

    def __init__(
        self,
        policy: StringPolicy | None,
        pattern: str,
        replacement: str,
        regex_flags: RegexFlags | int,
        bin: TypeBinName,
    ) -> None:
        self._build(policy, pattern, replacement, regex_flags, bin)
