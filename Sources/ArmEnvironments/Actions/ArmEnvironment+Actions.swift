// Actions from where the tip should go: what experts and people say.

import PlanarCore
import PlanarPolicyInterface

extension ArmEnvironment {
  /// The action that leads the commanded tip with a velocity for one control step, as far as one step can.
  ///
  /// - Parameters:
  ///   - velocity: m/s
  ///   - gripper: −1 for closed to 1 for open; not read where the robot has none.
  public func action(moving velocity: Vec2, gripper: Double = -1) -> Action {
    specification.actionSpace.action(
      moving: velocity, from: commandedTip, period: controlPeriod, gripper: gripper)
  }

  /// The action that leads the commanded tip to a point, or as far on the straight way there as one control step goes.
  ///
  /// - Parameters:
  ///   - point: m
  ///   - gripper: −1 for closed to 1 for open; not read where the robot has none.
  public func action(leadingTo point: Vec2, gripper: Double = -1) -> Action {
    specification.actionSpace.action(leadingTo: point, from: commandedTip, gripper: gripper)
  }
}
