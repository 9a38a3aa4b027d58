// The sub-word vocabulary: what it learns, what it does with words that it has not met, its file form.

import Foundation
import PlanarLanguage
import PlanarCore
import Testing

@Suite struct BytePairTests {
  typealias Merge = BytePairVocabulary.Merge

  static let commands = [
    "push the red block to the left zone", "push the blue block to the right zone", "pull the red disc",
    "빨간 블록을 왼쪽 구역으로 밀어", "파란 블록을 오른쪽 구역으로 밀어 줘", "빨간 원판이 왼쪽에 있어",
  ]

  @Test func mergesByFrequency() throws {
    // "ab" stands four times, "▁a" three times; then "▁ab" stands three times, "▁c" once.
    let vocabulary = BytePairVocabulary(commands: ["ab ab ab", "cab"], limit: 7)
    #expect(vocabulary.alphabet == ["a", "b", "c", "▁"])
    #expect(vocabulary.merges == [Merge("a", "b")])
    let larger = BytePairVocabulary(commands: ["ab ab ab", "cab"], limit: 100)
    #expect(larger.merges == [Merge("a", "b"), Merge("▁", "ab")], "a pair that stands once is no piece")
    #expect(larger.pieces == ["a", "b", "c", "▁", "ab", "▁ab"])
    #expect(larger.count == 8)
    #expect(larger.identifiers(of: "ab CAB!") == [7, 5, 4, 6])
  }

  @Test func trainingDoesNotDependOnOrder() {
    let vocabulary = BytePairVocabulary(commands: Self.commands, limit: 120)
    var stream = RandomStream(seed: 4)
    for _ in 0..<5 {
      let shuffled = stream.permutation(Self.commands.count).map { Self.commands[$0] }
      #expect(BytePairVocabulary(commands: shuffled, limit: 120) == vocabulary)
    }
    #expect(vocabulary.count <= 120)
    #expect(
      vocabulary.merges.prefix(6).map { "\($0.left) \($0.right)" } == [
        "▁ t", "h e", "▁t he", "b l", "p u", "▁ bl",
      ])
  }

  @Test func wordsShareTheirStems() throws {
    let vocabulary = BytePairVocabulary(commands: Self.commands + Self.commands, limit: 512)
    #expect(vocabulary.pieces(ofWord: "push") == ["▁push"])
    #expect(vocabulary.pieces(ofWord: "pushing").first == "▁push")
    #expect(vocabulary.pieces(ofWord: "블록을") == ["▁블록을"])
    let small = BytePairVocabulary(commands: ["블록을 블록이 블록은 블록을 원을 원이 원은"], limit: 12)
    #expect(small.pieces(ofWord: "블록이") == ["▁블록", "이"])
    #expect(small.pieces(ofWord: "블록을") == ["▁블록", "을"])
  }

  @Test func unknownCharacters() {
    let vocabulary = BytePairVocabulary(commands: Self.commands)
    #expect(vocabulary.pieces(ofWord: "xqx") == ["▁", nil], "a run of unknown characters is one")
    #expect(vocabulary.pieces(ofWord: "pxu").filter { $0 == nil }.count == 1)
    #expect(vocabulary.identifiers(of: "!? …") == [])
    #expect(vocabulary.unknownWords(in: "push the fox, 빨간 qwx 것!") == ["fox", "qwx", "것"])
    #expect(vocabulary.unknownWords(in: "PUSH the Red block") == [])
    // Whatever is written, there are pieces, none of them padding.
    for text in ["🟥 red", "e\u{301}", "▁▁", "\u{1112}\u{1161}\u{11ab}글", String(repeating: "push", count: 100)] {
      #expect(vocabulary.identifiers(of: text).allSatisfy { 1..<Int32(vocabulary.count) ~= $0 })
    }
  }

  @Test func rowsOfOneLength() {
    let vocabulary = BytePairVocabulary(commands: Self.commands)
    let pieces = vocabulary.identifiers(of: "push red")
    #expect(vocabulary.encode("Push, RED", length: pieces.count + 2) == pieces + [0, 0])
    #expect(vocabulary.encode("push red", length: 1) == Array(pieces.prefix(1)))
  }

  @Test func smallLimits() {
    let vocabulary = BytePairVocabulary(commands: ["aaa bb c"], limit: 4)
    #expect(vocabulary.alphabet == ["a", "▁"], "the most frequent characters stay")
    #expect(vocabulary.unknownWords(in: "aa ab") == ["ab"])
    #expect(BytePairVocabulary(commands: [String]()).count == 3)
  }

  @Test func savedAndRead() throws {
    let vocabulary = BytePairVocabulary(commands: Self.commands + ["e\u{301}toile ǅ ß"])
    let data = try JSONEncoder().encode(vocabulary)
    #expect(try JSONDecoder().decode(BytePairVocabulary.self, from: data) == vocabulary)
  }

  @Test(arguments: [
    (#"{"alphabet": "a b", "merges": []}"#, "'▁'"),
    (#"{"alphabet": "▁ a a", "merges": []}"#, "'a' twice"),
    (#"{"alphabet": "▁ A", "merges": []}"#, "'A'"),
    (#"{"alphabet": "▁ ab", "merges": []}"#, "'ab'"),
    (#"{"alphabet": "▁ a ", "merges": []}"#, "''"),
    (#"{"alphabet": "▁ a", "merges": ["a b"]}"#, "'b'"),
    (#"{"alphabet": "▁ a b", "merges": ["ab a"]}"#, "'ab'"),
    (#"{"alphabet": "▁ a b", "merges": ["a b", "a b"]}"#, "twice"),
    (#"{"alphabet": "▁ a b", "merges": ["ab"]}"#, "'ab'"),
    (#"{"alphabet": "▁ a b", "merges": ["a  b"]}"#, "one space"),
  ])
  func badFiles(json: String, names: String) throws {
    let error = #expect(throws: UserError.self) {
      try JSONDecoder().decode(BytePairVocabulary.self, from: Data(json.utf8))
    }
    #expect(error!.message.contains(names), "\(error!.message)")
  }
}
