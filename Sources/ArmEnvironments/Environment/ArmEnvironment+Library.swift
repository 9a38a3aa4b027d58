// What the library asks of an environment.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface
import PlanarSceneDrawing

extension ArmEnvironment: LibraryEnvironment {
  /// The task's expert; nil where only a planner can show it.
  public var scriptedExpert: (any Expert<ArmEnvironment>)? { specification.task.expert }
  /// What the present command asks for.
  public var instruction: Instruction { goal.instruction }
  /// Every instruction that makes sense in the present episode's scene.
  public var possibleInstructions: [Instruction] {
    specification.task.instructions(in: scene, of: specification)
  }

  /// What its file says, for people.
  public var facts: EnvironmentFacts {
    let objects = specification.objects
    var text = ""
    if objects.count.upperBound > 0 {
      let count = objects.count
      text =
        "\(count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)") of \(objects.colors.map(\.name).joined(separator: ", ")) × \(objects.shapes.map(\.shape.rawValue).joined(separator: ", "))"
    }
    return EnvironmentFacts(
      summary: specification.summary, robot: specification.robot.model, objects: text,
      zones: specification.zones.map(\.name), levels: specification.levels)
  }

  /// As the episode's camera sees it, in the light that was drawn.
  public func picture(width: Int) -> Image {
    topCamera(width: width, height: specification.table.pictureHeight(width: width)).render(drawList)
  }

  /// From the object that the command names, or else from the tip, to the middle of its zone.
  public var distanceToGoal: Double? {
    goalZone.map { zone in ((goalObject.map { physics.states[$0].position } ?? tip) - zone.center).length }
  }

  /// The tip from the object that the command names and that object from its zone, x and y each, m; what there is none
  /// of counts as lying in the middle of the table.
  public var visitedState: [Float] {
    let zone = goalZone?.center ?? .zero
    let position = goalObject.map { physics.states[$0].position } ?? zone
    let (tip, way) = (self.tip - position, position - zone)
    return [Float(tip.x), Float(tip.y), Float(way.x), Float(way.y)]
  }

  /// All objects.
  public var shovableObjects: Int { scene.objects.count }

  /// The object gets the shove's velocity.
  public mutating func receive(_ shove: Shove) { self.shove(body: shove.object, velocity: shove.velocity) }
}
