// Walls: straight, endless, immovable.

import PlanarCore

/// The half-plane in front of a line: things stay where (p − point)·normal ≥ 0.
public struct Wall: Hashable, Sendable {
  public var point: Vec2
  /// Unit vector into the free side.
  public var normal: Vec2
  public var friction: Double

  public init(point: Vec2, normal: Vec2, friction: Double) {
    self.point = point
    self.normal = normal
    self.friction = friction
  }
}

/// Points of a shape (B) closer than `margin` (m) to a wall (A): the two lowest corners of a polygon.
func collide(_ wall: Wall, _ shape: BodyShape, _ pose: Pose, margin: Double) -> Manifold {
  var manifold = Manifold()
  manifold.normal = wall.normal
  switch shape {
  case .disc(let radius):
    let separation = (pose.position - wall.point).dot(wall.normal) - radius
    if separation < margin {
      manifold.append(
        ManifoldPoint(
          position: pose.position - wall.normal * radius, separation: separation, feature: 0))
    }
  case .polygon(let polygon):
    for i in polygon.vertices.indices {
      let corner = pose.toWorld(polygon.vertices[i])
      let separation = (corner - wall.point).dot(wall.normal)
      guard separation < margin else { continue }
      let point = ManifoldPoint(position: corner, separation: separation, feature: UInt16(i))
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
  }
  return manifold
}
