// The task: do what composed words say, among objects that simple words would mix up.

import PlanarCore
import PlanarPolicyInterface

/// Pushing objects that are named by composition: "push the square other than the red one", "the disc second nearest to
/// the top zone", "first the red square to the left zone, then the blue disc to the top zone".
///
/// Nothing about the pushing is harder than elsewhere, so what fails here is the reading.
///
/// - Depth 1: an object by colour and shape; clauses about others come with the wordings of the file.
/// - Depth 2: also by shape and place: relations, superlatives, ordinals, negation.
/// - Depth 3: also two pushes one after the other, whose order counts.
public struct WordsTask: ArmTask {
  /// How far words are composed, 1 to 3.
  public var depth: Int

  /// How far an ordered command has been followed.
  public struct Progress: Equatable, Sendable {
    /// The first request has held.
    public internal(set) var isFirstDone = false
    /// The second request held before the first ever did.
    public internal(set) var isOutOfOrder = false
  }

  static let kind = TaskKind(
    "words",
    fields: [
      SpecificationField(
        "depth", .wholeNumber, .count, 1...3,
        "how far commands are composed: 1 colour and shape; 2 also relations, ordinals and negation; 3 also two pushes in order"
      )
    ],
    vocabulary: CommandVocabulary(relations: [.otherThan, .secondNearest])
  ) { try WordsTask($0) }

  init(_ top: SpecReader) throws { depth = try top.integer("depth", in: 1...3) }

  /// The expert of pushing: it does the first request that does not hold.
  public var expert: (any Expert<ArmEnvironment>)? { PushExpert() }

  /// Every object with every zone whose rim it is well outside of, in every way that the depth allows; and two pushes, one
  /// after the other.
  public func instructions(in scene: Scene, of specification: EnvironmentSpecification) -> [Instruction] {
    let plain = scene.objectsIntoZones
    guard depth > 1 else { return plain }
    let related = scene.objects.indices.flatMap { index in
      Self.relationalPhrases(for: index, in: scene).flatMap { phrase in
        scene.zonesAway(from: scene.objects[index].start.position).map {
          Instruction(requests: [Request(subject: phrase, target: .zone($0.name))])
        }
      }
    }
    guard depth > 2 else { return plain + related }
    return plain + related + Self.pairs(of: plain)
  }

  /// Words that mean an object by its shape and its place, and no other; one for each relation.
  private static func relationalPhrases(for index: Int, in scene: Scene) -> [NounPhrase] {
    let visible = scene.visibleObjects
    let own = visible[index]
    let rivals = visible.indices.filter { $0 != index && visible[$0].shapeName == own.shapeName }
    // Without a rival the shape alone would do.
    guard !rivals.isEmpty else { return [] }
    let zones = scene.zones.map { (name: $0.name, center: $0.center) }
    let marks = visible.indices.filter { $0 != index }.map { other in
      (Relation.Landmark.object(color: visible[other].colorName, shape: visible[other].shapeName), other)
    }
    func isSaid(_ kind: Relation.Kind, _ landmark: Relation.Landmark, at position: Vec2, of other: Int?) -> Bool {
      guard (kind == .otherThan) == (other.map(rivals.contains) ?? false) else { return false }
      let phrase = NounPhrase(shape: own.shapeName, relation: Relation(kind, landmark))
      return (try? phrase.resolve(among: visible, zones: zones)) == [index]
        && kind.isClear(own.position - position, rivals.map { visible[$0].position - position })
    }
    return Relation.Kind.composed.compactMap { kind in
      let mark = marks.first { isSaid(kind, $0.0, at: visible[$0.1].position, of: $0.1) }?.0
      let zone = zones.first { isSaid(kind, .zone($0.name), at: $0.center, of: nil) }
      // Places are told by zones where they can be: they stay where they are.
      return (zone.map { .zone($0.name) } ?? mark).map {
        NounPhrase(shape: own.shapeName, relation: Relation(kind, $0))
      }
    }
  }

  /// Two pushes of different objects into different zones: every single push, followed by one of an object of each colour.
  private static func pairs(of single: [Instruction]) -> [Instruction] {
    single.enumerated().flatMap { number, first in
      let others = Dictionary(grouping: single.filter { !$0.shares(first) }) { $0.requests[0].subject?.color ?? "" }
      return others.sorted { $0.key < $1.key }.map { _, choices in
        // In turn, so that the second push goes everywhere too.
        let second = choices[number % choices.count]
        return Instruction(requests: first.requests + second.requests)
      }
    }
  }

  /// Nothing has been done yet.
  public func begin(in scene: Scene) -> Progress { Progress() }

  /// Remembers which of two requests held first.
  public func note(_ environment: ArmEnvironment, in progress: inout Progress) {
    let conditions = environment.goal.conditions
    guard conditions.count == 2, !progress.isFirstDone else { return }
    if conditions[0].holds(in: environment) {
      progress.isFirstDone = true
    } else if conditions[1].holds(in: environment) {
      progress.isOutOfOrder = true
    }
  }

  /// Success where all conditions hold; the second of two before the first fails.
  public func judge(_ environment: ArmEnvironment, _ progress: Progress) -> Judgement {
    guard !progress.isOutOfOrder else { return Judgement(succeeded: false, failed: true, reward: 0) }
    let succeeded = environment.holds(environment.goal)
    return Judgement(succeeded: succeeded, reward: succeeded ? 1 : 0)
  }
}

extension Instruction {
  /// Whether two pushes have the object or the zone in common.
  fileprivate func shares(_ other: Instruction) -> Bool {
    requests[0].subject == other.requests[0].subject || requests[0].target == other.requests[0].target
  }
}
