// Polygon against polygon, and against a round-ended segment (a link or a finger).

import PlanarCore

/// Two polygons, by separating axes and clipping (Gregorius 2013; Catto's Box2D).
///
/// - Parameter scratch: room for the corners of one part.
func collide(
  _ a: PlacedPolygon, _ b: PlacedPolygon, margin: Double, scratch: UnsafeMutablePointer<Vec2>
) -> Manifold {
  let (gapA, edgeA) = widestGap(a, b, beyond: margin, scratch)
  guard gapA < margin else { return Manifold() }
  let (gapB, edgeB) = widestGap(b, a, beyond: margin, scratch)
  guard gapB < margin else { return Manifold() }
  // A's face is preferred unless B's is clearly better, so that the choice does not flicker.
  let flipped = gapB > gapA + 1e-4
  let manifold =
    flipped
    ? clip(b, edge: edgeB, a, gap: gapB, margin: margin)
    : clip(a, edge: edgeA, b, gap: gapA, margin: margin)
  guard flipped else { return manifold }
  var result = manifold.reversed
  result.first.feature |= 0x400
  result.second.feature |= 0x400
  return result
}

/// The face of `a` that `b` lies farthest in front of, and how far, m. Ends early where that passes `limit`.
@inline(__always)
private func widestGap(
  _ a: PlacedPolygon, _ b: PlacedPolygon, beyond limit: Double,
  _ scratch: UnsafeMutablePointer<Vec2>
) -> (gap: Double, edge: Int) {
  // B's corners in A's frame.
  let rotation = Rotation(
    cosine: a.pose.rotation.cosine * b.pose.rotation.cosine
      + a.pose.rotation.sine * b.pose.rotation.sine,
    sine: a.pose.rotation.cosine * b.pose.rotation.sine
      - a.pose.rotation.sine * b.pose.rotation.cosine)
  let shift = a.pose.toLocal(b.pose.position)
  if b.count == 4 { return widestGapOfFour(a, b, rotation, shift, beyond: limit) }
  for i in 0..<b.count { scratch[i] = shift + rotation.apply(b.corners[i]) }
  var best = (gap: -Double.infinity, edge: 0)
  for i in 0..<a.count {
    let normal = a.normals[i]
    let height = a.corners[i].dot(normal)
    var least = Double.infinity
    for j in 0..<b.count { least = min(least, scratch[j].dot(normal)) }
    let gap = least - height
    if gap > best.gap {
      best = (gap, i)
      if gap >= limit { break }
    }
  }
  return best
}

/// The same for a `b` of four corners, looked at side by side; the results are the same to the bit.
@inline(__always)
private func widestGapOfFour(
  _ a: PlacedPolygon, _ b: PlacedPolygon, _ rotation: Rotation, _ shift: Vec2, beyond limit: Double
) -> (gap: Double, edge: Int) {
  let (p, q, r, s) = (b.corners[0], b.corners[1], b.corners[2], b.corners[3])
  let cornersX = SIMD4(p.x, q.x, r.x, s.x)
  let cornersY = SIMD4(p.y, q.y, r.y, s.y)
  let turnedX = cornersX * rotation.cosine - cornersY * rotation.sine
  let turnedY = cornersX * rotation.sine + cornersY * rotation.cosine
  let x = shift.x + turnedX
  let y = shift.y + turnedY
  var best = (gap: -Double.infinity, edge: 0)
  for i in 0..<a.count {
    let normal = a.normals[i]
    let heights = x * normal.x + y * normal.y
    let gap = heights.min() - a.corners[i].dot(normal)
    if gap > best.gap {
      best = (gap, i)
      if gap >= limit { break }
    }
  }
  return best
}

