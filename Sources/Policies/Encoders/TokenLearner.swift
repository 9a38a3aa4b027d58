// A few tokens out of many positions (TokenLearner, Ryoo et al. 2021), told where they look.

import PlanarNeuralNetworks

/// K learned attention maps over the cells of a grid, each a softmax that sums to one; a token is the mean of the
/// features under its map.
///
/// Features carry their cell's position: under a narrow map its mean says, to a fraction of a cell, where the thing is
/// that the map has found (the spatial soft-argmax of Levine et al. 2016).
struct TokenLearner: Sendable {
  private let queries: Embedding
  private let keysValues: Linear
  private let output: Linear

  init(
    _ layout: inout ParameterLayout, _ name: String, inputs: Int, tokens: Int, width: Int
  ) {
    queries = Embedding(
      &layout, name + ".queries", entries: tokens, width: width, deviation: 1)
    keysValues = Linear(&layout, name + ".keys_values", inputs: inputs, outputs: 2 * width)
    output = Linear(&layout, name + ".output", inputs: width, outputs: width)
  }

  /// Features `[rows, cells, inputs]` → `[rows, K, width]`.
  func callAsFunction(_ features: Tensor, on tape: Tape) -> Tensor {
    tape.linear(maps(features, on: tape), output)
  }

  /// The means under the maps, before the last linear layer.
  func maps(_ features: Tensor, on tape: Tape) -> Tensor {
    tape.attention(
      queries: tape.rows(of: queries, batch: features.shape[0]),
      keysValues: tape.linear(features, keysValues), heads: 1)
  }
}
