// Where two shapes touch: up to two points with a common normal.

import PlanarCore

/// One point of a contact, before the solver sees it.
struct ManifoldPoint {
  /// World position, m.
  var position: Vec2
  /// Gap along the normal, m; negative where the shapes overlap.
  var separation: Double
  /// Names the features that touch, so that last step's impulse finds its point again.
  var feature: UInt16
}

/// Up to two points; the normal points from A to B.
struct Manifold {
  var normal = Vec2(1, 0)
  var count = 0
  var first = ManifoldPoint(position: .zero, separation: 0, feature: 0)
  var second = ManifoldPoint(position: .zero, separation: 0, feature: 0)

  subscript(i: Int) -> ManifoldPoint { i == 0 ? first : second }

  mutating func append(_ point: ManifoldPoint) {
    if count == 0 { first = point } else { second = point }
    count += 1
  }
}

/// Points closer than `margin` (m) between two placed shapes. Polygons follow Gregorius' and Catto's
/// separating-axis test with clipping.
func collide(
  _ a: BodyShape, _ poseA: Pose, _ b: BodyShape, _ poseB: Pose, margin: Double
) -> Manifold {
  switch (a, b) {
  case (.disc(let ra), .disc(let rb)):
    return collideDiscs(poseA.position, ra, poseB.position, rb, margin: margin)
  case (.polygon(let polygon), .disc(let radius)):
    return collide(polygon, poseA, discAt: poseB.position, radius: radius, margin: margin)
  case (.disc(let radius), .polygon(let polygon)):
    var manifold = collide(polygon, poseB, discAt: poseA.position, radius: radius, margin: margin)
    manifold.normal = -manifold.normal
    return manifold
  case (.polygon(let p), .polygon(let q)):
    return collide(p, poseA, q, poseB, margin: margin)
  }
}

private func collideDiscs(
  _ a: Vec2, _ ra: Double, _ b: Vec2, _ rb: Double, margin: Double
) -> Manifold {
  var manifold = Manifold()
  let gap = b - a
  let distance = gap.length
  let separation = distance - ra - rb
  guard separation < margin else { return manifold }
  manifold.normal = gap.normalized()
  manifold.append(
    ManifoldPoint(
      position: a + manifold.normal * (ra + separation / 2), separation: separation, feature: 0))
  return manifold
}

/// Polygon (A) against disc (B).
private func collide(
  _ polygon: ConvexPolygon, _ pose: Pose, discAt center: Vec2, radius: Double, margin: Double
) -> Manifold {
  var manifold = Manifold()
  let local = pose.toLocal(center)
  let count = polygon.vertices.count
  var edge = 0
  var deepest = -Double.infinity
  for i in 0..<count {
    let distance = (local - polygon.vertices[i]).dot(polygon.normals[i])
    if distance > deepest {
      deepest = distance
      edge = i
    }
  }
  guard deepest - radius < margin else { return manifold }
  let a = polygon.vertices[edge]
  let b = polygon.vertices[edge + 1 == count ? 0 : edge + 1]
  let along = b - a
  let share = (local - a).dot(along) / along.lengthSquared
  var normal = polygon.normals[edge]
  var distance = deepest
  var feature = UInt16(edge)
  if deepest > 0, share < 0 || share > 1 {
    let corner = share < 0 ? a : b
    let offset = local - corner
    distance = offset.length
    guard distance - radius < margin else { return manifold }
    normal = offset.normalized(or: normal)
    feature = UInt16(share < 0 ? edge : (edge + 1) % count) | 0x100
  }
  let separation = distance - radius
  manifold.normal = pose.rotation.apply(normal)
  manifold.append(
    ManifoldPoint(
      position: center - manifold.normal * (radius + separation / 2), separation: separation,
      feature: feature))
  return manifold
}

private func collide(
  _ a: ConvexPolygon, _ poseA: Pose, _ b: ConvexPolygon, _ poseB: Pose, margin: Double
) -> Manifold {
  let (gapA, edgeA) = widestGap(a, poseA, b, poseB)
  guard gapA < margin else { return Manifold() }
  let (gapB, edgeB) = widestGap(b, poseB, a, poseA)
  guard gapB < margin else { return Manifold() }
  // A's face is preferred unless B's is clearly better, so that the choice does not flicker.
  let flipped = gapB > gapA + 1e-4
  let (reference, referencePose, edge) = flipped ? (b, poseB, edgeB) : (a, poseA, edgeA)
  let (incident, incidentPose) = flipped ? (a, poseA) : (b, poseB)

  let normal = referencePose.rotation.apply(reference.normals[edge])
  let v0 = referencePose.toWorld(reference.vertices[edge])
  let v1 = referencePose.toWorld(reference.vertices[(edge + 1) % reference.vertices.count])
  let localNormal = incidentPose.rotation.unapply(normal)
  var incidentEdge = 0
  var least = Double.infinity
  for i in incident.normals.indices {
    let d = incident.normals[i].dot(localNormal)
    if d < least {
      least = d
      incidentEdge = i
    }
  }
  let next = (incidentEdge + 1) % incident.vertices.count
  let w0 = incidentPose.toWorld(incident.vertices[incidentEdge])
  let w1 = incidentPose.toWorld(incident.vertices[next])

  // Clip the incident edge to the strip above the reference edge.
  let tangent = (v1 - v0).normalized()
  let length = (v1 - v0).length
  let s0 = (w0 - v0).dot(tangent)
  let s1 = (w1 - v0).dot(tangent)
  var manifold = Manifold()
  manifold.normal = flipped ? -normal : normal
  let lower = max(0, min(s0, s1))
  let upper = min(length, max(s0, s1))
  guard lower <= upper, abs(s1 - s0) > 1e-12 else {
    return manifold
  }
  for (s, end) in [(lower, UInt16(0)), (upper, UInt16(1))] {
    let point = w0 + (w1 - w0) * ((s - s0) / (s1 - s0))
    let separation = (point - v0).dot(normal)
    if separation < margin {
      manifold.append(
        ManifoldPoint(
          position: point - normal * (separation / 2), separation: separation,
          feature: UInt16(edge) | UInt16(incidentEdge) << 4 | end << 8 | (flipped ? 0x200 : 0)))
    }
  }
  return manifold
}

/// The face of `a` that `b` lies farthest in front of, and how far, m.
private func widestGap(
  _ a: ConvexPolygon, _ poseA: Pose, _ b: ConvexPolygon, _ poseB: Pose
) -> (gap: Double, edge: Int) {
  var best = (gap: -Double.infinity, edge: 0)
  for i in a.normals.indices {
    let direction = poseB.rotation.unapply(poseA.rotation.apply(a.normals[i]))
    let origin = poseB.toLocal(poseA.toWorld(a.vertices[i]))
    var gap = Double.infinity
    for vertex in b.vertices { gap = min(gap, (vertex - origin).dot(direction)) }
    if gap > best.gap { best = (gap, i) }
  }
  return best
}
