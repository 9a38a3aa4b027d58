// The T's two boxes: the nearest point for the round pusher, corners in the world for the walls.

import PlanarCore

/// An upright box of the T's frame.
public struct PushTBox: Equatable, Sendable {
  /// The corner with the least coordinates, px.
  public let min: Vec2
  /// The corner with the greatest coordinates, px.
  public let max: Vec2

  /// In counter-clockwise order (y up).
  public var corners: [Vec2] { [min, Vec2(max.x, min.y), max, Vec2(min.x, max.y)] }

  /// The border's point nearest to `point`, the unit normal there towards the box, and the distance, negative
  /// inside.
  @inline(__always)
  func nearest(to point: Vec2) -> (point: Vec2, inward: Vec2, distance: Double) {
    let clamped = Vec2(
      Swift.min(Swift.max(point.x, min.x), max.x), Swift.min(Swift.max(point.y, min.y), max.y))
    let way = clamped - point
    if way.x != 0 || way.y != 0 {
      let length = way.length
      return (clamped, way / length, length)
    }
    return nearestFromInside(point)
  }

  /// The upright rectangle around the box where the T's origin and rotation are as given.
  @inline(__always)
  func bounds(origin: Vec2, rotation: Rotation) -> PushTBounds {
    let middle = origin + rotation.apply((min + max) * 0.5)
    let half = (max - min) * 0.5
    let reach = Vec2(
      abs(rotation.cosine) * half.x + abs(rotation.sine) * half.y,
      abs(rotation.sine) * half.x + abs(rotation.cosine) * half.y)
    return PushTBounds(low: middle - reach, high: middle + reach)
  }

  private func nearestFromInside(_ point: Vec2) -> (point: Vec2, inward: Vec2, distance: Double) {
    var best = (point: Vec2(point.x, min.y), inward: Vec2(0, 1), distance: min.y - point.y)
    if max.x - point.x < -best.distance {
      best = (Vec2(max.x, point.y), Vec2(-1, 0), point.x - max.x)
    }
    if max.y - point.y < -best.distance {
      best = (Vec2(point.x, max.y), Vec2(0, -1), point.y - max.y)
    }
    if point.x - min.x < -best.distance {
      best = (Vec2(min.x, point.y), Vec2(1, 0), min.x - point.x)
    }
    return best
  }
}

/// A box of the T in the world: corners in counter-clockwise order (y up) and outward normals.
struct PushTPlacedBox {
  private let x: SIMD4<Double>
  private let y: SIMD4<Double>
  private let rotation: Rotation

  init(_ box: PushTBox, origin: Vec2, rotation: Rotation) {
    self.rotation = rotation
    let localX = SIMD4(box.min.x, box.max.x, box.max.x, box.min.x)
    let localY = SIMD4(box.min.y, box.min.y, box.max.y, box.max.y)
    x = origin.x + (rotation.cosine * localX - rotation.sine * localY)
    y = origin.y + (rotation.sine * localX + rotation.cosine * localY)
  }

  /// Corner `index`, taken modulo 4.
  func corner(_ index: Int) -> Vec2 { Vec2(x[index & 3], y[index & 3]) }

  /// The outward normal of the edge from corner `index` to the next one.
  func normal(_ index: Int) -> Vec2 {
    switch index & 3 {
    case 0: return Vec2(rotation.sine, -rotation.cosine)
    case 1: return Vec2(rotation.cosine, rotation.sine)
    case 2: return Vec2(-rotation.sine, rotation.cosine)
    default: return Vec2(-rotation.cosine, -rotation.sine)
    }
  }

  /// The index of the first corner of the edge that faces `direction` most.
  func edge(facing direction: Vec2) -> Int {
    var farthest = 0
    for i in 1..<4 where corner(i).dot(direction) > corner(farthest).dot(direction) { farthest = i }
    let before = (farthest + 3) & 3
    return normal(before).dot(direction) > normal(farthest).dot(direction) ? before : farthest
  }
}
