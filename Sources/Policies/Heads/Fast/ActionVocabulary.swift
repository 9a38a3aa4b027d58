// Byte-pair encoding (Gage 1994; Sennrich et al. 2016) of integers: pairs that often stand side by side become one
// token.

import Foundation
import PlanarCore

/// Tokens 0 … for single symbols, from `lowest` to `highest`, then one for each merged pair, in the order in which
/// they were learned.
///
/// In JSON the pairs are one string, `"40,40 81,39 …"`.
public struct ActionVocabulary: Hashable, Sendable {
  /// Symbols outside `lowest … highest` are encoded as the nearer of the two.
  public let lowest: Int
  /// The greatest symbol.
  public let highest: Int
  /// What each merged token stands for: two tokens with smaller numbers.
  public let merges: [SIMD2<Int32>]
  private let merged: [SIMD2<Int32>: Int32]

  private var symbols: Int { highest - lowest + 1 }
  /// How many tokens there are.
  public var count: Int { symbols + merges.count }

  /// - Throws: `UserError` where the range is empty, or a pair is made of itself or later ones or stands twice.
  public init(lowest: Int, highest: Int, merges: [SIMD2<Int32>]) throws {
    guard lowest <= highest, highest - lowest < 1 << 16 else {
      throw UserError("the fast vocabulary's symbols \(lowest) … \(highest) are no range that it can hold")
    }
    self.lowest = lowest
    self.highest = highest
    self.merges = merges
    var merged: [SIMD2<Int32>: Int32] = [:]
    for (i, pair) in merges.enumerated() {
      let token = Int32(highest - lowest + 1 + i)
      guard pair.min() >= 0, pair.max() < token, merged.updateValue(token, forKey: pair) == nil else {
        throw UserError(
          "the fast vocabulary's pair \(i), \(pair.x),\(pair.y), stands twice or is made of later tokens")
      }
    }
    self.merged = merged
  }

  /// Learns a vocabulary of at most `size` tokens (never fewer than there are symbols) from sequences of
  /// `lowest … highest`: the most frequent pair is merged again and again, as long as one stands twice; of equally
  /// frequent ones the first in order of tokens.
  public init(learnedFrom sequences: [[Int]], lowest: Int, highest: Int, size: Int) {
    // All sequences in one run, with a separator that is part of no pair.
    var run: [Int32] = []
    for sequence in sequences {
      run += sequence.map { Int32($0 - lowest) }
      run.append(-1)
    }
    let symbols = highest - lowest + 1
    var counts = [Int32](repeating: 0, count: max(size, symbols) * max(size, symbols))
    var merges: [SIMD2<Int32>] = []
    while symbols + merges.count < size {
      let tokens = symbols + merges.count
      guard let pair = Self.mostFrequentPair(run, tokens: tokens, counts: &counts) else { break }
      Self.merge(pair, into: Int32(tokens), &run)
      merges.append(pair)
    }
    do {
      try self.init(lowest: lowest, highest: highest, merges: merges)
    } catch {
      preconditionFailure("a learned vocabulary is not valid: \(error)")
    }
  }

  /// The most frequent of the pairs that stand twice or more.
  private static func mostFrequentPair(
    _ run: [Int32], tokens: Int, counts: inout [Int32]
  ) -> SIMD2<Int32>? {
    for i in 0..<tokens * tokens { counts[i] = 0 }
    for i in 1..<max(1, run.count) where run[i - 1] >= 0 && run[i] >= 0 {
      counts[Int(run[i - 1]) * tokens + Int(run[i])] += 1
    }
    var best = 0
    for i in 1..<tokens * tokens where counts[i] > counts[best] { best = i }
    return counts[best] < 2 ? nil : SIMD2(Int32(best / tokens), Int32(best % tokens))
  }

  /// Replaces a pair by one token, from left to right.
  private static func merge(_ pair: SIMD2<Int32>, into token: Int32, _ run: inout [Int32]) {
    var (read, write) = (0, 0)
    while read < run.count {
      let isPair = read + 1 < run.count && run[read] == pair.x && run[read + 1] == pair.y
      run[write] = isPair ? token : run[read]
      read += isPair ? 2 : 1
      write += 1
    }
    run.removeLast(run.count - write)
  }

  /// Symbols as tokens: merges are applied in the order in which they were learned.
  public func encode(_ sequence: [Int]) -> [Int32] {
    var tokens = sequence.map { Int32(max(lowest, min(highest, $0)) - lowest) }
    while tokens.count > 1 {
      var first: Int32?
      for i in 1..<tokens.count {
        guard let token = merged[SIMD2(tokens[i - 1], tokens[i])] else { continue }
        first = min(first ?? token, token)
      }
      guard let first else { break }
      Self.merge(merges[Int(first) - symbols], into: first, &tokens)
    }
    return tokens
  }

  /// The symbols that tokens stand for.
  public func decode(_ tokens: some Sequence<Int32>) -> [Int] {
    var sequence: [Int] = []
    func append(_ token: Int32) {
      if Int(token) < symbols {
        sequence.append(Int(token) + lowest)
      } else {
        let pair = merges[Int(token) - symbols]
        append(pair.x)
        append(pair.y)
      }
    }
    tokens.forEach(append)
    return sequence
  }
}

extension ActionVocabulary: Codable {
  private enum CodingKeys: CodingKey { case lowest, highest, merges }

  /// Missing keys get their defaults.
  ///
  /// - Throws: where a value is of another kind than its key asks for.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let merges = try container.decode(String.self, forKey: .merges).split(separator: " ").map { text in
      let numbers = text.split(separator: ",").compactMap { Int32($0) }
      guard numbers.count == 2 else {
        throw UserError("the fast vocabulary's pair '\(text)' is not two numbers with a comma between")
      }
      return SIMD2(numbers[0], numbers[1])
    }
    try self.init(
      lowest: container.decode(Int.self, forKey: .lowest),
      highest: container.decode(Int.self, forKey: .highest), merges: merges)
  }

  /// Writes what `init(from:)` reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(lowest, forKey: .lowest)
    try container.encode(highest, forKey: .highest)
    try container.encode(
      merges.map { "\($0.x),\($0.y)" }.joined(separator: " "), forKey: .merges)
  }
}
