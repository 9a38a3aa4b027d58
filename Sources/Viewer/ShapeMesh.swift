// Shapes as triangles in pixels: the pure part of the OpenGL backend.

import PlanarCore
import PlanarSceneDrawing

/// One corner of a triangle, as the shader reads it: 15 floats.
struct Vertex: Equatable {
  /// How the shader fills a triangle.
  enum Kind: Float {
    /// With its colour; edges are smoothed by multisampling.
    case plain = 0
    /// As a rounded box, by signed distance.
    case box = 1
    /// As letters, by the coverage in the text atlas.
    case text = 2
    /// With the colours of the table's picture.
    case table = 3
  }

  /// Window position, px, y down.
  var x: Float = 0
  var y: Float = 0
  /// Depth: the same for all triangles of one shape, nearer for later shapes.
  var z: Float = 0
  var color = Color.clear
  /// Box: position from its centre, px. Text and table: texture coordinates.
  var u: Float = 0
  var v: Float = 0
  var halfWidth: Float = 0
  var halfHeight: Float = 0
  var radius: Float = 0
  /// Box: width of its line, or 0 where it is filled.
  var stroke: Float = 0
  /// Box: over how many px its edge fades.
  var feather: Float = 1
  var kind: Float = Kind.plain.rawValue
}

/// Triangles waiting to be drawn, in painter's order.
///
/// Every shape has one depth and is drawn with "nearer only", so that overlapping triangles of one
/// translucent line blend once, and later shapes still cover earlier ones.
struct ShapeMesh {
  private(set) var vertices: [Vertex] = []
  private var shapeCount = 0
  /// Depths are steps of 2⁻²⁰, which a 24-bit buffer tells apart.
  static let depthStep: Float = 1 / 1_048_576

  var isEmpty: Bool { vertices.isEmpty }

  mutating func removeAll() {
    vertices.removeAll(keepingCapacity: true)
    shapeCount = 0
  }

  private mutating func nextDepth() -> Float {
    shapeCount += 1
    return 1 - Float(shapeCount) * Self.depthStep
  }

  /// A convex polygon.
  mutating func addPolygon(_ points: [Vec2], color: Color) {
    guard points.count >= 3 else { return }
    let z = nextDepth()
    for i in 2..<points.count { addTriangle(points[0], points[i - 1], points[i], z, color) }
  }

  /// A convex polygon whose colour is linear in the position, px.
  mutating func addPolygon(_ points: [Vec2], color: (Vec2) -> Color) {
    guard points.count >= 3 else { return }
    let z = nextDepth()
    for i in 2..<points.count {
      for point in [points[0], points[i - 1], points[i]] { vertices.append(plain(point, z, color(point))) }
    }
  }

  /// A convex polygon, corners in either order, that fades over `softness` px beyond its border; beyond a corner, along
  /// the line that halves it, as the camera's polygons do.
  mutating func addSoftPolygon(_ points: [Vec2], softness: Double, color: Color) {
    guard points.count >= 3 else { return }
    let z = nextDepth()
    let count = points.count
    let clear = color.opacity(0)
    let doubleArea = points.indices.reduce(0.0) { $0 + points[$1].cross(points[($1 + 1) % count]) }
    let outwards = doubleArea < 0 ? 1.0 : -1.0
    // Of each corner: where it has faded out before it and after it.
    let outer = points.indices.map { i -> (before: Vec2, after: Vec2) in
      let arriving = (points[i] - points[(i + count - 1) % count]).normalized()
      let leaving = (points[(i + 1) % count] - points[i]).normalized()
      let (before, after) = (arriving.perpendicular * outwards, leaving.perpendicular * outwards)
      let halving = (before + after).normalized()
      let slant = halving.dot(arriving)
      let run = slant > 1e-6 ? softness * (1 - halving.dot(before)) / slant : 0
      return (
        points[i] + before * softness + arriving * run, points[i] + after * softness - leaving * run
      )
    }
    for i in 2..<count { addTriangle(points[0], points[i - 1], points[i], z, color) }
    for i in points.indices {
      let j = (i + 1) % count
      for (point, color) in [
        (points[i], color), (outer[i].before, clear), (outer[i].after, clear),
        (points[i], color), (points[j], color), (outer[j].before, clear),
        (points[i], color), (outer[j].before, clear), (outer[i].after, clear),
      ] { vertices.append(plain(point, z, color)) }
    }
  }

  /// The table's picture, on a rectangle of as many pixels.
  mutating func addTable(_ rectangle: PixelRectangle) {
    let z = nextDepth()
    for i in [0, 1, 2, 0, 2, 3] {
      let corner = rectangle.corners[i]
      vertices.append(
        Vertex(
          x: Float(corner.x), y: Float(corner.y), z: z, color: .white, u: i == 1 || i == 2 ? 1 : 0,
          v: i >= 2 ? 1 : 0, kind: Vertex.Kind.table.rawValue))
    }
  }

