// Learned queries that read the context and each other, all at once: parallel decoding, and ACT's decoder.
//
//   learned queries [L] ─► [ self-attention → cross-attention to the context → feed-forward ] × layers ─► norm

import PlanarNeuralNetworks

/// A transformer decoder over learned queries.
public struct QueryDecoder: Sendable {
  private let queries: Embedding
  private let layers: [DecoderLayer]
  private let norm: LayerNorm

  /// Registers the decoder's parameters under `name`.
  ///
  /// - Parameter length: how many queries there are.
  public init(
    _ layout: inout ParameterLayout, _ name: String, _ sizes: DecoderSizes, length: Int,
    contextWidth: Int
  ) {
    queries = Embedding(
      &layout, name + ".queries", entries: length, width: sizes.width, deviation: 0.5)
    layers = (0..<sizes.layers).map {
      DecoderLayer(&layout, "\(name).layers.\($0)", sizes, contextWidth: contextWidth)
    }
    norm = LayerNorm(&layout, name + ".norm", width: sizes.width)
  }

  /// `[rows, context tokens, context width]` → `[rows, length, width]`.
  public func callAsFunction(_ context: Tensor, on tape: Tape) -> Tensor {
    var x = tape.rows(of: queries, batch: context.shape[0])
    for layer in layers {
      x = layer(x, context: layer.contextKeysValues(context, on: tape), causal: false, on: tape)
    }
    return tape.layerNorm(x, norm)
  }
}
