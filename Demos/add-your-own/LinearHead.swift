// A head: one linear layer from what the trunk has understood to a chunk of actions.

import Planar

/// Options of the `linear` head, as recipes and checkpoints keep them.
struct LinearOptions: HeadOptions {
  static let name = "linear"
  static let standard = LinearOptions()

  func validate() throws {}

  func settingSteps(_ steps: Int) throws -> Self {
    guard steps == 1 else { throw UserError("a linear policy answers in 1 step, not \(steps); leave the steps out") }
    return self
  }

  func makeHead(_ layout: inout ParameterLayout, _ setting: HeadSetting) throws -> any ActionHead {
    LinearHead(
      output: Linear(
        &layout, "head.output", inputs: setting.contextTokens * setting.contextWidth, outputs: setting.chunkCount))
  }
}

/// All of the context's tokens, side by side, through one layer.
struct LinearHead: ActionHead {
  let output: Linear

  func chunks(_ context: Tensor, on tape: Tape) -> Tensor {
    tape.linear(tape.reshape(context, Shape(context.shape[0], output.inputs)), output)
  }

  func loss(_ example: HeadExample, on tape: Tape, noise: inout RandomStream) -> Float {
    let target = tape.input(Shape(example.rows, output.outputs)) { target in
      for i in target.indices { target[i] = example.chunks[i] }
    }
    return tape.loss(.meanSquaredError, chunks(example.context, on: tape), target, count: example.count)
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler { LinearSampler(head: self, tape: setting.tape) }
}

/// One worker's answers.
final class LinearSampler: ChunkSampler {
  private let head: LinearHead
  private let tape: Tape

  init(head: LinearHead, tape: Tape) {
    self.head = head
    self.tape = tape
  }

  func sample(
    _ context: Tensor, unconditional: Tensor?, requests: inout [PolicyRequest],
    into chunks: UnsafeMutableBufferPointer<Float>
  ) {
    tape.withValues(of: head.chunks(context, on: tape)) { answer in
      for i in chunks.indices { chunks[i] = answer[i] }
    }
  }
}
