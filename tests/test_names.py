# SPDX-License-Identifier: Apache-2.0
"""Names, values and bases are those of the vendor's client 19.3.0."""

import json
import pathlib
import pickle
import re

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import aerospike
from aerospike import exception

ROOT = pathlib.Path(__file__).parents[1]
OFFICIAL = json.loads((ROOT / "tests" / "data" / "official_names.json").read_text())


@pytest.mark.parametrize("name", sorted(OFFICIAL["constants"]))
def test_constant_has_the_official_value(name):
    assert getattr(aerospike, name) == OFFICIAL["constants"][name]


@pytest.mark.parametrize("name", sorted(OFFICIAL["exceptions"]))
def test_exception_has_the_official_base_and_code(name):
    fact = OFFICIAL["exceptions"][name]
    cls = getattr(exception, name)
    assert fact["base"] in [base.__name__ for base in cls.__mro__]
    assert cls.code == fact["code"]
    assert name in exception.__all__


def official_names():
    """What the vendor's module has beside constants: functions, classes, and their members as ``Client.get``."""
    yield from OFFICIAL["functions"]
    for cls, members in OFFICIAL["classes"].items():
        yield cls
        yield from (f"{cls}.{member}" for member in members)


def is_there(name):
    cls, _, member = name.partition(".")
    return hasattr(getattr(aerospike, cls, None), member) if member else hasattr(aerospike, cls)


@pytest.mark.parametrize("name", sorted(official_names()))
def test_an_official_name_is_there(name):
    assert is_there(name)


def test_integer_limits():
    assert (aerospike.INT_MIN, aerospike.INT_MAX) == (-(2**63), 2**63 - 1)


def test_error_is_the_base_of_all():
    assert aerospike.Error is exception.AerospikeError
    assert all(issubclass(getattr(exception, name), aerospike.Error) for name in exception.__all__)


def test_every_exception_has_a_docstring_of_its_own():
    docs = [getattr(exception, name).__doc__ for name in exception.__all__]
    assert all(docs)
    assert len(set(docs)) == len(docs)


PINS = re.findall(r"^   \* - ``(aerospike.*)``\n     - (yes|no)", (ROOT / "docs" / "from_vendor.rst").read_text(), re.M)


@pytest.mark.parametrize(("pin", "kept"), PINS)
def test_pins_of_the_vendors_client_keep_this_one(pin, kept):
    assert Requirement(pin).specifier.contains(aerospike.__version__) == (kept == "yes")


def test_the_vendors_release_is_no_newer():
    assert Version("19.3.0") < Version(aerospike.__version__) < Version("19.3.1")


def test_versions_are_told():
    assert aerospike.__version__
    assert {"c_client", "openssl", "libuv", "compiler", "flags"} <= set(aerospike.__build_info__)
    assert all(aerospike.__build_info__.values())


def test_attributes_come_from_the_arguments():
    error = exception.RecordNotFound(2, "no such record", "kv.c", 7, True)
    assert (error.code, error.msg, error.file, error.line, error.in_doubt) == (2, "no such record", "kv.c", 7, True)
    assert exception.RecordNotFound.msg is None  # never on the class


def test_a_text_alone_is_the_message():
    error = exception.ParamError("wrong")
    assert (error.code, error.msg, str(error)) == (-2, "wrong", "wrong")


def test_exceptions_pickle_with_what_they_know():
    error = exception.BinIncompatibleType(12, "wrong type", "kv.c", 7, False)
    error.key, error.bin = ("test", "demo", 1), "a"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.args, again.key, again.bin, again.code) == (error.args, error.key, "a", 12)
