// The task: push the named object into the named zone, or against another object.

import PlanarCore
import PolicyInterface

/// Pushing with the tip: "push the red square to the left zone", "push the red square and the blue disc together".
public struct PushTask: ArmTask {
  public var expert: (any Expert<ArmEnvironment>)? { PushExpert() }

  /// Every object with every zone whose rim it is well outside of.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    scene.objects.flatMap { object in
      scene.zones.filter {
        ($0.center - object.start.position).length > $0.radius + 0.02
      }.map { zone in
        Instruction(requests: [
          Request(
            subject: NounPhrase(color: object.colorName, shape: object.shape.rawValue),
            target: .zone(zone.name))
        ])
      }
    }
  }
}
