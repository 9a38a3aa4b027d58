// The walls of a rectangular table.

import PlanarCore
import PlanarPhysics
import PlanarSceneDrawing

extension Wall {
  /// A wall along each edge of a rectangle, m.
  static func around(_ bounds: WorldRectangle, friction: Double) -> [Wall] {
    [
      Wall(point: bounds.min, normal: Vec2(1, 0), friction: friction),
      Wall(point: bounds.max, normal: Vec2(-1, 0), friction: friction),
      Wall(point: bounds.min, normal: Vec2(0, 1), friction: friction),
      Wall(point: bounds.max, normal: Vec2(0, -1), friction: friction),
    ]
  }
}
