// W3: the conditional 1-D U-Net of Diffusion Policy (Chi et al. 2023), which predicts the noise in an action chunk.
//
//   time ─► embedding ─┐
//   observation ───────┴─► condition ─► scale and shift of every residual block
//
//   actions ─► down ─► down ─► down ─► middle ─► up ─► up ─► 1×1 ─► noise
//                │       └───── skip ──────────┘     │
//                └ (the first level's skip goes nowhere, as in the original)

import NeuralNetworks
import PlanarCore

/// Residual blocks of convolutions on several time scales, modulated by a condition.
public struct ConditionalUNet: Sendable {
  /// Extents; the defaults are those of W3.
  public struct Sizes: Sendable {
    public var actions = 2
    /// Length of the chunk: divisible by 2 for each level but one.
    public var horizon = 16
    public var condition = 64
    public var timeWidth = 32
    /// Channels of each level.
    public var levels = [64, 128, 256]
    public var kernel = 5
    public var groups = 8
    /// Of the group norms.
    public var epsilon: Float = 1e-5

    public init() {}
  }

  /// Convolution, group norm, Mish.
  public struct Block: Sendable {
    public let convolution: Convolution1D
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
    public let name: String
    public let first: Block
    public let second: Block
    public let skip: Convolution1D?
    /// Where this block's scales begin among the outputs of `films`; its shifts follow.
    public let filmColumn: Int
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

  public struct Down: Sendable {
    public let first: Residual
    public let second: Residual
    /// Halves the length; nil in the last level.
    public let shorten: Convolution1D?
  }

  public struct Up: Sendable {
    public let first: Residual
    public let second: Residual
    public let lengthen: TransposedConvolution1D
  }

  public let sizes: Sizes
  public let timeExpand: Linear
  public let timeContract: Linear
  public let down: [Down]
  public let middle: [Residual]
  public let up: [Up]
  public let finalBlock: Block
  public let finalConvolution: Convolution1D
  /// Scales and shifts of all residual blocks in one product, in the order of `residuals`.
  public let films: Linear

