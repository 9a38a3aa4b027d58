// The training loss that denoising heads share: several noisy copies of every chunk under one context.

import PlanarNeuralNetworks
import PlanarCore

/// How noise is put into training chunks.
public struct NoisyLoss: Sendable {
  /// The network that answers; made with `largestDelay > 0 ? 1 : 0` marks, and with a time.
  public let expert: any ActionExpert
  /// Steps of a chunk.
  public let horizon: Int
  /// Numbers of one action.
  public let action: Int
  /// Training-time action conditioning (arXiv 2512.05964): up to so many first steps of a chunk are given clean and
  /// marked, as they will be under an inference delay, and only the rest is learned. 0 for none.
  public let largestDelay: Int

  /// - Parameters: as the properties of the same names.
  public init(expert: any ActionExpert, horizon: Int, action: Int, largestDelay: Int) {
    self.expert = expert
    self.horizon = horizon
    self.action = action
    self.largestDelay = largestDelay
  }

  /// Numbers that a step has besides its action: whether it is given.
  public var marks: Int { largestDelay > 0 ? 1 : 0 }

  /// Mean squared error of the expert's answers.
  ///
  /// - Parameter level: draws a noise level.
  /// - Returns: The rows' part of the batch's loss.
  public func callAsFunction(
    _ example: HeadExample, on tape: Tape, noise stream: inout RandomStream,
    level: (inout RandomStream) -> NoiseLevel
  ) -> Float {
    let draws = expert.drawsPerLabel
    let copies = example.rows * draws
    let chunkCount = horizon * action
    let width = action + marks
    let times = tape.input(Shape(copies)) { _ in }
    let target = tape.input(Shape(copies, horizon, action)) { _ in }
    let mask = marks == 0 ? nil : tape.input(Shape(copies, horizon)) { _ in }
    let input = tape.input(Shape(copies, horizon * width)) { _ in }
    tape.withValues(of: times) { times in
      tape.withValues(of: target) { target in
        tape.withValues(of: input) { input in
          for copy in 0..<copies {
            let level = level(&stream)
            let given = min(largestDelay, Int(example.given?[copy / draws] ?? 0))
            times[copy] = level.time
            if let mask {
              tape.withValues(of: mask) { mask in
                for step in 0..<horizon { mask[copy * horizon + step] = step < given ? 0 : 1 }
              }
            }
            let clean = copy / draws * chunkCount
            for step in 0..<horizon {
              for i in 0..<action {
                let place = step * action + i
                let value = example.chunks[clean + place]
                let sample = level.signal * value + level.noise * Float(stream.normal())
                target[copy * chunkCount + place] =
                  (value - level.sampleFactor * sample) / level.outputFactor
                input[(copy * horizon + step) * width + i] =
                  step < given ? value : level.inputScale * sample
              }
              if marks > 0 { input[(copy * horizon + step) * width + action] = step < given ? 1 : 0 }
            }
          }
        }
      }
    }
    let answers = expert.run(
      input, context: expert.contextPart(example.context, on: tape),
      time: expert.timePart(times, on: tape), draws: draws, on: tape)
    return tape.loss(
      .meanSquaredError, tape.reshape(answers, Shape(copies, horizon, action)), target, mask: mask,
      count: example.count * draws)
  }
}
