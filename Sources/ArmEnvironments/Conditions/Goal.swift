// What a command asks for in one scene: conditions that must all hold.

import PlanarCore

/// An instruction and what it means in a scene.
public struct Goal: Sendable {
  /// What is asked for.
  public var instruction: Instruction
  /// All must hold.
  public var conditions: [any Condition]

  /// A goal that is reached when all conditions hold.
  public init(instruction: Instruction, conditions: [any Condition]) {
    self.instruction = instruction
    self.conditions = conditions
  }

  /// Looks up what the instruction names: what is moved, the tip or objects, belongs in the zone or beside the object
  /// that is named. A request without a target asks for nothing that a condition could tell.
  ///
  /// - Throws: `UserError` that says what is not on the table, or which of several is meant.
  public init(_ instruction: Instruction, in scene: Scene) throws {
    self.instruction = instruction
    let places = scene.zones.map { ($0.name, $0.center) }
    let visible = scene.visibleObjects
    func one(_ phrase: NounPhrase) throws -> Int {
      let found = try phrase.resolve(among: visible, zones: places)
      guard let first = found.first else { throw UserError("there is no such object on the table") }
      return first
    }
    conditions = try instruction.requests.flatMap { request -> [any Condition] in
      let subjects = try request.subject.map { try $0.resolve(among: visible, zones: places) }
      switch request.target {
      case .zone(let name):
        guard let zone = scene.zones.firstIndex(where: { $0.name == name }) else {
          throw UserError(
            "there is no \(name) zone; there are \(scene.zones.map(\.name).joined(separator: ", "))")
        }
        return subjects?.map { ObjectInZone(object: $0, zone: zone) } ?? [TipInZone(zone: zone)]
      case .object(let phrase):
        let landmark = try one(phrase)
        guard let subjects else { return [TipBesideObject(object: landmark)] }
        return subjects.filter { $0 != landmark }.map { ObjectsTogether(object: $0, landmark: landmark) }
      case nil: return []
      }
    }
  }
}

extension Goal: Equatable {
  /// Goals are the same by what was asked for and by their conditions.
  public static func == (a: Goal, b: Goal) -> Bool {
    a.instruction == b.instruction && a.conditions.count == b.conditions.count
      && zip(a.conditions, b.conditions).allSatisfy { $0.equals($1) }
  }
}
