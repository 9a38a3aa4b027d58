// The layout of make_language.py's minilm.json, as far as it is read.

import Foundation
import PlanarLanguage

struct SentenceFile: Decodable {
  /// Pieces that a text is cut to.
  var maxTokens: Int
  /// Features of an embedding.
  var dim: Int
  var debug: Debug
  var items: [Item]

  /// A text, its identifiers and its embedding.
  struct Item: Decodable {
    var text: String
    var ids: [Int32]
    var truncated: Bool
    var embedding: [Float]

    /// The text's beginning, fit for one line.
    var title: String {
      let line = text.map { $0.isWhitespace || $0.unicodeScalars.first!.value < 32 ? " " : $0 }
      return line.count > 28 ? String(line.prefix(27)) + "…" : String(line)
    }
  }

  /// The first features of the first tokens of one item, after the first norm and after each layer.
  struct Debug: Decodable {
    var item: Int
    /// `[layers + 1, tokens, features]`.
    var values: [[[Float]]]
  }

  /// - Throws: `ReferenceError` where the file is not of these texts, or not of this model.
  func check(_ texts: [String]) throws {
    guard maxTokens == WordPieceTokenizer.limit, dim == MiniLM.width else {
      throw ReferenceError("it is of a model with \(dim) features and \(maxTokens) pieces")
    }
    guard items.map({ Array($0.text.unicodeScalars) }) == texts.map({ Array($0.unicodeScalars) }) else {
      throw ReferenceError("its texts are not those of \(LanguageVerification.textsName) beside it")
    }
    for item in items where item.embedding.count != dim {
      throw ReferenceError("the embedding of '\(item.title)' has \(item.embedding.count) numbers, not \(dim)")
    }
    guard items.indices.contains(debug.item), debug.values.count == 7,
      debug.values.allSatisfy({ layer in
        layer.count <= items[debug.item].ids.count && layer.allSatisfy { $0.count <= dim }
      })
    else { throw ReferenceError("'debug' is not of one of its items, or not of 7 layers") }
  }
}
