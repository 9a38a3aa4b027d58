// Losses: their values against plain sums in double precision, their gradients against differences of
// those sums, masks, and that the shards of a batch add up.

import Foundation
import PlanarNeuralNetworks
import Testing

@Suite struct LossTests {
  static let kinds: [LossKind] = [.meanSquaredError, .meanAbsoluteError, .huber(delta: 0.7)]
  let prediction = randomNumbers(3 * 5 * 7, seed: 1)
  let target = randomNumbers(3 * 5 * 7, seed: 2)
  let mask: [Float] = [1, 0.5, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
  let shape = Shape(3, 5, 7)

  static func term(_ kind: LossKind, _ e: Double) -> (value: Double, slope: Double) {
    switch kind {
    case .meanSquaredError: return (e * e, 2 * e)
    case .meanAbsoluteError: return (abs(e), e > 0 ? 1 : e < 0 ? -1 : 0)
    case .huber(let delta):
      let d = Double(delta)
      return abs(e) <= d
        ? (e * e / 2, e) : (d * (abs(e) - d / 2), e > 0 ? d : -d)
    }
  }

  func run(
    _ kind: LossKind, masked: Bool, count: Int?, weight: Float, rows: Range<Int>? = nil
  ) -> (value: Float, gradient: [Float]) {
    let tape = Tape(recording: true)
    tape.begin(weights: FloatBuffer(count: 0))
    let rows = rows ?? 0..<3
    let part = rows.lowerBound * 35..<rows.upperBound * 35
    let p = tape.variable(Shape(rows.count, 5, 7), Array(prediction[part]))
    let y = tape.input(Shape(rows.count, 5, 7), Array(target[part]))
    let valid = tape.input(
      Shape(rows.count, 5), Array(mask[rows.lowerBound * 5..<rows.upperBound * 5]))
    let value = tape.loss(kind, p, y, mask: masked ? valid : nil, count: count, weight: weight)
    tape.backward()
    return (value, tape.gradientArray(p))
  }

  @Test(arguments: kinds, [(false, nil), (true, nil), (true, 105)] as [(Bool, Int?)])
  func valuesAndGradients(kind: LossKind, reduction: (masked: Bool, count: Int?)) {
    let (value, gradient) = run(
      kind, masked: reduction.masked, count: reduction.count, weight: 0.7)
    let valid = reduction.masked ? mask : [Float](repeating: 1, count: 15)
    let count = reduction.count.map(Double.init) ?? Double(valid.reduce(0, +)) * 7
    var total = 0.0
    var expected: [Float] = []
    for i in prediction.indices {
      let (loss, slope) = Self.term(kind, Double(prediction[i]) - Double(target[i]))
      total += loss * Double(valid[i / 7])
      expected.append(Float(slope * Double(valid[i / 7]) * 0.7 / count))
    }
    #expect(abs(Double(value) - 0.7 * total / count) < 1e-6)
    #expect(relativeError(gradient, expected) < 1e-6)
  }

  @Test(arguments: kinds, [false, true])
  func shardsAddUp(kind: LossKind, masked: Bool) {
    let whole = run(kind, masked: masked, count: 91, weight: 1)
    let parts = [0..<1, 1..<3].map { run(kind, masked: masked, count: 91, weight: 1, rows: $0) }
    #expect(abs(whole.value - parts[0].value - parts[1].value) < 1e-6)
    #expect(whole.gradient == parts[0].gradient + parts[1].gradient)
  }

  @Test func aMaskThatLetsNothingThroughGivesZero() {
    let tape = Tape(recording: true)
    tape.begin(weights: FloatBuffer(count: 0))
    let p = tape.variable(Shape(2, 3), [1, 2, 3, 4, 5, .nan])
    let value = tape.loss(
      .meanSquaredError, p, tape.input(Shape(2, 3), [0, 0, 0, 0, 0, 0]),
      mask: tape.input(Shape(2), [0, 0]))
    tape.backward()
    #expect(value == 0 && tape.gradientArray(p).allSatisfy { $0 == 0 })
  }

  /// Long enough for several blocks; one loss adds to the gradient of another.
  @Test func manyNumbersAndTwoLosses() {
    let numbers = randomNumbers(9001, seed: 5)
    let tape = Tape(recording: true)
    tape.begin(weights: FloatBuffer(count: 0))
    let p = tape.variable(Shape(9001), numbers)
    let zero = tape.input(Shape(9001), [Float](repeating: 0, count: 9001))
    let value = tape.loss(.meanSquaredError, p, zero) + tape.loss(.meanSquaredError, p, zero)
    tape.backward()
    let exact = numbers.reduce(0.0) { $0 + Double($1) * Double($1) } * 2 / 9001
    #expect(abs(Double(value) / exact - 1) < 1e-6)
    #expect(relativeError(tape.gradientArray(p), numbers.map { $0 * 4 / 9001 }) < 1e-6)
  }

  /// −Σ q·log softmax in double precision.
  static func crossEntropy(
    _ logits: [Float], _ label: Int32, _ smoothing: Double, spread: [Float]
  ) -> Double {
    let top = Double(logits.max()!)
    let mass = logits.reduce(0.0) { $0 + exp(Double($1) - top) }
    let logs = logits.map { Double($0) - top - log(mass) }
    var q = [Double](repeating: smoothing / Double(logs.count), count: logs.count)
    for (i, share) in spread.enumerated() {
      let place = min(max(Int(label) + i - spread.count / 2, 0), logs.count - 1)
      q[place] += (1 - smoothing) * Double(share)
    }
    return -zip(q, logs).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test(arguments: [0, 0.1] as [Float], [9, 16, 37])
  func crossEntropy(smoothing: Float, classes: Int) {
    checkCrossEntropy(smoothing: smoothing, classes: classes, spread: [1])
  }

  /// Labels at both ends: what falls outside belongs to the outermost class.
  @Test(arguments: [[0.25, 0.5, 0.25], [0.1, 0.2, 0.4, 0.2, 0.1]] as [[Float]])
  func spreadCrossEntropy(spread: [Float]) {
    checkCrossEntropy(smoothing: 0.1, classes: 9, spread: spread)
  }

  private func checkCrossEntropy(smoothing: Float, classes: Int, spread: [Float]) {
    // One row that a naive exponential would overflow on, one that takes no part.
    var numbers = randomNumbers(5 * classes, seed: 3, deviation: 2)
    for c in 0..<classes { numbers[c] *= 60 }
    let labels: [Int32] = [2, 0, -1, Int32(classes) - 1, 5]
    let taking = [0, 1, 3, 4]
    func mean(_ numbers: [Float]) -> Double {
      taking.reduce(0.0) { sum, r in
        let row = Array(numbers[r * classes..<(r + 1) * classes])
        return sum + Self.crossEntropy(row, labels[r], Double(smoothing), spread: spread)
      } / 4
    }
    let tape = Tape(recording: true)
    tape.begin(weights: FloatBuffer(count: 0))
    let logits = tape.variable(Shape(5, classes), numbers)
    let value = tape.crossEntropy(logits, labels: labels, smoothing: smoothing, spread: spread, weight: 0.7)
    #expect(abs(Double(value) / (0.7 * mean(numbers)) - 1) < 1e-6)
    tape.backward()
    let gradient = tape.gradientArray(logits)
    #expect(gradient[2 * classes..<3 * classes].allSatisfy { $0 == 0 })
    var expected = [Float](repeating: 0, count: numbers.count)
    for i in numbers.indices {
      let kept = numbers[i]
      numbers[i] = kept + 1e-2
      let (above, high) = (mean(numbers), Double(numbers[i]))
      numbers[i] = kept - 1e-2
      let (below, low) = (mean(numbers), Double(numbers[i]))
      numbers[i] = kept
      expected[i] = Float(0.7 * (above - below) / (high - low))
    }
    #expect(relativeError(gradient, expected) < 1e-4)
  }

  @Test func crossEntropyOfShardsAddsUp() {
    let numbers = randomNumbers(6 * 9, seed: 4)
    let labels: [Int32] = [1, 8, 0, 3, 3, 7]
    func run(_ rows: Range<Int>) -> Float {
      let tape = Tape(recording: true)
      tape.begin(weights: FloatBuffer(count: 0))
      let part = Array(numbers[rows.lowerBound * 9..<rows.upperBound * 9])
      return tape.crossEntropy(
        tape.variable(Shape(rows.count, 9), part), labels: Array(labels[rows]), smoothing: 0.2,
        count: 6)
    }
    #expect(abs(run(0..<6) - run(0..<2) - run(2..<6)) < 1e-6)
  }
}
