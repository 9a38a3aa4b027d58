// The learned encoder: padding has no say, words and their order have; what `augment` does; settings and their errors.

import Foundation
import PlanarLanguage
import PlanarNeuralNetworks
import PlanarCore
import Testing

@Suite struct LearnedEncoderTests {
  static let commands = [
    "push the red block to the blue zone", "push the red block", "빨간 블록을 파란 구역으로 밀어", "빨간 블록을 밀어",
  ]
  let encoder: CommandEncoder
  let store: ParameterStore

  init() throws {
    var layout = ParameterLayout()
    encoder = try CommandEncoder(
      &layout, "text", configuration: .learned(.init(commands: Self.commands, layers: 2)), outputWidth: 32)
    store = ParameterStore(layout: layout, seed: 1)
  }

  func encode(_ inputs: [[Float]]) -> [Float] {
    let tape = Tape(recording: false)
    tape.begin(weights: store.values)
    let tokens = inputs.flatMap { $0 }.withUnsafeBufferPointer { encoder.encode($0, rows: inputs.count, on: tape) }
    #expect(tokens.shape == Shape(inputs.count, encoder.tokens, 32))
    return tape.array(tokens)
  }

  func encode(_ commands: [String]) -> [Float] { encode(commands.map { encoder.input(for: $0) }) }

