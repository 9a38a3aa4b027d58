// The task: bring the tip into the named zone, or to the named object.

import PlanarCore
import PlanarPolicyInterface

/// Reaching: "move the tip to the left zone". Where the grammar knows objects, "to the red square" is understood too.
public struct ReachTask: ArmTask {
  static let kind = TaskKind("reach") { _ in ReachTask() }

  /// There is nothing to set.
  public init() {}

  /// An expert that goes straight to the zone.
  public var expert: (any Expert<ArmEnvironment>)? { ReachExpert() }

  /// Every zone that the tip does not begin in.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    scene.tipIntoZones
  }
}
