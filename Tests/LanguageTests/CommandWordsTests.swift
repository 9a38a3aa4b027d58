// Words of commands, in any script.

import PlanarLanguage
import Testing

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
  #expect(CommandWords.words(in: command) == words)
}
