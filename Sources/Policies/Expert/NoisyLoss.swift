// The training loss that generative heads share: several noisy copies of every chunk under one context.

import NeuralNetworks
import PlanarCore

extension ActionExpert {
  /// Noisy copies drawn per label. The context costs more than the expert and is computed once for all copies, so
  /// that a step sees four times the noise for less than twice the time.
  static let drawsPerLabel = 4

  /// Mean squared error of the clean chunks that the expert makes of noisy ones.
  ///
  /// - Parameters:
  ///   - condition: from `condition(_:on:)`, `[rows, conditionCount]`.
  ///   - chunks: the clean chunks, `[rows, horizon · action]`.
  ///   - count: how many numbers the whole batch's chunks hold; the mean is over these and the copies.
  ///   - corrupt: given a clean chunk and standard normal noise, fills the expert's input, and returns the time
  ///     that the expert is told.
  /// - Returns: The rows' part of the batch's loss.
  func noisyLoss(
    condition: Tensor, chunks: UnsafeBufferPointer<Float>, rows: Int, count: Int, on tape: Tape,
    noise stream: inout RandomStream,
    corrupt: (
      _ clean: UnsafeBufferPointer<Float>, _ noise: UnsafeBufferPointer<Float>,
      _ input: UnsafeMutableBufferPointer<Float>, _ stream: inout RandomStream
    ) -> Float
  ) -> Float {
    let draws = ActionExpert.drawsPerLabel
    let copies = rows * draws
    let shape = Shape(copies, chunkCount)
    let times = tape.input(Shape(copies)) { _ in }
    let noise = tape.input(shape) { target in
      for i in 0..<target.count { target[i] = Float(stream.normal()) }
    }
    let target = tape.input(shape) { target in
      for i in 0..<target.count {
        target[i] = chunks[i / (draws * chunkCount) * chunkCount + i % chunkCount]
      }
    }
    let input = tape.input(shape) { input in
      tape.withValues(of: noise) { noise in
        tape.withValues(of: times) { times in
          for copy in 0..<copies {
            let clean = copy / draws * chunkCount..<(copy / draws + 1) * chunkCount
            let row = copy * chunkCount..<(copy + 1) * chunkCount
            times[copy] = corrupt(
              UnsafeBufferPointer(rebasing: chunks[clean]),
              UnsafeBufferPointer(rebasing: noise[row]),
              UnsafeMutableBufferPointer(rebasing: input[row]), &stream)
          }
        }
      }
    }
    let width = conditionCount
    let timeCondition = self.condition(times: times, on: tape)
    let whole = tape.addBroadcast(
      tape.reshape(timeCondition, Shape(rows, draws, width)),
      tape.reshape(condition, Shape(rows, 1, width)))
    let answers = self(input, condition: tape.reshape(whole, Shape(copies, width)), on: tape)
    return tape.loss(.meanSquaredError, answers, target, count: count * draws)
  }
}
