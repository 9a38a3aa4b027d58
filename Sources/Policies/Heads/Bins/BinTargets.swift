// What both kinds of bins learn from and how they are read.

import Foundation
import PlanarNeuralNetworks
import PlanarCore

/// Chunks as labels, the loss on them, and the way back.
struct BinTargets: Sendable {
  let tokenizer: BinTokenizer
  let labelSmoothing: Float
  let temperature: Float
  /// Weights of the bins around the right one, that one in the middle; they add up to 1.
  private let blur: [Float]

  init(_ options: BinsOptions) {
    tokenizer = BinTokenizer(bins: options.bins)
    labelSmoothing = options.labelSmoothing
    temperature = options.temperature
    let reach = Int((2 * options.blur).rounded(.up))
    let weights = (-reach...reach).map { offset in
      offset == 0 ? 1 : exp(-0.5 * Float(offset * offset) / (options.blur * options.blur))
    }
    let total = weights.reduce(0, +)
    blur = weights.map { $0 / total }
  }

  func labels(_ chunks: UnsafeBufferPointer<Float>) -> [Int32] {
    chunks.map { tokenizer.token($0) }
  }

  /// The mean cross-entropy over `count` numbers of logits `[…, bins]`.
  func loss(_ logits: Tensor, labels: [Int32], count: Int, on tape: Tape) -> Float {
    tape.crossEntropy(logits, labels: labels, smoothing: labelSmoothing, spread: blur, count: count)
  }
}