  func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).map { abs($0 - $1) }.max()!
  }

  @Test func commandsDiffer() {
    let red = encode(["push red"])
    #expect(distance(red, encode(["push blue"])) > 1e-2)
    #expect(distance(red, encode(["red push"])) > 1e-2, "the order of words counts")
    #expect(encode(["PUSH, red!"]) == red)
    #expect(distance(encode(["push"]), encode(["push to"])) > 1e-2)
    #expect(distance(encode(["빨간 블록"]), encode(["파란 블록"])) > 1e-2)
    #expect(encode(["", "xyz", "🔴"]).allSatisfy { $0.isFinite })
  }

  @Test func rowsAreIndependent() {
    let both = encode(["push red", "to the blue zone"])
    let other = encode(["push red", "block"])
    #expect(Array(both[..<128]) == Array(other[..<128]))
    #expect(distance(Array(both[..<128]), encode(["push red"])) < 1e-5)
  }

  @Test func longCommandsAreCut() {
    let long = String(repeating: "push the red block ", count: 50)
    #expect(encoder.input(for: long).count == encoder.inputCount)
    #expect(!encoder.input(for: long).contains(0))
    let longest = Self.commands.map { encoder.input(for: $0).count { $0 != 0 } }.max()!
    #expect(encoder.inputCount >= longest * 5 / 4, "there is room for longer commands than were trained on")
  }

  @Test func onlyWhatStandsThereLearns() throws {
    let tape = Tape(recording: true)
    let gradients = FloatBuffer(count: store.layout.bufferCount)
    tape.begin(weights: store.values, gradients: gradients)
    let input = encoder.input(for: "push red")
    let tokens = input.withUnsafeBufferPointer { encoder.encode($0, rows: 1, on: tape) }
    tape.backward(from: tokens, gradient: .init(repeating: 1, count: tokens.count))
    let table = try #require(store.layout.parameters.first { $0.name == "text.pieces.weight" })
    let numbers = store.layout.numbers(of: table, in: gradients)
    let width = table.shape[1]
    for piece in 0..<table.shape[0] {
      let isZero = numbers[piece * width..<(piece + 1) * width].allSatisfy { $0 == 0 }
      #expect(isZero == !(input.contains(Float(piece)) && piece != 0))
    }
  }

  @Test func noCommandIsAnEmptyOne() {
    #expect(encoder.noCommand == encoder.input(for: ""))
    #expect(distance(encode([encoder.noCommand]), encode(["push red"])) > 1e-2)
    var none = encoder.noCommand
    var stream = RandomStream(seed: 1)
    none.withUnsafeMutableBufferPointer { encoder.augment($0, using: &stream) }
    #expect(none == encoder.noCommand)
  }

  @Test func augmentingHidesWholeWords() throws {
    var settings = LearnedTextSettings(commands: Self.commands, vocabularyLimit: 40, wordDropout: 0.25, strayWords: 0)
    var layout = ParameterLayout()
    let encoder = try CommandEncoder(&layout, "text", configuration: .learned(settings), outputWidth: 8)
    let vocabulary = settings.vocabulary
    let command = "push the red block to the blue zone"
    let words = CommandWords.words(in: command).map { vocabulary.identifiers(of: $0).map(Float.init) }
    let input = encoder.input(for: command)
    var stream = RandomStream(seed: 3)
    var hidden = 0
    for _ in 0..<500 {
      var row = input
      row.withUnsafeMutableBufferPointer { encoder.augment($0, using: &stream) }
      // Each word is whole, or one unknown piece; then padding.
      var rest = row[...]
      for word in words {
        if rest.first == Float(BytePairVocabulary.unknown) {
          rest = rest.dropFirst()
          hidden += 1
        } else {
          #expect(Array(rest.prefix(word.count)) == word)
          rest = rest.dropFirst(word.count)
        }
      }
      #expect(rest.allSatisfy { $0 == 0 })
    }
    #expect(abs(Double(hidden) / 4000 - 0.25) < 0.03)
    settings.wordDropout = 0
    let plain = try CommandEncoder(&layout, "plain", configuration: .learned(settings), outputWidth: 8)
    var row = input
    row.withUnsafeMutableBufferPointer { plain.augment($0, using: &stream) }
    #expect(row == input)
  }

  @Test func augmentingPutsStrayPiecesBetweenWords() throws {
    let settings = LearnedTextSettings(commands: Self.commands, wordDropout: 0, strayWords: 0.3)
    var layout = ParameterLayout()
    let encoder = try CommandEncoder(&layout, "text", configuration: .learned(settings), outputWidth: 8)
    let command = "push red"
    let pieces = settings.vocabulary.identifiers(of: command).map(Float.init)
    let input = encoder.input(for: command)
    var stream = RandomStream(seed: 3)
    var unchanged = 0
    for _ in 0..<500 {
      var row = input
      row.withUnsafeMutableBufferPointer { encoder.augment($0, using: &stream) }
      if row == input { unchanged += 1 }
      #expect(row.allSatisfy { (0..<Float(settings.vocabulary.count)).contains($0) })
      // The command's pieces are all there, in order, and padding comes last.
      var rest = pieces[...]
      for piece in row where piece == rest.first { rest = rest.dropFirst() }
      #expect(rest.isEmpty || !row.contains(0), "only a full row lacks any")
      let length = row.count { $0 != 0 }
      #expect(row[length...].allSatisfy { $0 == 0 })
    }
    #expect(abs(Double(unchanged) / 500 - 0.49) < 0.08, "two words, 70 % of which have nothing before them")
  }

  @Test func unknownWordsAreTold() {
    #expect(encoder.unknownWords(in: "push the fox") == ["fox"])
    #expect(encoder.unknownWords(in: "빨간 블록") == [])
  }

  @Test func savedAndRead() throws {
    for configuration in [
      encoder.configuration, .miniLM(MiniLMTextSettings(tokens: 3)),
    ] {
      let data = try JSONEncoder().encode(configuration)
      #expect(try JSONDecoder().decode(CommandEncoder.Configuration.self, from: data) == configuration)
    }
    #expect(throws: UserError.self) {
      try JSONDecoder().decode(CommandEncoder.Configuration.self, from: Data(#"{"bert": {}}"#.utf8))
    }
  }

  @Test func badSettings() throws {
    func message(_ change: (inout LearnedTextSettings) -> Void) throws -> String {
      var settings = LearnedTextSettings(commands: Self.commands)
      change(&settings)
      var layout = ParameterLayout()
      let error = #expect(throws: UserError.self) {
        try CommandEncoder(&layout, "text", configuration: .learned(settings), outputWidth: 8)
      }
      return error?.message ?? ""
    }
    #expect(try message { $0.heads = 5 }.contains("multiple of text.heads"))
    #expect(try message { $0.width = 4 }.contains("text.width"))
    #expect(try message { $0.tokens = 0 }.contains("text.tokens"))
    #expect(try message { $0.maximumPieces = 1000 }.contains("text.maximumPieces"))
    #expect(try message { $0.layers = 0 }.contains("text.layers"))
    #expect(try message { $0.wordDropout = 1 }.contains("text.wordDropout"))
    #expect(try message { $0.strayWords = -0.1 }.contains("text.strayWords"))
  }
}
