// Actions from where the tip should go: what experts and people say.

import PlanarCore
import PlanarPolicyInterface

extension ArmEnvironment {
  /// Reads actions in the space of a policy with these features; where they are of no space of its own, nothing changes.
  public mutating func takeActions(of features: FeatureSet) {
    guard let kind = ActionSpace.Kind(of: features.action), kind != specification.actionKind else { return }
    setActionKind(kind)
  }

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
