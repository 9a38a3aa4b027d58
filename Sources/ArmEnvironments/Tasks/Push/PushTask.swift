// The task: push the named object into the named zone.

import PlanarCore
import PlanarPolicyInterface

/// Pushing with the tip: "push the red square to the left zone".
public struct PushTask: ArmTask {
  static let kind = TaskKind("push") { _ in PushTask() }

  /// The task; it has no settings.
  public init() {}

  /// An expert that pushes from behind the object.
  public var expert: (any Expert<ArmEnvironment>)? { PushExpert() }

  /// Every object with every zone whose rim it is well outside of.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    scene.objectsIntoZones
  }
}
