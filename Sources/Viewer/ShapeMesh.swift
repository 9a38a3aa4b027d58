// Shapes as triangles in pixels: the pure part of the OpenGL backend.

import PlanarCore
import PlanarSceneDrawing

/// One corner of a triangle, as the shader reads it: 15 floats.
struct Vertex: Equatable {
  /// How the shader fills a triangle.
  enum Kind: Float {
    /// With its colour.
    case plain = 0
    /// As a rounded box, by signed distance.
    case box = 1
    /// As letters, by the coverage in the text atlas.
    case text = 2
  }

  /// Window position, px, y down.
  var x: Float = 0
  var y: Float = 0
  /// Depth: the same for all triangles of one shape, nearer for later shapes.
  var z: Float = 0
  var color = Color.clear
  /// Box: position from its centre, px. Text: texture coordinates.
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

  /// Forgets what was drawn; what follows still lies over it.
  mutating func removeAll() { vertices.removeAll(keepingCapacity: true) }

  /// Forgets everything.
  mutating func restart() {
    removeAll()
    shapeCount = 0
  }

  /// The shapes, each as its vertices' range and a rectangle around them, px.
  var shapes: [(range: Range<Int>, bounds: PixelRectangle)] {
    var shapes: [(range: Range<Int>, bounds: PixelRectangle)] = []
    var first = 0
    while first < vertices.count {
      var (low, high) = (SIMD2(vertices[first].x, vertices[first].y), SIMD2(vertices[first].x, vertices[first].y))
      var end = first + 1
      while end < vertices.count, vertices[end].z == vertices[first].z {
        let place = SIMD2(vertices[end].x, vertices[end].y)
        low = pointwiseMin(low, place)
        high = pointwiseMax(high, place)
        end += 1
      }
      shapes.append(
        (
          first..<end,
          PixelRectangle(
            x: Double(low.x), y: Double(low.y), width: Double(high.x - low.x), height: Double(high.y - low.y))
        ))
      first = end
    }
    return shapes
  }

  private mutating func nextDepth() -> Float {
    shapeCount += 1
    return 1 - Float(shapeCount) * Self.depthStep
  }

  /// A rectangle whose corners are corners of pixels.
  mutating func addRectangle(_ rectangle: PixelRectangle, color: Color) {
    let z = nextDepth()
    let corners = rectangle.corners
    addTriangle(corners[0], corners[1], corners[2], z, color)
    addTriangle(corners[0], corners[2], corners[3], z, color)
  }

  /// A convex polygon, corners in either order.
  mutating func addPolygon(_ points: [Vec2], color: Color) { addPolygon(points) { _ in color } }

