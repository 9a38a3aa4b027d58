// What a command asks for in one scene: conditions that must all hold.

import PlanarCore

/// Something that can hold or not. Objects and zones by their index in the scene.
public enum Condition: Hashable, Sendable {
  /// The tip's centre is in the zone, at rest.
  case tipInside(zone: Int)
  /// The tip touches, or nearly touches, the object.
  case tipBeside(object: Int)
  /// The object's centre is in the zone, at rest.
  case inside(object: Int, zone: Int)
  /// The two objects touch, or nearly touch, at rest.
  case beside(object: Int, landmark: Int)
  /// The corridor's end has reached the tip, and the tip is in the corridor.
  case tipAtCorridorEnd
}

/// An instruction and what it means in a scene.
public struct Goal: Hashable, Sendable {
  public var instruction: Instruction
  /// All must hold.
  public var conditions: [Condition]

  public init(instruction: Instruction, conditions: [Condition]) {
    self.instruction = instruction
    self.conditions = conditions
  }

  /// Looks up what the instruction names.
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
    conditions = try instruction.requests.flatMap { request -> [Condition] in
      let subjects = try request.subject.map { try $0.resolve(among: visible, zones: places) }
      switch request.target {
      case .zone(let name):
        guard let zone = scene.zones.firstIndex(where: { $0.name == name }) else {
          throw UserError(
            "there is no \(name) zone; there are \(scene.zones.map(\.name).joined(separator: ", "))")
        }
        return subjects?.map { .inside(object: $0, zone: zone) } ?? [.tipInside(zone: zone)]
      case .beside(let phrase):
        let landmark = try one(phrase)
        guard let subjects else { return [.tipBeside(object: landmark)] }
        return subjects.filter { $0 != landmark }.map { .beside(object: $0, landmark: landmark) }
      case nil: return scene.corridor == nil ? [] : [.tipAtCorridorEnd]
      }
    }
  }
}
