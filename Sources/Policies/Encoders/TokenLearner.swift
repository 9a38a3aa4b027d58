// A few tokens out of many positions (TokenLearner, Ryoo et al. 2021), told where they look.

import NeuralNetworks

/// K learned attention maps over the positions of a feature map, each a softmax that sums to one; a token is the mean of
/// the features under its map.
///
/// Beside its features every position carries its coordinates in −1 … 1: under a narrow map their mean says, to a
/// fraction of a position, where the thing is that the map has found (Levine et al.'s spatial soft-argmax, 2016).
struct TokenLearner: Sendable {
  private let queries: Embedding
  private let keysValues: Linear
  private let output: Linear
  private let tokens: Int

  init(
    _ layout: inout ParameterLayout, _ name: String, inputs: Int, tokens: Int, width: Int
  ) {
    self.tokens = tokens
    queries = Embedding(
      &layout, name + ".queries", entries: tokens, width: width, deviation: 1)
    keysValues = Linear(&layout, name + ".keys_values", inputs: inputs + 2, outputs: 2 * width)
    output = Linear(&layout, name + ".output", inputs: width, outputs: width)
  }

  /// `[rows, h, w, inputs]` → `[rows, K, width]`.
  func callAsFunction(_ features: Tensor, on tape: Tape) -> Tensor {
    let shape = features.shape
    let placed = tape.concatenateChannels(features, Self.coordinates(shape, on: tape))
    let flat = tape.reshape(placed, Shape(shape[0], shape[1] * shape[2], shape[3] + 2))
    let attended = tape.attention(
      queries: tape.rows(of: queries, batch: shape[0]), keysValues: tape.linear(flat, keysValues),
      heads: 1)
    return tape.linear(attended, output)
  }

  /// Each position's column and row, −1 … 1: `[rows, h, w, 2]`.
  static func coordinates(_ shape: Shape, on tape: Tape) -> Tensor {
    let (rows, height, width) = (shape[0], shape[1], shape[2])
    return tape.input(Shape(rows, height, width, 2)) { target in
      var place = 0
      for _ in 0..<rows {
        for y in 0..<height {
          for x in 0..<width {
            target[place] = (2 * Float(x) + 1) / Float(width) - 1
            target[place + 1] = (2 * Float(y) + 1) / Float(height) - 1
            place += 2
          }
        }
      }
    }
  }
}
