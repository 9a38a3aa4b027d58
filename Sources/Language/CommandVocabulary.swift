// Commands as word indices: small, readable, and the same on every machine.

import Foundation
import PlanarCore

/// The words a policy knows. Index 0 is padding, 1 any unknown word, 2 … the words in order.
///
/// In JSON it is the list of its words.
public struct CommandVocabulary: Hashable, Sendable {
  public static let padding: Int32 = 0
  public static let unknown: Int32 = 1

  public let words: [String]
  private let indices: [String: Int32]

  /// Exactly these words.
  ///
  /// - Throws: `UserError` where a word is repeated, or is not one that `words(in:)` would give.
  public init(words: [String]) throws {
    var indices: [String: Int32] = [:]
    for word in words {
      guard Self.words(in: word) == [word] else {
        throw UserError(
          "vocabulary entry '\(word)' is not one lower-case word without punctuation; remove or mend it"
        )
      }
      guard indices.updateValue(Int32(indices.count) + 2, forKey: word) == nil else {
        throw UserError("vocabulary entry '\(word)' stands twice; remove one of them")
      }
    }
    self.words = words
    self.indices = indices
  }

  /// All words of some commands, in alphabetical (code point) order, so that the commands' order does not
  /// matter.
  public init(commands: some Sequence<String>) {
    let all = Set(commands.flatMap { Self.words(in: $0) })
    words = all.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    indices = Dictionary(
      uniqueKeysWithValues: words.enumerated().map { ($1, Int32($0) + 2) })
  }

  /// How many indices there are, padding and unknown included.
  public var count: Int { words.count + 2 }

  /// A command's words: lower case, canonical composition (NFC), without punctuation and symbols, which
  /// separate words, except for apostrophes, which vanish ("don't" → "dont").
  public static func words(in command: String) -> [String] {
    let text = command.precomposedStringWithCanonicalMapping.lowercased()
      .precomposedStringWithCanonicalMapping
    return text.filter { $0 != "'" && $0 != "’" }
      .split { $0.isWhitespace || $0.isPunctuation || $0.isSymbol }
      .map(String.init)
  }

  /// Exactly `length` indices: the command's words, then padding; words beyond `length` are cut off.
  public func encode(_ command: String, length: Int) -> [Int32] {
    var encoded = [Int32](repeating: Self.padding, count: length)
    for (i, word) in Self.words(in: command).prefix(length).enumerated() {
      encoded[i] = indices[word] ?? Self.unknown
    }
    return encoded
  }

  /// The words of a command that this vocabulary does not have, in order.
  public func unknownWords(in command: String) -> [String] {
    Self.words(in: command).filter { indices[$0] == nil }
  }
}

extension CommandVocabulary: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(words: [String](from: decoder))
  }

  public func encode(to encoder: any Encoder) throws { try words.encode(to: encoder) }
}
