// Where two shapes touch: up to two points with a common normal.

import PlanarCore

/// One point of a contact, before the solver sees it.
struct ManifoldPoint {
  /// World position, m.
  var position: Vec2
  /// Gap along the normal, m; negative where the shapes overlap.
  var separation: Double
  /// Names the features that touch, so that last step's impulse finds its point again.
  var feature: UInt64
}

/// Up to two points; the normal points from A to B.
struct Manifold {
  var normal: Vec2
  var count = 0
  var first = ManifoldPoint(position: .zero, separation: 0, feature: 0)
  var second = ManifoldPoint(position: .zero, separation: 0, feature: 0)

  @inline(__always)
  init(normal: Vec2 = Vec2(1, 0)) { self.normal = normal }

  @inline(__always)
  subscript(i: Int) -> ManifoldPoint { i == 0 ? first : second }

  @inline(__always)
  mutating func append(_ point: ManifoldPoint) {
    if count == 0 { first = point } else { second = point }
    count += 1
  }

  /// The same points with A and B exchanged.
  @inline(__always)
  var reversed: Manifold {
    var other = self
    other.normal = -normal
    return other
  }
}

/// A convex polygon where it is now; the corners are in its body's frame.
struct PlacedPolygon {
  var corners: UnsafeMutablePointer<Vec2>
  var normals: UnsafeMutablePointer<Vec2>
  var count: Int
  var pose: Pose

  @inline(__always)
  func next(_ i: Int) -> Int { i + 1 == count ? 0 : i + 1 }

  /// The edge whose outward normal is most against `direction` (body frame).
  @inline(__always)
  func edge(against direction: Vec2) -> Int {
    var edge = 0
    var least = Double.infinity
    for i in 0..<count {
      let d = normals[i].dot(direction)
      if d < least {
        least = d
        edge = i
      }
    }
    return edge
  }
}

/// Two discs.
func collideDiscs(
  _ a: Vec2, _ ra: Double, _ b: Vec2, _ rb: Double, margin: Double
) -> Manifold {
  let gap = b - a
  let distance = gap.length
  let separation = distance - ra - rb
  guard separation < margin else { return Manifold() }
  var manifold = Manifold(normal: gap.normalized())
  manifold.append(
    ManifoldPoint(
      position: a + manifold.normal * (ra + separation / 2), separation: separation, feature: 0))
  return manifold
}

/// A polygon (A) and a disc (B).
func collide(
  _ polygon: PlacedPolygon, discAt center: Vec2, radius: Double, margin: Double
) -> Manifold {
  let local = polygon.pose.toLocal(center)
  var edge = 0
  var deepest = -Double.infinity
  for i in 0..<polygon.count {
    let distance = (local - polygon.corners[i]).dot(polygon.normals[i])
    if distance > deepest {
      deepest = distance
      edge = i
    }
  }
  guard deepest - radius < margin else { return Manifold() }
  let a = polygon.corners[edge]
  let b = polygon.corners[polygon.next(edge)]
  let along = b - a
  let share = (local - a).dot(along)
  var normal = polygon.normals[edge]
  var distance = deepest
  var feature = UInt64(edge)
  if deepest > 0, share < 0 || share > along.lengthSquared {
    let corner = share < 0 ? a : b
    let offset = local - corner
    distance = offset.length
    guard distance - radius < margin else { return Manifold() }
    normal = offset.normalized(or: normal)
    feature = UInt64(share < 0 ? edge : polygon.next(edge)) | 0x100
  }
  let separation = distance - radius
  var manifold = Manifold(normal: polygon.pose.rotation.apply(normal))
  manifold.append(
    ManifoldPoint(
      position: center - manifold.normal * (radius + separation / 2), separation: separation,
      feature: feature))
  return manifold
}

/// The two lowest corners of a polygon (B) over a wall (A).
func collide(_ wall: Wall, _ polygon: PlacedPolygon, margin: Double) -> Manifold {
  var manifold = Manifold(normal: wall.normal)
  let down = polygon.pose.rotation.unapply(wall.normal)
  let height = (polygon.pose.position - wall.point).dot(wall.normal)
  for i in 0..<polygon.count {
    let separation = height + polygon.corners[i].dot(down)
    guard separation < margin else { continue }
    let point = ManifoldPoint(
      position: polygon.pose.toWorld(polygon.corners[i]), separation: separation,
      feature: UInt64(i))
    if manifold.count < 2 {
      manifold.append(point)
    } else if separation < max(manifold.first.separation, manifold.second.separation) {
      if manifold.first.separation > manifold.second.separation {
        manifold.first = point
      } else {
        manifold.second = point
      }
    }
  }
  return manifold
}
