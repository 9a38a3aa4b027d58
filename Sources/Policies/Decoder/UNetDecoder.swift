// The decoder as Diffusion Policy's conditional 1-D U-Net, in a size for a CPU.

import PlanarNeuralNetworks
import PlanarCore

/// A conditional U-Net over the chunk's steps.
public struct UNetDecoder: ActionDecoder {
  /// Sizes.
  public struct Configuration: Defaulted, Hashable, Sendable {
    /// Everything at its default.
    public static var standard: Configuration { Configuration() }

    /// Channels of each level; each but the last halves the length.
    public var levels: [Int]
    /// Steps that a convolution reaches over; odd.
    public var kernel: Int
    /// Of the group norms.
    public var groups: Int
    /// Features of the time's embedding.
    public var timeWidth: Int
    /// Width of what the blocks are told of the context.
    public var conditionWidth: Int

    /// The defaults of the size `small`.
    public init(
      levels: [Int] = [64, 128], kernel: Int = 5, groups: Int = 8, timeWidth: Int = 32,
      conditionWidth: Int = 128
    ) {
      self.levels = levels
      self.kernel = kernel
      self.groups = groups
      self.timeWidth = timeWidth
      self.conditionWidth = conditionWidth
    }

    func validate(horizon: Int) throws {
      try requireRanges([
        ("decoder.levels' number", levels.count, 1...6), ("decoder.kernel", kernel, 1...15),
        ("decoder.groups", groups, 1...256), ("decoder.timeWidth", timeWidth, 4...4096),
        ("decoder.conditionWidth", conditionWidth, 8...8192),
      ])
      guard levels.allSatisfy({ $0 > 0 && $0 <= 4096 && $0 % groups == 0 }), kernel % 2 == 1,
        timeWidth % 2 == 0
      else {
        throw UserError(
          "decoder.levels must be multiples of decoder.groups (\(groups)), decoder.kernel odd and decoder.timeWidth even; they are \(levels), \(kernel) and \(timeWidth)"
        )
      }
      let divisor = 1 << (levels.count - 1)
      guard horizon % divisor == 0 else {
        throw UserError(
          "a U-Net of \(levels.count) levels needs a prediction horizon divisible by \(divisor); it is \(horizon)"
        )
      }
    }
  }

  private let network: ConditionalUNet
  private let context: Linear
  private let inputs: Int
  /// Noisy copies of a label under one context in training.
  public var drawsPerLabel: Int { 1 }

  init(_ layout: inout ParameterLayout, _ configuration: Configuration, _ setting: DecoderSetting) {
    inputs = setting.inputs
    context = Linear(
      &layout, "decoder.context", inputs: setting.contextTokens * setting.contextWidth,
      outputs: configuration.conditionWidth)
    var sizes = ConditionalUNet.Sizes()
    sizes.inputs = setting.inputs
    sizes.actions = setting.outputs
    sizes.horizon = setting.horizon
    sizes.condition = configuration.conditionWidth
    sizes.timeWidth = setting.usesTime ? configuration.timeWidth : 0
    sizes.levels = configuration.levels
    sizes.kernel = configuration.kernel
    sizes.groups = configuration.groups
    network = ConditionalUNet(&layout, prefix: "decoder.unet.", sizes: sizes)
  }

  /// `[rows, tokens, width]` → `[rows, condition]`.
  public func contextPart(_ context: Tensor, on tape: Tape) -> Tensor {
    let flat = tape.reshape(context, Shape(context.shape[0], context.shape[1] * context.shape[2]))
    return tape.linear(flat, self.context)
  }

  /// `[n]` → `[n, timeWidth]`.
  public func timePart(_ times: Tensor, on tape: Tape) -> Tensor { network.embed(times: times, on: tape) }

  /// One run, as `ActionDecoder` has it.
  public func run(_ input: Tensor, context: Tensor, time: Tensor?, draws: Int, on tape: Tape) -> Tensor {
    let (chunks, width) = (input.shape[0], context.shape[1])
    var condition = context
    if draws > 1 {
      let none = tape.input(Shape(chunks / draws, draws, width)) { $0.update(repeating: 0) }
      condition = tape.reshape(
        tape.addBroadcast(none, tape.reshape(context, Shape(chunks / draws, 1, width))),
        Shape(chunks, width))
    }
    if let time { condition = tape.concatenateChannels(time, condition) }
    let sizes = network.sizes
    let answer = network.predict(
      tape.reshape(input, Shape(chunks, sizes.horizon, inputs)),
      films: network.films(condition: condition, on: tape), on: tape)
    return tape.reshape(answer, Shape(chunks, sizes.horizon * sizes.actions))
  }
}
