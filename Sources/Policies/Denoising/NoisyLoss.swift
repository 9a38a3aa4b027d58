// The training loss that denoising heads share: several noisy copies of every chunk under one context.

import PlanarNeuralNetworks
import PlanarCore

/// How noise is put into training chunks.
public struct NoisyLoss: Sendable {
  /// The network that answers; made with `prefixMaskChannels`, and with a time.
  public let decoder: any ActionDecoder
  /// Steps of a chunk.
  public let horizon: Int
  /// Numbers of one action.
  public let action: Int
  /// Training-time action conditioning (arXiv 2512.05964): up to so many first steps of a chunk are a prefix, clean and
  /// marked, as they will be under an inference delay, and only the rest is learned. 0 for none.
  public let largestDelay: Int

  /// - Parameters: as the properties of the same names.
  public init(decoder: any ActionDecoder, horizon: Int, action: Int, largestDelay: Int) {
    self.decoder = decoder
    self.horizon = horizon
    self.action = action
    self.largestDelay = largestDelay
  }

  /// Numbers that a step has besides its action: whether it is of the prefix.
  public var prefixMaskChannels: Int { largestDelay > 0 ? 1 : 0 }

  /// Mean squared error of the decoder's answers.
  ///
  /// - Parameter level: draws a noise level.
  /// - Returns: The rows' part of the batch's loss.
  public func callAsFunction(
    _ example: HeadExample, on tape: Tape, noise stream: inout RandomStream,
    level: (inout RandomStream) -> NoiseLevel
  ) -> Float {
    let draws = decoder.drawsPerLabel
    let copies = example.rows * draws
    let chunkCount = horizon * action
    let width = action + prefixMaskChannels
    let times = tape.input(Shape(copies)) { _ in }
    let target = tape.input(Shape(copies, horizon, action)) { _ in }
    let mask = prefixMaskChannels == 0 ? nil : tape.input(Shape(copies, horizon)) { _ in }
    let input = tape.input(Shape(copies, horizon * width)) { _ in }
    tape.withValues(of: times) { times in
      tape.withValues(of: target) { target in
        tape.withValues(of: input) { input in
          for copy in 0..<copies {
            let level = level(&stream)
            let prefix = min(largestDelay, Int(example.prefixLengths?[copy / draws] ?? 0))
            times[copy] = level.time
            if let mask {
              tape.withValues(of: mask) { mask in
                for step in 0..<horizon { mask[copy * horizon + step] = step < prefix ? 0 : 1 }
              }
            }
            let clean = copy / draws * chunkCount
            for step in 0..<horizon {
              for i in 0..<action {
                let index = step * action + i
                let value = example.chunks[clean + index]
                let sample = level.signal * value + level.noise * Float(stream.normal())
                target[copy * chunkCount + index] =
                  (value - level.sampleFactor * sample) / level.outputFactor
                input[(copy * horizon + step) * width + i] =
                  step < prefix ? value : level.inputScale * sample
              }
              if prefixMaskChannels > 0 { input[(copy * horizon + step) * width + action] = step < prefix ? 1 : 0 }
            }
          }
        }
      }
    }
    let answers = decoder.run(
      input, context: decoder.contextPart(example.context, on: tape),
      time: decoder.timePart(times, on: tape), draws: draws, on: tape)
    return tape.loss(
      .meanSquaredError, tape.reshape(answers, Shape(copies, horizon, action)), target, mask: mask,
      count: example.count * draws)
  }
}
