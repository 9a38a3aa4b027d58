// Bins all at once: one run, and no number knows which bins the others take.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// `bins` with parallel decoding.
struct ParallelBins: ActionHead {
  fileprivate let targets: BinTargets
  private let decoder: QueryDecoder
  private let output: Linear

  init(_ layout: inout ParameterLayout, _ options: BinsOptions, _ setting: HeadSetting) {
    targets = BinTargets(options)
    decoder = QueryDecoder(
      &layout, "head", options.decoder, length: setting.chunkCount,
      contextWidth: setting.contextWidth)
    output = Linear(
      &layout, "head.output", inputs: options.decoder.width, outputs: options.bins)
  }

  func loss(_ example: HeadExample, on tape: Tape, noise: inout RandomStream) -> Float {
    targets.loss(
      logits(example.context, on: tape), labels: targets.labels(example.chunks),
      count: example.count, on: tape)
  }

  /// `[rows, horizon·action, bins]`.
  fileprivate func logits(_ context: Tensor, on tape: Tape) -> Tensor {
    tape.linear(decoder(context, on: tape), output)
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler {
    ParallelBinsSampler(head: self, tape: setting.tape)
  }
}

private final class ParallelBinsSampler: ChunkSampler {
  private let head: ParallelBins
  private let tape: Tape

  init(head: ParallelBins, tape: Tape) {
    self.head = head
    self.tape = tape
  }

  func sample(
    _ context: Tensor, unconditional: Tensor?, requests: inout [PolicyRequest],
    into chunks: UnsafeMutableBufferPointer<Float>
  ) {
    let targets = head.targets
    let bins = targets.tokenizer.bins
    let count = chunks.count / context.shape[0]
    tape.withValues(of: head.logits(context, on: tape)) { logits in
      for row in requests.indices {
        for i in row * count..<(row + 1) * count {
          let own = UnsafeBufferPointer(rebasing: logits[i * bins..<(i + 1) * bins])
          let token = chooseToken(own, temperature: targets.temperature, noise: &requests[row].noise)
          chunks[i] = SoundAnswers.areSound(own) ? targets.tokenizer.value(token) : .nan
        }
      }
    }
    for i in requests.count * count..<chunks.count { chunks[i] = 0 }
  }
}
