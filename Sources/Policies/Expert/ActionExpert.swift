// The small network that is run again and again on one cached context: what all kinds of it have in common.

import PlanarNeuralNetworks
import PlanarCore

/// The denoiser, velocity field or regressor of several heads.
///
/// ```
///   context ─► contextPart (once per chunk) ┐
///   time ────► timePart ────────────────────┴─► run (K times): chunk in, chunk out
/// ```
public protocol ActionExpert: Sendable {
  /// Noisy copies of a label under one context in training: the context costs more than a small expert.
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
  ///   - time: from `timePart`, `[rows · draws, …]`; nil where the expert was made without time.
  /// - Returns: `[rows · draws, horizon · action]`.
  func run(_ input: Tensor, context: Tensor, time: Tensor?, draws: Int, on tape: Tape) -> Tensor
}

/// What an expert is built for.
struct ExpertSetting {
  let horizon: Int
  /// Numbers of one step that come in and go out.
  let inputs: Int
  let outputs: Int
  let contextTokens: Int
  let contextWidth: Int
  /// Whether the expert is told a time.
  let usesTime: Bool
}

extension HeadSetting {
  /// The expert of a head.
  ///
  /// - Parameters:
  ///   - usesTime: whether the expert is told a time or noise level.
  ///   - marks: numbers that each step of the input has besides its action.
  public func makeExpert(_ layout: inout ParameterLayout, usesTime: Bool, marks: Int = 0) -> any ActionExpert {
    expert.makeExpert(
      &layout,
      ExpertSetting(
        horizon: horizon, inputs: action + marks, outputs: action, contextTokens: contextTokens,
        contextWidth: contextWidth, usesTime: usesTime))
  }
}

/// The kinds of expert with their sizes; in JSON `{"kind": "mlp", …}`.
public enum ActionExpertConfiguration: Codable, Hashable, Sendable {
  /// A residual MLP over a whole chunk: the fastest.
  case mlp(MLPExpert.Configuration)
  /// A transformer over the chunk's steps that attends to the context's tokens (Black et al. 2024).
  case transformer(TransformerExpert.Configuration)
  /// Convolutions over the chunk's steps (Chi et al. 2023).
  case unet(UNetExpert.Configuration)

  /// The names of the kinds.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case mlp
    case transformer
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
    case .mlp: self = .mlp(MLPExpert.Configuration())
    case .transformer: self = .transformer(TransformerExpert.Configuration())
    case .unet: self = .unet(UNetExpert.Configuration())
    }
  }

  private enum CodingKeys: CodingKey { case kind }

  /// Reads it from a file of settings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let sizes = try decoder.singleValueContainer()
    switch try container.decode(.kind, or: Kind.mlp) {
    case .mlp: self = .mlp(try sizes.decode(MLPExpert.Configuration.self))
    case .transformer: self = .transformer(try sizes.decode(TransformerExpert.Configuration.self))
    case .unet: self = .unet(try sizes.decode(UNetExpert.Configuration.self))
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

  func makeExpert(_ layout: inout ParameterLayout, _ setting: ExpertSetting) -> any ActionExpert {
    switch self {
    case .mlp(let sizes): MLPExpert(&layout, sizes, setting)
    case .transformer(let sizes): TransformerExpert(&layout, sizes, setting)
    case .unet(let sizes): UNetExpert(&layout, sizes, setting)
    }
  }
}
