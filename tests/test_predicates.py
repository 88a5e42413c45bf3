# SPDX-License-Identifier: Apache-2.0
"""Predicates: the tuples that programs may also write by hand, and what they refuse."""

import json

import pytest

import aerospike
from aerospike import predicates
from aerospike.exception import ParamError

LIST = aerospike.INDEX_TYPE_LIST
POINT = '{"type": "Point", "coordinates": [1.5, 2]}'


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (predicates.equals("b", 5), (0, 4, "b", 5)),
        (predicates.equals("b", "x"), (0, 0, "b", "x")),
        (predicates.equals("b", b"x"), (0, 3, "b", b"x")),
        (predicates.equals("b", bytearray(b"x")), (0, 3, "b", bytearray(b"x"))),
        (predicates.between("b", 1, 5), (1, 4, "b", 1, 5)),
        (predicates.between(None, 1, 5), (1, 4, None, 1, 5)),
        (predicates.contains("b", LIST, 5), (0, 4, "b", 5, None, 1)),
        (predicates.contains("b", aerospike.INDEX_TYPE_MAPKEYS, "x"), (0, 0, "b", "x", None, 2)),
        (predicates.contains("b", aerospike.INDEX_TYPE_MAPVALUES, b"x"), (0, 3, "b", b"x", None, 3)),
        (predicates.range("b", LIST, 1, 5), (1, 4, "b", 1, 5, 1)),
        (predicates.geo_within_geojson_region("b", POINT), (1, 2, "b", POINT, None, 0)),
        (predicates.geo_contains_geojson_point("b", POINT, LIST), (1, 2, "b", POINT, None, 1)),
        (predicates.geo_contains_geojson_point("b", aerospike.GeoJSON(POINT)), (1, 2, "b", POINT, None, 0)),
        (predicates.geo_contains_point("b", 1.5, 2), (1, 2, "b", POINT, None, 0)),
    ],
)
def test_tuples(made, expected):
    assert made == expected
    assert list(map(type, made)) == list(map(type, expected))


def test_a_circle_is_centre_and_radius():
    *head, text, _, index_type = predicates.geo_within_radius("b", -122.5, 37, 250.5, LIST)
    assert head == [1, 2, "b"]
    assert json.loads(text) == {"type": "AeroCircle", "coordinates": [[-122.5, 37], 250.5]}
    assert index_type == 1


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (predicates.equals, (5, 5), "bin must be a str or None, not int"),
        (predicates.equals, ("b", 1.5), "val must be an int, str, bytes or bytearray, not float"),
        (predicates.equals, ("b", None), "val must be"),
        (predicates.equals, ("b", 2**63), "val must fit 64 bits"),
        (predicates.between, ("b", 1.0, 2), "min must be an int, not float"),
        (predicates.between, ("b", 1, "2"), "max must be an int, not str"),
        (predicates.between, ("b", -(2**63) - 1, 2), "min must fit 64 bits"),
        (predicates.contains, ("b", "list", 5), r"index_type must be one of aerospike.INDEX_TYPE_\*, not str"),
        (predicates.contains, ("b", LIST, [5]), "val must be"),
        (predicates.range, ("b", LIST, 1, None), "max must be an int, not NoneType"),
        (predicates.geo_within_geojson_region, ("b", {}), "shape must be a str of GeoJSON or a GeoJSON, not dict"),
        (predicates.geo_contains_geojson_point, ("b", 5), "point must be"),
        (predicates.geo_within_radius, ("b", "1", 2, 3), "long must be an int or float, not str"),
        (predicates.geo_within_radius, ("b", 1, 2, None), "radius_meters must be"),
        (predicates.geo_contains_point, ("b", 1, "2"), "lat must be"),
        (predicates.geo_contains_point, ("b", 1, 2, None), "index_type must be"),
    ],
)
def test_misuse_names_the_argument(function, arguments, message):
    with pytest.raises(ParamError, match=message) as raised:
        function(*arguments)
    assert raised.value.code == -2
