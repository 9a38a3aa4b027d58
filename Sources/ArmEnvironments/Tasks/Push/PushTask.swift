// The task: push the named object into the named zone.

import PlanarCore
import PlanarPolicyInterface

/// Pushing with the tip: "push the red square to the left zone".
public struct PushTask: ArmTask {
  public var expert: (any Expert<ArmEnvironment>)? { PushExpert() }

  /// Every object with every zone whose rim it is well outside of.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    scene.objects.indices.flatMap { index -> [Instruction] in
      guard let phrase = scene.phrase(for: index) else { return [] }
      let start = scene.objects[index].start.position
      return scene.zones.filter { ($0.center - start).length > $0.radius + 0.02 }.map {
        Instruction(requests: [Request(subject: phrase, target: .zone($0.name))])
      }
    }
  }
}
