// SPDX-License-Identifier: Apache-2.0
// GeoJSON geometries on the sphere: points, polygons with holes, multi-polygons and Aerospike's circles.
#pragma once

#include <utility>
#include <vector>

#include "value/value.hpp"

namespace embedded {

struct Vector {
    double x = 0, y = 0, z = 0;
};

// A closed chain of geodesic edges. Its inside is the smaller of the two parts of the sphere.
struct Loop {
    std::vector<Vector> vertices;
    bool inverted = false;  // the vertices run clockwise: the inside is to their right

    bool contains(const Vector &point) const;
    // Do no two edges cross, and no two vertices coincide? Not asked of the longest, for which it takes too long.
    bool is_simple() const;
};

// A part of the sphere around a center; and the places of points (Geometry::place) in it.
struct Cap {
    Vector center;
    double radius = 0;  // radians

    std::pair<int64_t, int64_t> places() const;  // the least and the greatest that there may be
    bool is_near(int64_t place) const;
};

class Geometry {
  public:
    // False: not JSON, or not a geometry that the server knows (Point, Polygon, MultiPolygon, AeroCircle,
    // or a Feature of one), or with coordinates out of range.
    static bool parse(View text, Geometry &out);

    bool is_simple() const;  // each of its loops is
    bool is_region() const { return kind_ != Kind::point; }

    // Is the point inside this region? Never, when this is a point or the other is a region.
    bool contains(const Geometry &point) const;

    // Of a point: a number, by which points are in the order of their latitudes.
    int64_t place() const;
    Cap bounds() const;  // of a region: nothing of it lies outside

  private:
    friend struct GeometryReader;
    enum class Kind : uint8_t { point, circle, polygons } kind_ = Kind::point;
    Vector center_;  // of the point or the circle
    double radius_ = 0;  // radians
    std::vector<std::vector<Loop>> polygons_;  // the loops of each: inside an odd number of them is inside
};

// Does one of the two contain the other? The comparison of expressions and of geo queries.
inline bool geometries_match(const Geometry &a, const Geometry &b) {
    return a.contains(b) || b.contains(a);
}

}  // namespace embedded
