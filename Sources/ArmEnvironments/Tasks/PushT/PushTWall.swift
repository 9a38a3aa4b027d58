// A wall against a box of the T, as Chipmunk 7 meets a thick segment with a polygon.

import PlanarCore

/// A straight wall of radius `PushTConstants.wallRadius` around its centre line.
public struct PushTWall: Equatable, Sendable {
  /// Where it begins, px.
  public let a: Vec2
  /// Where it ends, px.
  public let b: Vec2

  /// The contacts with a box, points in the world.
  ///
  /// The normal is that of the least separation of centre line and box (or of the least overlap). Of each the
  /// edge that faces the other most is taken, and each end of one is projected onto the other along the
  /// normal: where the surfaces overlap there, the pair is a contact.
  func touch(_ box: PushTPlacedBox) -> PushTTouch? {
    let radius = PushTConstants.wallRadius
    let (normal, distance) = separation(from: box)
    guard distance <= radius else { return nil }

    let outward = Vec2(b.y - a.y, a.x - b.x)
    let forward = outward.dot(normal) > 0
    let (wallStart, wallEnd) = forward ? (a, b) : (b, a)
    let edge = box.edge(facing: -normal)
    let (boxStart, boxEnd) = (box.corner(edge), box.corner(edge + 1))

    let wallFrom = wallStart.cross(normal)
    let wallTo = wallEnd.cross(normal)
    let boxFrom = boxStart.cross(normal)
    let boxTo = boxEnd.cross(normal)
    let wallScale = 1 / (wallTo - wallFrom + Double.leastNormalMagnitude)
    let boxScale = 1 / (boxTo - boxFrom + Double.leastNormalMagnitude)

    var touch = PushTTouch(normal: normal)
    func meet(_ alongWall: Double, _ alongBox: Double, feature: Int) {
      let onWall = between(wallStart, wallEnd, alongWall) + normal * radius
      let onBox = between(boxStart, boxEnd, alongBox)
      let gap = (onBox - onWall).dot(normal)
      if gap <= 0 { touch.append(point: onBox, distance: gap, feature: feature) }
    }
    let start = forward ? 0 : 4
    meet(
      (boxTo - wallFrom) * wallScale, (wallFrom - boxFrom) * boxScale,
      feature: start + (edge + 1) & 3)
    meet(
      (boxFrom - wallFrom) * wallScale, (wallTo - boxFrom) * boxScale,
      feature: (4 - start) + edge & 3)
    return touch.count > 0 ? touch : nil
  }

  /// The point `fraction` of the way from `p` to `q`, the fraction clamped to 0...1.
  private func between(_ p: Vec2, _ q: Vec2, _ fraction: Double) -> Vec2 {
    let t = max(0, min(fraction, 1))
    return p * (1 - t) + q * t
  }

  /// The unit normal from the centre line to a box and the distance along it, negative where they overlap.
  ///
  /// The differences "point of the box − point of the line" fill a hexagon; its border's point nearest to the
  /// origin tells both. The hexagon's edges are the box's four, each shifted by the line's end that lies
  /// farther out, and the line itself twice, at the corners where that end changes.
  private func separation(from box: PushTPlacedBox) -> (normal: Vec2, distance: Double) {
    var nearest = (point: Vec2.zero, start: Vec2.zero, end: Vec2.zero, inside: false)
    var least = Double.infinity
    func consider(_ start: Vec2, _ end: Vec2) {
      let way = end - start
      let t = -start.dot(way) / way.lengthSquared
      let clamped = max(0, min(t, 1))
      let point = start + way * clamped
      if point.lengthSquared < least {
        least = point.lengthSquared
        nearest = (point, start, end, t > 0 && t < 1)
      }
    }
    var lineEnd = support(box.normal(0))
    for i in 0..<4 {
      let next = support(box.normal(i + 1))
      consider(box.corner(i) - lineEnd, box.corner(i + 1) - lineEnd)
      if next != lineEnd { consider(box.corner(i + 1) - lineEnd, box.corner(i + 1) - next) }
      lineEnd = next
    }
    let inward = (nearest.end - nearest.start).perpendicular
    let normal = inward / inward.length
    let distance = normal.dot(nearest.point)
    if nearest.inside || distance <= 0 { return (normal, distance) }
    let length = nearest.point.length
    return (nearest.point / length, length)
  }

  /// The end of the line that lies least far in a direction: subtracted, it lies farthest.
  private func support(_ direction: Vec2) -> Vec2 { a.dot(direction) < b.dot(direction) ? a : b }
}
