// The conditional 1-D U-Net of Diffusion Policy (Chi et al. 2023), with the names of its parameters.
//
//   time ─► embedding ─┐
//   observation ───────┴─► condition ─► scale and shift of every residual block
//
//   actions ─► down ─► down ─► down ─► middle ─► up ─► up ─► 1×1 ─► noise
//                │       └───── skip ──────────┘     │
//                └ (the first level's skip goes nowhere, as in the original)

import PlanarNeuralNetworks
import PlanarCore

/// Residual blocks of convolutions on several time scales, modulated by a condition.
public struct ConditionalUNet: Sendable {
  /// Extents; the defaults are those of `planar bench nn`'s W3.
  public struct Sizes: Sendable {
    /// Numbers of an action.
    public var actions = 2
    /// Numbers of a step that come in; nil for as many as go out.
    public var inputs: Int?
    /// Length of the chunk: divisible by 2 for each level but one.
    public var horizon = 16
    /// Features of the context that conditions every block.
    public var condition = 64
    /// 0: there is no time.
    public var timeWidth = 32
    /// Channels of each level.
    public var levels = [64, 128, 256]
    /// Steps that a convolution reaches over; odd.
    public var kernel = 5
    /// Groups of every group norm.
    public var groups = 8
    /// Of the group norms.
    public var epsilon: Float = 1e-5

    /// The sizes of W3.
    public init() {}
  }

  /// Convolution, group norm, Mish.
  public struct Block: Sendable {
    /// Along the chunk's steps.
    public let convolution: Convolution1D
    /// Behind the convolution.
    public let norm: GroupNorm

    init(_ layout: inout ParameterLayout, _ name: String, _ inputs: Int, _ outputs: Int, _ sizes: Sizes) {
      convolution = Convolution1D(
        &layout, name + ".block.0", inputs: inputs, outputs: outputs, kernel: sizes.kernel,
        padding: sizes.kernel / 2)
      norm = GroupNorm(
        &layout, name + ".block.1", groups: sizes.groups, channels: outputs, epsilon: sizes.epsilon)
    }

    func apply(_ x: Tensor, on tape: Tape) -> Tensor {
      tape.groupNorm(tape.convolution(x, convolution), norm, activation: .mish)
    }
  }

  /// block(scale · block(x) + shift) + x, with x through a 1×1 convolution where the channels differ.
  public struct Residual: Sendable {
    /// The prefix of its parameters' names.
    public let name: String
    /// Before the condition comes in.
    public let first: Block
    /// Behind it.
    public let second: Block
    /// Matches the channels of input and output; nil where they are equal.
    public let skip: Convolution1D?
    /// Where this block's scales begin among the outputs of `films`; its shifts follow.
    public let filmColumn: Int
    /// Channels that come out.
    public var channels: Int { second.convolution.outputs }

    init(
      _ layout: inout ParameterLayout, _ name: String, _ inputs: Int, _ outputs: Int, _ sizes: Sizes,
      filmColumn: inout Int
    ) {
      self.name = name
      first = Block(&layout, name + ".blocks.0", inputs, outputs, sizes)
      second = Block(&layout, name + ".blocks.1", outputs, outputs, sizes)
      skip =
        inputs == outputs
        ? nil
        : Convolution1D(
          &layout, name + ".residual_conv", inputs: inputs, outputs: outputs, kernel: 1)
      self.filmColumn = filmColumn
      filmColumn += 2 * outputs
    }

    func apply(_ x: Tensor, films: Tensor, on tape: Tape) -> Tensor {
      let h = tape.modulate(
        first.apply(x, on: tape), by: films, scaleColumn: filmColumn,
        shiftColumn: filmColumn + channels, scaleOffset: 0)
      return tape.add(second.apply(h, on: tape), skip.map { tape.convolution(x, $0) } ?? x)
    }
  }

  /// A level on the way down.
  public struct Down: Sendable {
    /// The first block.
    public let first: Residual
    /// The second block.
    public let second: Residual
    /// Halves the length; nil in the last level.
    public let shorten: Convolution1D?
  }

  /// A level on the way up.
  public struct Up: Sendable {
    /// The first block, which also sees what the way down kept.
    public let first: Residual
    /// The second block.
    public let second: Residual
    /// Doubles the sequence's length.
    public let lengthen: TransposedConvolution1D
  }

  /// The extents.
  public let sizes: Sizes
  /// Time features → hidden features; nil where the network knows no time.
  public let timeExpand: Linear?
  /// Hidden features → time features; nil where the network knows no time.
  public let timeContract: Linear?
  /// The levels on the way down, the longest sequence first.
  public let down: [Down]
  /// The blocks between.
  public let middle: [Residual]
  /// The levels on the way up, the shortest sequence first.
  public let up: [Up]
  /// Behind the last level.
  public let finalBlock: Block
  /// Channels → the numbers of an action.
  public let finalConvolution: Convolution1D
  /// Scales and shifts of all residual blocks in one product, in the order of `residuals`.
  public let films: Linear

