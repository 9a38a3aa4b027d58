// FAST tokens one after the other, up to an end-of-sequence token.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

struct FastHead: ActionHead {
  fileprivate let tokenizer: FastTokenizer
  fileprivate let decoder: TokenDecoder
  fileprivate let temperature: Float
  private let labelSmoothing: Float
  /// Mean tokens of a chunk, its end included.
  private let meanLength: Float
  /// Ends a sequence: the token behind the vocabulary's.
  fileprivate var end: Int32 { Int32(tokenizer.vocabulary.count) }

  init(_ layout: inout ParameterLayout, _ options: FastOptions, _ setting: HeadSetting) {
    let (horizon, action) = (setting.horizon, setting.action)
    tokenizer =
      options.fit.map {
        FastTokenizer(
          horizon: horizon, action: action, scale: options.scale, vocabulary: $0.vocabulary)
      } ?? FastTokenizer(horizon: horizon, action: action, scale: options.scale)
    temperature = options.temperature
    labelSmoothing = options.labelSmoothing
    meanLength = 1 + (options.fit?.mean ?? Float(setting.chunkCount))
    decoder = TokenDecoder(
      &layout, "head", options.decoder, length: 1 + (options.fit?.longest ?? setting.chunkCount),
      classes: tokenizer.vocabulary.count + 1, contextWidth: setting.contextWidth)
  }

  func loss(_ example: HeadExample, on tape: Tape, noise: inout RandomStream) -> Float {
    let (labels, longest) = labels(example)
    let logits = decoder.logits(
      labels, rows: example.rows, count: longest, context: example.context, on: tape)
    // The number of the batch's tokens is not known here; that of its chunks is, and their mean length.
    let chunks = example.count / (tokenizer.horizon * tokenizer.action)
    return tape.crossEntropy(
      logits, labels: labels, smoothing: labelSmoothing, count: chunks, weight: 1 / meanLength)
  }

  /// Tokens `[rows, longest]`, each row's with its end, then −1; what is longer than the decoder is cut.
  private func labels(_ example: HeadExample) -> (labels: [Int32], longest: Int) {
    let count = tokenizer.horizon * tokenizer.action
    let rows = (0..<example.rows).map { row in
      let chunk = UnsafeBufferPointer(
        rebasing: example.chunks[row * count..<(row + 1) * count])
      return (tokenizer.encode(chunk) + [end]).prefix(decoder.length)
    }
    let longest = rows.map(\.count).max() ?? 1
    var labels = [Int32](repeating: -1, count: example.rows * longest)
    for (row, tokens) in rows.enumerated() {
      for (i, token) in tokens.enumerated() { labels[row * longest + i] = token }
    }
    return (labels, longest)
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler {
    FastSampler(self, setting)
  }
}

private final class FastSampler: ChunkSampler {
  private let head: FastHead
  private let decoding: IncrementalDecoding
  /// The last token of every row, and all before a row's end.
  private var last: [Int32]
  private var tokens: [[Int32]]

  init(_ head: FastHead, _ setting: SamplerSetting) {
    self.head = head
    decoding = IncrementalDecoding(head.decoder, batch: setting.batch, tape: setting.tape)
    last = .init(repeating: head.end, count: setting.batch)
    tokens = .init(repeating: [], count: setting.batch)
    for row in 0..<setting.batch { tokens[row].reserveCapacity(head.decoder.length) }
  }

  func sample(
    _ context: Tensor, unconditional: Tensor?, requests: inout [PolicyRequest],
    into chunks: UnsafeMutableBufferPointer<Float>
  ) {
    let (end, classes) = (head.end, head.decoder.classes)
    var unsound: Set<Int> = []
    for row in tokens.indices {
      tokens[row].removeAll(keepingCapacity: true)
      // Rows without a request are at their end already.
      last[row] = row < requests.count ? 0 : end
    }
    decoding.begin(context: context)
    for i in 0..<head.decoder.length where last.contains(where: { $0 != end }) {
      decoding.next(after: i == 0 ? nil : last) { logits in
        for row in requests.indices where last[row] != end {
          let own = UnsafeBufferPointer(rebasing: logits[row * classes..<(row + 1) * classes])
          if !SoundAnswers.areSound(own) { unsound.insert(row) }
          let token = chooseToken(own, temperature: head.temperature, noise: &requests[row].noise)
          last[row] = token
          if token != end { tokens[row].append(token) }
        }
      }
    }
    let count = chunks.count / tokens.count
    for row in tokens.indices {
      head.tokenizer.decode(
        tokens[row],
        into: UnsafeMutableBufferPointer(rebasing: chunks[row * count..<(row + 1) * count]))
    }
    for row in unsound { spoil(row, of: chunks, batch: tokens.count) }
  }
}
