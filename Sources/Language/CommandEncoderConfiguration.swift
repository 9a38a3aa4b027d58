// Which encoder a policy has, and everything needed to build it again: a part of a checkpoint's config.json.

import Foundation
import PlanarCore

extension CommandEncoder {
  /// The kind of encoder and its settings.
  ///
  /// In JSON `{"learned": {…}}` or `{"mini_lm": {…}}`.
  public enum Configuration: Hashable, Sendable {
    /// Sub-words of our own, and a small transformer that learns with the policy.
    case learned(LearnedTextSettings)
    /// The frozen sentence encoder all-MiniLM-L6-v2, and a small network that learns with the policy.
    case miniLM(MiniLMTextSettings)

    /// Text tokens per command.
    public var tokens: Int {
      switch self {
      case .learned(let settings): settings.tokens
      case .miniLM(let settings): settings.tokens
      }
    }

    /// As tables and model cards name it.
    public var name: String {
      switch self {
      case .learned: "learned"
      case .miniLM: "minilm"
      }
    }

    /// - Throws: `UserError` that names the entry at fault and what it must be.
    public func validate() throws {
      switch self {
      case .learned(let settings): try settings.validate()
      case .miniLM(let settings): try settings.validate()
      }
    }
  }
}

extension CommandEncoder.Configuration: Codable {
  private enum Key: String, CodingKey {
    case learned
    case miniLM = "mini_lm"
  }

  /// - Throws: `UserError` where it is neither kind; as `validate` does not, nothing else is checked.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if container.contains(.learned) {
      self = .learned(try container.decode(LearnedTextSettings.self, forKey: .learned))
    } else if container.contains(.miniLM) {
      self = .miniLM(try container.decode(MiniLMTextSettings.self, forKey: .miniLM))
    } else {
      throw UserError("the text encoder is of no known kind; it must be 'learned' or 'mini_lm'")
    }
  }

  /// `{"learned": {…}}` or `{"mini_lm": {…}}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .learned(let settings): try container.encode(settings, forKey: .learned)
    case .miniLM(let settings): try container.encode(settings, forKey: .miniLM)
    }
  }
}

/// The sizes of the learned encoder.
public struct LearnedTextSettings: Codable, Hashable, Sendable {
  /// The sub-words that commands are cut into.
  public var vocabulary: BytePairVocabulary
  /// Pieces beyond this many are cut off.
  public var maximumPieces: Int
  /// Features of an embedding and of every layer.
  public var width: Int
  /// Attention heads of every layer; they divide `width`.
  public var heads: Int
  /// Transformer layers before the pooling.
  public var layers: Int
  /// Text tokens that come out.
  public var tokens: Int
  /// How often `augment` hides a word in training.
  public var wordDropout: Double
  /// How often, before a word, `augment` puts another that means nothing.
  public var strayWords: Double

  /// The defaults are those of the shipped policies; `validate` checks what they are replaced by.
  public init(
    vocabulary: BytePairVocabulary, maximumPieces: Int = 32, width: Int = 48, heads: Int = 3, layers: Int = 1,
    tokens: Int = 4, wordDropout: Double = 0.05, strayWords: Double = 0.3
  ) {
    self.vocabulary = vocabulary
    self.maximumPieces = maximumPieces
    self.width = width
    self.heads = heads
    self.layers = layers
    self.tokens = tokens
    self.wordDropout = wordDropout
    self.strayWords = strayWords
  }

  /// Settings for these commands: a vocabulary learned from them, and room for a quarter more pieces than the
  /// longest of them has.
  public init(
    commands: [String], vocabularyLimit: Int = 320, width: Int = 48, heads: Int = 3, layers: Int = 1,
    tokens: Int = 4, wordDropout: Double = 0.05, strayWords: Double = 0.3
  ) {
    let vocabulary = BytePairVocabulary(commands: commands, limit: vocabularyLimit)
    let longest = Set(commands).map { vocabulary.identifiers(of: $0).count }.max() ?? 0
    self.init(
      vocabulary: vocabulary, maximumPieces: min(256, max(8, (longest * 5 / 4 + 7) / 8 * 8)), width: width,
      heads: heads, layers: layers, tokens: tokens, wordDropout: wordDropout, strayWords: strayWords)
  }

  /// - Throws: `UserError` that names the entry at fault and what it must be.
  public func validate() throws {
    try requireInRange(
      [
        ("text.maximumPieces", maximumPieces, 1...256), ("text.width", width, 8...4096),
        ("text.heads", heads, 1...max(1, width)), ("text.layers", layers, 1...16),
        ("text.tokens", tokens, 1...64),
      ])
    try requireShares(width: width, heads: heads)
    try requireRate("text.wordDropout", wordDropout)
    try requireRate("text.strayWords", strayWords)
  }
}

/// The sizes of the network behind MiniLM.
public struct MiniLMTextSettings: Codable, Hashable, Sendable {
  /// Pieces beyond this many are cut off, those that begin and end every text included.
  public var maximumPieces: Int
  /// Features of queries, keys and values.
  public var width: Int
  /// Attention heads; they divide `width`.
  public var heads: Int
  /// Text tokens that come out.
  public var tokens: Int
  /// How often `augment` hides a piece in training.
  public var pieceDropout: Double

  /// The defaults are those of the shipped policy; `validate` checks what they are replaced by.
  public init(
    maximumPieces: Int = 24, width: Int = 48, heads: Int = 4, tokens: Int = 4, pieceDropout: Double = 0.1
  ) {
    self.maximumPieces = maximumPieces
    self.width = width
    self.heads = heads
    self.tokens = tokens
    self.pieceDropout = pieceDropout
  }

  /// - Throws: `UserError` that names the entry at fault and what it must be.
  public func validate() throws {
    try requireInRange(
      [
        ("text.maximumPieces", maximumPieces, 1...WordPieceTokenizer.limit), ("text.width", width, 8...4096),
        ("text.heads", heads, 1...max(1, width)), ("text.tokens", tokens, 1...64),
      ])
    try requireShares(width: width, heads: heads)
    try requireRate("text.pieceDropout", pieceDropout)
  }
}

private func requireInRange(_ entries: [(String, Int, ClosedRange<Int>)]) throws {
  for (name, value, range) in entries where !range.contains(value) {
    throw UserError("\(name) is \(value); it must lie in \(range.lowerBound) … \(range.upperBound)")
  }
}

private func requireShares(width: Int, heads: Int) throws {
  guard width % heads == 0 else {
    throw UserError("text.width is \(width); it must be a multiple of text.heads, \(heads)")
  }
}

private func requireRate(_ name: String, _ rate: Double) throws {
  guard (0..<1).contains(rate) else { throw UserError("\(name) is \(rate); it must lie in 0 ..< 1") }
}
