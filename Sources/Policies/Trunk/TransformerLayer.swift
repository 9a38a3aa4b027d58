// One pre-norm transformer layer (Xiong et al. 2020), bidirectional.

import PlanarNeuralNetworks

/// x + attention(norm(x)), then x + feedForward(norm(x)).
struct TransformerLayer: Sendable {
  private let norm: LayerNorm
  private let query: Linear
  private let keyValue: Linear
  private let mix: Linear
  private let feedForwardNorm: LayerNorm
  private let up: Linear
  private let down: Linear
  private let heads: Int

  init(_ layout: inout ParameterLayout, _ name: String, width: Int, heads: Int, feedForward: Int) {
    self.heads = heads
    norm = LayerNorm(&layout, name + ".norm", width: width)
    query = Linear(&layout, name + ".query", inputs: width, outputs: width)
    keyValue = Linear(&layout, name + ".key_value", inputs: width, outputs: 2 * width)
    mix = Linear(&layout, name + ".mix", inputs: width, outputs: width)
    feedForwardNorm = LayerNorm(&layout, name + ".feed_forward_norm", width: width)
    up = Linear(&layout, name + ".up", inputs: width, outputs: feedForward * width)
    down = Linear(&layout, name + ".down", inputs: feedForward * width, outputs: width)
  }

  /// `[rows, tokens, width]` → `[rows, kept, width]`.
  ///
  /// - Parameter kept: how many tokens, from the first, are wanted; the others are only attended to.
  func callAsFunction(_ input: Tensor, keeping kept: Int, on tape: Tape) -> Tensor {
    let normed = tape.layerNorm(input, norm)
    let all = kept == input.shape[1]
    let asking = all ? normed : tape.tokens(normed, 0..<kept)
    let residual = all ? input : tape.tokens(input, 0..<kept)
    let mixed = tape.attention(
      queries: tape.linear(asking, query), keysValues: tape.linear(normed, keyValue), heads: heads)
    let x = tape.linear(mixed, mix, residual: residual)
    let inner = tape.linear(tape.layerNorm(x, feedForwardNorm), up, activation: .geluTanh)
    return tape.linear(inner, down, residual: x)
  }
}
