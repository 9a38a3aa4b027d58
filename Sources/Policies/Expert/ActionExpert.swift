// The small network that is run again and again on one cached context: a residual MLP over a whole chunk.
//
//   context ─ linear, SiLU, linear ─► condition (cached) ┐
//   time ─ sinusoids, linear, SiLU, linear ──────────────┴─ sum ─► scale, shift of each block
//   chunk ─ linear ─► [ norm → x(1+scale)+shift → linear → SiLU → linear → + ] × blocks ─ norm, linear ─►

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
      width: Int = 256, blocks: Int = 3, hidden: Int = 2, conditionWidth: Int = 128,
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

  /// Scales and shifts of all blocks.
  var conditionCount: Int { 2 * configuration.blocks * configuration.width }

  init(
    _ layout: inout ParameterLayout, _ configuration: Configuration, contextWidth: Int,
    chunkCount: Int, usesTime: Bool
  ) {
    self.configuration = configuration
    self.chunkCount = chunkCount
    let (width, middle) = (configuration.width, configuration.conditionWidth)
    let scales = 2 * configuration.blocks * width
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

  /// One run: chunks `[rows, horizon·action]` under `condition` → the same shape.
  func callAsFunction(_ chunks: Tensor, condition: Tensor, on tape: Tape) -> Tensor {
    let width = configuration.width
    var x = tape.linear(chunks, input)
    for (i, block) in blocks.enumerated() {
      let h = tape.modulate(
        tape.layerNorm(x, LayerNorm()), by: condition, scaleColumn: 2 * i * width,
        shiftColumn: (2 * i + 1) * width)
      x = tape.linear(tape.linear(h, block.up, activation: .silu), block.down, residual: x)
    }
    return tape.linear(tape.layerNorm(x, LayerNorm()), output)
  }
}
