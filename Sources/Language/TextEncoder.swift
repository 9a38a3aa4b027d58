// A learned text encoder, small because commands are: words look at each other once, then a few learned
// queries each gather what they need.
//
//   words [B, L] ─► embedding + position ─► one pre-norm transformer layer ─► pooling by 4 queries
//                                                                            └─► [B, 4, output width]

import NeuralNetworks
import PlanarCore

/// Turns word indices into a fixed number of text tokens.
public struct TextEncoder: Sendable {
  /// Sizes.
  public struct Configuration: Codable, Hashable, Sendable {
    /// Words beyond this many are cut off; `[batch, maximumWords]` is what `encode` expects.
    public var maximumWords: Int
    public var width: Int
    public var heads: Int
    /// Text tokens that come out.
    public var tokens: Int

    public init(maximumWords: Int = 12, width: Int = 48, heads: Int = 3, tokens: Int = 4) {
      self.maximumWords = maximumWords
      self.width = width
      self.heads = heads
      self.tokens = tokens
    }
  }

  public let configuration: Configuration
  public let outputWidth: Int
  private let words: Embedding
  private let positions: Embedding
  private let norm: LayerNorm
  private let query: Linear
  private let keyValue: Linear
  private let mix: Linear
  private let feedForwardNorm: LayerNorm
  private let up: Linear
  private let down: Linear
  private let poolNorm: LayerNorm
  private let poolQueries: Embedding
  private let poolKeyValue: Linear
  private let output: Linear

  /// Registers the encoder's parameters under `name.`.
  public init(
    _ layout: inout ParameterLayout, _ name: String, vocabularyCount: Int,
    configuration: Configuration, outputWidth: Int
  ) {
    let width = configuration.width
    self.configuration = configuration
    self.outputWidth = outputWidth
    words = Embedding(
      &layout, name + ".words", entries: vocabularyCount, width: width, deviation: 1)
    positions = Embedding(
      &layout, name + ".positions", entries: configuration.maximumWords, width: width,
      deviation: 0.3)
    norm = LayerNorm(&layout, name + ".norm", width: width)
    query = Linear(&layout, name + ".query", inputs: width, outputs: width)
    keyValue = Linear(&layout, name + ".key_value", inputs: width, outputs: 2 * width)
    mix = Linear(&layout, name + ".mix", inputs: width, outputs: width)
    feedForwardNorm = LayerNorm(&layout, name + ".feed_forward_norm", width: width)
    up = Linear(&layout, name + ".up", inputs: width, outputs: 2 * width)
    down = Linear(&layout, name + ".down", inputs: 2 * width, outputs: width)
    poolNorm = LayerNorm(&layout, name + ".pool_norm", width: width)
    poolQueries = Embedding(
      &layout, name + ".pool_queries", entries: configuration.tokens, width: width, deviation: 1)
    poolKeyValue = Linear(&layout, name + ".pool_key_value", inputs: width, outputs: 2 * width)
    output = Linear(&layout, name + ".output", inputs: width, outputs: outputWidth)
  }

  /// `[rows, maximumWords]` indices → `[rows, tokens, outputWidth]`. Padding has no influence.
  public func encode(_ indices: UnsafeBufferPointer<Int32>, rows: Int, on tape: Tape) -> Tensor {
    let length = configuration.maximumWords
    precondition(
      indices.count == rows * length, "text: \(indices.count) indices are not [\(rows), \(length)]")
    let mask = tape.input(Shape(rows, length)) { target in
      for i in 0..<target.count { target[i] = indices[i] == CommandVocabulary.padding ? 0 : 1 }
    }
    let embedded = tape.embed(indices, rows: rows, columns: length, words)
    var x = tape.addBroadcast(embedded, tape.rows(of: positions, batch: 1))
    let h = tape.layerNorm(x, norm)
    let mixed = tape.attention(
      queries: tape.linear(h, query), keysValues: tape.linear(h, keyValue),
      heads: configuration.heads, keyMask: mask)
    x = tape.linear(mixed, mix, residual: x)
    let f = tape.linear(tape.layerNorm(x, feedForwardNorm), up, activation: .geluTanh)
    x = tape.linear(f, down, residual: x)
    let pooled = tape.attention(
      queries: tape.rows(of: poolQueries, batch: rows),
      keysValues: tape.linear(tape.layerNorm(x, poolNorm), poolKeyValue),
      heads: configuration.heads, keyMask: mask)
    return tape.linear(pooled, output)
  }
}
