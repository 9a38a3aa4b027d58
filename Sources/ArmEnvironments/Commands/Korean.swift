// What Korean asks of a grammar: particles that agree with the word before them, and endings of politeness.

import Foundation
import PlanarCore

/// Rules of Korean spelling.
enum Korean {
  /// Whether a character is a Hangul syllable or letter.
  static func isHangul(_ character: Character) -> Bool {
    character.unicodeScalars.contains {
      (0xAC00...0xD7A3).contains($0.value) || (0x1100...0x11FF).contains($0.value)
        || (0x3131...0x318E).contains($0.value)
    }
  }

  /// How a syllable ends.
  enum Ending: Sendable { case vowel, rieul, consonant }

  /// How the last letter or digit of a text ends when it is read aloud: `원` ends in a consonant, `위` in a
  /// vowel, `T` (티) in a vowel, `3` (삼) in a consonant.
  static func ending(of text: String) -> Ending {
    guard let last = text.last(where: { $0.isLetter || $0.isNumber }) else { return .vowel }
    let scalars = String(last).composed.unicodeScalars
    if let scalar = scalars.last, (0xAC00...0xD7A3).contains(scalar.value) {
      // A syllable's number is (initial·21 + vowel)·28 + final; final 0 is none, 8 is ㄹ.
      switch (scalar.value - 0xAC00) % 28 {
      case 0: return .vowel
      case 8: return .rieul
      default: return .consonant
      }
    }
    switch last {
    case "1", "7", "8", "l", "L", "r", "R": return .rieul
    case "0", "3", "6", "m", "M", "n", "N": return .consonant
    default: return .vowel
    }
  }
}

/// A particle with two forms.
enum KoreanParticle: CaseIterable, Sendable {
  case object, subject, topic, direction, with

  /// The form after a consonant, and the one after a vowel.
  var forms: (consonant: String, vowel: String) {
    switch self {
    case .object: return ("을", "를")
    case .subject: return ("이", "가")
    case .topic: return ("은", "는")
    case .direction: return ("으로", "로")
    case .with: return ("과", "와")
    }
  }

  /// How it is written in a template, the usual way first: `을/를`, `을(를)`, and either form.
  var spellings: [String] {
    let (consonant, vowel) = forms
    let bracketed =
      self == .direction ? ["(으)로", "으로(로)"] : ["\(consonant)(\(vowel))", "(\(consonant))\(vowel)"]
    return ["\(consonant)/\(vowel)", "\(vowel)/\(consonant)"] + bracketed + [consonant, vowel]
  }

  /// The form that agrees with the text before it. ㄹ counts as a vowel for 으로/로.
  func form(after text: String) -> String {
    switch Korean.ending(of: text) {
    case .vowel: return forms.vowel
    case .rieul: return self == .direction ? forms.vowel : forms.consonant
    case .consonant: return forms.consonant
    }
  }

  /// The particle that a text begins with, and how many characters it takes. A single form counts only where
  /// the word ends after it, so that `이` of `이동` is no particle.
  static func prefix(of text: Substring) -> (KoreanParticle, length: Int)? {
    for particle in allCases {
      for spelling in particle.spellings where text.hasPrefix(spelling) {
        let rest = text.dropFirst(spelling.count)
        guard !(rest.first.map { Korean.isHangul($0) || $0 == "/" } ?? false) else { continue }
        return (particle, spelling.count)
      }
    }
    return nil
  }
}

extension Korean {
  /// Endings that make a request more or less polite, longest first.
  private static let politeness: [[String]] = [
    "주시겠습니까", "주시겠어요", "주실래요", "주십시오", "주세요", "주겠니", "주시오", "줄래요", "줄래", "줘라",
    "줘요", "주라", "줘", "봐", "라", "요",
  ].map { $0.map(String.init) }

  /// Irregular polite forms and their plain ones: the stem's last syllable changes.
  private static let contractions: [(polite: [String], plain: [String])] =
    ["세요", "십시오", "시오"].flatMap { ending in
      [("미", "밀어"), ("기", "겨"), ("하", "해"), ("두", "둬"), ("추", "춰"), ("으", "어"), ("내", "내"), ("마", "마")].map {
        (($0.0 + ending).map { String($0) }, $0.1.map { String($0) })
      }
    }

  /// A word without the particle glued to it, where two syllables or more remain.
  static func withoutParticle(_ word: String) -> String {
    let particle = KoreanParticle.allCases.flatMap { [$0.forms.consonant, $0.forms.vowel] }
      .filter { word.hasSuffix($0) && word.count >= $0.count + 2 }.max { $0.count < $1.count }
    return String(word.dropLast(particle?.count ?? 0))
  }

  /// Syllables without what makes them polite: 밀어 주세요, 밀어라, 미세요 and 밀어 are one.
  static func withoutPoliteness(_ syllables: [String]) -> [String] {
    for (polite, plain) in contractions where syllables.count > polite.count {
      if syllables.suffix(polite.count) == polite[...] {
        return syllables.dropLast(polite.count) + plain
      }
    }
    var rest = syllables
    while let ending = politeness.first(where: { rest.count > $0.count && rest.suffix($0.count) == $0[...] }) {
      rest.removeLast(ending.count)
    }
    return rest
  }
}

extension Korean {
  /// The candidate nearest to a word, slips being counted in letters (ㅂ, ㅜ, ㄱ), not in syllables: 북쪽 is far
  /// from 왼쪽. One letter in four may be wrong: 보라색 is no slip for 노란색.
  static func nearestName(to word: String, among candidates: [String]) -> String? {
    let spelled = letters(word.lowercased())
    let count = spelled.count
    let allowed = max(1, count / 4)
    let best = candidates.compactMap { name -> (String, Int)? in
      let other = letters(name.lowercased())
      // The distance is no less than the difference of the lengths.
      guard abs(other.count - count) <= allowed else { return nil }
      return (name, editDistance(spelled, other))
    }.min { $0.1 < $1.1 }
    guard let best, best.1 <= allowed else { return nil }
    return best.0
  }

  /// A text with each syllable as its two or three letters, which stand for themselves only here.
  private static func letters(_ text: String) -> String {
    var letters = String.UnicodeScalarView()
    for scalar in text.composed.unicodeScalars {
      guard (0xAC00...0xD7A3).contains(scalar.value) else {
        letters.append(scalar)
        continue
      }
      let number = scalar.value - 0xAC00
      // The private use area: such characters never join into one.
      letters.append(Unicode.Scalar(0xE000 + number / 588)!)
      letters.append(Unicode.Scalar(0xE100 + number % 588 / 28)!)
      if number % 28 != 0 { letters.append(Unicode.Scalar(0xE200 + number % 28)!) }
    }
    return String(letters)
  }
}
