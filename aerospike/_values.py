# SPDX-License-Identifier: Apache-2.0
"""Values that Python has no type of its own for."""

from __future__ import annotations

import json
from typing import Any

from aerospike.exception import ClientError, ParamError


class GeoJSON:
    """A geospatial value: a dict that GeoJSON describes, stored as its text.

    :param geo_data: a dict, or a str of JSON.
    :raises ParamError: it is neither.
    :raises ClientError: the str is not JSON.

    ::

        GeoJSON({"type": "Point", "coordinates": [10.75, 59.91]})
    """

    __slots__ = ("geo_data",)

    geo_data: Any

    def __init__(self, geo_data: dict[str, Any] | str) -> None:
        if isinstance(geo_data, str):
            self.loads(geo_data)
        else:
            self.wrap(geo_data)

    def wrap(self, geo_data: dict[str, Any]) -> int:
        """Hold this dict instead of the present one. Returns 0."""
        if not isinstance(geo_data, dict):
            raise ParamError(-2, f"geo_data must be a dict or a str of JSON, not {type(geo_data).__name__}")
        self.geo_data = geo_data
        return 0

    def loads(self, raw_geo: str) -> int:
        """Hold what this JSON text describes instead of the present value. Returns 0."""
        if not isinstance(raw_geo, str):
            raise ParamError(-2, f"raw_geo must be a str of JSON, not {type(raw_geo).__name__}")
        try:
            geo_data = json.loads(raw_geo)
        except (ValueError, RecursionError) as error:
            raise ClientError(-1, f"raw_geo is not JSON: {error}") from error
        return self.wrap(geo_data)

    def unwrap(self) -> Any:
        """Return the dict."""
        return self.geo_data

    def dumps(self) -> str:
        """Return the JSON text; ClientError where the dict holds what JSON cannot."""
        try:
            return json.dumps(self.geo_data)
        except (TypeError, ValueError, RecursionError) as error:
            raise ClientError(-1, f"geo_data cannot be written as JSON: {error}") from error

    def __str__(self) -> str:
        return self.dumps()

    def __repr__(self) -> str:
        return repr(self.dumps())

    def __eq__(self, other: object) -> bool:
        return self.geo_data == other.geo_data if isinstance(other, GeoJSON) else NotImplemented

    def __hash__(self) -> int:
        return hash(json.dumps(self.geo_data, sort_keys=True))

    def __getstate__(self) -> Any:
        return (None, {"geo_data": self.geo_data})


def geodata(geo_data: dict[str, Any]) -> GeoJSON:
    """Return a :class:`GeoJSON` of a dict; ParamError where it is none."""
    if not isinstance(geo_data, dict):
        raise ParamError(-2, f"geo_data must be a dict, not {type(geo_data).__name__}")
    return GeoJSON(geo_data)


def geojson(geojson_str: str) -> GeoJSON:
    """Return a :class:`GeoJSON` of a JSON text; ParamError where it is no str, ClientError where it is not JSON."""
    if not isinstance(geojson_str, str):
        raise ParamError(-2, f"geojson_str must be a str of JSON, not {type(geojson_str).__name__}")
    return GeoJSON(geojson_str)


class KeyOrderedDict(dict[Any, Any]):
    """A dict that the server keeps as a key-ordered map; key-ordered maps are read back as this type."""


class HyperLogLog(bytes):
    """A HyperLogLog, as it is read from a bin and as the operations on several of them take it.

    :param o: its bytes, or another HyperLogLog. Bytes that are none of a HyperLogLog the server refuses.
    """

    __module__ = "aerospike_helpers"
    __slots__ = ()

    def __new__(cls, o: bytes) -> HyperLogLog:
        return super().__new__(cls, o)

    def __repr__(self) -> str:
        return f"HyperLogLog({super().__repr__()})"

    __str__ = __repr__


class null:  # noqa: N801  (the name that programs use)
    """A value that removes the bin it is written to, as None does."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "aerospike.null()"


class CDTInfinite:
    """The value greater than every other: the open end of a range of values in list and map operations."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "aerospike.CDTInfinite()"


class CDTWildcard:
    """A value equal to whatever stands in its place, in list and map operations that compare values."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "aerospike.CDTWildcard()"
