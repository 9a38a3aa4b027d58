// Unicode's canonical forms in time that grows with the text alone.
//
// More combining marks in a row than any script has are kept apart by joiners, as Unicode's stream-safe form does (UAX 15):
// whatever compares or hashes such a text later sorts its marks by exchanging neighbours.

import Foundation

extension String {
  /// Canonical composition (NFC).
  package var composed: String { inPieces { $0.precomposedStringWithCanonicalMapping } }

  /// Canonical decomposition (NFD).
  package var decomposed: String { inPieces { $0.decomposedStringWithCanonicalMapping } }

  /// A piece is cut before the first scalar that nothing before it can join, once it has so many.
  private static var usualPiece: Int { 64 }
  /// No piece is longer: a joiner that stands for nothing ends it.
  private static var longestPiece: Int { 192 }

  /// Foundation moves the rest of a text for each letter that changes its length, and sorts long runs of marks by
  /// exchanging neighbours: both cost the square of what they are given.
  private func inPieces(_ change: (String) -> String) -> String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    var result = ""
    result.reserveCapacity(utf8.count)
    var start = unicodeScalars.startIndex
    var count = 0
    for index in unicodeScalars.indices {
      let beginsAnew = count >= Self.usualPiece && unicodeScalars[index].beginsAnew
      if beginsAnew || count >= Self.longestPiece {
        result += change(String(unicodeScalars[start..<index]))
        if !beginsAnew { result.unicodeScalars.append("\u{34F}") }
        (start, count) = (index, 0)
      }
      count += 1
    }
    return result + change(String(unicodeScalars[start...]))
  }
}

extension Unicode.Scalar {
  /// Whether it neither joins what stands before it nor changes places with it.
  fileprivate var beginsAnew: Bool {
    switch value {
    case 0..<0x300: true
    // Vowels and final consonants of Hangul join the letter before them.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: false
    default: properties.canonicalCombiningClass == .notReordered && !properties.isGraphemeExtend
    }
  }
}
