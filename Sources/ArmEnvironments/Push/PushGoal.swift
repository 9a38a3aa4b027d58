// A pushing command's goal by attribute, in front of the grammar's instructions.

import PlanarCore

/// What a pushing command asks for.
public struct PushGoal: Hashable, Codable, Sendable {
  public var color: String
  public var shape: String
  public var zone: String

  public init(color: String, shape: String, zone: String) {
    self.color = color
    self.shape = shape
    self.zone = zone
  }

  /// - Throws: `UserError` where an instruction is more than one named object and one zone.
  init(_ instruction: Instruction) throws {
    guard instruction.requests.count == 1, let subject = instruction.requests[0].subject,
      case .zone(let zone) = instruction.requests[0].target, subject.quantifier == .the,
      subject.relation == nil, let color = subject.color, let shape = subject.shape
    else { throw UserError("a pushing command names one object by colour and shape, and one zone") }
    self.init(color: color, shape: shape, zone: zone)
  }

  var instruction: Instruction { Instruction(color: color, shape: shape, zone: zone) }
}
