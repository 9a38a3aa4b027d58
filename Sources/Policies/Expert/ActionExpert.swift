// The small network that is run again and again on one cached context: a residual MLP over a whole chunk.
//
//   context ─ linear, SiLU, linear ─► condition (cached) ┐
//   time ─ sinusoids, linear, SiLU, linear ──────────────┴─ sum ─► scale, shift of each block
//   chunk ─ linear → x(1+scale)+shift ─► [ norm → x(1+scale)+shift → linear → SiLU → linear → + ] × blocks
//      └───────────────────────────────────────────────────────────────────────── + ◄─ linear, norm ─┘

import NeuralNetworks
import PlanarCore

/// The denoiser, velocity field or regressor that all heads share.
public struct ActionExpert: Sendable {
  /// Sizes.
  public struct Configuration: Codable, Hashable, Sendable {
    public var width: Int
    public var blocks: Int
    /// Width inside a block, as a multiple of `width`.
    public var hidden: Int
    /// Width between context and scales.
    public var conditionWidth: Int
    /// Sinusoids of the time, and width between them and scales.
    public var timeWidth: Int

    public init(
      width: Int = 256, blocks: Int = 3, hidden: Int = 2, conditionWidth: Int = 256,
      timeWidth: Int = 64
    ) {
      self.width = width
      self.blocks = blocks
      self.hidden = hidden
      self.conditionWidth = conditionWidth
      self.timeWidth = timeWidth
    }
  }

  /// Numbers of a chunk.
  let chunkCount: Int
  private let configuration: Configuration
  private let contextIn: Linear
  private let contextOut: Linear
  private let timeIn: Linear?
  private let timeOut: Linear?
  private let input: Linear
  private let blocks: [(up: Linear, down: Linear)]
  private let output: Linear

  /// Scales and shifts of the entry and of all blocks.
  var conditionCount: Int { 2 * (configuration.blocks + 1) * configuration.width }

  init(
    _ layout: inout ParameterLayout, _ configuration: Configuration, contextWidth: Int,
    chunkCount: Int, usesTime: Bool
  ) {
    self.configuration = configuration
    self.chunkCount = chunkCount
    let (width, middle) = (configuration.width, configuration.conditionWidth)
    let scales = 2 * (configuration.blocks + 1) * width
    contextIn = Linear(&layout, "expert.context_in", inputs: contextWidth, outputs: middle)
    contextOut = Linear(&layout, "expert.context_out", inputs: middle, outputs: scales)
    timeIn =
      usesTime
      ? Linear(
        &layout, "expert.time_in", inputs: configuration.timeWidth,
        outputs: configuration.timeWidth) : nil
    timeOut =
      usesTime
      ? Linear(
        &layout, "expert.time_out", inputs: configuration.timeWidth, outputs: scales, bias: false)
      : nil
    input = Linear(&layout, "expert.input", inputs: chunkCount, outputs: width)
    blocks = (0..<configuration.blocks).map {
      (
        Linear(
          &layout, "expert.blocks.\($0).up", inputs: width, outputs: configuration.hidden * width,
          initializer: .kaiming),
        Linear(
          &layout, "expert.blocks.\($0).down", inputs: configuration.hidden * width, outputs: width)
      )
    }
    output = Linear(
      &layout, "expert.output", inputs: width, outputs: chunkCount, initializer: .xavier(gain: 0.1))
  }

  /// The factor that turns a noisy chunk x = signal·clean + noise·ε into the best linear estimate of the clean one,
  /// signal·σ²/(signal²·σ² + noise²), for clean numbers of deviation σ = 0.5 (the skip connection of Karras et
  /// al. 2022, table 1).
  static func linearEstimate(signal: Float, noise: Float) -> Float {
    let variance: Float = 0.25
    return signal * variance / (signal * signal * variance + noise * noise)
  }

  /// The context's part of all scales and shifts: `[rows, context]` → `[rows, conditionCount]`.
  func condition(_ context: Tensor, on tape: Tape) -> Tensor {
    tape.linear(tape.linear(context, contextIn, activation: .silu), contextOut)
  }

  /// The time's part: `[n]` times, from 0 to about 100 → `[n, conditionCount]`.
  func condition(times: Tensor, on tape: Tape) -> Tensor {
    guard let timeIn, let timeOut else { preconditionFailure("this expert was made without time") }
    let waves = tape.sinusoidalEmbedding(of: times, width: configuration.timeWidth)
    return tape.linear(tape.linear(waves, timeIn, activation: .silu), timeOut)
  }

  /// One run: chunks `[rows, horizon·action]` under `condition` → the clean chunks, same shape.
  ///
  /// The input is what a noisy chunk alone tells of the clean one (`linearEstimate`); the expert adds what
  /// the context knows. Where nothing but noise is left the input is zero, and the expert a regressor.
  func callAsFunction(_ chunks: Tensor, condition: Tensor, on tape: Tape) -> Tensor {
    let width = configuration.width
    // The entry's shift puts the context itself into the residual stream; its scale can shut out noise.
    var x = tape.modulate(
      tape.linear(chunks, input), by: condition, scaleColumn: 0, shiftColumn: width)
    for (i, block) in blocks.enumerated() {
      let h = tape.modulate(
        tape.layerNorm(x, LayerNorm()), by: condition, scaleColumn: (2 * i + 2) * width,
        shiftColumn: (2 * i + 3) * width)
      x = tape.linear(tape.linear(h, block.up, activation: .silu), block.down, residual: x)
    }
    return tape.linear(tape.layerNorm(x, LayerNorm()), output, residual: chunks)
  }
}