  /// A convex polygon, corners in either order, whose colour is linear in the position, px. Its edge fades over a pixel:
  /// from half a pixel inside to half a pixel outside.
  mutating func addPolygon(_ corners: [Vec2], color: (Vec2) -> Color) {
    let points = zip(corners, corners.dropFirst() + corners.prefix(1)).filter { $0 != $1 }.map { $0.0 }
    guard points.count >= 3 else { return }
    let z = nextDepth()
    let count = points.count
    var (doubleArea, length) = (0.0, 0.0)
    for i in points.indices {
      let next = points[(i + 1) % count]
      doubleArea += points[i].cross(next)
      length += (next - points[i]).length
    }
    // What is thinner than a pixel is fainter instead.
    let inset = min(0.5, 0.9 * abs(doubleArea) / 2 / max(length, 1e-9))
    let strength = min(1, inset / 0.45)
    let outwards = doubleArea < 0 ? 1.0 : -1.0
    let ring = points.indices.map { i -> (inner: Vec2, outer: Vec2) in
      let before = (points[i] - points[(i + count - 1) % count]).normalized().perpendicular * outwards
      let after = (points[(i + 1) % count] - points[i]).normalized().perpendicular * outwards
      let halving = (before + after).normalized()
      // Sharp corners are cut.
      let slant = max(halving.dot(after), 0.35)
      return (points[i] - halving * (inset / slant), points[i] + halving * (0.5 / slant))
    }
    func vertex(_ point: Vec2, _ share: Double) -> Vertex {
      let color = color(point)
      return plain(point, z, color.opacity(color.alpha * Float(share)))
    }
    for i in 2..<count {
      for place in [0, i - 1, i] { vertices.append(vertex(ring[place].inner, strength)) }
    }
    for i in points.indices {
      let (here, next) = (ring[i], ring[(i + 1) % count])
      let corners = [
        vertex(here.inner, strength), vertex(next.inner, strength), vertex(next.outer, 0), vertex(here.outer, 0),
      ]
      for place in [0, 1, 2, 0, 2, 3] { vertices.append(corners[place]) }
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

  /// A box whose edge fades far, without what a rectangle within it will cover.
  mutating func addFrame(
    _ box: PixelRectangle, radius: Double, color: Color, feather: Double, around hole: PixelRectangle
  ) {
    let z = nextDepth()
    let all = box.inset(by: -feather - 1)
    let strips = [
      (all.min, Vec2(all.max.x, hole.min.y)), (Vec2(all.min.x, hole.max.y), all.max),
      (Vec2(all.min.x, hole.min.y), Vec2(hole.min.x, hole.max.y)),
      (Vec2(hole.max.x, hole.min.y), Vec2(all.max.x, hole.max.y)),
    ]
    for (low, high) in strips where high.x > low.x && high.y > low.y {
      let corners = [low, Vec2(high.x, low.y), high, Vec2(low.x, high.y)].map { corner in
        let local = corner - box.center
        return Vertex(
          x: Float(corner.x), y: Float(corner.y), z: z, color: color, u: Float(local.x), v: Float(local.y),
          halfWidth: Float(box.width / 2), halfHeight: Float(box.height / 2), radius: Float(radius),
          feather: Float(feather), kind: Vertex.Kind.box.rawValue)
      }
      for place in [0, 1, 2, 0, 2, 3] { vertices.append(corners[place]) }
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
    var path: [Vec2] = []
    for point in points where point != path.last { path.append(point) }
    if closed, path.count > 1, path.first == path.last { path.removeLast() }
    guard width > 0, let first = path.first else { return }
    let radius = width / 2
    guard path.count > 1 else {
      if roundedCaps { addBox(center: first, half: Vec2(radius, radius), radius: radius, color: color) }
      return
    }
    let isLoop = closed && path.count > 2
    let isFlat = !closed && !roundedCaps
    if isFlat {
      // A piece with a flat end has no round one.
      path.insert((path[0] + path[1]) * 0.5, at: 1)
      if path.count > 3 { path.insert((path[path.count - 2] + path[path.count - 1]) * 0.5, at: path.count - 1) }
    }
    addOverlappingLine(path, radius: radius, color: color, isLoop: isLoop, isFlat: isFlat)
  }

  /// A line whose pixels are each covered once: first what is covered in full, as triangles; then, where that is not, the
  /// fading edge, of which every piece has the part that is nearest to it.
  private mutating func addOverlappingLine(
    _ path: [Vec2], radius: Double, color: Color, isLoop: Bool, isFlat: Bool
  ) {
    let z = nextDepth()
    let count = isLoop ? path.count : path.count - 1
    let ways = (0..<count).map { (path[($0 + 1) % path.count] - path[$0]).normalized() }
    let core = radius - Self.edge
    if core > 0 {
      for i in 0..<count {
        let (a, b) = (path[i], path[(i + 1) % path.count])
        let side = ways[i].perpendicular * core
        let start = isFlat && i == 0 ? a + ways[i] * Self.edge : a
        let end = isFlat && i == count - 1 ? b - ways[i] * Self.edge : b
        guard (end - start).dot(ways[i]) > 0 else { continue }
        addTriangle(start + side, start - side, end - side, z, color)
        addTriangle(start + side, end - side, end + side, z, color)
      }
      for joint in isFlat ? path[1..<path.count - 1] : path[...] { addFan(center: joint, radius: core, z, color) }
    }
    for i in 0..<count {
      let (a, b, way) = (path[i], path[(i + 1) % path.count], ways[i])
      var limits: [(point: Vec2, outwards: Vec2)] = []
      if isLoop || i > 0 { limits.append((a, (way + ways[(i + count - 1) % count]) * -1)) }
      if isLoop || i < count - 1 { limits.append((b, way + ways[(i + 1) % count])) }
      // A flat end is that of a box, whose other end lies beyond the piece's.
      let isFlatStart = isFlat && i == 0
      let isFlatEnd = isFlat && i == count - 1
      let from = isFlatStart ? a : a - way * radius
      let to = isFlatEnd ? b : b + way * radius
      addEdgePiece(
        from: isFlatEnd ? from - way * radius : from, to: isFlatStart ? to + way * radius : to, way: way,
        halfWidth: radius, radius: isFlatStart || isFlatEnd ? 0 : radius, limits: limits, z, color)
    }
  }

  /// How far inside and outside of its border a box fades, px, as the shader does it.
  private static let edge = 0.6

  /// The part of a rounded box that lies within limits.
  private mutating func addEdgePiece(
    from: Vec2, to: Vec2, way: Vec2, halfWidth: Double, radius: Double, limits: [(point: Vec2, outwards: Vec2)],
    _ z: Float, _ color: Color
  ) {
    let (center, side) = ((from + to) * 0.5, way.perpendicular)
    let half = Vec2((to - from).length / 2, halfWidth)
    let reach = half + Vec2(1, 1) * (Self.edge + 0.1)
    var corners = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { center + way * ($0 * reach.x) + side * ($1 * reach.y) }
    for limit in limits where limit.outwards.lengthSquared > 1e-9 { corners = corners.cut(by: limit) }
    guard corners.count >= 3 else { return }
    func vertex(_ point: Vec2) -> Vertex {
      let local = point - center
      return Vertex(
        x: Float(point.x), y: Float(point.y), z: z, color: color, u: Float(local.dot(way)), v: Float(local.dot(side)),
        halfWidth: Float(half.x), halfHeight: Float(half.y), radius: Float(radius), feather: 1,
        kind: Vertex.Kind.box.rawValue)
    }
    for i in 2..<corners.count {
      for place in [0, i - 1, i] { vertices.append(vertex(corners[place])) }
    }
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

extension [Vec2] {
  /// What of a convex polygon lies on the inner side of a line.
  fileprivate func cut(by limit: (point: Vec2, outwards: Vec2)) -> [Vec2] {
    var kept: [Vec2] = []
    for (here, next) in zip(self, dropFirst() + prefix(1)) {
      let (a, b) = ((here - limit.point).dot(limit.outwards), (next - limit.point).dot(limit.outwards))
      if a <= 0 { kept.append(here) }
      if (a < 0 && b > 0) || (a > 0 && b < 0) { kept.append(here + (next - here) * (a / (a - b))) }
    }
    return kept
  }
}
