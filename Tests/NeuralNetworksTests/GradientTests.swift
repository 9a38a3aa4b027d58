// Gradients of every operation, alone and composed, against central differences; sizes are odd on
// purpose, so that whole vector lanes and tails are both met.

import PlanarNeuralNetworks
import Testing

@Suite struct GradientTests {
  let x = (Shape(3, 5, 20), randomNumbers(300, seed: 1))

  // Without relu, whose kink differences do not see; ActivationTests checks it.
  @Test(arguments: Activation.allCases.filter { $0 != .relu })
  func linearWithActivation(activation: Activation) {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 20, outputs: 18)
    checkGradients(layout, inputs: [x]) { tape, v in
      tape.linear(v[0], layer, activation: activation)
    }
  }

  @Test func linearWithResidual() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 20, outputs: 20)
    let other = Linear(&layout, "m", inputs: 20, outputs: 20)
    // The residual is used again before and after, so that shared gradient storage would show.
    checkGradients(layout, inputs: [x]) { tape, v in
      let h = tape.linear(v[0], other, activation: .silu)
      let y = tape.linear(h, layer, residual: h)
      return tape.add(tape.linear(y, other, residual: y), h)
    }
  }

  @Test func singleRow() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 20, outputs: 18)
    checkGradients(layout, inputs: [(Shape(1, 20), randomNumbers(20, seed: 2))]) { tape, v in
      tape.linear(v[0], layer)
    }
  }

  @Test func layerNormWithAndWithoutGain() {
    var layout = ParameterLayout()
    let learned = LayerNorm(&layout, "n", width: 20)
    checkGradients(layout, inputs: [x]) { tape, v in
      let y = tape.layerNorm(v[0], learned)
      return tape.add(tape.layerNorm(tape.multiply(y, v[0]), LayerNorm()), v[0])
    }
  }

  @Test(arguments: [(4, 7, 3), (2, 19, 20)])
  func attention(heads: Int, keys: Int, queries: Int) {
    let width = heads * 9
    let mask = (0..<2 * keys).map { Float($0 % 5 == 2 ? 0 : 1) }
    checkGradients(inputs: [
      (Shape(2, queries, width), randomNumbers(2 * queries * width, seed: 3)),
      (Shape(2, keys, 2 * width), randomNumbers(4 * keys * width, seed: 4)),
    ]) { tape, v in
      tape.attention(
        queries: v[0], keysValues: v[1], heads: heads, keyMask: tape.input(Shape(2, keys), mask))
    }
  }

  @Test func maskedKeysHaveNoInfluence() {
    let tape = Tape(recording: false)
    tape.begin(weights: FloatBuffer(count: 0))
    func run(_ padding: Float) -> [Float] {
      var keys = randomNumbers(2 * 3 * 16, seed: 6)
      for i in 0..<16 { keys[2 * 16 + i] = padding }
      return tape.array(
        tape.attention(
          queries: tape.input(Shape(2, 1, 8), randomNumbers(16, seed: 5)),
          keysValues: tape.input(Shape(2, 3, 16), keys), heads: 2,
          keyMask: tape.input(Shape(2, 3), [1, 1, 0, 0, 0, 0])))
    }
    let output = run(100)
    #expect(output == run(-3))
    #expect(output[8...].allSatisfy { $0 == 0 }, "nothing to attend to gives zeros")
  }

  /// One tensor in two shapes.
  @Test func queriesThatAreTheirOwnKeysAndValues() {
    checkGradients(inputs: [(Shape(2, 6, 4), randomNumbers(48, seed: 30))]) { tape, v in
      tape.attention(queries: v[0], keysValues: tape.reshape(v[0], Shape(2, 3, 8)), heads: 2)
    }
  }

  @Test func broadcastSums() {
    for shape in [Shape(5, 20), Shape(3, 1, 20), Shape(1, 5, 20), Shape(20)] {
      checkGradients(inputs: [x, (shape, randomNumbers(shape.count, seed: 7))]) { tape, v in
        tape.multiply(tape.addBroadcast(v[0], v[1]), v[0])
      }
    }
  }

  @Test func sameTensorTwice() {
    checkGradients(inputs: [x]) { tape, v in
      tape.add(tape.multiply(v[0], v[0]), tape.add(v[0], v[0]))
    }
  }

  @Test func modulation() {
    checkGradients(inputs: [x, (Shape(3, 50), randomNumbers(150, seed: 8))]) { tape, v in
      tape.modulate(v[0], by: v[1], scaleColumn: 5, shiftColumn: 30)
    }
  }

  @Test(arguments: [0, 1] as [Float])
  func modulationOfPositions(scaleOffset: Float) {
    let image = (Shape(2, 3, 2, 20), randomNumbers(240, seed: 11))
    checkGradients(inputs: [image, (Shape(2, 45), randomNumbers(90, seed: 12))]) { tape, v in
      let y = tape.modulate(
        v[0], by: v[1], scaleColumn: 0, shiftColumn: 22, scaleOffset: scaleOffset)
      return tape.multiply(y, v[0])
    }
  }

  @Test func channelsApartAndTogether() {
    checkGradients(inputs: [x, (Shape(3, 5, 7), randomNumbers(105, seed: 13))]) { tape, v in
      let all = tape.concatenateChannels(v[0], v[1])
      return tape.multiply(tape.columns(all, 3..<23), tape.columns(v[0], 0..<20))
    }
  }

  @Test func softmaxAndItsLogarithm() {
    for width in [20, 7, 33] {
      let x = (Shape(3, 2, width), randomNumbers(6 * width, seed: 14))
      checkGradients(inputs: [x]) { tape, v in tape.multiply(tape.softmax(v[0]), v[0]) }
      checkGradients(inputs: [x]) { tape, v in tape.multiply(tape.logSoftmax(v[0]), v[0]) }
    }
  }

  /// Heads of 6 and of 40 columns: less than a vector, and two and a half.
  @Test(arguments: [RotaryStyle.half, .interleaved], [(3, 6), (2, 40)])
  func rotaryPositions(style: RotaryStyle, heads: (count: Int, width: Int)) {
    let width = heads.count * heads.width
    let x = (Shape(2, 4, width), randomNumbers(8 * width, seed: 15))
    let table = RotaryTable(positions: [0, 3, 7, 40], headWidth: heads.width, style: style)
    checkGradients(inputs: [x]) { tape, v in tape.multiply(tape.rope(v[0], table), v[0]) }
  }

  @Test func gatedBlock() {
    var layout = ParameterLayout()
    let block = SwiGLU(&layout, "f", width: 20, hidden: 18)
    checkGradients(layout, inputs: [x]) { tape, v in tape.swiGLU(v[0], block, residual: v[0]) }
    checkGradients(inputs: [x]) { tape, v in tape.gatedProduct(v[0], v[0]) }
  }

  @Test func pooling() {
    // Odd height and width; all numbers differ by more than a difference's step.
    let shape = Shape(2, 5, 7, 20)
    let image = (0..<1400).map { Float($0 * 37 % 1400) / 10 }
    checkGradients(inputs: [(shape, image)]) { tape, v in tape.maxPool2D(v[0]) }
    checkGradients(inputs: [(shape, randomNumbers(1400, seed: 16))], step: 0.1) { tape, v in
      let mean = tape.globalAveragePool(v[0])
      return tape.multiply(mean, mean)
    }
  }

  /// As behind a ReLU, where whole windows are zero.
  @Test func theFirstOfEqualNumbersInAWindowGetsTheGradient() {
    let tape = Tape(recording: true)
    tape.begin(weights: FloatBuffer(count: 0))
    let x = tape.variable(Shape(1, 2, 4, 1), [0, 0, 1, 2, 0, 0, 2, 2])
    tape.backward(from: tape.maxPool2D(x), gradient: [5, 7])
    #expect(tape.gradientArray(x) == [5, 0, 0, 7, 0, 0, 0, 0])
  }

  @Test func whatIsNoNumberStaysVisibleInAWindow() {
    let tape = Tape(recording: true)
    for (place, beside) in [(0, 1), (1, -1), (2, 7), (3, Float.infinity)] as [(Int, Float)] {
      tape.begin(weights: FloatBuffer(count: 0))
      var window = [Float](repeating: beside, count: 4)
      window[place] = .nan
      #expect(tape.array(tape.maxPool2D(tape.input(Shape(1, 2, 2, 1), window)))[0].isNaN)
    }
  }

  @Test func tokensApartAndTogether() {
    checkGradients(inputs: [x, (Shape(3, 2, 20), randomNumbers(120, seed: 9))]) { tape, v in
      let all = tape.concatenateTokens(v[0], v[1])
      let some = tape.tokens(all, 3..<7)
      return tape.multiply(some, tape.reshape(tape.tokens(v[0], 0..<4), Shape(3, 4, 20)))
    }
  }

  @Test func learnedTables() {
    var layout = ParameterLayout()
    let words = Embedding(&layout, "words", entries: 6, width: 20, deviation: 1)
    let queries = Embedding(&layout, "queries", entries: 5, width: 20, deviation: 1)
    let indices: [Int32] = [0, 3, 3, 5, 1, 0, 2, 2, 2, 4, 0, 0, 1, 5, 5]
    checkGradients(layout, inputs: [x]) { tape, v in
      let looked = indices.withUnsafeBufferPointer { tape.embed($0, rows: 3, columns: 5, words) }
      return tape.multiply(tape.add(looked, tape.rows(of: queries, batch: 3)), v[0])
    }
  }

  /// A pre-norm transformer layer with everything in it.
  @Test func transformerLayer() {
    var layout = ParameterLayout()
    let norms = (0..<2).map { LayerNorm(&layout, "n\($0)", width: 16) }
    let query = Linear(&layout, "q", inputs: 16, outputs: 16)
    let keyValue = Linear(&layout, "kv", inputs: 16, outputs: 32)
    let out = Linear(&layout, "o", inputs: 16, outputs: 16)
    let up = Linear(&layout, "up", inputs: 16, outputs: 40)
    let down = Linear(&layout, "down", inputs: 40, outputs: 16)
    checkGradients(
      layout, inputs: [(Shape(2, 4, 16), randomNumbers(128, seed: 10))], tolerance: 1e-2
    ) { tape, v in
      let h = tape.layerNorm(v[0], norms[0])
      let mixed = tape.attention(
        queries: tape.linear(h, query), keysValues: tape.linear(h, keyValue), heads: 2)
      let x = tape.linear(mixed, out, residual: v[0])
      let f = tape.linear(tape.layerNorm(x, norms[1]), up, activation: .gelu)
      return tape.linear(f, down, residual: x)
    }
  }
}
