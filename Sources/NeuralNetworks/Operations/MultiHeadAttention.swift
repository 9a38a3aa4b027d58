// Attention with its projections.

/// Multi-head attention (Vaswani et al. 2017): queries, keys and values are learned maps of the inputs, and a
/// learned map mixes the heads' results.
public struct MultiHeadAttention: Sendable {
  /// How many heads share the width; each has width / heads features.
  public let heads: Int
  /// `[D, D]`.
  public let query: Linear
  /// `[2·D, context width]`: keys, then values.
  public let keyValue: Linear
  /// `[D, D]`.
  public let mix: Linear

  /// Registers `name.query`, `name.key_value` and `name.mix`, each with a bias.
  ///
  /// - Parameter contextWidth: of the tokens that are attended to; `width` by default.
  public init(
    _ layout: inout ParameterLayout, _ name: String, width: Int, heads: Int, contextWidth: Int? = nil
  ) {
    require(width % heads == 0, "attention '\(name)': width \(width) is not a multiple of \(heads) heads")
    self.heads = heads
    query = Linear(&layout, name + ".query", inputs: width, outputs: width)
    keyValue = Linear(&layout, name + ".key_value", inputs: contextWidth ?? width, outputs: 2 * width)
    mix = Linear(&layout, name + ".mix", inputs: width, outputs: width)
  }
}

extension Tape {
  /// `[B, L, D]` → `[B, L, D]`.
  ///
  /// - Parameters:
  ///   - context: `[B, Lk, context width]`, what is attended to; the input itself by default.
  ///   - keyMask: `[B, Lk]`, 0 where a token of the context is padding.
  ///   - causal: token i attends to tokens 0 … i only.
  ///   - positions: turns queries and keys by their tokens' positions; for self-attention.
  ///   - residual: added to the result.
  public func attend(
    _ input: Tensor, _ layer: MultiHeadAttention, context: Tensor? = nil, keyMask: Tensor? = nil,
    causal: Bool = false, positions: RotaryTable? = nil, residual: Tensor? = nil
  ) -> Tensor {
    require(
      positions == nil || context == nil,
      "attend '\(layer.query.weight.name)': rotary positions go with self-attention only")
    var queries = linear(input, layer.query)
    var keysValues = linear(context ?? input, layer.keyValue)
    if let positions {
      let width = layer.query.outputs
      queries = rope(queries, positions)
      keysValues = concatenateChannels(
        rope(columns(keysValues, 0..<width), positions), columns(keysValues, width..<2 * width))
    }
    let mixed = attention(
      queries: queries, keysValues: keysValues, heads: layer.heads, keyMask: keyMask, causal: causal)
    return linear(mixed, layer.mix, residual: residual)
  }
}
