// A task whose commands have a slot and a relation of their own.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface

/// Pushing an object against one edge of the table: "push the red square to the left edge".
struct EdgeTask: ArmTask {
  static let kind = TaskKind(
    "edge",
    vocabulary: CommandVocabulary(slots: [SlotKind("edge", korean: "가장자리")], relations: [.levelWith])
  ) { _ in EdgeTask() }

  static let edges = ["left", "right"]

  func instructions(in scene: Scene, of specification: EnvironmentSpecification) -> [Instruction] {
    scene.objects.indices.compactMap { scene.phrase(for: $0) }.flatMap { phrase in
      Self.edges.map { Instruction(requests: [Request(subject: phrase, words: ["edge": $0])]) }
    }
  }

  func goal(of instruction: Instruction, in scene: Scene) throws -> Goal {
    let zones = scene.zones.map { (name: $0.name, center: $0.center) }
    return Goal(
      instruction: instruction,
      conditions: try instruction.requests.flatMap { request in
        try (request.subject?.resolve(among: scene.visibleObjects, zones: zones) ?? []).map {
          ObjectAtEdge(objectIndex: $0, isLeft: request.words["edge"] == "left")
        }
      })
  }

  var expert: (any Expert<ArmEnvironment>)? { nil }
}

/// The object's centre is in the outer fifth of the table.
struct ObjectAtEdge: Condition {
  let objectIndex: Int
  let isLeft: Bool
  var object: Int? { objectIndex }

  func holds(in environment: ArmEnvironment) -> Bool { cost(in: environment) <= 0 }

  func cost(in environment: ArmEnvironment) -> Double {
    let table = environment.specification.table
    let x = environment.physics.states[objectIndex].position.x
    return max(0, (isLeft ? x - table.min.x : table.max.x - x) - 0.2 * (table.max.x - table.min.x))
  }
}

extension Relation.Kind {
  /// At most 2 cm farther from or nearer to the base than the landmark.
  static let levelWith = Relation.Kind(
    "levelWith", key: "level_with", english: "level with", korean: "과 나란한"
  ) { offsets in offsets.indices.filter { abs(offsets[$0].y) <= 0.02 } }
}
