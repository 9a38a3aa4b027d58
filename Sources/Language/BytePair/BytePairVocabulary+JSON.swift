// A vocabulary in config.json: its alphabet with spaces between, each merge as "left right".

import Foundation
import PlanarCore

extension BytePairVocabulary: Codable {
  private enum Key: String, CodingKey { case alphabet, merges }

  /// - Throws: `UserError` where alphabet or merges are not valid.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let alphabet = try container.decode(String.self, forKey: .alphabet)
    let merges = try container.decode([String].self, forKey: .merges).map { text in
      let sides = Self.parts(of: text)
      guard sides.count == 2 else {
        throw UserError(
          "the vocabulary has the merge '\(text)'; a merge is two pieces with one space between them")
      }
      return Merge(sides[0], sides[1])
    }
    try self.init(alphabet: Self.parts(of: alphabet), merges: merges)
  }

  /// Alphabet and merges as text, separated by spaces.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(alphabet.joined(separator: " "), forKey: .alphabet)
    try container.encode(merges.map { "\($0.left) \($0.right)" }, forKey: .merges)
  }

  /// What stands between spaces, scalar by scalar: a combining mark after a space is a piece too.
  private static func parts(of text: String) -> [String] {
    text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
  }
}
