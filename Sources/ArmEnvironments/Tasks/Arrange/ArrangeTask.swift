// Tasks that need no code: an environment's file says what is moved and where to.

import PlanarCore
import PlanarPolicyInterface

/// Bringing one thing to another, as `environment.yaml` says:
///
/// ```yaml
/// task: arrange
/// arrange:
///   move: object      # what commands move: tip or object
///   to: [object]      # where to: zone, object, or both
///   expert: push      # who shows it: push, or planner, which works from the cost alone
/// ```
///
/// "push the red square and the blue disc together" moves an object to an object.
public struct ArrangeTask: ArmTask {
  /// What commands move.
  public enum Mover: String, CaseIterable, Sendable { case tip, object }
  /// Where they move it.
  public enum Destination: String, CaseIterable, Sendable { case zone, object }

  /// What commands move.
  public var mover: Mover
  /// Where commands move it to.
  public var destinations: [Destination]
  /// Who shows how: one of `expertRegistry`; nil for a planner, which works from the cost alone.
  public var script: ScriptedExpert?

  static let kind = TaskKind("arrange", fields: fields) { try ArrangeTask($0) }
  private static let planner = "planner"

  /// What only this task's file has.
  private static var fields: [SpecificationField] {
    [
      .section(
        "arrange",
        SpecificationSection(
          "arrange",
          [
            SpecificationField("move", .word(Mover.allCases.map(\.rawValue)), "what commands move"),
            SpecificationField("to", .words(Destination.allCases.map(\.rawValue)), "where to"),
            SpecificationField(
              "expert", .word(expertRegistry.names + [planner]),
              "who shows it: the pusher of objects, or a planner, which works from the cost alone"),
          ]), "what is brought where")
    ]
  }

  init(_ top: SpecReader) throws {
    let section = try top.section("arrange")
    try section.allowKnown()
    mover = try section.choice("move")
    destinations = try section.choices("to")
    let name = try section.word("expert", among: expertRegistry.names + [Self.planner])
    script = expertRegistry[name]
    guard script == nil || mover == .object else {
      throw section.error(at: "expert", "is '\(name)', which moves objects; with 'move: tip' it must be 'planner'")
    }
  }

  /// The pusher of objects, where the file names it; else nobody, and a planner shows it.
  public var expert: (any Expert<ArmEnvironment>)? { script?.make() }

  /// Every command that makes sense in the scene.
  public func instructions(
    in scene: Scene, of specification: EnvironmentSpecification
  ) -> [Instruction] {
    let movers: [Int?] = mover == .tip ? [nil] : scene.objects.indices.map { $0 }
    return movers.flatMap { mover -> [Instruction] in
      let subject = mover.flatMap { scene.phrase(for: $0) }
      guard mover == nil || subject != nil else { return [] }
      return targets(in: scene, from: mover).map {
        Instruction(requests: [Request(subject: subject, target: $0)])
      }
    }
  }

  /// Where the tip (nil) or an object can be told to go and is not yet.
  private func targets(in scene: Scene, from mover: Int?) -> [Target] {
    let start = mover.map { scene.objects[$0].start.position } ?? scene.tipStart
    let reach = mover.map { scene.objects[$0].circumradius } ?? 0
    var targets: [Target] = []
    if destinations.contains(.zone) {
      targets += scene.zonesAway(from: start).map { .zone($0.name) }
    }
    if destinations.contains(.object) {
      targets += scene.objects.indices.filter {
        $0 != mover
          && (scene.objects[$0].start.position - start).length
            > reach + scene.objects[$0].circumradius + 0.03
      }.compactMap { scene.phrase(for: $0).map { .object($0) } }
    }
    return targets
  }
}