  /// A box with round corners; `stroke` > 0 draws only its line. A disc is a box with a full radius.
  ///
  /// - Parameters:
  ///   - axis: the unit vector along which `half.x` is measured.
  ///   - shade: a colour that is linear in the position, px, instead of `color`.
  mutating func addBox(
    center: Vec2, half: Vec2, axis: Vec2 = Vec2(1, 0), radius: Double, color: Color,
    stroke: Double = 0, feather: Double = 1, shade: ((Vec2) -> Color)? = nil
  ) {
    let z = nextDepth()
    let reach = half + Vec2(1, 1) * (stroke / 2 + feather + 1)
    for i in [0, 1, 2, 0, 2, 3] {
      let local = Vec2(i == 1 || i == 2 ? reach.x : -reach.x, i >= 2 ? reach.y : -reach.y)
      let position = center + axis * local.x + axis.perpendicular * local.y
      vertices.append(
        Vertex(
          x: Float(position.x), y: Float(position.y), z: z, color: shade?(position) ?? color,
          u: Float(local.x), v: Float(local.y), halfWidth: Float(half.x), halfHeight: Float(half.y),
          radius: Float(radius), stroke: Float(stroke), feather: Float(feather),
          kind: Vertex.Kind.box.rawValue))
    }
  }

  /// A rectangle of the text atlas, `texture` in [0, 1]², whose upper side runs along `axis` from `corner`.
  mutating func addText(
    corner: Vec2, size: Vec2, axis: Vec2 = Vec2(1, 0), texture: (min: Vec2, max: Vec2), color: Color
  ) {
    let z = nextDepth()
    for i in [0, 1, 2, 0, 2, 3] {
      let right = i == 1 || i == 2
      let low = i >= 2
      let position =
        corner + axis * (right ? size.x : 0) + axis.perpendicular * (low ? size.y : 0)
      vertices.append(
        Vertex(
          x: Float(position.x), y: Float(position.y), z: z,
          color: color, u: Float(right ? texture.max.x : texture.min.x),
          v: Float(low ? texture.max.y : texture.min.y), kind: Vertex.Kind.text.rawValue))
    }
  }

  /// A line with round joins.
  mutating func addLine(
    _ points: [Vec2], width: Double, color: Color, closed: Bool = false, roundedCaps: Bool = true
  ) {
    guard let first = points.first, let last = points.last, width > 0 else { return }
    let path = closed ? points + [first] : points
    if color.alpha == 1 && (closed || roundedCaps) {
      // Where overlaps do not show, capsules have the smoother edges.
      for (a, b) in zip(path, path.dropFirst()) {
        let half = Vec2((b - a).length / 2 + width / 2, width / 2)
        addBox(
          center: (a + b) * 0.5, half: half, axis: (b - a).normalized(), radius: half.y,
          color: color)
      }
      return
    }
    let z = nextDepth()
    for (a, b) in zip(path, path.dropFirst()) where (b - a).lengthSquared > 0 {
      let side = (b - a).normalized().perpendicular * (width / 2)
      addTriangle(a + side, a - side, b - side, z, color)
      addTriangle(a + side, b - side, b + side, z, color)
    }
    var joints = points
    if !closed && !roundedCaps { joints = Array(points.dropFirst().dropLast()) }
    if points.count == 1 && !roundedCaps { return }
    if closed && first == last { joints.removeLast() }
    for joint in joints { addFan(center: joint, radius: width / 2, z, color) }
  }

  /// A disc as triangles that stray from the circle by less than a twentieth of a pixel.
  private mutating func addFan(center: Vec2, radius: Double, _ z: Float, _ color: Color) {
    let count = max(8, Int((10 * radius).squareRoot() * Double.pi) + 1)
    let step = Rotation(angle: 2 * Double.pi / Double(count))
    var spoke = Vec2(radius, 0)
    for _ in 0..<count {
      let next = step.apply(spoke)
      addTriangle(center, center + spoke, center + next, z, color)
      spoke = next
    }
  }

  private mutating func addTriangle(
    _ a: Vec2, _ b: Vec2, _ c: Vec2, _ z: Float, _ color: Color
  ) {
    vertices.append(plain(a, z, color))
    vertices.append(plain(b, z, color))
    vertices.append(plain(c, z, color))
  }

  private func plain(_ point: Vec2, _ z: Float, _ color: Color) -> Vertex {
    Vertex(x: Float(point.x), y: Float(point.y), z: z, color: color)
  }
}
