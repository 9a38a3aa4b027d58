// Sub-words for commands in any script: small, readable, and the same on every machine.

import PlanarCore

/// A sub-word vocabulary: characters, and pieces merged from them (byte-pair encoding, Sennrich et al. 2016,
/// arXiv 1508.07909, on characters instead of bytes).
///
/// A word is its characters behind the mark `▁`, which says that a word begins here:
///
/// ```
///   "pushing"  ─►  ▁ p u s h i n g  ─ merges ─►  ▁push ing
///   "블록을"    ─►  ▁ 블 록 을         ─ merges ─►  ▁블록 을
/// ```
///
/// Identifier 0 is padding, 1 a run of characters that it does not have, 2 … the pieces: the alphabet first, then
/// what the merges make. English and Korean share one vocabulary; Korean particles become pieces of their own, so
/// that "블록을" and "블록이" share the noun.
///
/// Not for long texts: a word is looked at again for each of its merges, which costs the square of its length.
public struct BytePairVocabulary: Hashable, Sendable {
  /// Fills a row behind its last piece.
  public static let padding: Int32 = 0
  /// Stands for characters that are not in the alphabet; a run of them within a word is one.
  public static let unknown: Int32 = 1
  /// Marks the beginning of a word.
  static let wordStart: Character = "▁"
  /// Words are cut to this many characters.
  static let longestWord = 64

  /// The single characters, `▁` among them, in code point order.
  public let alphabet: [String]
  /// The pairs of pieces that are merged, the first ones first.
  public let merges: [Merge]
  /// All pieces, by identifier from 2 on: the alphabet, then what merges make, each once.
  public let pieces: [String]
  private let identifiers: [String: Int32]
  private let ranks: [Merge: Int]

  /// Two pieces that become one.
  public struct Merge: Hashable, Sendable {
    /// The piece that stands first.
    public let left: String
    /// The piece that follows it.
    public let right: String

    /// The merge of `left` and `right` into one piece.
    public init(_ left: String, _ right: String) {
      self.left = left
      self.right = right
    }

    var piece: String { left + right }
  }

  /// Exactly this alphabet and these merges.
  ///
  /// - Throws: `UserError` where an entry of the alphabet is not one character of a word or stands twice, `▁` is
  ///   not among them, or a merge stands twice or uses a piece that no earlier entry made.
  public init(alphabet: [String], merges: [Merge]) throws {
    var identifiers: [String: Int32] = [:]
    guard alphabet.contains(String(Self.wordStart)) else {
      throw UserError("the vocabulary's alphabet lacks '▁', which begins every word; add it")
    }
    for letter in alphabet {
      guard Self.isLetter(letter) else {
        throw UserError(
          "the vocabulary's alphabet has '\(letter)', which is not one lower-case character of a word; remove or mend it"
        )
      }
      guard identifiers.updateValue(Int32(identifiers.count) + 2, forKey: letter) == nil else {
        throw UserError("the vocabulary's alphabet has '\(letter)' twice; remove one of them")
      }
    }
    var pieces = alphabet
    var ranks: [Merge: Int] = [:]
    for (rank, merge) in merges.enumerated() {
      guard identifiers[merge.left] != nil, identifiers[merge.right] != nil else {
        throw UserError(
          "the vocabulary merges '\(merge.left)' and '\(merge.right)', but not both are among the pieces before; mend the order of its merges"
        )
      }
      guard ranks.updateValue(rank, forKey: merge) == nil else {
        throw UserError(
          "the vocabulary merges '\(merge.left)' and '\(merge.right)' twice; remove one of the merges")
      }
      // "ab" + "c" and "a" + "bc" make one piece.
      if identifiers[merge.piece] == nil {
        identifiers[merge.piece] = Int32(pieces.count) + 2
        pieces.append(merge.piece)
      }
    }
    self.alphabet = alphabet
    self.merges = merges
    self.pieces = pieces
    self.identifiers = identifiers
    self.ranks = ranks
  }

  /// Whether a text is one character that a word of a command may have, or `▁`.
  static func isLetter(_ text: String) -> Bool {
    text.count == 1 && (text == String(wordStart) || CommandWords.words(in: text) == [text])
  }

  /// How many identifiers there are, padding and unknown included.
  public var count: Int { pieces.count + 2 }

  /// A word's pieces in order; nil for a run of characters that the alphabet lacks.
  public func pieces(ofWord word: String) -> [String?] {
    var parts: [String?] = [String(Self.wordStart)]
    for letter in word.prefix(Self.longestWord) {
      let piece = identifiers[String(letter)] == nil ? nil : String(letter)
      if piece != nil || parts.last! != nil { parts.append(piece) }
    }
    while let merge = nextMerge(parts) {
      var merged: [String?] = []
      var i = 0
      while i < parts.count {
        if i + 1 < parts.count, parts[i] == merge.left, parts[i + 1] == merge.right {
          merged.append(merge.piece)
          i += 2
        } else {
          merged.append(parts[i])
          i += 1
        }
      }
      parts = merged
    }
    return parts
  }

  /// The earliest learned merge that two neighbours allow.
  private func nextMerge(_ parts: [String?]) -> Merge? {
    var best: (rank: Int, merge: Merge)?
    for (left, right) in zip(parts, parts.dropFirst()) {
      guard let left, let right else { continue }
      let merge = Merge(left, right)
      if let rank = ranks[merge], rank < best?.rank ?? .max { best = (rank, merge) }
    }
    return best?.merge
  }

  /// A command's identifiers, without padding.
  public func identifiers(of command: String) -> [Int32] {
    CommandWords.words(in: command).flatMap(identifiers(ofWord:))
  }

  private func identifiers(ofWord word: String) -> [Int32] {
    pieces(ofWord: word).map { $0.flatMap { identifiers[$0] } ?? Self.unknown }
  }

  /// Exactly `length` identifiers: the command's pieces, then padding; pieces beyond `length` are cut off.
  public func encode(_ command: String, length: Int) -> [Int32] {
    var all: [Int32] = []
    for word in CommandWords.words(in: command) where all.count < length { all += identifiers(ofWord: word) }
    let known = all.prefix(length)
    return known + [Int32](repeating: Self.padding, count: length - known.count)
  }

  /// The words of a command that hold a character which this vocabulary does not have, in order.
  public func unknownWords(in command: String) -> [String] {
    CommandWords.words(in: command).filter { word in
      word.contains { identifiers[String($0)] == nil }
    }
  }

  /// The identifier of `▁` alone.
  var wordStartIdentifier: Int32 { identifiers[String(Self.wordStart)]! }

  /// Whether a piece begins a word, by identifier; unknown and padding do not.
  var beginsWord: [Bool] { [false, false] + pieces.map { $0.first == Self.wordStart } }
}
