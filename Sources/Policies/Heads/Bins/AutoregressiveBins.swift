// Bins one after the other: step by step, and within a step number by number, each given those before it.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// `bins` with autoregressive decoding.
struct AutoregressiveBins: ActionHead {
  fileprivate let targets: BinTargets
  fileprivate let decoder: TokenDecoder

  init(_ layout: inout ParameterLayout, _ options: BinsOptions, _ setting: HeadSetting) {
    targets = BinTargets(options)
    decoder = TokenDecoder(
      &layout, "head", options.decoder, length: setting.chunkCount, classes: options.bins,
      contextWidth: setting.contextWidth)
  }

  func loss(_ example: HeadExample, on tape: Tape, noise: inout RandomStream) -> Float {
    let labels = targets.labels(example.chunks)
    let logits = decoder.logits(
      labels, rows: example.rows, count: decoder.length, context: example.context, on: tape)
    return targets.loss(logits, labels: labels, count: example.count, on: tape)
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler {
    AutoregressiveBinsSampler(self, setting)
  }
}

private final class AutoregressiveBinsSampler: ChunkSampler {
  private let head: AutoregressiveBins
  private let decoding: IncrementalDecoding
  /// The last token of every row.
  private var tokens: [Int32]

  init(_ head: AutoregressiveBins, _ setting: SamplerSetting) {
    self.head = head
    decoding = IncrementalDecoding(head.decoder, batch: setting.batch, tape: setting.tape)
    tokens = .init(repeating: 0, count: setting.batch)
  }

  func sample(
    _ context: Tensor, unconditional: Tensor?, requests: inout [PolicyRequest],
    into chunks: UnsafeMutableBufferPointer<Float>
  ) {
    let (length, classes) = (head.decoder.length, head.decoder.classes)
    let targets = head.targets
    var unsound: Set<Int> = []
    decoding.begin(context: context)
    for i in 0..<length {
      decoding.next(after: i == 0 ? nil : tokens) { logits in
        for row in requests.indices {
          let own = UnsafeBufferPointer(rebasing: logits[row * classes..<(row + 1) * classes])
          if !SoundAnswers.areSound(own) { unsound.insert(row) }
          tokens[row] = chooseToken(own, temperature: targets.temperature, noise: &requests[row].noise)
        }
      }
      for row in tokens.indices { chunks[row * length + i] = targets.tokenizer.value(tokens[row]) }
    }
    for row in unsound { spoil(row, of: chunks, batch: tokens.count) }
  }
}
