// Convex polygons: area, inertia, support, containment.

/// A convex polygon, counter-clockwise, whose centroid is the origin of its frame.
public struct ConvexPolygon: Hashable, Codable, Sendable {
  /// Corners in counter-clockwise order, m, relative to the centroid.
  public let vertices: [Vec2]
  /// Outward unit normal of the edge from vertex `i` to vertex `i + 1`.
  public let normals: [Vec2]
  /// Area, m².
  public let area: Double
  /// Second moment of area about the centroid over the area, m²: times a mass it is the inertia.
  public let squaredRadiusOfGyration: Double

  /// Makes the polygon and moves it so that its centroid is the origin.
  ///
  /// Programmer error where the corners are fewer than three, clockwise or not convex.
  public init(_ corners: [Vec2]) {
    precondition(corners.count >= 3, "a polygon has three corners or more")
    var area = 0.0
    var centroid = Vec2.zero
    for i in corners.indices {
      let a = corners[i]
      let b = corners[(i + 1) % corners.count]
      let cross = a.cross(b)
      area += cross / 2
      centroid += (a + b) * (cross / 6)
    }
    precondition(area > 0, "corners must be in counter-clockwise order")
    centroid = centroid / area
    let moved = corners.map { $0 - centroid }
    var second = 0.0
    for i in moved.indices {
      let a = moved[i]
      let b = moved[(i + 1) % moved.count]
      second += a.cross(b) * (a.dot(a) + a.dot(b) + b.dot(b)) / 12
    }
    let normals = moved.indices.map { i in
      -(moved[(i + 1) % moved.count] - moved[i]).perpendicular.normalized()
    }
    for i in moved.indices {
      precondition(
        moved.allSatisfy { ($0 - moved[i]).dot(normals[i]) < 1e-9 }, "corners must be convex")
    }
    vertices = moved
    self.normals = normals
    self.area = area
    squaredRadiusOfGyration = second / area
  }

  /// A box of the given half extents, m.
  public static func box(halfWidth: Double, halfHeight: Double) -> ConvexPolygon {
    ConvexPolygon([
      Vec2(-halfWidth, -halfHeight), Vec2(halfWidth, -halfHeight), Vec2(halfWidth, halfHeight),
      Vec2(-halfWidth, halfHeight),
    ])
  }

  /// The equilateral triangle whose corners are `circumradius` (m) from its centre, one of them on +x.
  public static func triangle(circumradius: Double) -> ConvexPolygon {
    let half = 3.0.squareRoot() / 2
    return ConvexPolygon([
      Vec2(circumradius, 0), Vec2(-circumradius / 2, circumradius * half),
      Vec2(-circumradius / 2, -circumradius * half),
    ])
  }

  /// The largest distance of a corner from the centroid, m.
  public var circumradius: Double { vertices.map(\.length).max() ?? 0 }

  /// The distance of a point from the outline, m; negative inside.
  public func distance(to point: Vec2) -> Double {
    var greatest = -Double.infinity
    var nearest = Double.infinity
    for i in vertices.indices {
      let corner = vertices[i]
      let edge = vertices[(i + 1) % vertices.count] - corner
      let offset = point - corner
      greatest = max(greatest, offset.dot(normals[i]))
      let share = min(max(offset.dot(edge) / edge.lengthSquared, 0), 1)
      nearest = min(nearest, (offset - edge * share).length)
    }
    return greatest <= 0 ? greatest : nearest
  }

  /// Whether a point of the polygon's frame lies in it or on its border.
  public func contains(_ point: Vec2) -> Bool {
    zip(vertices, normals).allSatisfy { (point - $0).dot($1) <= 0 }
  }
}
