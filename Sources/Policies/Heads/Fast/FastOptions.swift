// What can be chosen about FAST tokens, and what they learn from the training chunks.

import PlanarNeuralNetworks
import PlanarCore

/// Options of the `fast` head: chunks as byte pairs of cosine coefficients, put out one after the other.
public struct FastOptions: HeadOptions {
  /// The family's name in files and on the command line.
  public static let name = "fast"
  /// Everything at its default.
  public static var standard: FastOptions { FastOptions() }
  /// Steps of coefficients per 1.
  public var scale: Float
  /// Tokens that the vocabulary has at most.
  public var vocabularySize: Int
  /// The sizes of the decoder.
  public var decoder: DecoderSizes
  /// Share of the targets that is spread over all tokens (Szegedy et al. 2016).
  public var labelSmoothing: Float
  /// 0 takes the likeliest token; else tokens are drawn from softmax(logits / temperature).
  public var temperature: Float
  /// What `fitted` has learned; without it every coefficient is a token.
  public var fit: Fit?

  /// A vocabulary, and how long the sequences of the training chunks are.
  public struct Fit: Codable, Hashable, Sendable {
    /// The pieces that chunks are made of.
    public var vocabulary: ActionVocabulary
    /// Tokens of the longest chunk.
    public var longest: Int
    /// Mean tokens of a chunk.
    public var mean: Float
  }

  /// The defaults of the shipped policy; `validate` checks what they are replaced by.
  public init(
    scale: Float = 10, vocabularySize: Int = 1024, decoder: DecoderSizes = DecoderSizes(),
    labelSmoothing: Float = 0, temperature: Float = 0
  ) {
    self.scale = scale
    self.vocabularySize = vocabularySize
    self.decoder = decoder
    self.labelSmoothing = labelSmoothing
    self.temperature = temperature
  }

  /// - Throws: `UserError` that names the option and what it must be.
  public func validate() throws {
    try requireRanges([("fast vocabularySize", vocabularySize, 2...8192)])
    try requireRanges([
      ("fast scale", scale, 0.1...100), ("fast labelSmoothing", labelSmoothing, 0...0.5),
      ("fast temperature", temperature, 0...10),
    ])
    try decoder.validate("fast decoder")
    if let fit {
      try requireRanges([("fast fit.longest", fit.longest, 0...1 << 16)])
      try requireRanges([("fast fit.mean", fit.mean, 0...Float(fit.longest))])
    }
  }

  /// The same options with another number of sampling steps.
  ///
  /// - Throws: `UserError` where the head has no steps to set, or not so many.
  public func settingSteps(_ steps: Int) throws -> Self {
    throw UserError("a fast policy has no denoising steps to set; leave the steps out")
  }

  /// - Throws: `UserError` where chunks of this horizon have too many different coefficients.
  private func requireFewSymbols(horizon: Int) throws {
    let largest = FastTokenizer.largestCoefficient(horizon: horizon, scale: scale)
    guard largest <= 4096 else {
      throw UserError(
        "a fast scale of \(scale) gives chunks of \(horizon) steps coefficients up to \(largest); choose a smaller scale, for at most 4096"
      )
    }
  }

  /// Chunks that a vocabulary is learned from at most, spread over all of them.
  static let chunksForVocabulary = 20_000

  /// The same options with the vocabulary of these chunks.
  public func fitted(to chunks: [Float], horizon: Int, action: Int) throws -> Self {
    try validate()
    try requireFewSymbols(horizon: horizon)
    let count = horizon * action
    guard chunks.count >= count else {
      throw UserError("there is no chunk to learn the fast head's vocabulary from; record episodes first")
    }
    let rows = chunks.count / count
    let kept = min(rows, Self.chunksForVocabulary)
    var some: [Float] = []
    some.reserveCapacity(kept * count)
    for i in 0..<kept {
      let first = i * rows / kept * count
      some += chunks[first..<first + count]
    }
    let tokenizer = FastTokenizer(
      learnedFrom: some, horizon: horizon, action: action, scale: scale,
      vocabularySize: vocabularySize)
    let lengths: [Int] = some.withUnsafeBufferPointer { some in
      (0..<kept).map { i in
        let chunk = UnsafeBufferPointer(rebasing: some[i * count..<(i + 1) * count])
        return tokenizer.encode(chunk).count
      }
    }
    var changed = self
    changed.fit = Fit(
      vocabulary: tokenizer.vocabulary, longest: lengths.max() ?? 0,
      mean: Float(lengths.reduce(0, +)) / Float(kept))
    return changed
  }

  /// The head of these options; its parameters are registered in `layout`.
  public func makeHead(
    _ layout: inout ParameterLayout, _ setting: HeadSetting
  ) throws -> any ActionHead {
    try requireFewSymbols(horizon: setting.horizon)
    return FastHead(&layout, self, setting)
  }
}
