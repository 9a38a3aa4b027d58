// MiniLM with its weights, where `make minilm` has fetched them; its numbers are held against PyTorch's by the tests
// of Verification.

import Foundation
import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore
import Testing

@Suite struct MiniLMTests {
  /// Nil, and a note, where the weights are missing.
  static let model: MiniLM? = {
    do { return try MiniLM.shared() } catch {
      print("MiniLM's weights are not here, so tests that need them are skipped; 'make minilm' fetches them")
      return nil
    }
  }()

  func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test(.enabled(if: model != nil)) func meaningIsNear() throws {
    let model = try #require(Self.model)
    let push = model.embedding(of: "push the red square to the left zone")
    #expect(push.count == MiniLM.width)
    #expect(abs(cosine(push, push) - 1) < 1e-5)
    let shove = cosine(push, model.embedding(of: "shove the red square towards the left zone"))
    let other = cosine(push, model.embedding(of: "what a lovely day for a walk in the park"))
    #expect(shove > 0.9)
    #expect(other < 0.3)
    #expect(model.embedding(of: "").allSatisfy { $0.isFinite })
  }

  @Test(.enabled(if: model != nil)) func sameBitsFromAnyThread() async throws {
    let model = try #require(Self.model)
    let texts = (0..<6).map { "send disc \($0) home" }
    // One instance's cache, filled by one thread; another's, by many in any order.
    let expected = texts.map { model.tokenStates(of: $0) }
    let fresh = try MiniLM(contentsOf: MiniLM.folder())
    let states = await withTaskGroup(of: (Int, [Float]).self) { group in
      for _ in 0..<3 {
        for i in texts.indices { group.addTask { (i, fresh.tokenStates(of: texts[i])) } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(states.count == 18)
    for (i, state) in states { #expect(state == expected[i]) }
    let pieces = fresh.tokenizer.encode(texts[0]).identifiers.count
    #expect(fresh.tokenStates(of: texts[0]).count == pieces * MiniLM.width)
    #expect(fresh.layerStates(of: texts[0]).last == expected[0])
  }

  @Test func missingFilesSayHowToFetchThem() {
    let nowhere = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let error = #expect(throws: UserError.self) { try MiniLM(contentsOf: nowhere) }
    #expect(error!.message.contains("make minilm"))
    #expect(error!.message.contains("model.safetensors"))
  }
}

/// The network behind the weights.
@Suite(.enabled(if: MiniLMTests.model != nil)) struct MiniLMCommandTests {
  let encoder: CommandEncoder
  let store: ParameterStore
  let settings = MiniLMTextSettings(maximumPieces: 12, tokens: 3, pieceDropout: 0.2)

  init() throws {
    var layout = ParameterLayout()
    encoder = try CommandEncoder(&layout, "text", configuration: .miniLM(settings), outputWidth: 16)
    store = ParameterStore(layout: layout, seed: 2)
  }

  func encode(_ inputs: [[Float]]) -> [Float] {
    let tape = Tape(recording: false)
    tape.begin(weights: store.values)
    let tokens = inputs.flatMap { $0 }.withUnsafeBufferPointer { encoder.encode($0, rows: inputs.count, on: tape) }
    #expect(tokens.shape == Shape(inputs.count, 3, 16))
    return tape.array(tokens)
  }

  func distance(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Float {
    zip(a, b).map { abs($0 - $1) }.max()!
  }

  @Test func commandsDifferAndPaddingDoesNot() throws {
    let inputs = ["push red", "push blue", "push the red square to the left zone, and then some more words to cut"]
      .map { encoder.input(for: $0) }
    #expect(inputs.allSatisfy { $0.count == encoder.inputCount && encoder.inputCount == 12 * 384 })
    let all = encode(inputs + [encoder.noCommand])
    #expect(distance(all[0..<48], all[48..<96]) > 1e-2)
    #expect(distance(all[0..<48], all[144..<192]) > 1e-2)
    #expect(distance(all[0..<48], encode([inputs[0]])) < 1e-5)
    // More room changes nothing.
    var layout = ParameterLayout()
    var roomy = settings
    roomy.maximumPieces = 20
    let other = try CommandEncoder(&layout, "text", configuration: .miniLM(roomy), outputWidth: 16)
    let tape = Tape(recording: false)
    tape.begin(weights: store.values)
    let tokens = other.input(for: "push red").withUnsafeBufferPointer { other.encode($0, rows: 1, on: tape) }
    #expect(distance(tape.array(tokens), encode([inputs[0]])) < 1e-5)
  }

  @Test func augmentingHidesPieces() {
    let input = encoder.input(for: "push the red square to the left zone now")
    var stream = RandomStream(seed: 5)
    var hidden = 0
    for _ in 0..<500 {
      var row = input
      row.withUnsafeMutableBufferPointer { encoder.augment($0, using: &stream) }
      for i in 0..<11 {
        let piece = row[i * 384..<(i + 1) * 384]
        if piece.allSatisfy({ $0 == 0 }) { hidden += 1 } else { #expect(piece == input[i * 384..<(i + 1) * 384]) }
      }
    }
    #expect(abs(Double(hidden) / 5500 - 0.2) < 0.03)
  }

  @Test func unknownWordsAreTold() {
    #expect(encoder.unknownWords(in: "push the 🟥 square") == ["🟥"])
    #expect(encoder.unknownWords(in: "왼쪽") == ["왼쪽"])
  }
}
