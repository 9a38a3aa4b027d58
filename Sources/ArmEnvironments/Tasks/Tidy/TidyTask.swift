// The task: sort things by colour, every thing of one into one zone, every thing of another into another.

import PlanarCore
import PlanarPolicyInterface

/// Tidying up: "put every red thing into the left zone and every blue thing into the right zone". Objects of other
/// colours are in the way and may end anywhere.
///
/// Success: all named objects at rest in their zones at once; one that was knocked out again counts no more.
/// Metric `objects_in_place`: the share of the named objects that are at rest in their zones.
public struct TidyTask: ArmTask {
  static let kind = TaskKind("tidy") { _ in TidyTask() }

  /// There is nothing to set.
  public init() {}

  /// An expert that pushes one object after the other.
  public var expert: (any Expert<ArmEnvironment>)? { TidyExpert() }

  /// Every two colours that are there with every two zones, in either order, where something has still to be moved.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    let colors = specification.objects.colors.map(\.name).filter { name in
      scene.objects.contains { $0.colorName == name }
    }
    func isOpen(_ color: String, _ zone: Zone) -> Bool {
      scene.objects.contains {
        $0.colorName == color && (zone.center - $0.start.position).length > zone.radius + 0.02
      }
    }
    var all: [Instruction] = []
    for first in colors {
      for second in colors where second != first {
        for zone in scene.zones {
          for other in scene.zones
          where other.name != zone.name && (isOpen(first, zone) || isOpen(second, other)) {
            all.append(
              Instruction(requests: [
                Request(subject: NounPhrase(.every, color: first), target: .zone(zone.name)),
                Request(subject: NounPhrase(.every, color: second), target: .zone(other.name)),
              ]))
          }
        }
      }
    }
    return all
  }

  /// `objects_in_place`, the share of the named objects that are where they belong.
  public func metrics(_ environment: ArmEnvironment, _ memory: NoMemory) -> [String: Double] {
    let conditions = environment.goal.conditions
    let held = conditions.count { $0.holds(in: environment) }
    return ["objects_in_place": Double(held) / Double(max(1, conditions.count))]
  }

  /// The mean over the named objects of how far each is from its zone, and how far the tip is from the place behind
  /// the object that lacks least: a tip can be behind one object at a time only.
  public func cost(_ environment: ArmEnvironment, _ memory: NoMemory) -> Double {
    var open = 0.0
    var reaching = Double.infinity
    for condition in environment.goal.conditions where !condition.holds(in: environment) {
      guard let object = condition.object, let zone = condition.zone else { continue }
      let position = environment.physics.states[object].position
      let way = environment.scene.zones[zone].center - position
      open += 2.5 * max(0, way.length - 0.6 * environment.scene.zones[zone].radius) + 0.05
      let reach = environment.scene.objects[object].circumradius + environment.specification.robot.tipRadius
      reaching = min(reaching, (environment.tip - position + way.normalized() * reach).length)
    }
    guard open > 0 else { return 0 }
    return (open + 0.5 * reaching) / Double(environment.goal.conditions.count)
  }
}
