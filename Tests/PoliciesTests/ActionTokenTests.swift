// Chunks as tokens and back: bins, cosine transform, byte pairs.

import Foundation
import PlanarCore
import PlanarPolicies
import Testing

@Suite struct ActionTokenTests {
  @Test(arguments: [2, 5, 256])
  func aBinIsAtMostHalfABinAway(bins: Int) {
    let tokenizer = BinTokenizer(bins: bins)
    for i in -1000...1000 {
      let x = Float(i) / 1000
      let token = tokenizer.token(x)
      #expect((0..<Int32(bins)).contains(token))
      #expect(abs(tokenizer.value(token) - x) <= 1 / Float(bins) + 1e-6)
      #expect(tokenizer.token(tokenizer.value(token)) == token)
    }
    #expect(tokenizer.token(-7) == 0 && tokenizer.token(7) == Int32(bins - 1))
  }

  @Test func theCosineTransformIsOrthonormal() {
    let n = 16
    let transform = CosineTransform(count: n)
    for i in 0..<n {
      let a = (0..<n).map { k in transform.coefficient(k) { $0 == i ? 1 : 0 } }
      for j in 0..<n {
        let b = (0..<n).map { k in transform.coefficient(k) { $0 == j ? 1 : 0 } }
        #expect(abs(zip(a, b).map(*).reduce(0, +) - (i == j ? 1 : 0)) < 1e-14)
        #expect(abs(transform.value(j) { a[$0] } - (i == j ? 1 : 0)) < 1e-14)
      }
    }
    // scipy.fft.dct([1, 2, 3, 4], norm="ortho")
    let four = CosineTransform(count: 4)
    for (k, c) in [5, -2.230442497387663, 0, -0.15851266778110715].enumerated() {
      #expect(abs(four.coefficient(k) { Double($0 + 1) } - c) < 1e-14)
    }
  }

