// What fuzzing found.

/// A property that did not hold, and where.
public struct FuzzFailure: Codable, Equatable, Sendable, CustomStringConvertible {
  public var scene: Int
  public var seed: UInt64
  public var step: Int
  public var property: String

  /// One line, with the command that shows it again.
  public var description: String {
    "scene \(scene), seed \(seed), step \(step): \(property)"
      + "  (planar fuzz --seed \(seed) --scene \(scene) --steps \(step))"
  }
}

/// The worst that was met, within its bounds or not.
public struct FuzzExtremes: Codable, Equatable, Sendable {
  public var energyGain = 0.0
  public var energyGainBouncing = 0.0
  public var restPenetration = 0.0
  public var centerOutside = -Double.infinity

  mutating func merge(_ other: FuzzExtremes) {
    energyGain = max(energyGain, other.energyGain)
    energyGainBouncing = max(energyGainBouncing, other.energyGainBouncing)
    restPenetration = max(restPenetration, other.restPenetration)
    centerOutside = max(centerOutside, other.centerOutside)
  }
}

/// How often each property was looked at.
public struct FuzzCounts: Codable, Equatable, Sendable {
  public var steps = 0
  public var energy = 0
  public var rest = 0
  public var forks = 0

  mutating func merge(_ other: FuzzCounts) {
    steps += other.steps
    energy += other.energy
    rest += other.rest
    forks += other.forks
  }
}
