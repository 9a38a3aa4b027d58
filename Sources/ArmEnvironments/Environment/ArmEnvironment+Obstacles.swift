// Whether the robot touches an obstacle.

import PlanarCore
import PlanarPhysics

extension ArmEnvironment {
  /// What counts as touching, m between the rims: the solver stops things this close to each other.
  static let touchGap = 0.001

  /// Distance between the robot's tip, or its fingers, and the nearest obstacle, m; infinite without obstacles.
  public var obstacleClearance: Double {
    var least = Double.infinity
    guard !scene.obstacles.isEmpty else { return least }
    let arm = physics.arm
    if let gripper = arm.gripper {
      let tip = self.tip
      let along = arm.kinematics.rotation(arm.jointCount - 1).direction
      let reach = max(0, gripper.fingerLength - gripper.fingerRadius)
      for side in [1.0, -1.0] {
        let root =
          tip + along.perpendicular * (side * (arm.jaw.opening / 2 + gripper.fingerRadius))
        for share in [0, 0.25, 0.5, 0.75, 1] {
          let point = root + along * (reach * share)
          for obstacle in scene.obstacles {
            least = min(least, obstacle.distance(to: point) - gripper.fingerRadius)
          }
        }
      }
    } else {
      for obstacle in scene.obstacles {
        least = min(least, obstacle.distance(to: tip) - specification.robot.tipRadius)
      }
    }
    return least
  }

  /// Remembers a touch; called at every physics step, so that none is missed between two actions.
  mutating func noteObstacles() {
    guard !scene.obstacles.isEmpty, !hasTouchedObstacle else { return }
    if obstacleClearance <= Self.touchGap { hasTouchedObstacle = true }
  }
}