  /// Chunks that swing like those of an arm: two random waves per number of an action, and now and then a jump.
  static func chunks(_ count: Int, seed: UInt64) -> [[Float]] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { _ in
      let waves = (0..<4).map { _ in
        (stream.uniform(in: -0.5...0.5), stream.uniform(in: 0...0.4), stream.uniform(in: 0...6))
      }
      let jump = stream.integer(below: 32)
      return (0..<32).map { i in
        let (n, a) = (Double(i / 2), i % 2)
        let sum = [waves[2 * a], waves[2 * a + 1]].reduce(0) { $0 + $1.0 * sin($1.1 * n + $1.2) }
        return Float(i >= jump && jump < 3 ? 1 : sum)
      }
    }
  }

  func learned(_ seed: UInt64, size: Int = 400) -> FastTokenizer {
    FastTokenizer(
      learnedFrom: Self.chunks(500, seed: seed).flatMap { $0 }, horizon: 16, action: 2, scale: 10,
      vocabularySize: size)
  }

  func encode(_ tokenizer: FastTokenizer, _ chunk: [Float]) -> [Int32] {
    chunk.withUnsafeBufferPointer { tokenizer.encode($0) }
  }

  func decode(_ tokenizer: FastTokenizer, _ tokens: some Sequence<Int32>) -> [Float] {
    var chunk = [Float](repeating: .nan, count: 32)
    chunk.withUnsafeMutableBufferPointer { tokenizer.decode(tokens, into: $0) }
    return chunk
  }

  /// Rounding moves a coefficient by half a step at most, and the transform keeps root mean squares.
  @Test func chunksComeBackWithinTheErrorOfRounding() {
    let plain = FastTokenizer(horizon: 16, action: 2, scale: 10)
    let learned = learned(1)
    for chunk in Self.chunks(200, seed: 2) {
      for tokenizer in [plain, learned] {
        let back = decode(tokenizer, encode(tokenizer, chunk))
        let error = zip(chunk, back).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) / 32
        #expect(error.squareRoot() <= 0.5 / 10)
      }
    }
    for extreme in [[Float](repeating: 1, count: 32), (0..<32).map { $0 / 2 % 2 == 0 ? -1 : 1 }] {
      for tokenizer in [plain, learned] {
        let back = decode(tokenizer, encode(tokenizer, extreme))
        #expect(zip(extreme, back).allSatisfy { abs($0 - $1) < 0.2 })
      }
    }
  }

  @Test func bytePairsMakeChunksShort() {
    let plain = FastTokenizer(horizon: 16, action: 2, scale: 10)
    let learned = learned(1)
    let chunks = Self.chunks(200, seed: 2)
    func mean(_ tokenizer: FastTokenizer) -> Double {
      chunks.map { Double(encode(tokenizer, $0).count) }.reduce(0, +) / 200
    }
    #expect(learned.vocabulary.count == 400)
    #expect(mean(learned) < 0.75 * mean(plain), "\(mean(learned)), \(mean(plain))")
  }

  @Test func anyTokensGiveAChunk() {
    let tokenizer = learned(1)
    #expect(decode(tokenizer, []) == [Float](repeating: 0, count: 32))
    #expect(encode(tokenizer, [Float](repeating: 0, count: 32)) == [])
    var stream = RandomStream(seed: 4)
    for length in [1, 3, 40] {
      let tokens = (0..<length).map { _ in Int32(stream.integer(below: tokenizer.vocabulary.count)) }
      #expect(decode(tokenizer, tokens).allSatisfy { abs($0) <= 1 })
    }
    // What was cut off is taken as zeros: low frequencies stand first, so that the rest is a smooth chunk.
    let chunk = Self.chunks(1, seed: 9)[0]
    let first = decode(tokenizer, encode(tokenizer, chunk).prefix(1))
    #expect(first != [Float](repeating: 0, count: 32))
  }

  @Test func bytePairsAreLearnedInOrderOfFrequency() throws {
    // "1 2" stands four times, then "12 3" twice; "9 9 9 9" overlaps itself.
    let vocabulary = ActionVocabulary(
      learnedFrom: [[1, 2, 3, 1, 2, 3], [1, 2, 4, 1, 2], [9, 9, 9, 9]], lowest: 1, highest: 9, size: 20)
    #expect(vocabulary.lowest == 1 && vocabulary.highest == 9 && vocabulary.count > 10)
    #expect(Array(vocabulary.merges.prefix(2)) == [SIMD2(0, 1), SIMD2(8, 8)])
    #expect(vocabulary.merges.contains(SIMD2(9, 2)))
    #expect(vocabulary.encode([1, 2, 4]) == [9, 3])
    #expect(vocabulary.decode([9, 3]) == [1, 2, 4])
    #expect(vocabulary.encode([-5, 99]) == [0, 8], "symbols nobody saw are the nearest known ones")
    #expect(ActionVocabulary(learnedFrom: [], lowest: -1, highest: 1, size: 8).count == 3)
  }

  @Test func vocabulariesAreTheSameEveryTimeAndInJSON() throws {
    let vocabulary = learned(3).vocabulary
    #expect(learned(3).vocabulary == vocabulary)
    #expect(learned(4).vocabulary != vocabulary)
    let data = try JSONEncoder().encode(vocabulary)
    #expect(try JSONDecoder().decode(ActionVocabulary.self, from: data) == vocabulary)
    for chunk in Self.chunks(20, seed: 5) {
      let plain = vocabulary.decode(encode(learned(3), chunk))
      #expect(vocabulary.encode(plain) == encode(learned(3), chunk))
    }
  }

  @Test func damagedVocabulariesAreRefusedInWords() {
    func refusal(_ json: String) -> String {
      do {
        _ = try JSONDecoder().decode(ActionVocabulary.self, from: Data(json.utf8))
        return "accepted"
      } catch { return (error as? UserError)?.message ?? "\(error)" }
    }
    #expect(refusal(#"{"lowest": 0, "highest": 3, "merges": "0,1 4,2"}"#) == "accepted")
    #expect(refusal(#"{"lowest": 4, "highest": 3, "merges": ""}"#).contains("4 … 3"))
    #expect(refusal(#"{"lowest": 0, "highest": 3, "merges": "0,5"}"#).contains("later tokens"))
    #expect(refusal(#"{"lowest": 0, "highest": 3, "merges": "0,1 0,1"}"#).contains("stands twice"))
    #expect(refusal(#"{"lowest": 0, "highest": 3, "merges": "0,1,2"}"#).contains("'0,1,2'"))
    #expect(refusal(#"{"lowest": 0, "highest": 3, "merges": "-1,1"}"#).contains("pair 0"))
  }
}
