// A disturbance from outside: somebody's hand.

import PlanarCore

/// What a hand does to an object in the middle of an episode.
public struct Shove: Equatable, Sendable {
  /// The object's index.
  public var object: Int
  /// m/s
  public var velocity: Vec2
  /// Where the speed lies between the least (0) and the greatest (1) that such hands give.
  public var strength: Double
  /// How it is turned where hands put things elsewhere instead of shoving them: from −1 to 1, mostly near 0.
  public var turn: Double

  /// A shove from its parts.
  public init(object: Int, velocity: Vec2, strength: Double, turn: Double) {
    (self.object, self.velocity, self.strength, self.turn) = (object, velocity, strength, turn)
  }
}
