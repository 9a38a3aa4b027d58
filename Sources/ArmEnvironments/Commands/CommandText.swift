// Text cut into the units that are matched: words in English, syllables in Korean, whose spaces are often
// left out.

import Foundation

/// A text as a grammar compares it: capitals, punctuation and, in Korean, spaces and politeness do not
/// matter.
struct CommandText: Sendable {
  /// Words in English, syllables in Korean.
  private(set) var units: [String] = []
  /// The words as they stand, for messages.
  private(set) var words: [String] = []
  /// The index of each unit's word.
  private(set) var wordOfUnit: [Int] = []

  init(_ text: String, language: CommandLanguage) {
    words = CommandText.words(of: text)
    guard language == .korean else {
      units = words
      wordOfUnit = Array(words.indices)
      return
    }
    for (index, word) in words.enumerated() {
      for syllable in word {
        units.append(String(syllable))
        wordOfUnit.append(index)
      }
    }
  }

  /// Lower-case words without punctuation.
  static func words(of text: String) -> [String] {
    text.composed.lowercased()
      .split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }
}
