// Whether the robot touches an obstacle.

import PlanarCore
import PlanarPhysics

extension ArmEnvironment {
  /// What counts as touching, m between the rims: the solver stops things this close to each other.
  static let touchGap = 0.001

  /// Remembers a touch; called at every physics step, so that none is missed between two actions.
  mutating func noteObstacles() {
    guard !scene.obstacles.isEmpty, !hasTouchedObstacle else { return }
    hasTouchedObstacle = touchesObstacle
  }

  /// Whether the robot's tip, or one of its fingers, is within the touch gap of an obstacle.
  private var touchesObstacle: Bool {
    let arm = physics.arm
    guard let gripper = arm.gripper else { return touchesObstacle(tip, radius: specification.robot.tipRadius) }
    let tip = self.tip
    let along = arm.kinematics.rotation(arm.jointCount - 1).direction
    let reach = max(0, gripper.fingerLength - gripper.fingerRadius)
    for side in [1.0, -1.0] {
      let root =
        tip + along.perpendicular * (side * (arm.jaw.opening / 2 + gripper.fingerRadius))
      for share in [0, 0.25, 0.5, 0.75, 1]
      where touchesObstacle(root + along * (reach * share), radius: gripper.fingerRadius) {
        return true
      }
    }
    return false
  }

  /// The same of a disc around a point. Few points are near an obstacle: circles around them tell the others at once.
  private func touchesObstacle(_ point: Vec2, radius: Double) -> Bool {
    for index in scene.obstacles.indices {
      let slack = 1e-6
      let near = scene.obstacles[index].reach + radius + Self.touchGap + slack
      guard (point - scene.obstacles[index].position).lengthSquared < near * near else { continue }
      if scene.obstacles[index].distance(to: point) - radius <= Self.touchGap { return true }
    }
    return false
  }
}