  public init(_ layout: inout ParameterLayout, sizes: Sizes = Sizes()) {
    self.sizes = sizes
    let levels = sizes.levels
    let time = sizes.timeWidth
    timeExpand = Linear(&layout, "diffusion_step_encoder.1", inputs: time, outputs: 4 * time)
    timeContract = Linear(&layout, "diffusion_step_encoder.3", inputs: 4 * time, outputs: time)
    var column = 0
    func residual(_ layout: inout ParameterLayout, _ name: String, _ inputs: Int, _ outputs: Int) -> Residual {
      Residual(&layout, name, inputs, outputs, sizes, filmColumn: &column)
    }
    var down: [Down] = []
    for (j, channels) in levels.enumerated() {
      let name = "down_modules.\(j)"
      down.append(
        Down(
          first: residual(&layout, name + ".0", j == 0 ? sizes.actions : levels[j - 1], channels),
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
      residual(&layout, "mid_modules.0", deepest, deepest),
      residual(&layout, "mid_modules.1", deepest, deepest),
    ]
    var up: [Up] = []
    for j in 0..<levels.count - 1 {
      let name = "up_modules.\(j)"
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
    finalBlock = Block(&layout, "final_conv.0", levels[0], levels[0], sizes)
    finalConvolution = Convolution1D(
      &layout, "final_conv.1", inputs: levels[0], outputs: sizes.actions, kernel: 1)
    films = Linear(&layout, "films", inputs: time + sizes.condition, outputs: column)
  }

  /// All residual blocks, in the order of their scales and shifts.
  public var residuals: [Residual] {
    down.flatMap { [$0.first, $0.second] } + middle + up.flatMap { [$0.first, $0.second] }
  }

  /// Time embedding and observation side by side: `[B]` and `[B, condition]` → `[B, time + condition]`.
  public func condition(times: Tensor, observation: Tensor, on tape: Tape) -> Tensor {
    let embedded = tape.sinusoidalEmbedding(of: times, width: sizes.timeWidth)
    let hidden = tape.linear(embedded, timeExpand, activation: .mish)
    return tape.concatenateChannels(tape.linear(hidden, timeContract), observation)
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

  /// Multiplications of one sample's forward pass, and those whose input needs no gradient.
  public var products: (all: Int, ofInput: Int) {
    func size(_ residual: Residual, _ length: Int) -> Int {
      length
        * (residual.first.convolution.weight.count + residual.second.convolution.weight.count
          + (residual.skip?.weight.count ?? 0))
    }
    var all = timeExpand.weight.count + timeContract.weight.count + films.weight.count
    var length = sizes.horizon
    for level in down {
      all += size(level.first, length) + size(level.second, length)
      guard let shorten = level.shorten else { continue }
      length /= 2
      all += shorten.weight.count * length
    }
    for residual in middle { all += size(residual, length) }
    for level in up {
      all += size(level.first, length) + size(level.second, length) + level.lengthen.weight.count * length
      length *= 2
    }
    all += length * (finalBlock.convolution.weight.count + finalConvolution.weight.count)
    let first = down[0].first
    let ofInput =
      timeExpand.weight.count
      + sizes.horizon * (first.first.convolution.weight.count + (first.skip?.weight.count ?? 0))
    return (all, ofInput)
  }
}

extension NeuralWorkload {
  /// Training on the noise of random timesteps, and sampling by DDIM and DDPM.
  public static func conditionalUNet(
    sizes: ConditionalUNet.Sizes = ConditionalUNet.Sizes(), batch: Int = 256, rowsPerShard: Int = 128
  ) -> NeuralWorkload {
    var layout = ParameterLayout()
    let network = ConditionalUNet(&layout, sizes: sizes)
    let schedule = DiffusionSchedule(.squaredCosine, steps: 100)
    let outputs = sizes.horizon * sizes.actions
    let chunks = normalNumbers(batch * outputs, "chunks")
    let observations = normalNumbers(batch * sizes.condition, "observations")
    @Sendable func films(_ rows: Range<Int>, _ times: Tensor, _ tape: Tape) -> Tensor {
      let observation = tape.input(rows, of: observations, width: sizes.condition)
      let condition = network.condition(times: times, observation: observation, on: tape)
      return network.films(condition: condition, on: tape)
    }
    @Sendable func chunk(_ rows: Int) -> Shape { Shape(rows, sizes.horizon, sizes.actions) }
    return NeuralWorkload(
      name: "w3", title: "conditional U-Net", layout: layout, batch: batch, rowsPerShard: rowsPerShard,
      products: network.products.all, inputProducts: network.products.ofInput,
      loss: { rows, tape, stream in
        let times = tape.input(Shape(rows.count)) { times in
          for i in 0..<rows.count { times[i] = Float(stream.integer(below: schedule.steps)) }
        }
        let noise = tape.input(chunk(rows.count)) { noise in
          for i in 0..<noise.count { noise[i] = Float(stream.normal()) }
        }
        let noisy = tape.input(chunk(rows.count)) { noisy in
          tape.withValues(of: times) { times in
            tape.withValues(of: noise) { noise in
              for (r, row) in rows.enumerated() {
                let scales = schedule.scales(at: Int(times[r]))
                for i in 0..<outputs {
                  noisy[r * outputs + i] =
                    scales.signal * chunks[row * outputs + i] + scales.noise * noise[r * outputs + i]
                }
              }
            }
          }
        }
        let prediction = network.predict(noisy, films: films(rows, times, tape), on: tape)
        return tape.loss(.meanSquaredError, prediction, noise, count: batch * outputs)
      },
      predict: { rows, tape in
        let times = tape.input(Shape(rows.count)) { $0.update(repeating: 50) }
        let sample = tape.reshape(tape.input(rows, of: chunks, width: outputs), chunk(rows.count))
        let films = films(rows, times, tape)
        return tape.reshape(network.predict(sample, films: films, on: tape), Shape(rows.count, outputs))
      },
      samplers: [("ddim10", 10, false), ("ddpm100", 100, true)].map { name, steps, isAncestral in
        Sampler(name: name, steps: steps) { weights in
          let chain = DenoisingChain(
            network, schedule: schedule, steps: steps, isAncestral: isAncestral, weights: weights)
          let observation = Array(observations[0..<sizes.condition])
          return { chain.sample(observation: observation) }
        }
      })
  }
}
