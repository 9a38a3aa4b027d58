// A learned text encoder, small because commands are: pieces look at each other, then a few learned queries each
// gather what they need.
//
//   pieces [B, L] ─► embedding + position ─► pre-norm transformer layers ─► pooling by 4 queries
//                                                                          └─► [B, 4, output width]

import PlanarNeuralNetworks
import PlanarCore

/// Turns sub-word identifiers into a fixed number of text tokens.
struct SubwordEncoder: Sendable {
  let settings: LearnedTextSettings
  private let pieces: Embedding
  private let positions: Embedding
  private let layers: [Layer]
  private let poolNorm: LayerNorm
  private let poolQueries: Embedding
  private let poolKeyValue: Linear
  private let output: Linear

  /// Self-attention, then two linear layers, each behind a norm and around a residual.
  private struct Layer: Sendable {
    let norm: LayerNorm
    let queryKeyValue: Linear
    let mix: Linear
    let feedForwardNorm: LayerNorm
    let up: Linear
    let down: Linear

    init(_ layout: inout ParameterLayout, _ name: String, width: Int) {
      norm = LayerNorm(&layout, name + ".norm", width: width)
      queryKeyValue = Linear(&layout, name + ".query_key_value", inputs: width, outputs: 3 * width)
      mix = Linear(&layout, name + ".mix", inputs: width, outputs: width)
      feedForwardNorm = LayerNorm(&layout, name + ".feed_forward_norm", width: width)
      up = Linear(&layout, name + ".up", inputs: width, outputs: 2 * width)
      down = Linear(&layout, name + ".down", inputs: 2 * width, outputs: width)
    }
  }

  /// Registers the encoder's parameters under `name.`.
  init(_ layout: inout ParameterLayout, _ name: String, _ settings: LearnedTextSettings, outputWidth: Int) {
    let width = settings.width
    self.settings = settings
    pieces = Embedding(
      &layout, name + ".pieces", entries: settings.vocabulary.count, width: width, deviation: 1)
    positions = Embedding(
      &layout, name + ".positions", entries: settings.maximumPieces, width: width, deviation: 0.3)
    layers = (0..<settings.layers).map { Layer(&layout, "\(name).layers.\($0)", width: width) }
    poolNorm = LayerNorm(&layout, name + ".pool_norm", width: width)
    poolQueries = Embedding(
      &layout, name + ".pool_queries", entries: settings.tokens, width: width, deviation: 1)
    poolKeyValue = Linear(&layout, name + ".pool_key_value", inputs: width, outputs: 2 * width)
    output = Linear(&layout, name + ".output", inputs: width, outputs: outputWidth)
  }

  /// `[rows, maximumPieces]` identifiers → `[rows, tokens, outputWidth]`. Padding has no influence.
  ///
  /// In training, what is padding in all rows is left out; in use it is not, since another length of sums may show in the
  /// last bits, and a row's answer must not depend on the others' commands.
  func encode(_ identifiers: UnsafeBufferPointer<Float>, rows: Int, on tape: Tape) -> Tensor {
    let most = settings.maximumPieces
    let length = tape.isRecording ? longest(identifiers, rows: rows) : most
    if length == most { return encode(identifiers, rows: rows, length: length, on: tape) }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * length) { shorter in
      for row in 0..<rows {
        for i in 0..<length { shorter.initializeElement(at: row * length + i, to: identifiers[row * most + i]) }
      }
      return encode(UnsafeBufferPointer(shorter), rows: rows, length: length, on: tape)
    }
  }

  /// The pieces of the longest row, rounded up to whole vectors.
  private func longest(_ identifiers: UnsafeBufferPointer<Float>, rows: Int) -> Int {
    let most = settings.maximumPieces
    let padding = Float(BytePairVocabulary.padding)
    var longest = 1
    for row in 0..<rows {
      let pieces = identifiers[row * most..<(row + 1) * most]
      while longest < most, pieces[row * most + longest..<(row + 1) * most].contains(where: { $0 != padding }) {
        longest += 1
      }
    }
    return min(most, (longest + 3) / 4 * 4)
  }

  private func encode(
    _ identifiers: UnsafeBufferPointer<Float>, rows: Int, length: Int, on tape: Tape
  ) -> Tensor {
    let mask = tape.input(Shape(rows, length)) { target in
      for i in 0..<target.count { target[i] = identifiers[i] == Float(BytePairVocabulary.padding) ? 0 : 1 }
    }
    let embedded = tape.embed(identifiers, rows: rows, columns: length, pieces)
    let embeddedPositions = withUnsafeTemporaryAllocation(of: Int32.self, capacity: length) { indices in
      for i in 0..<length { indices.initializeElement(at: i, to: Int32(i)) }
      return tape.embed(UnsafeBufferPointer(indices), rows: 1, columns: length, positions)
    }
    var x = tape.addBroadcast(embedded, embeddedPositions)
    for layer in layers {
      let mixed = tape.attention(
        queriesKeysValues: tape.linear(tape.layerNorm(x, layer.norm), layer.queryKeyValue),
        heads: settings.heads, keyMask: mask)
      x = tape.linear(mixed, layer.mix, residual: x)
      let hidden = tape.linear(tape.layerNorm(x, layer.feedForwardNorm), layer.up, activation: .geluTanh)
      x = tape.linear(hidden, layer.down, residual: x)
    }
    let pooled = tape.attention(
      queries: tape.rows(of: poolQueries, batch: rows),
      keysValues: tape.linear(tape.layerNorm(x, poolNorm), poolKeyValue), heads: settings.heads,
      keyMask: mask)
    return tape.linear(pooled, output)
  }
}
