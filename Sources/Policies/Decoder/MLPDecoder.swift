// The decoder as a residual MLP over a whole chunk.
//
//   context ─ linear, SiLU, linear ─► condition (cached) ┐
//   time ─ sinusoids, linear, SiLU, linear ──────────────┴─ sum ─► scale, shift of each block
//   chunk ─ linear → x(1+scale)+shift ─► [ norm → x(1+scale)+shift → linear → SiLU → linear → + ] × blocks ─► norm, linear

import PlanarNeuralNetworks
import PlanarCore

/// A residual MLP with adaptive layer norms.
public struct MLPDecoder: ActionDecoder {
  /// Sizes.
  public struct Configuration: Defaulted, Hashable, Sendable {
    /// Everything at its default.
    public static var standard: Configuration { Configuration() }

    /// Features between the blocks.
    public var width: Int
    /// How many residual blocks.
    public var blocks: Int
    /// Width inside a block, as a multiple of `width`.
    public var hidden: Int
    /// Width between context and scales.
    public var conditionWidth: Int
    /// Sinusoids of the time, and width between them and scales.
    public var timeWidth: Int

    /// The defaults of the size `small`.
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

    func validate() throws {
      try requireRanges([
        ("decoder.width", width, 8...8192), ("decoder.blocks", blocks, 1...64),
        ("decoder.hidden", hidden, 1...16), ("decoder.conditionWidth", conditionWidth, 8...8192),
        ("decoder.timeWidth", timeWidth, 4...4096),
      ])
      guard timeWidth % 2 == 0 else {
        throw UserError("decoder.timeWidth is \(timeWidth); it must be even")
      }
    }
  }

  private let configuration: Configuration
  private let contextIn: Linear
  private let contextOut: Linear
  private let timeIn: Linear?
  private let timeOut: Linear?
  private let input: Linear
  private let blocks: [(up: Linear, down: Linear)]
  private let output: Linear

  /// Scales and shifts of the entry and of all blocks.
  private var conditionCount: Int { 2 * (configuration.blocks + 1) * configuration.width }
  /// Noisy copies of a label under one context in training.
  public var drawsPerLabel: Int { 4 }

  init(_ layout: inout ParameterLayout, _ configuration: Configuration, _ setting: DecoderSetting) {
    self.configuration = configuration
    let (width, middle) = (configuration.width, configuration.conditionWidth)
    let scales = 2 * (configuration.blocks + 1) * width
    contextIn = Linear(
      &layout, "decoder.context_in", inputs: setting.contextTokens * setting.contextWidth,
      outputs: middle)
    contextOut = Linear(&layout, "decoder.context_out", inputs: middle, outputs: scales)
    timeIn =
      setting.usesTime
      ? Linear(
        &layout, "decoder.time_in", inputs: configuration.timeWidth,
        outputs: configuration.timeWidth) : nil
    timeOut =
      setting.usesTime
      ? Linear(
        &layout, "decoder.time_out", inputs: configuration.timeWidth, outputs: scales, bias: false)
      : nil
    input = Linear(
      &layout, "decoder.input", inputs: setting.horizon * setting.inputs, outputs: width)
    blocks = (0..<configuration.blocks).map {
      (
        Linear(
          &layout, "decoder.blocks.\($0).up", inputs: width, outputs: configuration.hidden * width,
          initializer: .kaiming),
        Linear(
          &layout, "decoder.blocks.\($0).down", inputs: configuration.hidden * width, outputs: width)
      )
    }
    output = Linear(
      &layout, "decoder.output", inputs: width, outputs: setting.horizon * setting.outputs,
      initializer: .xavier(gain: 0.1))
  }

  /// The context's part of all scales and shifts: `[rows, tokens, width]` → `[rows, conditionCount]`.
  public func contextPart(_ context: Tensor, on tape: Tape) -> Tensor {
    let flat = tape.reshape(context, Shape(context.shape[0], context.shape[1] * context.shape[2]))
    return tape.linear(tape.linear(flat, contextIn, activation: .silu), contextOut)
  }

  /// The time's part: `[n]` → `[n, conditionCount]`.
  public func timePart(_ times: Tensor, on tape: Tape) -> Tensor {
    guard let timeIn, let timeOut else { preconditionFailure("this decoder was made without time") }
    let waves = tape.sinusoidalEmbedding(of: times, width: configuration.timeWidth)
    return tape.linear(tape.linear(waves, timeIn, activation: .silu), timeOut)
  }

  /// One run, as `ActionDecoder` has it.
  public func run(_ input: Tensor, context: Tensor, time: Tensor?, draws: Int, on tape: Tape) -> Tensor {
    let (width, rows) = (configuration.width, context.shape[0])
    var condition = context
    if let time {
      let whole = tape.addBroadcast(
        tape.reshape(time, Shape(rows, draws, conditionCount)),
        tape.reshape(context, Shape(rows, 1, conditionCount)))
      condition = tape.reshape(whole, Shape(rows * draws, conditionCount))
    } else {
      precondition(draws == 1, "an decoder without time runs once per context")
    }
    // The entry's shift puts the context itself into the residual stream; its scale can shut out noise.
    var x = tape.modulate(
      tape.linear(input, self.input), by: condition, scaleColumn: 0, shiftColumn: width)
    for (i, block) in blocks.enumerated() {
      let h = tape.modulate(
        tape.layerNorm(x, LayerNorm()), by: condition, scaleColumn: (2 * i + 2) * width,
        shiftColumn: (2 * i + 3) * width)
      x = tape.linear(tape.linear(h, block.up, activation: .silu), block.down, residual: x)
    }
    return tape.linear(tape.layerNorm(x, LayerNorm()), output)
  }
}
