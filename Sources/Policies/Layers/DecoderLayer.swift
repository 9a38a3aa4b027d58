// One pre-norm layer of a transformer decoder (Vaswani et al. 2017): tokens of a chunk that look at each other and at
// the context.

import PlanarNeuralNetworks

/// x + selfAttention(norm(x)), then x + crossAttention(norm(x), context), then x + feedForward(norm(x)).
struct DecoderLayer: Sendable {
  private let selfNorm: LayerNorm
  private let selfQueryKeyValue: Linear
  private let selfMix: Linear
  private let crossNorm: LayerNorm
  private let crossQuery: Linear
  private let crossKeyValue: Linear
  private let crossMix: Linear
  private let feedForwardNorm: LayerNorm
  private let up: Linear
  private let down: Linear
  private let heads: Int
  let width: Int

  init(_ layout: inout ParameterLayout, _ name: String, _ sizes: DecoderSizes, contextWidth: Int) {
    let width = sizes.width
    self.width = width
    heads = sizes.heads
    selfNorm = LayerNorm(&layout, name + ".self_norm", width: width)
    selfQueryKeyValue = Linear(
      &layout, name + ".self_query_key_value", inputs: width, outputs: 3 * width)
    selfMix = Linear(&layout, name + ".self_mix", inputs: width, outputs: width)
    crossNorm = LayerNorm(&layout, name + ".cross_norm", width: width)
    crossQuery = Linear(&layout, name + ".cross_query", inputs: width, outputs: width)
    crossKeyValue = Linear(
      &layout, name + ".cross_key_value", inputs: contextWidth, outputs: 2 * width)
    crossMix = Linear(&layout, name + ".cross_mix", inputs: width, outputs: width)
    feedForwardNorm = LayerNorm(&layout, name + ".feed_forward_norm", width: width)
    up = Linear(&layout, name + ".up", inputs: width, outputs: sizes.feedForward * width)
    down = Linear(&layout, name + ".down", inputs: sizes.feedForward * width, outputs: width)
  }

  /// What the cross-attention reads: `[rows, context tokens, context width]` → `[rows, context tokens, 2·width]`.
  func contextKeysValues(_ context: Tensor, on tape: Tape) -> Tensor {
    tape.linear(context, crossKeyValue)
  }

  /// `[rows, tokens, width]` → the same shape.
  ///
  /// - Parameters:
  ///   - context: from `contextKeysValues`.
  ///   - causal: token i looks at tokens 0 … i only.
  func callAsFunction(_ x: Tensor, context: Tensor, causal: Bool, on tape: Tape) -> Tensor {
    let packed = tape.linear(tape.layerNorm(x, selfNorm), selfQueryKeyValue)
    let mixed = tape.attention(queriesKeysValues: packed, heads: heads, causal: causal)
    return finish(tape.linear(mixed, selfMix, residual: x), context: context, on: tape)
  }

  /// The causal layer for one more token, `[rows, 1, width]` → the same shape, on a tape that does not record.
  ///
  /// - Parameters:
  ///   - position: which token it is; its key and value are written at this index of `cache`.
  ///   - cache: `[rows, length, 2·width]`, keys and values of the tokens before; finite numbers elsewhere.
  ///   - mask: `[rows, length]`, 1 for tokens 0 … position, else 0.
  func step(
    _ x: Tensor, position: Int, cache: Tensor, mask: Tensor, context: Tensor, on tape: Tape
  ) -> Tensor {
    let packed = tape.linear(tape.layerNorm(x, selfNorm), selfQueryKeyValue)
    let keyValue = tape.columns(packed, width..<3 * width)
    let count = 2 * width
    tape.withValues(of: keyValue) { new in
      tape.withValues(of: cache) { cache in
        for row in 0..<x.shape[0] {
          let index = (row * mask.shape[1] + position) * count
          for i in 0..<count { cache[index + i] = new[row * count + i] }
        }
      }
    }
    let mixed = tape.attention(
      queries: tape.columns(packed, 0..<width), keysValues: cache, heads: heads, keyMask: mask)
    return finish(tape.linear(mixed, selfMix, residual: x), context: context, on: tape)
  }

  private func finish(_ x: Tensor, context: Tensor, on tape: Tape) -> Tensor {
    let queries = tape.linear(tape.layerNorm(x, crossNorm), crossQuery)
    let seen = tape.attention(queries: queries, keysValues: context, heads: heads)
    let y = tape.linear(seen, crossMix, residual: x)
    let inner = tape.linear(tape.layerNorm(y, feedForwardNorm), up, activation: .geluTanh)
    return tape.linear(inner, down, residual: y)
  }
}
