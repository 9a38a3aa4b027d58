// How training commands are varied at random.

import PlanarCore

/// Writes a row of identifiers anew: each word becomes one unknown piece with probability `hidden`, and before each
/// word stand, with probability `stray`, an unknown piece or, as often, one to four pieces drawn from all. What no longer fits
/// is cut off; an empty row stays empty.
func blurWords(
  _ row: UnsafeMutableBufferPointer<Float>, _ beginsWord: [Bool], hidden: Double, stray: Double,
  _ stream: inout RandomStream
) {
  guard hidden > 0 || stray > 0 else { return }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: row.count) { blurred in
    var count = 0
    func append(_ piece: Float) {
      guard count < blurred.count else { return }
      blurred[count] = piece
      count += 1
    }
    var isHidden = false
    for piece in row where piece != Float(BytePairVocabulary.padding) {
      if beginsWord[Int(piece)] || count == 0 {
        if stream.uniform() < stray {
          let strays = stream.integer(below: 8) - 3
          if strays <= 0 { append(Float(BytePairVocabulary.unknown)) }
          for _ in 0..<max(0, strays) { append(Float(2 + stream.integer(below: beginsWord.count - 2))) }
        }
        isHidden = stream.uniform() < hidden
        if isHidden { append(Float(BytePairVocabulary.unknown)) }
      }
      if !isHidden { append(piece) }
    }
    for i in row.indices { row[i] = i < count ? blurred[i] : Float(BytePairVocabulary.padding) }
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
