// How training commands are varied at random.

import PlanarCore

/// Makes each word of a row of identifiers one unknown piece with probability `rate`.
func hideWords(
  _ row: UnsafeMutableBufferPointer<Float>, _ beginsWord: [Bool], rate: Double, _ stream: inout RandomStream
) {
  guard rate > 0 else { return }
  var (place, isHidden) = (0, false)
  for i in row.indices {
    let piece = Int(row[i])
    guard piece != Int(BytePairVocabulary.padding) else { break }
    let begins = beginsWord[piece]
    if begins || i == 0 { isHidden = stream.uniform() < rate }
    if isHidden, !begins, i > 0 { continue }
    row[place] = isHidden ? Float(BytePairVocabulary.unknown) : Float(piece)
    place += 1
  }
  for i in place..<row.count { row[i] = Float(BytePairVocabulary.padding) }
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
