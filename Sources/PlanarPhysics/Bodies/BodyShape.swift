// Outlines of bodies.

import PlanarCore

/// The outline of a body; its frame's origin is the centroid.
public enum BodyShape: Hashable, Sendable {
  /// m.
  case disc(radius: Double)
  /// At most 16 corners.
  case polygon(ConvexPolygon)
  /// Convex parts of at most 16 corners each.
  case compound(CompoundShape)

  /// A body of several convex parts, given by their corners (m, counter-clockwise) in one frame; the parts must not
  /// overlap. The whole is moved so that its centroid is the origin.
  public static func compound(_ parts: [[Vec2]]) -> BodyShape { .compound(CompoundShape(parts)) }

  /// A box of the given half extents, m.
  public static func box(halfWidth: Double, halfHeight: Double) -> BodyShape {
    .polygon(.box(halfWidth: halfWidth, halfHeight: halfHeight))
  }

  /// m².
  public var area: Double {
    switch self {
    case .disc(let radius): Double.pi * radius * radius
    case .polygon(let polygon): polygon.area
    case .compound(let compound): compound.area
    }
  }

  /// Inertia about the centroid per unit of mass, m².
  public var squaredRadiusOfGyration: Double {
    switch self {
    case .disc(let radius): radius * radius / 2
    case .polygon(let polygon): polygon.squaredRadiusOfGyration
    case .compound(let compound): compound.squaredRadiusOfGyration
    }
  }

  /// The radius of the circle around the centroid that holds the shape, m.
  public var circumradius: Double {
    switch self {
    case .disc(let radius): radius
    case .polygon(let polygon): polygon.circumradius
    case .compound(let compound):
      compound.parts.flatMap { part in part.polygon.vertices.map { ($0 + part.offset).length } }
        .max() ?? 0
    }
  }

  /// Corners of every convex part in the body's frame, m; empty for a disc.
  public var outlines: [[Vec2]] {
    switch self {
    case .disc: []
    case .polygon(let polygon): [polygon.vertices]
    case .compound(let compound):
      compound.parts.map { part in part.polygon.vertices.map { $0 + part.offset } }
    }
  }

  /// Whether a point of the body's frame lies in the shape.
  public func contains(_ point: Vec2) -> Bool {
    switch self {
    case .disc(let radius): point.length <= radius
    case .polygon(let polygon): polygon.contains(point)
    case .compound(let compound):
      compound.parts.contains { $0.polygon.contains(point - $0.offset) }
    }
  }
}

/// Convex parts that move as one.
public struct CompoundShape: Hashable, Sendable {
  /// A part and where its centroid lies from that of the whole, m.
  public struct Part: Hashable, Sendable {
    /// About its own centroid.
    public let polygon: ConvexPolygon
    /// From the centroid of the whole to that of the part, m.
    public let offset: Vec2
  }

  /// One or more.
  public let parts: [Part]
  /// m².
  public let area: Double
  /// m².
  public let squaredRadiusOfGyration: Double
  /// Where the centroid of the whole lies in the frame that the corners were given in, m.
  public let centroid: Vec2

  /// Puts parts together that must not overlap.
  ///
  /// - Parameter corners: of each part, m, counter-clockwise.
  public init(_ corners: [[Vec2]]) {
    precondition(!corners.isEmpty, "a compound has one part or more")
    let polygons = corners.map { ConvexPolygon($0) }
    // `ConvexPolygon` moves its corners to the centroid: the first corner tells by how much.
    let centers = zip(corners, polygons).map { $0[0] - $1.vertices[0] }
    let area = polygons.reduce(0) { $0 + $1.area }
    let centroid =
      zip(polygons, centers).reduce(Vec2.zero) { $0 + $1.1 * $1.0.area } / area
    parts = zip(polygons, centers).map { Part(polygon: $0, offset: $1 - centroid) }
    self.area = area
    self.centroid = centroid
    squaredRadiusOfGyration =
      parts.reduce(0) {
        $0 + $1.polygon.area * ($1.polygon.squaredRadiusOfGyration + $1.offset.lengthSquared)
      } / area
  }
}
