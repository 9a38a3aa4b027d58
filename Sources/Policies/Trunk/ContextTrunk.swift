// What the action decoder is conditioned on: computed once per chunk, however often the decoder runs.
//
//   proprioception [To·P] ─ linear, + embedding of the robot ─► 1 token ┐
//   command ─ text encoder ────────────────────────► its tokens ├─► transformer ─► the first of them ─► [rows, 1 + text, width]
//   objects N × [To·F] ─ linear ───────────────────► N tokens   │
//   picture ─ PixelEncoder ────────────────────────► K tokens   │
//   touch [To·T] ─ linear ─────────────────────────► 1 token    ┘
//
// `ObservationConfiguration` says which of objects, picture and others there are; each has an encoder. Objects carry no
// position: their order means nothing, and the context does not depend on it. Each encoder's bias tells its kind of token
// from the others.

import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// The shared observation network.
public struct ContextTrunk: Sendable {
  /// Sizes, and what is looked at.
  public struct Configuration: Defaulted, Hashable, Sendable {
    /// Everything at its default.
    public static var standard: Configuration { Configuration() }

    /// Features of a token.
    public var width: Int
    /// Attention heads; they divide the width.
    public var heads: Int
    /// Transformer layers over all tokens.
    public var layers: Int
    /// Width of the feed-forward part, as a multiple of `width`.
    public var feedForward: Int
    /// What makes the tokens.
    public var observation: ObservationConfiguration

    /// The defaults of the size `small`.
    public init(
      width: Int = 128, heads: Int = 4, layers: Int = 2, feedForward: Int = 2,
      observation: ObservationConfiguration = ObservationConfiguration()
    ) {
      self.width = width
      self.heads = heads
      self.layers = layers
      self.feedForward = feedForward
      self.observation = observation
    }
  }

  /// Tokens of a row of the context.
  var contextTokens: Int { 1 + textTokens }
  /// Those of the command.
  var commandTokens: Range<Int> { 1..<contextTokens }
  /// How many transformer layers there are.
  var layerCount: Int { layers.count }
  private let textTokens: Int
  private let state: StateEncoder
  /// In the order of the features that they read.
  private let encoders: [any ObservationEncoder]
  /// What each of them reads.
  private let encodedFeatures: [String]
  private let textSlots: Embedding
  private let layers: [TransformerLayer]
  private let norm: LayerNorm

  init(_ layout: inout ParameterLayout, _ configuration: PolicyConfiguration, textTokens: Int) {
    let trunk = configuration.trunk
    self.textTokens = textTokens
    let setting = EncoderSetting(
      features: configuration.features, window: configuration.horizons.observation,
      normalization: configuration.normalization, trunk: trunk, textTokens: textTokens)
    state = StateEncoder(&layout, setting)
    let encoders = trunk.observation.encoders.map { ($0.feature, $0.options.makeEncoder(&layout, setting)) }
    let ordered = configuration.features.observations.flatMap { feature in encoders.filter { $0.0 == feature.name } }
    self.encoders = ordered.map(\.1)
    encodedFeatures = ordered.map(\.0)
    textSlots = Embedding(&layout, "trunk.text_slots", entries: textTokens, width: trunk.width)
    layers = (0..<trunk.layers).map {
      TransformerLayer(
        &layout, "trunk.layers.\($0)", width: trunk.width, heads: trunk.heads,
        feedForward: trunk.feedForward)
    }
    norm = LayerNorm(&layout, "trunk.norm", width: trunk.width)
  }

  /// What a training step adds to the context: random changes of pictures, and a loss of its own.
  struct Training {
    /// Rows of the whole batch.
    let count: Int
    var noise: RandomStream
    /// The rows' part of the batch's training-only loss.
    var loss: Float = 0
  }

  /// Computes the context `[rows, 1 + text tokens, width]`.
  ///
  /// - Parameters:
  ///   - observed: the rows' observations, as observed.
  ///   - text: `[rows, text tokens, width]`.
  ///   - training: nil where nothing is learned.
  ///   - onTokens: told the name of each feature, and which of the tokens are its.
  func context(
    _ observed: ObservedRows, text: Tensor, training: inout Training?, on tape: Tape,
    onTokens: ((String, Range<Int>) -> Void)? = nil
  ) -> Tensor {
    let command = tape.addBroadcast(text, tape.rows(of: textSlots, batch: 1))
    var x = tape.concatenateTokens(
      state.tokens(observed, text: text, training: &training, on: tape), command)
    onTokens?(FeatureName.state, 0..<1)
    for (index, encoder) in encoders.enumerated() {
      let before = x.shape[1]
      x = tape.concatenateTokens(x, encoder.tokens(observed, text: text, training: &training, on: tape))
      onTokens?(encodedFeatures[index], before..<x.shape[1])
    }
    for (i, layer) in layers.enumerated() {
      x = layer(x, keeping: i == layers.count - 1 ? contextTokens : x.shape[1], on: tape)
    }
    return tape.layerNorm(x, norm)
  }

  /// The context at inference.
  func context(_ observed: ObservedRows, text: Tensor, on tape: Tape) -> Tensor {
    var training: Training?
    return context(observed, text: text, training: &training, on: tape)
  }
}
