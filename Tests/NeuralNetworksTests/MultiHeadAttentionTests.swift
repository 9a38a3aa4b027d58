// Attention with its projections: what rotary positions and masks promise.

import PlanarNeuralNetworks
import PlanarCore
import Testing

@Suite struct MultiHeadAttentionTests {
  private let layout: ParameterLayout
  private let layer: MultiHeadAttention
  private let store: ParameterStore
  private let tokens: [Float]

  init() {
    var layout = ParameterLayout()
    layer = MultiHeadAttention(&layout, "a", width: 24, heads: 3)
    self.layout = layout
    store = ParameterStore(layout: layout, seed: 4)
    var stream = RandomStream(seed: 1, purpose: "tokens")
    tokens = (0..<2 * 5 * 24).map { _ in Float(stream.normal()) }
  }

  private func output(
    _ tokens: [Float], positions: [Float]? = nil, mask: [Float]? = nil, causal: Bool = false
  ) -> [Float] {
    let tape = Tape(recording: false)
    tape.begin(weights: store.values)
    let table = positions.map { RotaryTable(positions: $0, headWidth: 8) }
    return tape.array(
      tape.attend(
        tape.input(Shape(2, 5, 24), tokens), layer, keyMask: mask.map { tape.input(Shape(2, 5), $0) },
        causal: causal, positions: table))
  }

  private func difference(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test func `rotary positions count by their distances only`() {
    let near = output(tokens, positions: [0, 1, 2, 3, 4])
    #expect(difference(near, output(tokens, positions: [7, 8, 9, 10, 11])) < 1e-5)
    #expect(difference(near, output(tokens, positions: [0, 2, 4, 6, 8])) > 1e-3)
    #expect(difference(near, output(tokens)) > 1e-3)
  }

  @Test func `a causal token does not see those after it`() {
    var changed = tokens
    for i in 4 * 24..<5 * 24 { changed[i] += 1 }
    let (a, b) = (output(tokens, causal: true), output(changed, causal: true))
    #expect(Array(a[..<(4 * 24)]) == Array(b[..<(4 * 24)]))
    #expect(a[4 * 24] != b[4 * 24])
  }

  @Test func `a padded token has no influence`() {
    var changed = tokens
    for i in 4 * 24..<5 * 24 { changed[i] = 100 }
    let mask: [Float] = [1, 1, 1, 1, 0, 1, 1, 1, 1, 1]
    let (a, b) = (output(tokens, mask: mask), output(changed, mask: mask))
    #expect(Array(a[..<(4 * 24)]) == Array(b[..<(4 * 24)]))
  }

  #if compiler(>=6.2)
    @Test func `a shape that does not fit is named, in release builds too`() async throws {
      let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        var layout = ParameterLayout()
        let layer = Linear(&layout, "head", inputs: 7, outputs: 2)
        let store = ParameterStore(layout: layout, seed: 0)
        let tape = Tape(recording: false)
        tape.begin(weights: store.values)
        _ = tape.linear(tape.input(Shape(3, 8)) { $0.update(repeating: 0) }, layer)
      }
      let message = String(decoding: result.standardErrorContent, as: UTF8.self)
      #expect(message.contains("linear 'head.weight': input [3, 8] does not end in 7"))
    }
  #endif
}
