// What a number of an action says about the robot: what representations of actions convert by.

import PlanarCore

/// What one number of an action means: a target for a number of the proprioception, a move of it, or a level of its own.
///
/// ```
///                  −1            0            1
///   target       least ·················· greatest     where the number is to go
///   move         least ·················· greatest     by how much it is to change in this step, least = −greatest
///   level                                              neither: it means the same wherever the robot is
/// ```
public struct ActionAnchor: Codable, Hashable, Sendable {
  /// What an action's number says.
  public enum Kind: String, Codable, Sendable { case target, move, level }

  /// What the number says.
  public var kind: Kind
  /// The index, in the proprioception, of the number that it is about; not read for a level.
  public var element: Int
  /// What an action of −1 stands for, in the unit of the proprioception's number.
  public var least: Float
  /// What an action of 1 stands for, in the unit of the proprioception's number.
  public var greatest: Float
  /// How far the robot gets in a control step, in units of the action: what a disturbance of 1 amounts to.
  public var reach: Double

  /// An anchor from its parts.
  public init(kind: Kind = .target, element: Int, least: Float, greatest: Float, reach: Double = Self.standardReach) {
    self.kind = kind
    self.element = element
    self.least = least
    self.greatest = greatest
    self.reach = reach
  }

  /// A number that means the same wherever the robot is, such as a gripper's: disturbances leave it alone.
  public static let level = ActionAnchor(kind: .level, element: 0, least: -1, greatest: 1, reach: 0)

  /// The reach of anchors that do not tell theirs.
  public static let standardReach = 1.0 / 6

  /// Reads an anchor; one that tells `element`, `least` and `greatest` only is of a target.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? .target
    element = try container.decode(Int.self, forKey: .element)
    least = try container.decode(Float.self, forKey: .least)
    greatest = try container.decode(Float.self, forKey: .greatest)
    reach = try container.decodeIfPresent(Double.self, forKey: .reach) ?? Self.standardReach
  }

  /// Of a target, the action that stays where the robot is, not clamped.
  ///
  /// - Parameter proprioception: `[proprioception]`
  public func action(_ proprioception: [Float]) -> Float {
    2 * (proprioception[element] - least) / (greatest - least) - 1
  }
}
