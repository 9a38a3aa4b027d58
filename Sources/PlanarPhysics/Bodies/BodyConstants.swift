// What the solver needs of bodies, laid out for it: plain numbers side by side, no references.

import PlanarCore

/// One body as the solver reads it.
struct BodyConstants {
  var inverseMass: Double
  var inverseInertia: Double
  /// N.
  var maximumSupportForce: Double
  /// m.
  var supportRadius: Double
  var inverseSupportRadius: Double
  /// Square root of the rim's Coulomb coefficient: a pair's is the product.
  var rootFriction: Double
  var restitution: Double
  var circumradius: Double
  /// Half of the least thickness of its parts, m.
  var inradius: Double
  var parts: Range<Int>

  init(_ model: BodyModel, gravity: Double, parts: Range<Int>) {
    let surface = SupportSurface(model, gravity: gravity)
    inverseMass = 1 / model.mass
    inverseInertia = 1 / model.inertia
    maximumSupportForce = model.mass.isFinite ? surface.maximumForce : 0
    supportRadius = surface.radius
    inverseSupportRadius = 1 / surface.radius
    rootFriction = model.contactFriction.squareRoot()
    restitution = model.restitution
    circumradius = model.shape.circumradius
    inradius = model.shape.inradius
    self.parts = parts
  }

  /// Whether nothing can change its velocity.
  var isKinematic: Bool { inverseMass == 0 }
}

/// One convex part of a body: a disc, or a range of corners.
struct ShapePart {
  /// Of the disc, m; 0 for a polygon.
  var radius: Double
  /// Distance of its farthest point from the body's centroid, m.
  var reach: Double
  var firstCorner: Int
  var cornerCount: Int
}

/// All parts of all bodies, their corners in their bodies' frames.
struct ShapeTable {
  private(set) var parts: [ShapePart] = []
  private(set) var corners: [Vec2] = []
  /// Outward normal of the edge from a corner to the next.
  private(set) var normals: [Vec2] = []

  static let maximumCorners = 16

  /// Adds a shape's parts and returns their indices.
  mutating func add(_ shape: BodyShape) -> Range<Int> {
    let first = parts.count
    switch shape {
    case .disc(let radius):
      parts.append(ShapePart(radius: radius, reach: radius, firstCorner: corners.count, cornerCount: 0))
    case .polygon(let polygon): add(polygon, at: .zero)
    case .compound(let compound):
      for part in compound.parts { add(part.polygon, at: part.offset) }
    }
    return first..<parts.count
  }

  private mutating func add(_ polygon: ConvexPolygon, at offset: Vec2) {
    precondition(
      polygon.vertices.count <= ShapeTable.maximumCorners, "a convex part has at most 16 corners")
    let placed = polygon.vertices.map { $0 + offset }
    parts.append(
      ShapePart(
        radius: 0, reach: placed.map(\.length).max() ?? 0, firstCorner: corners.count,
        cornerCount: placed.count))
    corners += placed
    normals += polygon.normals
  }
}

extension BodyShape {
  /// Half of the least distance between two parallel lines that hold one of its parts: how far it may go in a
  /// substep without the risk of jumping something.
  var inradius: Double {
    switch self {
    case .disc(let radius): radius
    case .polygon(let polygon): polygon.halfWidth
    case .compound(let compound): compound.parts.map { $0.polygon.halfWidth }.min() ?? 0
    }
  }
}

extension ConvexPolygon {
  fileprivate var halfWidth: Double {
    let widths = zip(vertices, normals).map { corner, normal in
      vertices.map { (corner - $0).dot(normal) }.max() ?? 0
    }
    return (widths.min() ?? 0) / 2
  }
}
