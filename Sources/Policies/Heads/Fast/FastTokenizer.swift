// FAST (Pertsch et al. 2025, arXiv 2501.09747): chunks as few tokens, by cosine transform and byte pairs.
//
//   chunk [H, A] ─ DCT over time ─► round(scale·c) ─► low frequencies first, all numbers of an action side by
//   side ─► trailing zeros left out ─► byte pairs

import PlanarCore

/// Chunks to tokens and back.
public struct FastTokenizer: Sendable {
  /// Actions of a chunk.
  public let horizon: Int
  /// Numbers of an action.
  public let action: Int
  /// Steps of coefficients per 1: an error of rounding is at most ½ / scale a coefficient.
  public let scale: Float
  /// The pieces that chunks are made of.
  public let vocabulary: ActionVocabulary
  private let transform: CosineTransform

  /// A tokenizer of chunks `[horizon, action]`.
  public init(horizon: Int, action: Int, scale: Float, vocabulary: ActionVocabulary) {
    self.horizon = horizon
    self.action = action
    self.scale = scale
    self.vocabulary = vocabulary
    transform = CosineTransform(count: horizon)
  }

  /// A tokenizer that knows single coefficients only, all that chunks in [−1, 1] can have.
  public init(horizon: Int, action: Int, scale: Float) {
    let bound = Self.largestCoefficient(horizon: horizon, scale: scale)
    guard let plain = try? ActionVocabulary(lowest: -bound, highest: bound, merges: []) else {
      preconditionFailure("a scale of \(scale) gives more symbols than a vocabulary holds")
    }
    self.init(horizon: horizon, action: action, scale: scale, vocabulary: plain)
  }

  /// A bound on the quantized coefficients of chunks in [−1, 1]: at frequency 0 the largest is √H, at others less
  /// than √2·√H.
  static func largestCoefficient(horizon: Int, scale: Float) -> Int {
    Int((2 * Float(horizon)).squareRoot() * scale) + 1
  }

  /// A tokenizer whose vocabulary is learned from chunks `[count, horizon·action]`.
  ///
  /// - Parameter vocabularySize: tokens it has at most, where there are no more single symbols.
  public init(
    learnedFrom chunks: [Float], horizon: Int, action: Int, scale: Float, vocabularySize: Int
  ) {
    let plain = FastTokenizer(horizon: horizon, action: action, scale: scale)
    let count = horizon * action
    let sequences = chunks.withUnsafeBufferPointer { chunks in
      stride(from: 0, to: chunks.count - chunks.count % count, by: count).map {
        plain.coefficients(UnsafeBufferPointer(rebasing: chunks[$0..<$0 + count]))
      }
    }
    self.init(
      horizon: horizon, action: action, scale: scale,
      vocabulary: ActionVocabulary(
        learnedFrom: sequences, lowest: plain.vocabulary.lowest, highest: plain.vocabulary.highest,
        size: vocabularySize))
  }

  /// A chunk's quantized coefficients, low frequencies first, without trailing zeros.
  func coefficients(_ chunk: UnsafeBufferPointer<Float>) -> [Int] {
    var all: [Int] = []
    all.reserveCapacity(chunk.count)
    for k in 0..<horizon {
      for a in 0..<action {
        let c = transform.coefficient(k) { Double(max(-1, min(1, chunk[$0 * action + a]))) }
        all.append(Int((c * Double(scale)).rounded()))
      }
    }
    while all.last == 0 { all.removeLast() }
    return all
  }

  /// The tokens of a chunk `[horizon, action]` in [−1, 1]: none for a chunk of zeros, one a coefficient at most.
  public func encode(_ chunk: UnsafeBufferPointer<Float>) -> [Int32] {
    vocabulary.encode(coefficients(chunk))
  }

  /// The chunk of any tokens of the vocabulary: coefficients that are missing are zeros, surplus ones are left out,
  /// and actions are clamped to [−1, 1].
  public func decode(_ tokens: some Sequence<Int32>, into chunk: UnsafeMutableBufferPointer<Float>) {
    let coefficients = vocabulary.decode(tokens)
    for a in 0..<action {
      for n in 0..<horizon {
        let value = transform.value(n) { k in
          let index = k * action + a
          return index < coefficients.count ? Double(coefficients[index]) / Double(scale) : 0
        }
        chunk[n * action + a] = Float(max(-1, min(1, value)))
      }
    }
  }
}
