// Everything needed to rebuild a policy: what a checkpoint's config.json holds.

import Foundation
import PlanarLanguage
import PlanarCore
import PlanarPolicyInterface

/// A policy in words and numbers, without its weights.
public struct PolicyConfiguration: Codable, Sendable, KeyRenaming {
  /// The layout of this value in JSON; others are refused.
  public static let currentFormat = 2

  /// The version of the file's layout.
  public var format = Self.currentFormat
  /// The head and its options.
  public var head: HeadChoice
  /// What the policy looks at, and what an action is.
  public var features: FeatureSet
  /// How much is observed, predicted and executed, in control steps.
  public var horizons: Horizons
  /// The sizes of the trunk.
  public var trunk: ContextTrunk.Configuration
  /// The network of the heads that denoise or regress.
  public var decoder: ActionDecoderConfiguration
  /// How commands are read.
  public var text: CommandEncoder.Configuration
  /// Classifier-free guidance (Ho & Salimans 2022): how often training hides the command. 0 for none.
  public var commandDropout: Float = 0
  /// How strongly the command guides at inference: answers are a + scale·(with − without), and 1 is as learned.
  public var guidanceScale: Float = 1
  /// How numbers are scaled before the network sees them.
  public var normalization: Normalization
  /// How actions are put to the network; nil where they are seen as they are, in [−1, 1].
  public var representation: ActionRepresentation?
  /// The environment whose data it is trained on, by the name in its file.
  public var environment: String
  /// How that environment was loaded; nil where its maker did not say.
  public var environmentSettings: EnvironmentSettings?
  /// The seed of the initial weights.
  public var seed: UInt64
  /// Where it comes from: data set, steps, date, whatever its maker wants to be known.
  public var provenance: [String: String]
  /// In a file, the checksum of the weights that go with it; nil in memory, and where none was recorded.
  var weightsChecksum: String?

  /// A configuration; `validate` checks it.
  public init(
    head: any HeadOptions, features: FeatureSet, horizons: Horizons = Horizons(),
    size: PolicySize = .regular, observation: ObservationConfiguration = ObservationConfiguration(),
    text: CommandEncoder.Configuration, normalization: Normalization, environment: String, seed: UInt64 = 0,
    provenance: [String: String] = [:]
  ) {
    self.head = HeadChoice(head)
    self.features = features
    self.horizons = horizons
    trunk = size.trunk
    trunk.observation = observation
    decoder = size.decoder
    self.text = text
    self.normalization = normalization
    self.environment = environment
    self.seed = seed
    self.provenance = provenance
  }

  private enum CodingKeys: String, CodingKey {
    case format, head, features, horizons, trunk, decoder, text, commandDropout, guidanceScale, normalization
    case representation, environment, environmentSettings, seed, provenance, weightsChecksum
  }

  /// What files of format 2 may call the action decoder, and the representation.
  public static var renamedKeys: [String: String] { ["expert": "decoder", "relativeActions": "representation"] }

