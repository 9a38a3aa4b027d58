// How training commands are varied at random.

import PlanarCore

/// Varies rows of a vocabulary's identifiers.
struct WordBlur: Sendable {
  /// How often a word is hidden, and how often a stray one stands before a word.
  let hidden: Double
  let stray: Double
  private let beginsWord: [Bool]
  private let wordStart: Float
  /// Pieces that go on with a word.
  private let continuing: [Float]

  init(_ vocabulary: BytePairVocabulary, hidden: Double, stray: Double) {
    self.hidden = hidden
    self.stray = stray
    let beginsWord = vocabulary.beginsWord
    self.beginsWord = beginsWord
    wordStart = Float(vocabulary.wordStartIdentifier)
    continuing = (2..<beginsWord.count).filter { !beginsWord[$0] }.map { Float($0) }
  }

  /// Rewrites a row: a hidden word becomes one unknown piece; a stray one is an unknown piece too or, as often, a
  /// word of one to three pieces drawn from those that begin none, so that it is hardly ever a word that means
  /// something. What no longer fits is cut off; an empty row stays empty.
  func apply(to row: UnsafeMutableBufferPointer<Float>, using stream: inout RandomStream) {
    guard hidden > 0 || stray > 0 else { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: row.count) { blurred in
      var count = 0
      func append(_ piece: Float) {
        guard count < blurred.count else { return }
        blurred[count] = piece
        count += 1
      }
      var isFirst = true
      var isHidden = false
      for piece in row where piece != Float(BytePairVocabulary.padding) {
        if beginsWord[Int(piece)] || isFirst {
          isFirst = false
          if stream.uniform() < stray { appendStrayWord(append, &stream) }
          isHidden = stream.uniform() < hidden
          if isHidden { append(Float(BytePairVocabulary.unknown)) }
        }
        if !isHidden { append(piece) }
      }
      for i in row.indices { row[i] = i < count ? blurred[i] : Float(BytePairVocabulary.padding) }
    }
  }

  private func appendStrayWord(_ append: (Float) -> Void, _ stream: inout RandomStream) {
    let pieces = stream.integer(below: 6) - 2
    guard pieces > 0, !continuing.isEmpty else { return append(Float(BytePairVocabulary.unknown)) }
    append(wordStart)
    for _ in 0..<pieces { append(continuing[stream.integer(below: continuing.count)]) }
  }
}

/// Makes each of a row's vectors zero with probability `rate`.
func hidePieces(
  _ row: UnsafeMutableBufferPointer<Float>, width: Int, rate: Double, _ stream: inout RandomStream
) {
  guard rate > 0 else { return }
  for start in stride(from: 0, to: row.count, by: width) where stream.uniform() < rate {
    row[start..<start + width].update(repeating: 0)
  }
}
