# SPDX-License-Identifier: Apache-2.0
"""Arrow's stream interface, called by hand: with and without the GIL, step by step."""

import ctypes

import pytest

import aerospike


def import_duckdb():
    """The module, where it is there and may be loaded."""
    if "-fsanitize=thread" in aerospike.__build_info__["flags"]:
        pytest.skip("at a fork DuckDB takes more locks than the thread sanitizer can count")
    return pytest.importorskip("duckdb", reason="duckdb is not installed")


class Schema(ctypes.Structure):
    """ArrowSchema; ``children`` as addresses."""

    _fields_ = [
        ("format", ctypes.c_char_p),
        ("name", ctypes.c_char_p),
        ("metadata", ctypes.c_char_p),
        ("flags", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("children", ctypes.POINTER(ctypes.c_void_p)),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


class Array(ctypes.Structure):
    """ArrowArray."""

    _fields_ = [
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
        ("children", ctypes.POINTER(ctypes.c_void_p)),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


class Functions(ctypes.Structure):
    """ArrowArrayStream."""

    _fields_ = [
        ("get_schema", ctypes.c_void_p),
        ("get_next", ctypes.c_void_p),
        ("get_last_error", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


class Stream:
    """A stream of a reader; ``gil`` says whether its functions are called with it."""

    def __init__(self, reader, gil=False):
        self.capsule = reader.__arrow_c_stream__()
        self.functions = Functions.from_address(get_pointer(self.capsule, b"arrow_array_stream"))
        self.kind = ctypes.PYFUNCTYPE if gil else ctypes.CFUNCTYPE

    def call(self, address, result, *arguments):
        kinds = [ctypes.c_void_p] * (1 + len(arguments))
        return self.kind(result, *kinds)(address)(ctypes.addressof(self.functions), *arguments)

    def schema(self):
        out = Schema()
        assert self.call(self.functions.get_schema, ctypes.c_int, ctypes.addressof(out)) == 0
        return out

    def next(self):
        """(0 or an errno, the batch)."""
        out = Array()
        return self.call(self.functions.get_next, ctypes.c_int, ctypes.addressof(out)), out

    def error(self):
        text = self.call(self.functions.get_last_error, ctypes.c_char_p)
        return None if text is None else text.decode()

    def release(self):
        self.call(self.functions.release, None)
        assert self.functions.release is None

    def rows(self):
        """Read all, and return how many there were."""
        rows = 0
        while True:
            status, batch = self.next()
            assert status == 0, self.error()
            if batch.release is None:
                return rows
            rows += batch.length
            release(batch)


def release(struct):
    """Release a schema or batch."""
    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(struct.release)(ctypes.addressof(struct))
    assert struct.release is None
