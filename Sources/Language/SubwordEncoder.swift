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
  func encode(_ identifiers: UnsafeBufferPointer<Float>, rows: Int, on tape: Tape) -> Tensor {
    let length = settings.maximumPieces
    let mask = tape.input(Shape(rows, length)) { target in
      for i in 0..<target.count { target[i] = identifiers[i] == Float(BytePairVocabulary.padding) ? 0 : 1 }
    }
    let embedded = tape.embed(identifiers, rows: rows, columns: length, pieces)
    var x = tape.addBroadcast(embedded, tape.rows(of: positions, batch: 1))
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
