// Words, indices and the vocabulary's file form.

import Foundation
import Language
import PlanarCore
import Testing

@Suite struct VocabularyTests {
  @Test(arguments: [
    ("Push the RED block!", ["push", "the", "red", "block"]),
    ("  push\tthe\n red-block, please. ", ["push", "the", "red", "block", "please"]),
    ("don't push", ["dont", "push"]),
    ("빨간 블록을 왼쪽으로 밀어!", ["빨간", "블록을", "왼쪽으로", "밀어"]),
    ("\u{1112}\u{1161}\u{11ab}글", ["한글"]),
    ("ÉTOILE → 星 🔴", ["étoile", "星"]),
    ("", []), (" …?! ", []),
  ])
  func wordsOfACommand(command: String, words: [String]) {
    #expect(CommandVocabulary.words(in: command) == words)
  }

  @Test func indices() {
    let vocabulary = CommandVocabulary(commands: ["push red", "pull red", "push blue"])
    #expect(vocabulary.words == ["blue", "pull", "push", "red"])
    #expect(vocabulary.count == 6)
    #expect(vocabulary.encode("Push the red!", length: 5) == [4, 1, 5, 0, 0])
    #expect(vocabulary.encode("push red push", length: 2) == [4, 5])
    #expect(vocabulary.unknownWords(in: "push the purple block") == ["the", "purple", "block"])
    #expect(CommandVocabulary(commands: ["push blue", "pull red"]) == vocabulary)
  }

  @Test func savedAndRead() throws {
    let vocabulary = CommandVocabulary(commands: ["push the 빨간 block"])
    let data = try JSONEncoder().encode(vocabulary)
    #expect(try JSONDecoder().decode(CommandVocabulary.self, from: data) == vocabulary)
    for bad in [#"["red", "red"]"#, #"["Red"]"#, #"["two words"]"#, #"[""]"#] {
      #expect(throws: UserError.self) {
        try JSONDecoder().decode(CommandVocabulary.self, from: Data(bad.utf8))
      }
    }
  }
}
