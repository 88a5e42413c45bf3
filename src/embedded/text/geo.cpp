// SPDX-License-Identifier: Apache-2.0
#include "text/geo.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "text/json.hpp"

namespace embedded {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kEarthRadiusMeters = 6371000;
constexpr int64_t kLeafCells = int64_t(1) << 30;  // along an edge of a face of the cube

Vector cross(const Vector &a, const Vector &b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

double dot(const Vector &a, const Vector &b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

Vector normalized(const Vector &v) {
    double length = std::sqrt(dot(v, v));
    return length == 0 ? v : Vector{v.x / length, v.y / length, v.z / length};
}

double angle_between(const Vector &a, const Vector &b) {
    Vector normal = cross(a, b);
    return std::atan2(std::sqrt(dot(normal, normal)), dot(a, b));
}

// Positive when c lies to the left of the way from a to b.
double turn(const Vector &a, const Vector &b, const Vector &c) {
    return dot(cross(a, b), c);
}

bool same(const Vector &a, const Vector &b) {
    return a.x == b.x && a.y == b.y && a.z == b.z;
}

// Do the arcs a-b and c-d cross at a point inside both?
bool arcs_cross(const Vector &a, const Vector &b, const Vector &c, const Vector &d) {
    bool left = turn(a, c, b) > 0;
    return left == (turn(c, b, d) > 0) && left == (turn(b, d, a) > 0) && left == (turn(d, a, c) > 0);
}

double &coordinate(Vector &v, int axis) {
    return axis == 0 ? v.x : axis == 1 ? v.y : v.z;
}

// The server keeps a point as the cell of a grid of about a centimeter that it lies in; that cell's middle is what
// it compares. The grid is a cube's faces, each cut evenly along a quadratic transform that evens out cell sizes.
double snapped_on_face(double u) {
    double s = u >= 0 ? 0.5 * std::sqrt(1 + 3 * u) : 1 - 0.5 * std::sqrt(1 - 3 * u);
    int64_t cell = std::clamp<int64_t>(std::llround(kLeafCells * s - 0.5), 0, kLeafCells - 1);
    double middle = (double(cell) + 0.5) / double(kLeafCells);
    return middle >= 0.5 ? (4 * middle * middle - 1) / 3 : (1 - 4 * (1 - middle) * (1 - middle)) / 3;
}

Vector snapped(Vector p) {
    int face = std::fabs(p.x) > std::fabs(p.y) ? (std::fabs(p.x) > std::fabs(p.z) ? 0 : 2)
                                               : (std::fabs(p.y) > std::fabs(p.z) ? 1 : 2);
    double depth = coordinate(p, face);
    double side = depth < 0 ? -1 : 1;
    Vector out;
    coordinate(out, face) = side;
    for (int axis = 0; axis < 3; axis++) {
        if (axis == face) {
            continue;
        }
        double direction = axis > face ? 1 : -1;  // of the axes of a face
        coordinate(out, axis) = direction * side * snapped_on_face(direction * coordinate(p, axis) / depth);
    }
    return normalized(out);
}

// The sum of the turns at the vertices: 2π less the area to the left of the loop.
double curvature(const std::vector<Vector> &vertices) {
    double sum = 0;
    size_t count = vertices.size();
    for (size_t i = 0; i < count; i++) {
        const Vector &a = vertices[i], &b = vertices[(i + 1) % count], &c = vertices[(i + 2) % count];
        double angle = angle_between(cross(a, b), cross(b, c));
        sum += turn(a, b, c) > 0 ? angle : -angle;
    }
    return sum;
}

}  // namespace

// Walk from the middle of the first edge to the point: the side of that edge on which the walk starts is known,
// and each other edge that it crosses changes the side.
bool Loop::contains(const Vector &point) const {
    size_t count = vertices.size();
    const Vector &first = vertices[0], &second = vertices[1];
    Vector start = normalized({first.x + second.x, first.y + second.y, first.z + second.z});
    bool left = turn(first, second, point) > 0;
    for (size_t i = 1; i < count; i++) {
        if (arcs_cross(start, point, vertices[i], vertices[(i + 1) % count])) {
            left = !left;
        }
    }
    return left != inverted;
}

bool Loop::is_simple() const {
    constexpr size_t kVerticesMost = 2000;
    size_t count = vertices.size();
    for (size_t i = 0; i < count && count <= kVerticesMost; i++) {
        for (size_t j = i + 1; j < count; j++) {
            const Vector &a = vertices[i], &b = vertices[(i + 1) % count];
            const Vector &c = vertices[j], &d = vertices[(j + 1) % count];
            bool neighbours = j == i + 1 || (j + 1) % count == i;
            if (same(a, c) || (!neighbours && arcs_cross(a, b, c, d))) {
                return false;
            }
        }
    }
    return true;
}

bool Geometry::is_simple() const {
    for (const auto &loops : polygons_) {
        if (!std::all_of(loops.begin(), loops.end(), [](const Loop &loop) { return loop.is_simple(); })) {
            return false;
        }
    }
    return true;
}

bool Geometry::contains(const Geometry &point) const {
    if (point.is_region()) {
        return false;
    }
    switch (kind_) {
    case Kind::point:
        return false;
    case Kind::circle:
        return angle_between(center_, point.center_) <= radius_;
    case Kind::polygons:
        break;
    }
    for (const auto &loops : polygons_) {
        bool inside = false;
        for (const Loop &loop : loops) {
            inside ^= loop.contains(point.center_);
        }
        if (inside) {
            return true;
        }
    }
    return false;
}

namespace {

constexpr double kMargin = 1e-6;  // radians: more than places are apart, and than is rounded
constexpr double kLatitudes = double(int64_t(1) << 31), kLongitudes = double(int64_t(1) << 32);

// The part of a whole as one of so many numbers.
int64_t number_of(double part, double numbers) {
    return int64_t(std::clamp(part * numbers, 0.0, numbers - 1));
}

int64_t latitude_number(double radians) {
    return number_of(radians / kPi + 0.5, kLatitudes);
}

double latitude_of(const Vector &v) {
    return std::atan2(v.z, std::sqrt(v.x * v.x + v.y * v.y));
}

}  // namespace

int64_t Geometry::place() const {
    double longitude = std::atan2(center_.y, center_.x) / (2 * kPi) + 0.5;
    return latitude_number(latitude_of(center_)) << 32 | number_of(longitude, kLongitudes);
}

// A cap that holds all vertices holds the edges, too, while it is no more than half of the sphere.
Cap Geometry::bounds() const {
    if (kind_ == Kind::circle) {
        return {center_, radius_};
    }
    std::vector<Vector> vertices;
    Cap cap;
    for (const auto &loops : polygons_) {
        for (const Loop &loop : loops) {
            vertices.insert(vertices.end(), loop.vertices.begin(), loop.vertices.end());
        }
    }
    for (const Vector &v : vertices) {
        cap.center = {cap.center.x + v.x, cap.center.y + v.y, cap.center.z + v.z};
    }
    bool centered = dot(cap.center, cap.center) > 0;
    cap.center = normalized(cap.center);
    for (const Vector &v : vertices) {
        cap.radius = std::max(cap.radius, angle_between(cap.center, v));
    }
    return centered && cap.radius < kPi / 2 ? cap : Cap{{1, 0, 0}, kPi};
}

std::pair<int64_t, int64_t> Cap::places() const {
    double latitude = latitude_of(center), reach = radius + kMargin;
    return {latitude_number(latitude - reach) << 32, latitude_number(latitude + reach) << 32 | 0xFFFFFFFF};
}

bool Cap::is_near(int64_t place) const {
    double latitude = (double(place >> 32) / kLatitudes - 0.5) * kPi;
    double longitude = (double(place & 0xFFFFFFFF) / kLongitudes - 0.5) * 2 * kPi;
    double breadth = std::cos(latitude);
    Vector point{std::cos(longitude) * breadth, std::sin(longitude) * breadth, std::sin(latitude)};
    return angle_between(center, point) <= radius + kMargin;
}

// Reads the parts of a GeoJSON document; each function is false where the document is not what it should be.
struct GeometryReader {
    static bool read_position(const Json *json, Vector &out) {
        if (json == nullptr || !json->is_array() || json->array().size() != 2) {
            return false;
        }
        const Json &longitude = json->array()[0], &latitude = json->array()[1];
        if (!longitude.is_number() || !latitude.is_number()) {
            return false;
        }
        double theta = longitude.number() * kPi / 180, phi = latitude.number() * kPi / 180;
        if (!(std::fabs(phi) <= kPi / 2) || !(std::fabs(theta) <= kPi)) {
            return false;
        }
        out = {std::cos(theta) * std::cos(phi), std::sin(theta) * std::cos(phi), std::sin(phi)};
        return true;
    }

    static bool read_loop(const Json &json, Loop &out) {
        if (!json.is_array()) {
            return false;
        }
        auto &vertices = out.vertices;
        for (const Json &item : json.array()) {
            Vector vertex;
            if (!read_position(&item, vertex)) {
                return false;
            }
            if (vertices.empty() || !same(vertices.back(), vertex)) {
                vertices.push_back(vertex);
            }
        }
        if (vertices.size() < 4 || !same(vertices.front(), vertices.back())) {
            return false;
        }
        vertices.pop_back();
        out.inverted = curvature(vertices) < 0;
        return true;
    }

    static bool read_polygon(const Json *json, Geometry &out) {
        if (json == nullptr || !json->is_array()) {
            return false;
        }
        std::vector<Loop> loops;
        for (const Json &item : json->array()) {
            if (!read_loop(item, loops.emplace_back())) {
                return false;
            }
        }
        out.kind_ = Geometry::Kind::polygons;
        out.polygons_.push_back(std::move(loops));
        return true;
    }

    static bool read_polygons(const Json *json, Geometry &out) {
        if (json == nullptr || !json->is_array()) {
            return false;
        }
        out.kind_ = Geometry::Kind::polygons;
        for (const Json &item : json->array()) {
            if (!read_polygon(&item, out)) {
                return false;
            }
        }
        return true;
    }

    static bool read_point(const Json *json, Geometry &out) {
        if (!read_position(json, out.center_)) {
            return false;
        }
        out.kind_ = Geometry::Kind::point;
        out.center_ = snapped(out.center_);
        return true;
    }

    static bool read_circle(const Json *json, Geometry &out) {
        if (json == nullptr || !json->is_array() || json->array().size() != 2) {
            return false;
        }
        const Json &radius = json->array()[1];
        if (!radius.is_number() || !read_position(&json->array()[0], out.center_)) {
            return false;
        }
        out.kind_ = Geometry::Kind::circle;
        out.radius_ = radius.number() / kEarthRadiusMeters;
        return true;
    }

    static bool read_geometry(const Json *json, Geometry &out) {
        const Json *type = json == nullptr ? nullptr : json->find("type");
        if (type == nullptr || !type->is_string()) {
            return false;
        }
        static const std::pair<View, bool (*)(const Json *, Geometry &)> kReaders[] = {{"Point", read_point},
                                                                                       {"Polygon", read_polygon},
                                                                                       {"MultiPolygon", read_polygons},
                                                                                       {"AeroCircle", read_circle}};
        for (auto [name, read] : kReaders) {
            if (name == type->string()) {
                return read(json->find("coordinates"), out);
            }
        }
        return false;
    }
};

bool Geometry::parse(View text, Geometry &out) {
    Json json;
    if (!Json::parse(text, json)) {
        return false;
    }
    out = Geometry();
    const Json *type = json.find("type");
    bool feature = type != nullptr && type->is_string() && type->string() == "Feature";
    return GeometryReader::read_geometry(feature ? json.find("geometry") : &json, out);
}

}  // namespace embedded
