// WordPiece identifiers exactly as the reference tokenizer gives them. The vocabulary here is all-MiniLM-L6-v2's
// with every line empty that no part of these texts matches, which changes no identifier.

import Foundation
import PlanarLanguage
import PlanarCore
import Testing

@Suite struct WordPieceTests {
  struct Item: Decodable {
    var text: String
    var ids: [Int32]
    var truncated: Bool
  }

  let tokenizer: WordPieceTokenizer
  let items: [Item]

  init() throws {
    tokenizer = try WordPieceTokenizer(contentsOf: resource("vocab.txt"))
    items = try JSONDecoder().decode([Item].self, from: Data(contentsOf: resource("wordpiece.json")))
  }

  @Test func identifiersAreTheReferences() {
    #expect(items.count > 60)
    for item in items {
      let (identifiers, isTruncated) = tokenizer.encode(item.text)
      #expect(identifiers == item.ids, "\(item.text.debugDescription)")
      #expect(isTruncated == item.truncated, "\(item.text.debugDescription)")
    }
    #expect(items.contains { $0.truncated && $0.ids.count == WordPieceTokenizer.limit })
    #expect(items.contains { $0.ids.contains(tokenizer.unknown) })
  }

  @Test func unknownWords() {
    #expect(tokenizer.unknownWords(in: "Push the red square, 🟥 to the left zone!") == ["🟥"])
    #expect(tokenizer.unknownWords(in: String(repeating: "w", count: 101)).count == 1)
    #expect(tokenizer.unknownWords(in: "push the red square") == [])
  }

  @Test func badVocabularies() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("vocab.txt")
    #expect(throws: UserError.self) { try WordPieceTokenizer(contentsOf: file) }
    try "[CLS]\n[SEP]\nred\n".write(to: file, atomically: true, encoding: .utf8)
    let error = #expect(throws: UserError.self) { try WordPieceTokenizer(contentsOf: file) }
    #expect(error!.message.contains("'[UNK]'"))
  }
}

/// A file of Tests/LanguageTests/Resources.
func resource(_ name: String) -> URL {
  Bundle.module.bundleURL.appendingPathComponent("Resources/\(name)")
}
