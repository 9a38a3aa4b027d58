// Upright rectangles around the shapes, with which it is decided what may touch.

import PlanarCore

/// An upright rectangle of the window.
struct PushTBounds: Equatable, Sendable {
  var low = Vec2(0, 0)
  var high = Vec2(0, 0)

  @inline(__always)
  init() {}

  @inline(__always)
  init(low: Vec2, high: Vec2) {
    self.low = low
    self.high = high
  }

  /// Around a pusher.
  @inline(__always)
  init(ofPusher center: Vec2) {
    let margin = Vec2(PushTConstants.pusherRadius, PushTConstants.pusherRadius)
    low = center - margin
    high = center + margin
  }

  /// Around a wall.
  init(_ wall: PushTWall) {
    let margin = Vec2(PushTConstants.wallRadius, PushTConstants.wallRadius)
    low = Vec2(min(wall.a.x, wall.b.x), min(wall.a.y, wall.b.y)) - margin
    high = Vec2(max(wall.a.x, wall.b.x), max(wall.a.y, wall.b.y)) + margin
  }

  /// The bounds grown by a tenth of their size, and by what a tenth of a second at `velocity` needs.
  func grown(moving velocity: Vec2) -> PushTBounds {
    let tenth = Double(Float(0.1))
    let size = (high - low) * tenth
    let way = velocity * tenth
    return PushTBounds(
      low: low + Vec2(min(-size.x, way.x), min(-size.y, way.y)),
      high: high + Vec2(max(size.x, way.x), max(size.y, way.y)))
  }

  var area: Double { (high.x - low.x) * (high.y - low.y) }

  func merged(with other: PushTBounds) -> PushTBounds {
    PushTBounds(
      low: Vec2(min(low.x, other.low.x), min(low.y, other.low.y)),
      high: Vec2(max(high.x, other.high.x), max(high.y, other.high.y)))
  }

  /// Twice the centres' distance along x and y together.
  func remoteness(from other: PushTBounds) -> Double {
    abs(low.x + high.x - other.low.x - other.high.x)
      + abs(low.y + high.y - other.low.y - other.high.y)
  }

  @inline(__always)
  func overlaps(_ other: PushTBounds) -> Bool {
    low.x <= other.high.x && other.low.x <= high.x && low.y <= other.high.y
      && other.low.y <= high.y
  }

  @inline(__always)
  func contains(_ other: PushTBounds) -> Bool {
    low.x <= other.low.x && high.x >= other.high.x && low.y <= other.low.y
      && high.y >= other.high.y
  }
}
