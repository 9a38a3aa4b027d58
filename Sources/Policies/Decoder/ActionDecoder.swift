// The small network that is run again and again on one cached context: what all kinds of it have in common.

import PlanarNeuralNetworks
import PlanarCore

/// The denoiser, velocity field or regressor of several heads.
///
/// ```
///   context ─► contextPart (once per chunk) ┐
///   time ────► timePart ────────────────────┴─► run (K times): chunk in, chunk out
/// ```
public protocol ActionDecoder: Sendable {
  /// Noisy copies of a label under one context in training: the context costs more than a small decoder.
  var drawsPerLabel: Int { get }
  /// What depends on the context alone, `[rows, …]`.
  func contextPart(_ context: Tensor, on tape: Tape) -> Tensor
  /// What depends on the time alone: `[n]` times from 0 to about 100 → `[n, …]`.
  func timePart(_ times: Tensor, on tape: Tape) -> Tensor
  /// One run.
  ///
  /// - Parameters:
  ///   - input: `[rows · draws, horizon · inputs]`.
  ///   - context: from `contextPart`, `[rows, …]`; each row serves `draws` chunks.
  ///   - time: from `timePart`, `[rows · draws, …]`; nil where the decoder was made without time.
  /// - Returns: `[rows · draws, horizon · action]`.
  func run(_ input: Tensor, context: Tensor, time: Tensor?, draws: Int, on tape: Tape) -> Tensor
}

/// What an decoder is built for.
struct DecoderSetting {
  let horizon: Int
  /// Numbers of one step that come in and go out.
  let inputs: Int
  let outputs: Int
  let contextTokens: Int
  let contextWidth: Int
  /// Whether the decoder is told a time.
  let usesTime: Bool
}

extension HeadSetting {
  /// The decoder of a head.
  ///
  /// - Parameters:
  ///   - usesTime: whether the decoder is told a time or noise level.
  ///   - prefixMaskChannels: numbers that each step of the input has besides its action.
  public func makeDecoder(_ layout: inout ParameterLayout, usesTime: Bool, prefixMaskChannels: Int = 0)
    -> any ActionDecoder
  {
    decoder.makeDecoder(
      &layout,
      DecoderSetting(
        horizon: horizon, inputs: action + prefixMaskChannels, outputs: action, contextTokens: contextTokens,
        contextWidth: contextWidth, usesTime: usesTime))
  }
}

/// The kinds of decoder with their sizes; in JSON `{"kind": "mlp", …}`.
public enum ActionDecoderConfiguration: Codable, Hashable, Sendable {
  /// A residual MLP over a whole chunk: the fastest.
  case mlp(MLPDecoder.Configuration)
  /// A transformer over the chunk's steps that attends to the context's tokens (Black et al. 2024).
  case transformer(TransformerDecoder.Configuration)
  /// Convolutions over the chunk's steps (Chi et al. 2023).
  case unet(UNetDecoder.Configuration)

  /// The names of the kinds.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// A residual MLP over a whole chunk.
    case mlp
    /// A transformer over the chunk's steps.
    case transformer
    /// Convolutions over the chunk's steps.
    case unet
  }

  /// Which network it is.
  public var kind: Kind {
    switch self {
    case .mlp: .mlp
    case .transformer: .transformer
    case .unet: .unet
    }
  }

  /// A kind in its default sizes.
  public init(_ kind: Kind) {
    switch kind {
    case .mlp: self = .mlp(MLPDecoder.Configuration())
    case .transformer: self = .transformer(TransformerDecoder.Configuration())
    case .unet: self = .unet(UNetDecoder.Configuration())
    }
  }

  private enum CodingKeys: CodingKey { case kind }

  /// Reads it from a file of settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let sizes = try decoder.singleValueContainer()
    switch try container.decode(.kind, or: Kind.mlp) {
    case .mlp: self = .mlp(try sizes.decode(MLPDecoder.Configuration.self))
    case .transformer: self = .transformer(try sizes.decode(TransformerDecoder.Configuration.self))
    case .unet: self = .unet(try sizes.decode(UNetDecoder.Configuration.self))
    }
  }

  /// Writes it as files have it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .mlp(let sizes): try sizes.encode(to: encoder)
    case .transformer(let sizes): try sizes.encode(to: encoder)
    case .unet(let sizes): try sizes.encode(to: encoder)
    }
  }

  /// - Throws: `UserError` naming the size that is out of range.
  func validate(horizon: Int) throws {
    switch self {
    case .mlp(let sizes): try sizes.validate()
    case .transformer(let sizes): try sizes.validate()
    case .unet(let sizes): try sizes.validate(horizon: horizon)
    }
  }

  func makeDecoder(_ layout: inout ParameterLayout, _ setting: DecoderSetting) -> any ActionDecoder {
    switch self {
    case .mlp(let sizes): MLPDecoder(&layout, sizes, setting)
    case .transformer(let sizes): TransformerDecoder(&layout, sizes, setting)
    case .unet(let sizes): UNetDecoder(&layout, sizes, setting)
    }
  }
}
