// What domain randomization can change (Tobin et al. 2017, arXiv 1703.06907; Peng et al. 2018, arXiv 1710.06537).

import PlanarCore
import PlanarPhysics

/// One thing that may differ from episode to episode: its key in files and flags, its unit and bounds, what it means, and
/// what a draw of it does to an episode. Planar's own stand in `RandomizationFactors.swift`; a program outside adds its
/// own to `randomizationFactors` before it loads an environment.
public struct RandomizationFactor: Registrable {
  /// What a range of the factor means.
  public enum Kind: Hashable, Sendable {
    /// A multiple of the nominal value, drawn evenly or, where `logarithmic`, evenly in its logarithm; nominally 1.
    case factor(logarithmic: Bool)
    /// A value drawn evenly from a range; nominally 0.
    case value
    /// The farthest that something moves either way: drawn evenly from −spread to spread; nominally 0.
    case spread
    /// The standard deviation of noise that is drawn at every observation; nominally 0.
    case deviation
  }

  /// What a draw changes, and how.
  public enum Effect: Sendable {
    /// The robot and its motors.
    case robot(@Sendable (inout RobotDraws, inout FactorDraw) -> Void)
    /// Drawn for every object by itself.
    case object(@Sendable (inout ObjectDraws, inout FactorDraw) -> Void)
    /// What the picture shows, camera and light among it.
    case appearance(@Sendable (inout Appearance, inout FactorDraw) -> Void)
    /// The table.
    case table(@Sendable (inout TableDraws, inout FactorDraw) -> Void)
    /// What sensors add to their readings.
    case sensors(@Sendable (inout SensorDraws, inout FactorDraw) -> Void)
    /// The world that has been built of everything else, before its first step.
    case world(@Sendable (inout World, inout FactorDraw) -> Void)
  }

  /// Which random stream of an episode a factor is drawn from.
  public enum Stream: Hashable, Sendable {
    /// One of its own, named after it: switching the factor on changes no other draw.
    case own
    /// One that several factors of robot and objects share, drawn one after another at every level.
    case physics
    /// The same for what an episode looks like.
    case looks
  }

  /// The key in `environment.yaml` and on the command line, such as `support_friction`.
  public let name: String
  /// A shorter key on the command line; nil where there is none.
  public let alias: String?
  /// How its range is meant: a multiple, a value, a spread or a deviation.
  public let kind: Kind
  /// What its numbers measure.
  public let dimension: PhysicalDimension
  /// Between which bounds a file or a command line may set it.
  public let limits: ClosedRange<Double>
  /// Which of an episode's random streams it is drawn from.
  public let stream: Stream
  /// One line for people.
  public let meaning: String
  /// What the draw does to an episode.
  public let effect: Effect

  /// - Parameter meaning: one line for people, without a full stop.
  public init(
    _ name: String, _ kind: Kind, _ dimension: PhysicalDimension, _ limits: ClosedRange<Double>,
    stream: Stream = .own, alias: String? = nil, _ meaning: String, _ effect: Effect
  ) {
    (self.name, self.alias, self.kind, self.dimension, self.limits) = (name, alias, kind, dimension, limits)
    (self.stream, self.meaning, self.effect) = (stream, meaning, effect)
  }

  /// The value that changes nothing.
  public var nominal: Double {
    if case .factor = kind { 1 } else { 0 }
  }

  /// The unit of its values; empty for factors, shares and counts.
  public var unit: String { dimension.unit }

  /// Whether every object has its own draw.
  public var isPerObject: Bool {
    if case .object = effect { true } else { false }
  }

  /// Whether a file gives one number instead of a range.
  var isSingleNumber: Bool { kind == .spread || kind == .deviation }

  /// - Throws: `UserError` with the limits where a value is outside of them.
  func check(_ value: Double) throws {
    guard limits.contains(value) else {
      throw UserError(
        "'\(name)' is \(value), but must lie between \(limits.lowerBound) and \(limits.upperBound)\(unit.isEmpty ? "" : " \(unit)")"
      )
    }
  }
}

extension RandomizationFactor: Hashable {
  /// Factors are the same by name.
  public static func == (a: Self, b: Self) -> Bool { a.name == b.name }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension RandomizationFactor {
  /// How a range of the factor reads: `0.7 to 1.3 ×`, `± 0.1 m`, `σ 0.001 m`.
  public func text(_ range: ClosedRange<Double>, unit: String? = nil) -> String {
    let unit = unit ?? self.unit
    let tail = unit.isEmpty ? "" : " \(unit)"
    switch kind {
    case .factor:
      return range.lowerBound == range.upperBound
        ? "× \(range.lowerBound.plain)" : "× \(range.lowerBound.plain) to \(range.upperBound.plain)"
    case .value:
      return
        (range.lowerBound == range.upperBound
        ? range.lowerBound.plain : "\(range.lowerBound.plain) to \(range.upperBound.plain)") + tail
    case .spread: return "± \(range.upperBound.plain)\(tail)"
    case .deviation: return "σ \(range.upperBound.plain)\(tail)"
    }
  }

  /// As a key of a level in a file.
  var field: SpecificationField {
    var field = SpecificationField(
      name, isSingleNumber ? .number : .rangeOrNumber, dimension, limits, standard: nominal == 1 ? "1" : "0", meaning)
    field.canBeOff = true
    return field
  }
}