  /// Reads a configuration.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    format = try container.decode(Int.self, forKey: .format)
    head = try container.decode(HeadChoice.self, forKey: .head)
    features = try container.decode(FeatureSet.self, forKey: .features)
    horizons = try container.decode(Horizons.self, forKey: .horizons)
    trunk = try container.decode(ContextTrunk.Configuration.self, forKey: .trunk)
    self.decoder = try container.decode(ActionDecoderConfiguration.self, forKey: .decoder)
    text = try container.decode(CommandEncoder.Configuration.self, forKey: .text)
    commandDropout = try container.decode(Float.self, forKey: .commandDropout)
    guidanceScale = try container.decode(Float.self, forKey: .guidanceScale)
    normalization = try container.decode(Normalization.self, forKey: .normalization)
    representation = try container.decodeIfPresent(ActionRepresentation.self, forKey: .representation)
    environment = try container.decode(String.self, forKey: .environment)
    environmentSettings = try container.decodeIfPresent(EnvironmentSettings.self, forKey: .environmentSettings)
    seed = try container.decode(UInt64.self, forKey: .seed)
    provenance = try container.decode([String: String].self, forKey: .provenance)
    weightsChecksum = try container.decodeIfPresent(String.self, forKey: .weightsChecksum)
  }

  /// What running the policy needs of an environment: of the features it was trained on, those that it looks at.
  public var neededFeatures: FeatureSet { trunk.observation.demands(of: features) }

  /// How to load the environment that the policy was trained in: as its maker said, else with the robot that it needs.
  /// The environment switches on the sensors for `neededFeatures`.
  public var trainedSettings: EnvironmentSettings {
    var settings = environmentSettings ?? EnvironmentSettings()
    settings.robot = settings.robot ?? neededFeatures.robots.first
    return settings
  }

  /// Checks that a policy can be built.
  ///
  /// - Throws: `UserError` that names the entry at fault and what it must be.
  public func validate() throws {
    guard format == Self.currentFormat else {
      throw UserError(
        "format is \(format), but this program reads format \(Self.currentFormat); use the version of the program that wrote it"
      )
    }
    guard features.hasShapes,
      (features.observations + [features.action]).allSatisfy({ $0.shape.allSatisfy((1...4096).contains) })
    else {
      throw UserError(
        "features must have observation.state [n], observation.environment_state [n, m] and action [n], with one element name per number"
      )
    }
    try requireRanges([
      ("horizons.observation", horizons.observation, 1...64),
      ("horizons.prediction", horizons.prediction, 1...1024),
      ("horizons.execution", horizons.execution, 1...min(max(1, horizons.prediction), 1024)),
      ("trunk.width", trunk.width, 8...4096), ("trunk.layers", trunk.layers, 1...64),
      ("trunk.heads", trunk.heads, 1...min(max(1, trunk.width), 4096)),
      ("trunk.feedForward", trunk.feedForward, 1...16),
    ])
    try representation?.validate(features, horizon: horizons.prediction)
    guard trunk.width % trunk.heads == 0 else {
      throw UserError(
        "trunk.width must be a multiple of trunk.heads; they are \(trunk.width) and \(trunk.heads)")
    }
    guard (0..<1).contains(commandDropout), guidanceScale >= 0, guidanceScale.isFinite else {
      throw UserError(
        "commandDropout must lie in 0 ..< 1 and guidanceScale must not be negative; they are \(commandDropout) and \(guidanceScale)"
      )
    }
    guard guidanceScale == 1 || commandDropout > 0 else {
      throw UserError(
        "guidanceScale is \(guidanceScale), but the policy was never trained without a command; train with a commandDropout such as 0.1"
      )
    }
    try decoder.validate(horizon: horizons.prediction)
    try text.validate()
    try normalization.validate(features)
    try trunk.observation.validate(features, window: horizons.observation)
    try head.options.validate()
  }
}

/// Checks that sizes and other numbers make sense.
///
/// - Throws: `UserError` naming the first that does not, and its range.
public func requireRanges<Value: Comparable>(
  _ entries: [(name: String, value: Value, range: ClosedRange<Value>)]
) throws {
  for (name, value, range) in entries where !range.contains(value) {
    throw UserError(
      "\(name) is \(value); it must lie in \(range.lowerBound) … \(range.upperBound)")
  }
}

/// Named sizes of the networks.
public enum PolicySize: String, Codable, CaseIterable, Sendable {
  /// Trains about three times as fast.
  case small
  /// The default.
  case regular

  /// The trunk's sizes.
  public var trunk: ContextTrunk.Configuration {
    self == .small ? .init(width: 64, heads: 4, layers: 2) : .init()
  }
  /// The sizes of the network behind the head.
  public var decoder: ActionDecoderConfiguration {
    .mlp(
      self == .small ? .init(width: 128, blocks: 2, conditionWidth: 128, timeWidth: 32) : .init())
  }
  /// The width and heads of a learned text encoder.
  public var text: (width: Int, heads: Int) { self == .small ? (32, 2) : (48, 3) }
}
