// How BERT's uncased tokenizer cuts a text into words.

import PlanarCore

extension WordPieceTokenizer {
  /// The words of a text: cleaned, without accents, in lower case, split at white space and around punctuation.
  static func words(in text: String) -> [[Unicode.Scalar]] {
    var cleaned = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar != "\u{0}" && scalar != "\u{FFFD}" && !scalar.isControl {
      if scalar.isSpace {
        cleaned.append(" ")
      } else if scalar.isChinese {
        cleaned.append(contentsOf: [" ", scalar, " "])
      } else {
        cleaned.append(scalar)
      }
    }
    let stripped = String(cleaned).decomposed.unicodeScalars.filter {
      $0.properties.generalCategory != .nonspacingMark
    }
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    for scalar in lowercased(Array(stripped)) {
      guard scalar.isSpace || scalar.isPunctuation else {
        word.append(scalar)
        continue
      }
      if !word.isEmpty { words.append(word) }
      word = []
      if !scalar.isSpace { words.append([scalar]) }
    }
    return word.isEmpty ? words : words + [word]
  }

  /// Lower case as Unicode has it for whole texts: Σ at the end of a word is ς.
  private static func lowercased(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var lower: [Unicode.Scalar] = []
    for (i, scalar) in text.enumerated() {
      if scalar == "Σ" {
        func isCased(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
          scalars.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
        }
        let isFinal = isCased(text[..<i].reversed()) && !isCased(text[(i + 1)...])
        lower.append(isFinal ? "ς" : "σ")
      } else {
        lower.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return lower
  }
}

extension Unicode.Scalar {
  /// Category C*, without tabulator and line ends.
  fileprivate var isControl: Bool {
    guard self != "\t", self != "\n", self != "\r" else { return false }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned: return true
    default: return false
    }
  }

  fileprivate var isSpace: Bool {
    switch self {
    case " ", "\t", "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}": return true
    default: return properties.generalCategory == .spaceSeparator
    }
  }

  /// The blocks of Chinese characters; Hangul and kana are letters like others.
  fileprivate var isChinese: Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      return true
    default: return false
    }
  }

  /// Category P*, and what ASCII has of symbols.
  fileprivate var isPunctuation: Bool {
    switch value {
    case 33...47, 58...64, 91...96, 123...126: return true
    default: break
    }
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }
}
