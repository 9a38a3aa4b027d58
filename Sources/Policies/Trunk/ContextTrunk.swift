// What the action expert is conditioned on: computed once per chunk, however often the expert runs.
//
//   proprioception [To·P] ─ linear ─► 1 token ┐
//   command ─ text encoder ─────────► 4 tokens├─► transformer ─► the first 5 tokens ─► [rows, 5, width]
//   objects N × [To·F] ─ linear ────► N tokens┘
//
// Objects carry no position: their order means nothing, and the context does not depend on it. Each
// tokenizer's bias tells its kind of token from the others.

import Language
import NeuralNetworks
import PlanarCore
import PolicyInterface

/// The shared observation network.
public struct ContextTrunk: Sendable {
  /// Sizes.
  public struct Configuration: Codable, Hashable, Sendable {
    public var width: Int
    public var heads: Int
    public var layers: Int
    /// Width of the feed-forward part, as a multiple of `width`.
    public var feedForward: Int

    public init(width: Int = 128, heads: Int = 4, layers: Int = 2, feedForward: Int = 2) {
      self.width = width
      self.heads = heads
      self.layers = layers
      self.feedForward = feedForward
    }
  }

  /// Tokens of a row of the context.
  var contextTokens: Int { 1 + textTokens }
  private let features: FeatureSet
  private let steps: Int
  private let textTokens: Int
  private let proprioceptionScaling: Scaling
  private let objectScaling: Scaling
  private let proprioception: Linear
  private let objects: Linear
  private let textSlots: Embedding
  private let layers: [TransformerLayer]
  private let norm: LayerNorm

  init(_ layout: inout ParameterLayout, _ configuration: PolicyConfiguration, textTokens: Int) {
    let trunk = configuration.trunk
    features = configuration.features
    steps = configuration.horizons.observation
    self.textTokens = textTokens
    let normalization = configuration.normalization
    proprioceptionScaling = Scaling(
      mean: normalization.proprioceptionMean, deviation: normalization.proprioceptionDeviation)
    objectScaling = Scaling(
      mean: normalization.objectMean, deviation: normalization.objectDeviation)
    proprioception = Linear(
      &layout, "trunk.proprioception", inputs: steps * features.proprioception.count,
      outputs: trunk.width)
    objects = Linear(
      &layout, "trunk.objects", inputs: steps * features.objectFeatureCount, outputs: trunk.width)
    textSlots = Embedding(&layout, "trunk.text_slots", entries: textTokens, width: trunk.width)
    layers = (0..<trunk.layers).map {
      TransformerLayer(
        &layout, "trunk.layers.\($0)", width: trunk.width, heads: trunk.heads,
        feedForward: trunk.feedForward)
    }
    norm = LayerNorm(&layout, "trunk.norm", width: trunk.width)
  }

  /// Computes the context `[rows, 1 + text tokens, width]`.
  ///
  /// - Parameters:
  ///   - proprioception: `[rows, To, proprioception]`, as observed.
  ///   - objects: `[rows, To, objects, features]`, as observed.
  ///   - text: `[rows, text tokens, width]`.
  func context(
    proprioception source: UnsafePointer<Float>, objects objectSource: UnsafePointer<Float>,
    text: Tensor, rows: Int, on tape: Tape
  ) -> Tensor {
    let p = features.proprioception.count
    let (n, f) = (features.objectCount, features.objectFeatureCount)
    let state = tape.input(Shape(rows, 1, steps * p)) { target in
      for i in 0..<rows * steps {
        proprioceptionScaling.apply(source + i * p, to: target.baseAddress! + i * p)
      }
    }
    // From steps of objects to objects with all their steps.
    let tokens = tape.input(Shape(rows, n, steps * f)) { target in
      for r in 0..<rows {
        for t in 0..<steps {
          for object in 0..<n {
            objectScaling.apply(
              objectSource + ((r * steps + t) * n + object) * f,
              to: target.baseAddress! + ((r * n + object) * steps + t) * f)
          }
        }
      }
    }
    let command = tape.addBroadcast(text, tape.rows(of: textSlots, batch: 1))
    let asking = tape.concatenateTokens(tape.linear(state, proprioception), command)
    var x = tape.concatenateTokens(asking, tape.linear(tokens, objects))
    for (i, layer) in layers.enumerated() {
      x = layer(x, keeping: i == layers.count - 1 ? contextTokens : x.shape[1], on: tape)
    }
    return tape.layerNorm(x, norm)
  }
}
