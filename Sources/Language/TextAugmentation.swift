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

/// Adds noise of the given length (root mean square) to an embedding, unless it is zero.
func addNoise(_ row: UnsafeMutableBufferPointer<Float>, deviation: Double, _ stream: inout RandomStream) {
  guard deviation > 0, row.contains(where: { $0 != 0 }) else { return }
  let scale = deviation / Double(row.count).squareRoot()
  for i in row.indices { row[i] += Float(scale * stream.normal()) }
}
