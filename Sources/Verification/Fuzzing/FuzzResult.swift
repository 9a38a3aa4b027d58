// What fuzzing found.

/// A property that did not hold, and where.
public struct FuzzFailure: Codable, Equatable, Sendable, CustomStringConvertible {
  /// The scene's index.
  public var scene: Int
  /// The seed of the run.
  public var seed: UInt64
  /// Steps taken when it was seen.
  public var step: Int
  /// What was violated, with the figure that shows it.
  public var property: String

  /// A property that failed in one step of a scene.
  public init(scene: Int, seed: UInt64, step: Int, property: String) {
    self.scene = scene
    self.seed = seed
    self.step = step
    self.property = property
  }

  /// One line that ends with the command that shows it again.
  public var description: String {
    "scene \(scene), seed \(seed), step \(step): \(property)"
      + " [planar fuzz --seed \(seed) --scene \(scene) --steps \(step)]"
  }
}

/// The worst that was met, within its bound or not.
public struct FuzzExtremes: Codable, Equatable, Sendable {
  /// Sum of gains over the energy scale of a scene, where nothing bounces.
  public var energyGain = 0.0
  /// The greatest gain of one step over the energy scale, where things bounce.
  public var bouncingGain = 0.0
  /// m.
  public var restingOverlap = 0.0
  /// How far a body's centre was behind a wall, beyond its half thickness, m.
  public var centerBehindWall = 0.0

  mutating func merge(_ other: FuzzExtremes) {
    energyGain = max(energyGain, other.energyGain)
    bouncingGain = max(bouncingGain, other.bouncingGain)
    restingOverlap = max(restingOverlap, other.restingOverlap)
    centerBehindWall = max(centerBehindWall, other.centerBehindWall)
  }
}

/// How often each property was looked at; numbers and walls are looked at in every step.
public struct FuzzCounts: Codable, Equatable, Sendable {
  /// Scenes that were stepped.
  public var scenes = 0
  /// Steps in all scenes together.
  public var steps = 0
  /// Steps whose energy was balanced.
  public var energyChecks = 0
  /// Looks at scenes at rest.
  public var restChecks = 0
  /// Copies and forks compared.
  public var forkChecks = 0

  mutating func merge(_ other: FuzzCounts) {
    scenes += other.scenes
    steps += other.steps
    energyChecks += other.energyChecks
    restChecks += other.restChecks
    forkChecks += other.forkChecks
  }
}

/// What a run of the fuzzer found.
public struct FuzzReport: Codable, Equatable, Sendable {
  /// Most energy that may be gained without bounces, as a share of the scene's.
  public static let energyBound = FuzzBounds.gain
  /// How far a body's centre may be behind a wall beyond its half thickness, m.
  public static let wallBound = FuzzBounds.centerBehindWall
  /// m.
  public static let restBound = FuzzBounds.restingOverlap

  /// How much was looked at.
  public var counts = FuzzCounts()
  /// The most extreme figures that were met.
  public var extremes = FuzzExtremes()
  /// In the order of scenes; each scene ends at its first.
  public var failures: [FuzzFailure] = []
  /// Whether it was stopped before its end.
  public var isStopped = false

  /// Adds what another part of the run found.
  mutating func merge(_ other: FuzzReport) {
    counts.merge(other.counts)
    extremes.merge(other.extremes)
    failures += other.failures
  }
}
