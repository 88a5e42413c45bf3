# SPDX-License-Identifier: Apache-2.0
"""Predicates of queries: which records of a secondary index a query reads.

A predicate goes to the ``where()`` of a query, and needs an index of that bin and kind::

    query = client.query("test", "people")
    query.where(predicates.between("age", 18, 30))

The bin may be None, for an index that is named otherwise. Every function returns a tuple, and raises
:class:`~aerospike.exception.ParamError` where an argument is not valid.
"""

from __future__ import annotations

import json
from typing import Any

from aerospike._native import INDEX_BLOB, INDEX_GEO2DSPHERE, INDEX_NUMERIC, INDEX_STRING, INDEX_TYPE_DEFAULT
from aerospike._values import GeoJSON
from aerospike.exception import ParamError

Predicate = tuple[Any, ...]
"""What the functions of this module return."""

_EQUAL, _RANGE = 0, 1


def _check(value: Any, name: str, kinds: type | tuple[type, ...], expected: str) -> None:
    if not isinstance(value, kinds):
        raise ParamError(-2, f"{name} must be {expected}, not {type(value).__name__}")


def _check_bin(bin: str | None, index_type: int = INDEX_TYPE_DEFAULT) -> None:
    _check(bin, "bin", (str, type(None)), "a str or None")
    _check(index_type, "index_type", int, "one of aerospike.INDEX_TYPE_*")


def _check_integer(value: int, name: str) -> None:
    _check(value, name, int, "an int")
    if not -(2**63) <= value < 2**63:
        raise ParamError(-2, f"{name} must fit 64 bits (-2**63 to 2**63-1)")


def _data_type(val: Any) -> int:
    _check(val, "val", (int, str, bytes, bytearray), "an int, str, bytes or bytearray")
    if isinstance(val, int):
        _check_integer(val, "val")
        return INDEX_NUMERIC
    return INDEX_STRING if isinstance(val, str) else INDEX_BLOB


def equals(bin: str | None, val: int | str | bytes | bytearray) -> Predicate:
    """Records whose bin has a value.

    :param str bin: the name of the bin.
    :param val: the value: an int, str, bytes or bytearray. Bytes need server version 7.0.
    """
    _check_bin(bin)
    return (_EQUAL, _data_type(val), bin, val)


def between(bin: str | None, min: int, max: int) -> Predicate:
    """Records whose bin has an integer from min to max, both included.

    :param str bin: the name of the bin.
    :param int min: the least value.
    :param int max: the greatest value.
    """
    _check_bin(bin)
    _check_integer(min, "min")
    _check_integer(max, "max")
    return (_RANGE, INDEX_NUMERIC, bin, min, max)


def contains(bin: str | None, index_type: int, val: int | str | bytes | bytearray) -> Predicate:
    """Records whose bin is a list or map that has a value in it.

    :param str bin: the name of the bin.
    :param int index_type: where the value is: ``aerospike.INDEX_TYPE_LIST``, ``INDEX_TYPE_MAPKEYS`` or
        ``INDEX_TYPE_MAPVALUES``.
    :param val: the value: an int, str, bytes or bytearray. Bytes need server version 7.0.
    """
    _check_bin(bin, index_type)
    return (_EQUAL, _data_type(val), bin, val, None, index_type)


def range(bin: str | None, index_type: int, min: int, max: int) -> Predicate:
    """Records whose bin is a list or map that has an integer from min to max in it, both included.

    :param str bin: the name of the bin.
    :param int index_type: where the value is: ``aerospike.INDEX_TYPE_LIST``, ``INDEX_TYPE_MAPKEYS`` or
        ``INDEX_TYPE_MAPVALUES``.
    :param int min: the least value.
    :param int max: the greatest value.
    """
    _check_bin(bin, index_type)
    _check_integer(min, "min")
    _check_integer(max, "max")
    return (_RANGE, INDEX_NUMERIC, bin, min, max, index_type)


def _geo(bin: str | None, shape: Any, name: str, index_type: int) -> Predicate:
    _check_bin(bin, index_type)
    _check(shape, name, (str, GeoJSON), "a str of GeoJSON or a GeoJSON")
    text = shape.dumps() if isinstance(shape, GeoJSON) else shape
    return (_RANGE, INDEX_GEO2DSPHERE, bin, text, None, index_type)


def _number(value: Any, name: str) -> float:
    _check(value, name, (int, float), "an int or float")
    number: float = value
    return number


def geo_within_geojson_region(bin: str | None, shape: str | GeoJSON, index_type: int = INDEX_TYPE_DEFAULT) -> Predicate:
    """Records whose bin has a point that lies within a region.

    :param str bin: the name of the bin.
    :param shape: the region: a str of GeoJSON (Polygon, MultiPolygon or AeroCircle), or a :class:`aerospike.GeoJSON`.
    :param int index_type: ``aerospike.INDEX_TYPE_*`` where the points are in a list or map.
    """
    return _geo(bin, shape, "shape", index_type)


def geo_within_radius(
    bin: str | None, long: float, lat: float, radius_meters: float, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate:
    """Records whose bin has a point that lies within a circle.

    :param str bin: the name of the bin.
    :param float long: the longitude of the circle's centre, in degrees.
    :param float lat: its latitude, in degrees.
    :param float radius_meters: the circle's radius, in metres.
    :param int index_type: ``aerospike.INDEX_TYPE_*`` where the points are in a list or map.
    """
    centre = [_number(long, "long"), _number(lat, "lat")]
    circle = {"type": "AeroCircle", "coordinates": [centre, _number(radius_meters, "radius_meters")]}
    return _geo(bin, json.dumps(circle), "shape", index_type)


def geo_contains_geojson_point(
    bin: str | None, point: str | GeoJSON, index_type: int = INDEX_TYPE_DEFAULT
) -> Predicate:
    """Records whose bin has a region in which a point lies.

    :param str bin: the name of the bin.
    :param point: the point: a str of GeoJSON, or a :class:`aerospike.GeoJSON`.
    :param int index_type: ``aerospike.INDEX_TYPE_*`` where the regions are in a list or map.
    """
    return _geo(bin, point, "point", index_type)


def geo_contains_point(bin: str | None, long: float, lat: float, index_type: int = INDEX_TYPE_DEFAULT) -> Predicate:
    """Records whose bin has a region in which a point lies.

    :param str bin: the name of the bin.
    :param float long: the point's longitude, in degrees.
    :param float lat: its latitude, in degrees.
    :param int index_type: ``aerospike.INDEX_TYPE_*`` where the regions are in a list or map.
    """
    point = {"type": "Point", "coordinates": [_number(long, "long"), _number(lat, "lat")]}
    return _geo(bin, json.dumps(point), "point", index_type)
