// What a policy looks at: a value in its configuration.

import PlanarCore
import PlanarPolicyInterface

/// What of an observation becomes tokens, by encoder. Proprioception and command always do; what is switched off is not
/// needed of an environment either.
///
/// In a recipe or in config.json:
/// ```
/// observation:
///   objects: false
///   pixels: {kind: convolutional, tokens: 4}
/// ```
public struct ObservationConfiguration: Hashable, Sendable {
  /// Those that are switched on, in the order of their registration.
  public private(set) var encoders: [EncoderChoice] = []
  /// The robots that one policy serves, by name, each with a learned token; empty where there is one robot only.
  public var robots: [String]

  /// - Parameters:
  ///   - objects: whether there is a token per object of `observation.environment_state`.
  ///   - pixels: how the top camera's picture becomes tokens; nil does not look at it.
  ///   - others: encoders of other features.
  public init(
    objects: Bool = true, pixels: PixelConfiguration? = nil, others: [EncoderChoice] = [], robots: [String] = []
  ) {
    self.robots = robots
    if objects { set(ObjectOptions(isOn: true)) }
    if let pixels { set(pixels) }
    for choice in others { set(choice.options) }
  }

  /// One token per object of `observation.environment_state`.
  public var objects: Bool {
    get { options(ObjectOptions.self) != nil }
    set { newValue ? set(ObjectOptions(isOn: true)) : remove(ObjectOptions.self) }
  }

  /// Tokens of the top camera's picture; nil does not look at it.
  public var pixels: PixelConfiguration? {
    get { options(PixelConfiguration.self) }
    set { newValue.map { set($0) } ?? remove(PixelConfiguration.self) }
  }

  /// How many of a window's pictures are looked at, the newest.
  public var pictures: Int { encoders.map(\.options.pictures).max() ?? 0 }

  private func options<Options: EncoderOptions>(_ type: Options.Type) -> Options? {
    encoders.lazy.compactMap { $0.options as? Options }.first
  }

  private mutating func remove(_ type: any EncoderOptions.Type) { encoders.removeAll { $0.name == type.name } }

  private mutating func set(_ options: any EncoderOptions) {
    let choice = EncoderChoice(options)
    remove(choice.type)
    guard options.isOn else { return }
    let order = encoderRegistry.map { $0.name }
    func rank(_ choice: EncoderChoice) -> Int { order.firstIndex(of: choice.name) ?? order.count }
    let index = encoders.firstIndex { rank($0) > rank(choice) } ?? encoders.count
    encoders.insert(choice, at: index)
  }

  /// The features that training reads of those that a data set has: besides proprioception only what is looked at.
  /// Object states stay, as the picture encoder's training-only loss asks for them.
  ///
  /// - Throws: `UserError` where the data lacks what is looked at or a robot, and how to record it.
  public func features(trainedFrom offered: FeatureSet) throws -> FeatureSet {
    for encoder in encoders where offered[encoder.feature] == nil {
      throw UserError(
        "the policy looks at \(encoder.name), but the data has no \(encoder.feature); \(encoder.type.recordingHint)")
    }
    if let unknown = robots.first(where: { !offered.robots.contains($0) }) {
      throw UserError(
        "the policy is for the robots \(robots), but there is no data of '\(unknown)'; record episodes with --robot \(unknown)"
      )
    }
    return reading([FeatureName.environmentState], of: offered)
  }

  /// The features that running the policy needs of those that it was trained on.
  func demands(of features: FeatureSet) -> FeatureSet { reading([], of: features) }

  /// The state, what encoders read, and some others.
  private func reading(_ others: [String], of features: FeatureSet) -> FeatureSet {
    let names = Set([FeatureName.state] + encoders.map(\.feature) + others)
    var read = features
    read.observations.removeAll { !names.contains($0.name) }
    read.robots = robots
    return read
  }

  /// - Throws: `UserError` naming the entry at fault.
  func validate(_ features: FeatureSet, window: Int) throws {
    guard encoders.contains(where: { $0.type.showsObjects }) else {
      throw UserError(
        "trunk.observation switches off objects and has no pixels: the policy could not see what it handles")
    }
    guard Set(robots).count == robots.count, robots.isEmpty || robots == features.robots else {
      throw UserError(
        "trunk.observation.robots is \(robots); it must be empty or the robots of the features, \(features.robots), each once"
      )
    }
    for encoder in encoders {
      guard features[encoder.feature] != nil else {
        throw UserError(
          "trunk.observation.\(encoder.name) needs \(encoder.feature), which the features do not have; \(encoder.type.recordingHint)"
        )
      }
      try encoder.options.validate(features, window: window)
    }
  }
}

extension ObservationConfiguration: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  private static let robotsKey = Key(stringValue: "robots")

  /// Entries that are missing have their defaults.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(objects: false, robots: try container.decode(Self.robotsKey, or: []))
    for type in encoderRegistry {
      func read<Options: EncoderOptions>(_ type: Options.Type) throws -> (any EncoderOptions)? {
        try container.decodeIfPresent(type, forKey: Key(stringValue: type.name)) ?? type.standard
      }
      if let options = try read(type) { set(options) }
    }
  }

  /// Writes what `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(robots, forKey: Self.robotsKey)
    for type in encoderRegistry {
      let key = Key(stringValue: type.name)
      if let choice = encoders.first(where: { $0.name == type.name }) {
        try container.encode(choice.options, forKey: key)
      } else if type.standard != nil {
        try container.encode(false, forKey: key)
      }
    }
  }
}

extension FeatureSpec {
  /// Whether object tokens say where the objects are.
  var tellsPlaces: Bool { elements.contains("x (m)") && elements.contains("y (m)") }
}
