// Seeded random numbers. Every draw in Planar comes from a stream that was passed in; streams for
// different purposes are split off by name, so that adding a draw to one never shifts another.

import Foundation

/// A stream of random numbers: xoshiro256++ (Blackman & Vigna 2019), seeded through SplitMix64.
public struct RandomStream: RandomNumberGenerator, Hashable, Sendable {
  /// The four words of the generator, for saving and restoring it exactly.
  public private(set) var state: SIMD4<UInt64>

  /// The stream of a seed; seeds that differ in one bit give unrelated streams.
  public init(seed: UInt64) {
    var word = seed
    state = SIMD4(
      splitMix64(&word), splitMix64(&word), splitMix64(&word), splitMix64(&word))
  }

  /// A stream restored from saved words.
  public init(state: SIMD4<UInt64>) { self.state = state }

  /// An independent stream for a named purpose: the same seed and name give the same stream.
  public init(seed: UInt64, purpose: String, index: Int = 0) {
    // FNV-1a, because Swift's own hashes change with every run.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var word = seed
    let a = splitMix64(&word)
    word ^= hash
    let b = splitMix64(&word)
    word ^= UInt64(bitPattern: Int64(index)) &* 0x9e37_79b9_7f4a_7c15
    let c = splitMix64(&word)
    self.init(seed: a ^ (b &* 3) ^ (c &* 5))
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotl(state[0] &+ state[3], 23) &+ state[0]
    let t = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= t
    state[3] = rotl(state[3], 45)
    return result
  }

  /// Uniform in [0, 1), 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in `range`.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform on a logarithmic scale in `range` (positive bounds): ×½ is as likely as ×2.
  public mutating func logUniform(in range: ClosedRange<Double>) -> Double {
    exp(uniform(in: log(range.lowerBound)...log(range.upperBound)))
  }

  /// Uniform integer in 0 ..< `bound` (Lemire's multiply-and-shift; its bias of 2⁻⁶⁴·bound is nil here).
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "a random integer needs a positive bound")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Standard normal, by Marsaglia's polar method (one of its two values is used, to keep no state).
  public mutating func normal() -> Double {
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      if s > 0, s < 1 { return u * (-2 * log(s) / s).squareRoot() }
    }
  }

  /// A permutation of 0 ..< `count`, by Fisher and Yates.
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, integer(below: i + 1)) }
    return order
  }
}

private func rotl(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }

private func splitMix64(_ word: inout UInt64) -> UInt64 {
  word &+= 0x9e37_79b9_7f4a_7c15
  var z = word
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}
