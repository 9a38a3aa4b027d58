// The task: bring the tip into the named zone, or to the named object.

import PlanarCore
import PlanarPolicyInterface

/// Reaching: "move the tip to the left zone". Where the grammar knows objects, "to the red square" is understood too.
public struct ReachTask: ArmTask {
  public init() {}

  public var expert: (any Expert<ArmEnvironment>)? { ReachExpert() }

  /// Every zone that the tip does not begin in.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    scene.zonesAway(from: scene.tipStart).map { .tip(into: $0) }
  }
}

extension Instruction {
  /// Brings the tip into a zone.
  static func tip(into zone: Zone) -> Instruction {
    Instruction(requests: [Request(target: .zone(zone.name))])
  }
}

extension Scene {
  /// The zones that a place is well outside of.
  func zonesAway(from place: Vec2) -> [Zone] {
    zones.filter { ($0.center - place).length > $0.radius + 0.02 }
  }
}
