// What a policy learns behind MiniLM: which of a command's tokens say what it needs to know.
//
//   token states [B, L, 384] ─► keys, values ─► pooling by 4 learned queries ─► [B, 4, output width]
//
// Choice: the network could read the one embedding of a sentence instead, 384 numbers. On commands of `push` whose
// wordings nobody planned for (Assets/wordings/push-own.txt) a classifier behind the embedding found colour, shape and
// zone of 95 %, behind the tokens' states of 99 %: a mean over all words keeps less of the one that says "left".

import PlanarNeuralNetworks
import PlanarCore

/// A small network from the states of a command's tokens to text tokens.
struct TokenStateEncoder: Sendable {
  let settings: MiniLMTextSettings
  let model: MiniLM
  private let queries: Embedding
  private let keyValue: Linear
  private let output: Linear

  /// Registers the network's parameters under `name.`.
  init(
    _ layout: inout ParameterLayout, _ name: String, _ settings: MiniLMTextSettings, model: MiniLM,
    outputWidth: Int
  ) {
    self.settings = settings
    self.model = model
    queries = Embedding(&layout, name + ".queries", entries: settings.tokens, width: settings.width, deviation: 1)
    keyValue = Linear(&layout, name + ".key_value", inputs: MiniLM.width, outputs: 2 * settings.width)
    output = Linear(&layout, name + ".output", inputs: settings.width, outputs: outputWidth)
  }

  var inputCount: Int { settings.maximumPieces * MiniLM.width }

  /// The states of a command's tokens, then zeros; tokens beyond `maximumPieces` are cut off.
  func input(for command: String) -> [Float] {
    let states = model.tokenStates(of: command).prefix(inputCount)
    return states + [Float](repeating: 0, count: inputCount - states.count)
  }

  /// `[rows, maximumPieces, 384]` states → `[rows, tokens, outputWidth]`. Tokens of zeros have no influence.
  func encode(_ states: UnsafeBufferPointer<Float>, rows: Int, on tape: Tape) -> Tensor {
    let (length, width) = (settings.maximumPieces, MiniLM.width)
    let mask = tape.input(Shape(rows, length)) { target in
      for i in 0..<target.count { target[i] = isZero(states, from: i * width, count: width) ? 0 : 1 }
    }
    let x = tape.input(Shape(rows, length, width)) { _ = $0.update(fromContentsOf: states) }
    let pooled = tape.attention(
      queries: tape.rows(of: queries, batch: rows), keysValues: tape.linear(x, keyValue),
      heads: settings.heads, keyMask: mask)
    return tape.linear(pooled, output)
  }
}

/// Whether a run of numbers is all zeros: padding, or a token that was hidden.
private func isZero(_ numbers: UnsafeBufferPointer<Float>, from start: Int, count: Int) -> Bool {
  for i in start..<start + count where numbers[i] != 0 { return false }
  return true
}
