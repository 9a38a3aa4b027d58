// The expert at inference: one cached condition, run K times, nothing allocated per run.

import NeuralNetworks

/// Runs the expert on a batch whose context is fixed.
public final class Denoiser {
  private let expert: ActionExpert
  private let tape: Tape
  private let batch: Int
  private var condition: Tensor?
  /// The time's part of the condition, for every time met so far: the same few at every chunk.
  private var timeConditions: [Float: FloatBuffer] = [:]
  /// Three chunks of every row, for integrators and noise.
  let workspace: FloatBuffer

  init(_ expert: ActionExpert, batch: Int, tape: Tape) {
    self.expert = expert
    self.tape = tape
    self.batch = batch
    workspace = FloatBuffer(count: 3 * batch * expert.chunkCount)
  }

  /// Fixes the condition; `context` is `[batch, context]` on the denoiser's tape.
  func begin(context: Tensor) { condition = expert.condition(context, on: tape) }

  /// Runs the expert on chunks `[batch, horizon·action]` times `scale`; all rows have the same time (nil for none).
  func run(
    _ chunks: UnsafeBufferPointer<Float>, scale: Float = 1, time: Float?,
    to output: UnsafeMutableBufferPointer<Float>
  ) {
    guard var condition else { preconditionFailure("the denoiser has no context yet") }
    precondition(
      chunks.count == batch * expert.chunkCount && output.count == chunks.count,
      "denoiser: \(chunks.count) and \(output.count) numbers are not \(batch) chunks")
    let mark = tape.mark
    if let time {
      let part = timeCondition(time)
      let row = tape.input(Shape(part.count)) { target in
        for i in 0..<part.count { target[i] = part[i] }
      }
      condition = tape.addBroadcast(condition, row)
    }
    let input = tape.input(Shape(batch, expert.chunkCount)) { target in
      for i in 0..<chunks.count { target[i] = scale * chunks[i] }
    }
    let answer = expert(input, condition: condition, on: tape)
    tape.withValues(of: answer) { values in
      for i in 0..<values.count { output[i] = values[i] }
    }
    tape.release(to: mark)
  }

  private func timeCondition(_ time: Float) -> FloatBuffer {
    if let known = timeConditions[time] { return known }
    let mark = tape.mark
    let part = expert.condition(times: tape.input(Shape(1), [time]), on: tape)
    let buffer = FloatBuffer(tape.array(part))
    tape.release(to: mark)
    timeConditions[time] = buffer
    return buffer
  }
}
