// What networks may answer: numbers that are none, or far beyond what is ever learned, must not pass for actions.

/// The answers of networks that have learned normalised numbers, or logits.
public enum SoundAnswers {
  /// Far beyond every answer of a network that has learned anything.
  public static let largest: Float = 1e4

  /// Whether all numbers are finite and of a possible size.
  @inline(__always)
  public static func areSound(_ answers: UnsafeBufferPointer<Float>) -> Bool {
    // Patterns of bits without their sign are in the order of the magnitudes, infinity and what is no number last.
    var worst: UInt32 = 0
    for answer in answers { worst = max(worst, answer.bitPattern & 0x7fff_ffff) }
    return worst <= largest.bitPattern
  }
}

/// Fills a row of a batch's chunks with what is no number, so that whoever asked finds it.
func spoil(_ row: Int, of chunks: UnsafeMutableBufferPointer<Float>, batch: Int) {
  let count = chunks.count / batch
  for i in row * count..<(row + 1) * count { chunks[i] = .nan }
}
