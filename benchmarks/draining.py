# SPDX-License-Identifier: Apache-2.0
"""What reads an Arrow stream and drops its batches: the cheapest consumer, which needs no library of Arrow's."""

from __future__ import annotations

import ctypes
from typing import Any

NEXT, RELEASE, ARRAY_RELEASE = 1, 3, 8  # the words of the structs where their functions are
WORDS = 10  # of an ArrowArray

get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def function(address: int, word: int) -> int:
    return ctypes.c_void_p.from_address(address + word * ctypes.sizeof(ctypes.c_void_p)).value or 0


def drain(reader: Any) -> int:
    """Read a stream of the reader to its end; how many records it had."""
    capsule = reader.__arrow_c_stream__()
    stream = get_pointer(capsule, b"arrow_array_stream")
    call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(function(stream, NEXT))
    array = (ctypes.c_int64 * WORDS)()
    place, rows = ctypes.addressof(array), 0
    while True:
        if call(stream, place) != 0:
            raise SystemExit(f"the stream failed: {reader.error}")
        release = function(place, ARRAY_RELEASE)
        if not release:
            return rows
        rows += array[0]
        # with the GIL, as Python's objects of other libraries do: it waits for nothing
        ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(release)(place)
