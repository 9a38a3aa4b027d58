// The task: push the named object into the named zone.

import PlanarCore
import PlanarPolicyInterface

/// Pushing with the tip: "push the red square to the left zone".
public struct PushTask: ArmTask {
  static let kind = TaskKind("push") { _ in PushTask() }

  public init() {}

  public var expert: (any Expert<ArmEnvironment>)? { PushExpert() }

  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    scene.objectsIntoZones
  }
}
