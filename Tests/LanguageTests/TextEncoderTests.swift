// The learned encoder: padding has no say, word order and words have.

import Language
import NeuralNetworks
import PlanarCore
import Testing

@Suite struct TextEncoderTests {
  let encoder: TextEncoder
  let store: ParameterStore
  let vocabulary = CommandVocabulary(commands: ["push the red block to the blue zone"])

  init() {
    var layout = ParameterLayout()
    encoder = TextEncoder(
      &layout, "text", vocabularyCount: vocabulary.count,
      configuration: .init(maximumWords: 8), outputWidth: 32)
    store = ParameterStore(layout: layout, seed: 1)
  }

  func encode(_ commands: [String]) -> [Float] {
    let tape = Tape(recording: false)
    tape.begin(weights: store.values)
    let words = commands.flatMap { vocabulary.encode($0, length: 8) }
    let tokens = words.withUnsafeBufferPointer {
      encoder.encode($0, rows: commands.count, on: tape)
    }
    #expect(tokens.shape == Shape(commands.count, 4, 32))
    return tape.array(tokens)
  }

  func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).map { abs($0 - $1) }.max()!
  }

  @Test func commandsDiffer() {
    let red = encode(["push red"])
    #expect(distance(red, encode(["push blue"])) > 1e-2)
    #expect(distance(red, encode(["red push"])) > 1e-2, "the order of words counts")
    #expect(encode(["PUSH, red!"]) == red)
    #expect(distance(encode(["push"]), encode(["push to"])) > 1e-2)
    #expect(encode([""]).allSatisfy { $0.isFinite })
  }

  @Test func rowsAreIndependent() {
    let both = encode(["push red", "to the blue zone"])
    let other = encode(["push red", "block"])
    #expect(Array(both[..<128]) == Array(other[..<128]))
    #expect(distance(Array(both[..<128]), encode(["push red"])) < 1e-5)
  }

  @Test func paddingGetsNoGradient() {
    let tape = Tape(recording: true)
    let gradients = FloatBuffer(count: store.layout.bufferCount)
    tape.begin(weights: store.values, gradients: gradients)
    let words = vocabulary.encode("push red", length: 8)
    let tokens = words.withUnsafeBufferPointer { encoder.encode($0, rows: 1, on: tape) }
    tape.backward(from: tokens, gradient: .init(repeating: 1, count: tokens.count))
    let table = store.layout.parameters.first { $0.name == "text.words.weight" }!
    let width = table.shape[1]
    func isZero(_ word: Int32) -> Bool {
      (0..<width).allSatisfy { gradients[table.offset + Int(word) * width + $0] == 0 }
    }
    #expect(isZero(CommandVocabulary.padding) && isZero(CommandVocabulary.unknown))
    #expect(!isZero(words[0]) && !isZero(words[1]))
  }
}
