// What turns the modalities of an observation into tokens, and the list of those that can be switched on.

import PlanarCore
import PlanarNeuralNetworks
import PlanarPolicyInterface

/// The encoders there are, besides that of the state. A new one is a file and a line here.
let encoderRegistry: [any EncoderOptions.Type] = [ObjectOptions.self, TouchOptions.self, PixelConfiguration.self]

/// Makes tokens of one feature.
protocol ObservationEncoder: Sendable {
  /// `[rows, tokens, width]`, the rows' token count being always the same.
  ///
  /// - Parameters:
  ///   - observed: the rows' observations, as observed.
  ///   - text: `[rows, text tokens, width]`.
  ///   - training: nil where nothing is learned.
  func tokens(
    _ observed: ObservedRows, text: Tensor, training: inout ContextTrunk.Training?, on tape: Tape
  ) -> Tensor
}

/// The options of one encoder, as `observation` in recipes and in config.json keeps them under its name. Options that a
/// file leaves out are switched off, unless there is a standard.
protocol EncoderOptions: Codable, Hashable, Sendable {
  /// The key in `observation`, such as `touch`.
  static var name: String { get }
  /// The feature that it reads, such as `observation.touch`.
  static var feature: String { get }
  /// What to do where a data set does not have the feature, such as `record it with --touch`.
  static var recordingHint: String { get }
  /// What is switched on where a file does not say; nil for nothing.
  static var standard: Self? { get }
  /// Whether its tokens say where things are.
  static var showsObjects: Bool { get }
  /// false where a file switches it off.
  var isOn: Bool { get }
  /// Of a `uint8` feature: how many of a window's observations are read, the newest.
  var pictures: Int { get }
  /// - Parameter window: observations that are looked at.
  /// - Throws: `UserError` naming the entry at fault.
  func validate(_ features: FeatureSet, window: Int) throws
  /// Registers the encoder's parameters. The options are valid, and the features have what it reads.
  func makeEncoder(_ layout: inout ParameterLayout, _ setting: EncoderSetting) -> any ObservationEncoder
}

extension EncoderOptions {
  static var standard: Self? { nil }
  static var showsObjects: Bool { false }
  var isOn: Bool { true }
  var pictures: Int { 0 }
  func validate(_ features: FeatureSet, window: Int) throws {}
}

/// Encoders without options: `true` or `false` in a file.
protocol EncoderFlag: EncoderOptions {
  init(isOn: Bool)
}

extension EncoderFlag {
  init(from decoder: any Decoder) throws {
    self.init(isOn: try decoder.singleValueContainer().decode(Bool.self))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(isOn)
  }
}

/// What an encoder is built for.
struct EncoderSetting: Sendable {
  /// Of a validated configuration.
  let features: FeatureSet
  /// Observations that are looked at (To).
  let window: Int
  let normalization: Normalization
  let trunk: ContextTrunk.Configuration
  /// Tokens of the command.
  let textTokens: Int

  /// The feature that an encoder of these options reads.
  func feature<Options: EncoderOptions>(of options: Options.Type) -> FeatureSpec {
    guard let feature = features[Options.feature] else { preconditionFailure("there is no \(Options.feature)") }
    return feature
  }
}

/// An encoder with its options.
public struct EncoderChoice: Hashable, Sendable {
  let options: any EncoderOptions

  init(_ options: any EncoderOptions) { self.options = options }

  /// The key in `observation`, such as `touch`.
  public var name: String { type.name }
  /// The feature that it reads.
  public var feature: String { type.feature }

  var type: any EncoderOptions.Type { Swift.type(of: options) }

  /// Choices are the same by encoder and options.
  public static func == (a: EncoderChoice, b: EncoderChoice) -> Bool {
    AnyHashable(a.options) == AnyHashable(b.options)
  }

  /// Hashes the options.
  public func hash(into hasher: inout Hasher) { options.hash(into: &hasher) }
}

extension EncoderChoice {
  /// One token of `observation.touch`.
  public static let touch = EncoderChoice(TouchOptions(isOn: true))
}
