// Disturbances of the world: somebody's hand shoves an object in the middle of an episode.

import PlanarCore
import PlanarPolicyInterface

/// Now and then an object gets a velocity that the robot did not give it.
///
/// What happens at a frame depends on the episode's seed and the frame alone, so that a recorded episode can be
/// replayed with its shoves.
public struct ObjectShoves: Codable, Hashable, Sendable {
  /// The probability of a shove per control step.
  public var probability: Double
  /// The greatest speed that a shove gives, m/s; the least is half of it.
  public var speed: Double

  /// Shoves with this probability per step.
  ///
  /// - Parameter speed: m/s.
  public init(probability: Double, speed: Double = 0.4) {
    self.probability = probability
    self.speed = speed
  }

  /// The shove before the step of a frame, if there is one.
  ///
  /// - Parameters:
  ///   - seed: the episode's.
  ///   - objects: how many objects there are.
  public func shove(seed: UInt64, frame: Int, objects: Int) -> Shove? {
    guard probability > 0, objects > 0 else { return nil }
    var stream = RandomStream(seed: seed, purpose: "object shove", index: frame)
    guard stream.uniform() < probability else { return nil }
    let object = stream.integer(below: objects)
    let direction = Rotation(angle: stream.uniform(in: 0...(2 * Double.pi))).direction
    let velocity = direction * (speed * stream.uniform(in: 0.5...1))
    let turn = stream.uniform(in: -1...1)
    return Shove(
      object: object, velocity: velocity, strength: 2 * velocity.length / speed - 1, turn: turn * abs(turn))
  }
}