/// The incident edge of B, clipped to the strip above `edge` of A, as contact points.
private func clip(
  _ a: PlacedPolygon, edge: Int, _ b: PlacedPolygon, gap: Double, margin: Double
) -> Manifold {
  let normal = a.pose.rotation.apply(a.normals[edge])
  let v0 = a.pose.toWorld(a.corners[edge])
  let v1 = a.pose.toWorld(a.corners[a.next(edge)])
  let incident = b.edge(against: b.pose.rotation.unapply(normal))
  let w0 = b.pose.toWorld(b.corners[incident])
  let w1 = b.pose.toWorld(b.corners[b.next(incident)])
  // The reference edge runs counter-clockwise around A: its normal is on its right.
  let tangent = normal.perpendicular
  let length = (v1 - v0).dot(tangent)
  let s0 = (w0 - v0).dot(tangent)
  let s1 = (w1 - v0).dot(tangent)
  let d0 = (w0 - v0).dot(normal)
  let d1 = (w1 - v0).dot(normal)
  var manifold = Manifold(normal: normal)
  let lower = max(0, min(s0, s1))
  let upper = min(length, max(s0, s1))
  let features = UInt64(edge) | UInt64(incident) << 4
  if gap > 0, let nearest = cornerMet(by: s0, d0, s1, d1, length: length) {
    let corner = nearest.isStart ? v0 : v1
    let offset = w0 + (w1 - w0) * nearest.share - corner
    let distance = offset.length
    guard distance < margin else { return manifold }
    manifold.normal = offset.normalized(or: normal)
    manifold.append(
      ManifoldPoint(position: corner, separation: distance, feature: features | 0x800))
    return manifold
  }
  guard lower <= upper, abs(s1 - s0) > 1e-12 else {
    // So deep in one another that no edge faces the other's: the deepest corner leads out.
    if gap <= 0 {
      let depth = min(d0, d1)
      manifold.append(
        ManifoldPoint(
          position: (d0 < d1 ? w0 : w1) - normal * (depth / 2), separation: depth,
          feature: features | 0x800))
    }
    return manifold
  }
  for end in 0..<2 {
    let s = end == 0 ? lower : upper
    let share = (s - s0) / (s1 - s0)
    let separation = d0 + (d1 - d0) * share
    if separation < margin {
      let point = w0 + (w1 - w0) * share
      manifold.append(
        ManifoldPoint(
          position: point - normal * (separation / 2), separation: separation,
          feature: features | UInt64(end) << 8))
    }
  }
  return manifold
}

/// Before a face that runs from 0 to `length` stands an edge whose ends lie at `s` along the face and `d` in front of
/// it. Where only a corner of the face is near it: which one, and the share of the edge at which it is nearest.
///
/// An edge whose near end overhangs the face still faces it, unless it rises so steeply from there that this end is
/// nearer to the corner than the rest.
@inline(__always)
private func cornerMet(
  by s0: Double, _ d0: Double, _ s1: Double, _ d1: Double, length: Double
) -> (isStart: Bool, share: Double)? {
  let alongS = s1 - s0
  let alongD = d1 - d0
  if max(s0, s1) < 0 || min(s0, s1) > length {
    let isStart = max(s0, s1) < 0
    let square = alongS * alongS + alongD * alongD
    let share = (((isStart ? 0 : length) - s0) * alongS - d0 * alongD) / square
    return (isStart, square > 0 ? min(max(share, 0), 1) : 0)
  }
  let isFirst = d0 < d1
  let (s, d) = isFirst ? (s0, d0) : (s1, d1)
  guard s < 0 || s > length else { return nil }
  let isStart = s < 0
  let rise = ((s - (isStart ? 0 : length)) * alongS + d * alongD) * (isFirst ? 1 : -1)
  return rise >= 0 ? (isStart, isFirst ? 0 : 1) : nil
}

/// A round-ended segment (A) of the given radius and a polygon (B).
func collide(
  segmentFrom start: Vec2, to end: Vec2, radius: Double, _ polygon: PlacedPolygon, margin: Double
) -> Manifold {
  let p = polygon.pose.toLocal(start)
  let q = polygon.pose.toLocal(end)
  let reach = radius + margin
  var face = 0
  var faceGap = -Double.infinity
  for i in 0..<polygon.count {
    let normal = polygon.normals[i]
    let height = polygon.corners[i].dot(normal)
    let gap = min(p.dot(normal), q.dot(normal)) - height
    if gap > faceGap {
      faceGap = gap
      face = i
      if gap >= reach { return Manifold() }
    }
  }
  let along = q - p
  let length = along.length
  guard length > 1e-9 else {
    return collide(polygon, discAt: start, radius: radius, margin: margin).reversed
  }
  let direction = along / length
  let side = direction.perpendicular
  let level = p.dot(side)
  var low = Double.infinity
  var high = -Double.infinity
  for i in 0..<polygon.count {
    let height = polygon.corners[i].dot(side)
    low = min(low, height)
    high = max(high, height)
  }
  let sideGap = max(low - level, level - high)
  guard sideGap < reach else { return Manifold() }

  // In the polygon's frame; the normal points into the polygon, from A to B.
  var result: Manifold
  if faceGap >= sideGap - 1e-6 {
    result = faceAgainstSegment(polygon, face, p, q, radius, gap: faceGap, margin: margin)
  } else {
    let towards = low - level > level - high ? side : -side
    result = segmentAgainstPolygon(
      polygon, p, direction, length, towards, radius, gap: sideGap, margin: margin)
  }
  result.normal = polygon.pose.rotation.apply(result.normal)
  result.first.position = polygon.pose.toWorld(result.first.position)
  result.second.position = polygon.pose.toWorld(result.second.position)
  return result
}