  /// Registers the parameters, their names after `prefix`.
  public init(_ layout: inout ParameterLayout, prefix: String = "", sizes: Sizes = Sizes()) {
    self.sizes = sizes
    let levels = sizes.levels
    let time = sizes.timeWidth
    timeExpand =
      time == 0
      ? nil
      : Linear(&layout, prefix + "diffusion_step_encoder.1", inputs: time, outputs: 4 * time)
    timeContract =
      time == 0
      ? nil
      : Linear(&layout, prefix + "diffusion_step_encoder.3", inputs: 4 * time, outputs: time)
    var column = 0
    func residual(_ layout: inout ParameterLayout, _ name: String, _ inputs: Int, _ outputs: Int) -> Residual {
      Residual(&layout, name, inputs, outputs, sizes, filmColumn: &column)
    }
    var down: [Down] = []
    for (j, channels) in levels.enumerated() {
      let name = prefix + "down_modules.\(j)"
      down.append(
        Down(
          first: residual(&layout, name + ".0", j == 0 ? sizes.inputs ?? sizes.actions : levels[j - 1], channels),
          second: residual(&layout, name + ".1", channels, channels),
          shorten: j == levels.count - 1
            ? nil
            : Convolution1D(
              &layout, name + ".2.conv", inputs: channels, outputs: channels, kernel: 3, stride: 2,
              padding: 1)))
    }
    self.down = down
    let deepest = levels[levels.count - 1]
    middle = [
      residual(&layout, prefix + "mid_modules.0", deepest, deepest),
      residual(&layout, prefix + "mid_modules.1", deepest, deepest),
    ]
    var up: [Up] = []
    for j in 0..<levels.count - 1 {
      let name = prefix + "up_modules.\(j)"
      let (inputs, outputs) = (levels[levels.count - 1 - j], levels[levels.count - 2 - j])
      up.append(
        Up(
          first: residual(&layout, name + ".0", 2 * inputs, outputs),
          second: residual(&layout, name + ".1", outputs, outputs),
          lengthen: TransposedConvolution1D(
            &layout, name + ".2.conv", inputs: outputs, outputs: outputs, kernel: 4, stride: 2,
            padding: 1)))
    }
    self.up = up
    finalBlock = Block(&layout, prefix + "final_conv.0", levels[0], levels[0], sizes)
    finalConvolution = Convolution1D(
      &layout, prefix + "final_conv.1", inputs: levels[0], outputs: sizes.actions, kernel: 1)
    films = Linear(&layout, prefix + "films", inputs: time + sizes.condition, outputs: column)
  }

  /// All residual blocks, in the order of their scales and shifts.
  public var residuals: [Residual] {
    down.flatMap { [$0.first, $0.second] } + middle + up.flatMap { [$0.first, $0.second] }
  }

  /// `[n]` times → `[n, timeWidth]`.
  public func embed(times: Tensor, on tape: Tape) -> Tensor {
    guard let timeExpand, let timeContract else {
      preconditionFailure("this network was made without time")
    }
    let waves = tape.sinusoidalEmbedding(of: times, width: sizes.timeWidth)
    return tape.linear(tape.linear(waves, timeExpand, activation: .mish), timeContract)
  }

  /// Time embedding and observation side by side: `[B]` and `[B, condition]` → `[B, time + condition]`.
  public func condition(times: Tensor, observation: Tensor, on tape: Tape) -> Tensor {
    tape.concatenateChannels(embed(times: times, on: tape), observation)
  }

  /// Scales and shifts of all residual blocks: they depend on time and observation alone.
  public func films(condition: Tensor, on tape: Tape) -> Tensor {
    tape.linear(tape.activate(condition, .mish), films)
  }

  /// `[B, horizon, actions]`, and what `films(condition:on:)` gave → `[B, horizon, actions]`.
  ///
  /// - Parameter onPart: called with what stands between the parts: `down.i`, `mid`, `up.i`.
  public func predict(
    _ sample: Tensor, films: Tensor, on tape: Tape, onPart: ((_ name: String, Tensor) -> Void)? = nil
  ) -> Tensor {
    descend(0, sample, films, tape, onPart)
  }

  /// Level `j` and all that lies below it; the call stack holds the skip connections.
  private func descend(
    _ j: Int, _ input: Tensor, _ films: Tensor, _ tape: Tape, _ onPart: ((String, Tensor) -> Void)?
  ) -> Tensor {
    let level = down[j]
    var x = level.first.apply(input, films: films, on: tape)
    x = level.second.apply(x, films: films, on: tape)
    let kept = x
    if let shorten = level.shorten { x = tape.convolution(x, shorten) }
    onPart?("down.\(j)", x)
    if j + 1 < down.count {
      x = descend(j + 1, x, films, tape, onPart)
    } else {
      for residual in middle { x = residual.apply(x, films: films, on: tape) }
      onPart?("mid", x)
    }
    guard j > 0 else {
      return tape.convolution(finalBlock.apply(x, on: tape), finalConvolution)
    }
    let rise = up[down.count - 1 - j]
    x = rise.first.apply(tape.concatenateChannels(x, kept), films: films, on: tape)
    x = rise.second.apply(x, films: films, on: tape)
    x = tape.transposedConvolution(x, rise.lengthen)
    onPart?("up.\(down.count - 1 - j)", x)
    return x
  }
}
