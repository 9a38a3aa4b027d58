// Canonical forms of texts that are long, or made of what joins and changes places.

import Foundation
import PlanarCore
import Testing

@Suite struct CanonicalFormTests {
  /// Pieces of every kind: letters that come apart, marks of several classes, Hangul in letters and syllables, marks that
  /// are letters of their own, and what never changes.
  private static let pieces: [[Unicode.Scalar]] = [
    "a", "Å", "ḗ", "\u{301}", "\u{323}", "\u{345}", "\u{3b1}", "\u{f73}", "\u{1100}", "\u{1161}", "\u{11a8}",
    "\u{ac00}", "힣",
    "\u{9c7}", "\u{9be}", "\u{dd9}", "\u{dcf}", "\u{dca}", "か", "\u{3099}", "\u{200d}", "\u{fe0f}", "👩🏽‍🚀", "🇰🇷", "ﷺ", " ",
    ".",
    "\u{1d15e}", "\u{110b9}", "\u{110ba}", "\u{344}", "\u{fb1d}", "\u{2adc}",
  ].map { Array($0.unicodeScalars) }

  /// Compared scalar by scalar: texts are equal by their canonical forms.
  private func requireFoundations(_ text: String) {
    #expect(text.composed.unicodeScalars.elementsEqual(text.precomposedStringWithCanonicalMapping.unicodeScalars))
    #expect(text.decomposed.unicodeScalars.elementsEqual(text.decomposedStringWithCanonicalMapping.unicodeScalars))
  }

  @Test func longTextsAreAsFoundationHasThem() {
    var random = RandomStream(seed: 1, purpose: "texts")
    for _ in 0..<60 {
      var text = String.UnicodeScalarView()
      while text.count < 1_000 { text += Self.pieces[random.integer(below: Self.pieces.count)] }
      requireFoundations(String(text))
    }
  }

  @Test func shortTextsAreAsFoundationHasThem() {
    for text in ["", "push", "e\u{301}", "빨간 사각형을", "\u{1100}\u{1161}\u{11a8}", "\u{301}", "a\u{323}\u{301}"] {
      requireFoundations(text)
    }
  }

  /// The square of their length would be minutes.
  @Test func marksWithoutEndAreOrdered() {
    let text = "a" + String(repeating: "\u{301}\u{323}", count: 200_000)
    let composed = text.composed
    let scalars = composed.unicodeScalars.filter { $0 != "\u{34f}" }
    #expect(scalars.starts(with: ["\u{1ea1}", "\u{323}"]) && scalars.count == 400_000)
    // To compare and to hash it is no worse.
    #expect(composed != "a" && Set([composed, "a"]).count == 2)
    #expect(String(repeating: "힣Å", count: 100_000).decomposed.unicodeScalars.count == 500_000)
  }
}