/// Points of the segment p–q before the polygon's face.
private func faceAgainstSegment(
  _ polygon: PlacedPolygon, _ face: Int, _ p: Vec2, _ q: Vec2, _ radius: Double, gap: Double,
  margin: Double
) -> Manifold {
  let normal = polygon.normals[face]
  let v0 = polygon.corners[face]
  let v1 = polygon.corners[polygon.next(face)]
  let tangent = normal.perpendicular
  let length = (v1 - v0).dot(tangent)
  let sp = (p - v0).dot(tangent)
  let sq = (q - v0).dot(tangent)
  let dp = (p - v0).dot(normal)
  let dq = (q - v0).dot(normal)
  let feature = UInt64(face) | 0x100
  if gap > 0, let nearest = cornerMet(by: sp, dp, sq, dq, length: length) {
    return cornerContact(
      nearest.isStart ? v0 : v1, p + (q - p) * nearest.share, radius, feature: feature | 0x800,
      margin: margin)
  }
  var manifold = Manifold(normal: -normal)
  let lower = max(0, min(sp, sq))
  let upper = min(length, max(sp, sq))
  guard lower <= upper, abs(sq - sp) > 1e-9 else {
    // The segment stands on the face, or is so deep in the polygon that it lies beside the strip before it.
    guard lower <= upper || gap <= 0 else { return manifold }
    let (point, d) = dp < dq ? (p, dp) : (q, dq)
    manifold.append(
      ManifoldPoint(
        position: point - normal * ((d + radius) / 2), separation: d - radius, feature: feature))
    return manifold
  }
  for end in 0..<2 {
    let s = end == 0 ? lower : upper
    let share = (s - sp) / (sq - sp)
    let d = dp + (dq - dp) * share
    if d - radius < margin {
      manifold.append(
        ManifoldPoint(
          position: p + (q - p) * share - normal * ((d + radius) / 2), separation: d - radius,
          feature: feature | UInt64(end) << 9))
    }
  }
  return manifold
}

/// Points of the polygon's incident edge before the segment's side; `towards` points from the segment to the polygon.
private func segmentAgainstPolygon(
  _ polygon: PlacedPolygon, _ p: Vec2, _ direction: Vec2, _ length: Double, _ towards: Vec2,
  _ radius: Double, gap: Double, margin: Double
) -> Manifold {
  let incident = polygon.edge(against: towards)
  let w0 = polygon.corners[incident]
  let w1 = polygon.corners[polygon.next(incident)]
  let s0 = (w0 - p).dot(direction)
  let s1 = (w1 - p).dot(direction)
  let d0 = (w0 - p).dot(towards)
  let d1 = (w1 - p).dot(towards)
  let feature = UInt64(incident) | 0x200
  if gap > 0, let nearest = cornerMet(by: s0, d0, s1, d1, length: length) {
    return cornerContact(
      w0 + (w1 - w0) * nearest.share, nearest.isStart ? p : p + direction * length, radius,
      feature: feature | 0x800, margin: margin)
  }
  var manifold = Manifold(normal: towards)
  let lower = max(0, min(s0, s1))
  let upper = min(length, max(s0, s1))
  guard lower <= upper, abs(s1 - s0) > 1e-12 else {
    if gap <= 0 {
      let depth = min(d0, d1) - radius
      manifold.append(
        ManifoldPoint(
          position: (d0 < d1 ? w0 : w1) - towards * (depth / 2), separation: depth,
          feature: feature | 0x800))
    }
    return manifold
  }
  for end in 0..<2 {
    let s = end == 0 ? lower : upper
    let share = (s - s0) / (s1 - s0)
    let d = d0 + (d1 - d0) * share
    if d - radius < margin {
      let point = w0 + (w1 - w0) * share
      manifold.append(
        ManifoldPoint(
          position: point - towards * ((d - radius) / 2), separation: d - radius,
          feature: feature | UInt64(end) << 8))
    }
  }
  return manifold
}

/// A polygon's corner and a segment's end.
private func cornerContact(
  _ corner: Vec2, _ end: Vec2, _ radius: Double, feature: UInt64, margin: Double
) -> Manifold {
  let offset = corner - end
  let distance = offset.length
  guard distance - radius < margin else { return Manifold() }
  var manifold = Manifold(normal: offset.normalized())
  manifold.append(
    ManifoldPoint(
      position: end + manifold.normal * ((distance + radius) / 2), separation: distance - radius,
      feature: feature))
  return manifold
}
