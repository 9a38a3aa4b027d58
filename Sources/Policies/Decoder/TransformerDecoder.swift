// The decoder as a transformer over the chunk's steps, the second of π0's two networks (Black et al. 2024): it attends
// to the context's tokens, whose keys and values are computed once per chunk.
//
//   context tokens ─ linear ─► keys and values of every layer (cached)
//   time ─ sinusoids, linear, SiLU, linear ─► scale, shift of every norm (Peebles & Xie 2023)
//   steps ─ linear + position ─► [ self-attention → cross-attention → feed-forward ] × layers ─► norm, linear

import PlanarNeuralNetworks
import PlanarCore

/// A transformer with adaptive layer norms and cross-attention.
public struct TransformerDecoder: ActionDecoder {
  /// Sizes.
  public struct Configuration: Defaulted, Hashable, Sendable {
    /// Everything at its default.
    public static var standard: Configuration { Configuration() }

    /// Features of a token.
    public var width: Int
    /// Attention heads; they divide the width.
    public var heads: Int
    /// Layers, each with attention to the context.
    public var layers: Int
    /// Width of the feed-forward part, as a multiple of `width`.
    public var feedForward: Int
    /// Sinusoids of the time.
    public var timeWidth: Int

    /// The defaults of the size `small`.
    public init(
      width: Int = 96, heads: Int = 4, layers: Int = 3, feedForward: Int = 2, timeWidth: Int = 64
    ) {
      self.width = width
      self.heads = heads
      self.layers = layers
      self.feedForward = feedForward
      self.timeWidth = timeWidth
    }

    func validate() throws {
      try requireRanges([
        ("decoder.width", width, 8...8192), ("decoder.heads", heads, 1...64),
        ("decoder.layers", layers, 1...64), ("decoder.feedForward", feedForward, 1...16),
        ("decoder.timeWidth", timeWidth, 4...4096),
      ])
      guard width % heads == 0, timeWidth % 2 == 0 else {
        throw UserError(
          "decoder.width must be a multiple of decoder.heads and decoder.timeWidth even; they are \(width), \(heads) and \(timeWidth)"
        )
      }
    }
  }

  private struct Layer: Sendable {
    let selfAttention: Linear
    let selfMix: Linear
    let crossNorm: LayerNorm
    let query: Linear
    let crossMix: Linear
    let up: Linear
    let down: Linear
  }

  private let configuration: Configuration
  private let setting: (horizon: Int, inputs: Int, outputs: Int)
  private let keysValues: Linear
  private let timeIn: Linear?
  private let timeOut: Linear?
  private let input: Linear
  private let positions: Embedding
  private let layers: [Layer]
  private let output: Linear

  /// Noisy copies of a label under one context in training.
  public var drawsPerLabel: Int { 2 }

  init(_ layout: inout ParameterLayout, _ configuration: Configuration, _ setting: DecoderSetting) {
    self.configuration = configuration
    self.setting = (setting.horizon, setting.inputs, setting.outputs)
    let width = configuration.width
    keysValues = Linear(
      &layout, "decoder.keys_values", inputs: setting.contextWidth,
      outputs: 2 * width * configuration.layers)
    // Scales and shifts of each layer's two adaptive norms, and of the last norm.
    let scales = (4 * configuration.layers + 2) * width
    timeIn =
      setting.usesTime
      ? Linear(&layout, "decoder.time_in", inputs: configuration.timeWidth, outputs: width) : nil
    timeOut =
      setting.usesTime
      ? Linear(
        &layout, "decoder.time_out", inputs: width, outputs: scales, initializer: .xavier(gain: 0.5))
      : nil
    input = Linear(&layout, "decoder.input", inputs: setting.inputs, outputs: width)
    positions = Embedding(
      &layout, "decoder.positions", entries: setting.horizon, width: width, deviation: 0.5)
    layers = (0..<configuration.layers).map { i in
      func linear(_ name: String, _ inputs: Int, _ outputs: Int, _ layout: inout ParameterLayout) -> Linear {
        Linear(&layout, "decoder.layers.\(i).\(name)", inputs: inputs, outputs: outputs)
      }
      let hidden = configuration.feedForward * width
      return Layer(
        selfAttention: linear("self_attention", width, 3 * width, &layout),
        selfMix: linear("self_mix", width, width, &layout),
        crossNorm: LayerNorm(&layout, "decoder.layers.\(i).cross_norm", width: width),
        query: linear("query", width, width, &layout),
        crossMix: linear("cross_mix", width, width, &layout),
        up: linear("up", width, hidden, &layout), down: linear("down", hidden, width, &layout))
    }
    output = Linear(
      &layout, "decoder.output", inputs: width, outputs: setting.outputs,
      initializer: .xavier(gain: 0.1))
  }

  /// Keys and values of all layers: `[rows, tokens, layers · 2 · width]`.
  public func contextPart(_ context: Tensor, on tape: Tape) -> Tensor { tape.linear(context, keysValues) }

  /// `[n]` → `[n, scales and shifts]`.
  public func timePart(_ times: Tensor, on tape: Tape) -> Tensor {
    guard let timeIn, let timeOut else { preconditionFailure("this decoder was made without time") }
    let waves = tape.sinusoidalEmbedding(of: times, width: configuration.timeWidth)
    return tape.linear(tape.linear(waves, timeIn, activation: .silu), timeOut)
  }

  /// One run, as `ActionDecoder` has it.
  public func run(_ input: Tensor, context: Tensor, time: Tensor?, draws: Int, on tape: Tape) -> Tensor {
    let (width, horizon, rows) = (configuration.width, setting.horizon, context.shape[0])
    let chunks = rows * draws
    func norm(_ x: Tensor, _ index: Int) -> Tensor {
      let plain = tape.layerNorm(x, LayerNorm())
      guard let time else { return plain }
      return tape.modulate(
        plain, by: time, scaleColumn: 2 * index * width, shiftColumn: (2 * index + 1) * width)
    }
    var x = tape.linear(tape.reshape(input, Shape(chunks, horizon, setting.inputs)), self.input)
    x = tape.addBroadcast(x, tape.rows(of: positions, batch: 1))
    for (i, layer) in layers.enumerated() {
      let mixed = tape.attention(
        queriesKeysValues: tape.linear(norm(x, 2 * i), layer.selfAttention),
        heads: configuration.heads)
      x = tape.linear(mixed, layer.selfMix, residual: x)
      // All draws of a row ask the same context: their steps are its queries.
      let queries = tape.reshape(
        tape.linear(tape.layerNorm(x, layer.crossNorm), layer.query),
        Shape(rows, draws * horizon, width))
      let found = tape.attention(
        queries: queries, keysValues: tape.columns(context, 2 * i * width..<2 * (i + 1) * width),
        heads: configuration.heads)
      x = tape.linear(
        tape.reshape(found, Shape(chunks, horizon, width)), layer.crossMix, residual: x)
      let inner = tape.linear(norm(x, 2 * i + 1), layer.up, activation: .geluTanh)
      x = tape.linear(inner, layer.down, residual: x)
    }
    let answer = tape.linear(norm(x, 2 * layers.count), output)
    return tape.reshape(answer, Shape(chunks, horizon * setting.outputs))
  }
}
