// BERT's uncased WordPiece tokenizer, code point by code point: identifiers must be exactly those the weights were
// trained with.

import Foundation
import PlanarCore

/// Cuts texts into the pieces of a `vocab.txt`.
///
/// ```
///   "Push the disc!"  ─ clean, lower-case, strip accents ─►  push the disc !
///                     ─ longest match from the left ───────►  [CLS] push the disc ! [SEP]
/// ```
///
/// Control and format characters vanish, every white space is a space, Chinese characters and punctuation are words
/// of their own. A word of more than 100 code points, or with a rest that no piece begins, is one `[UNK]`.
/// Names of special tokens written out in a text, such as "[MASK]", are ordinary text.
public struct WordPieceTokenizer: Sendable {
  /// Texts are cut to this many identifiers, `[CLS]` and `[SEP]` included.
  public static let limit = 256
  private static let longestWord = 100

  /// Identifiers by the pieces' UTF-8: Swift's strings take canonically equivalent ones for equal, pieces are not.
  private let identifiers: [[UInt8]: Int32]
  /// Bytes of the longest piece.
  private let longestPieceLength: Int
  private let start: Int32
  private let end: Int32
  /// How many pieces there are.
  public let count: Int
  /// The identifier of `[UNK]`.
  public let unknown: Int32

  /// Reads a vocabulary, one piece a line; a piece's identifier is the number of its line from 0 on.
  ///
  /// - Throws: `UserError` where the file cannot be read or lacks `[CLS]`, `[SEP]` or `[UNK]`.
  public init(contentsOf url: URL) throws {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw UserError("cannot read \(url.path): \(systemReason(of: error))")
    }
    var lines = [UInt8](data).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    count = lines.count
    var identifiers: [[UInt8]: Int32] = [:]
    identifiers.reserveCapacity(lines.count)
    for (identifier, line) in lines.enumerated() {
      identifiers[Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)] = Int32(identifier)
    }
    func special(_ name: String) throws -> Int32 {
      guard let identifier = identifiers[Array(name.utf8)] else {
        throw UserError("\(url.path) has no line '\(name)'; it must be the vocab.txt of an uncased BERT model")
      }
      return identifier
    }
    start = try special("[CLS]")
    end = try special("[SEP]")
    unknown = try special("[UNK]")
    self.identifiers = identifiers
    longestPieceLength = identifiers.keys.map(\.count).max() ?? 0
  }

  /// A text's identifiers, `[CLS]` first and `[SEP]` last, and whether some were cut off.
  public func encode(_ text: String) -> (identifiers: [Int32], isTruncated: Bool) {
    var pieces: [Int32] = []
    for word in Self.words(in: text) where pieces.count <= Self.limit - 2 { pieces += self.pieces(of: word) }
    let kept = pieces.prefix(Self.limit - 2)
    return ([start] + kept + [end], kept.count < pieces.count)
  }

  /// How many identifiers a text has before any are cut off, `[CLS]` and `[SEP]` included.
  public func pieceCount(of text: String) -> Int { Self.words(in: text).reduce(2) { $0 + pieces(of: $1).count } }

  /// The words that become `[UNK]`, in order, as the tokenizer sees them.
  public func unknownWords(in text: String) -> [String] {
    Self.words(in: text).filter { pieces(of: $0) == [unknown] }.map { word in
      String(String.UnicodeScalarView(word)).composed
    }
  }

  /// The pieces of one word: each the longest that fits, all but the first behind `##`.
  private func pieces(of word: [Unicode.Scalar]) -> [Int32] {
    guard word.count <= Self.longestWord else { return [unknown] }
    var found: [Int32] = []
    var start = 0
    while start < word.count {
      guard let (identifier, end) = longestPiece(of: word, from: start) else { return [unknown] }
      found.append(identifier)
      start = end
    }
    return found
  }

  private func longestPiece(of word: [Unicode.Scalar], from start: Int) -> (Int32, end: Int)? {
    var bytes: [UInt8] = start > 0 ? Array("##".utf8) : []
    var lengths: [Int] = []
    for scalar in word[start...] {
      bytes.append(contentsOf: UTF8.encode(scalar)!)
      if bytes.count > longestPieceLength { break }
      lengths.append(bytes.count)
    }
    for (taken, length) in lengths.enumerated().reversed() {
      bytes.removeLast(bytes.count - length)
      if let identifier = identifiers[bytes] { return (identifier, start + taken + 1) }
    }
    return nil
  }
}
