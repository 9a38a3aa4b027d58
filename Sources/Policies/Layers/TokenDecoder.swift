// A causal transformer over tokens of actions: trained on all tokens at once, run token by token.
//
//   training    start  t₀  t₁ …  ─► causal layers, which see the context ─► logits of t₀  t₁  t₂ …
//   inference   one token a run; keys and values of the tokens before are kept

import PlanarNeuralNetworks

/// The distribution of each token given the context and the tokens before it.
public struct TokenDecoder: Sendable {
  /// Tokens that a sequence holds at most.
  public let length: Int
  /// Different tokens.
  public let classes: Int
  fileprivate let width: Int
  /// One vector a token, then that of the start.
  private let tokens: Embedding
  private let positions: Embedding
  fileprivate let layers: [DecoderLayer]
  private let norm: LayerNorm
  private let output: Linear

  /// Registers the decoder's parameters under `name`.
  ///
  /// - Parameters:
  ///   - length: tokens that a sequence holds at most.
  ///   - classes: different tokens.
  public init(
    _ layout: inout ParameterLayout, _ name: String, _ sizes: DecoderSizes, length: Int, classes: Int,
    contextWidth: Int
  ) {
    self.length = length
    self.classes = classes
    width = sizes.width
    tokens = Embedding(
      &layout, name + ".tokens", entries: classes + 1, width: sizes.width, deviation: 0.5)
    positions = Embedding(
      &layout, name + ".positions", entries: length, width: sizes.width, deviation: 0.5)
    layers = (0..<sizes.layers).map {
      DecoderLayer(&layout, "\(name).layers.\($0)", sizes, contextWidth: contextWidth)
    }
    norm = LayerNorm(&layout, name + ".norm", width: sizes.width)
    output = Linear(&layout, name + ".output", inputs: sizes.width, outputs: classes)
  }

  /// Logits `[rows, count, classes]` of every token, given those before it.
  ///
  /// - Parameters:
  ///   - labels: `[rows, count]`; negative ones stand behind a sequence's end and are never looked at.
  ///   - context: `[rows, context tokens, context width]`.
  public func logits(
    _ labels: [Int32], rows: Int, count: Int, context: Tensor, on tape: Tape
  ) -> Tensor {
    precondition(
      labels.count == rows * count && count <= length, "labels do not fit a decoder of \(length) tokens")
    var before = [Int32](repeating: Int32(classes), count: labels.count)
    for i in labels.indices where i % count != 0 { before[i] = max(0, labels[i - 1]) }
    let embedded = before.withUnsafeBufferPointer {
      tape.embed($0, rows: rows, columns: count, tokens)
    }
    let encodings = tape.tokens(tape.rows(of: positions, batch: 1), 0..<count)
    var x = tape.addBroadcast(embedded, encodings)
    for layer in layers {
      x = layer(x, context: layer.contextKeysValues(context, on: tape), causal: true, on: tape)
    }
    return tape.linear(tape.layerNorm(x, norm), output)
  }

  /// The vectors of one token a row at one position, `[rows, 1, width]`; nil stands for the start.
  fileprivate func embed(_ previous: [Int32]?, position: Int, rows: Int, on tape: Tape) -> Tensor {
    let indices = previous ?? [Int32](repeating: Int32(classes), count: rows)
    let embedded = indices.withUnsafeBufferPointer { tape.embed($0, rows: rows, columns: 1, tokens) }
    let encoding = [Int32(position)].withUnsafeBufferPointer {
      tape.embed($0, rows: 1, columns: 1, positions)
    }
    return tape.addBroadcast(embedded, encoding)
  }

  fileprivate func logits(_ x: Tensor, on tape: Tape) -> Tensor {
    tape.linear(tape.layerNorm(x, norm), output)
  }
}

/// The decoder at inference: one token of every row a run.
public final class IncrementalDecoding {
  private let decoder: TokenDecoder
  private let batch: Int
  private let tape: Tape
  /// Of each layer: keys and values of the tokens so far, and of the context.
  private var caches: [(own: Tensor, context: Tensor)] = []
  private var mask: Tensor?
  private var position = 0

  /// - Parameters:
  ///   - batch: rows of every run.
  ///   - tape: does not record.
  public init(_ decoder: TokenDecoder, batch: Int, tape: Tape) {
    self.decoder = decoder
    self.batch = batch
    self.tape = tape
    caches.reserveCapacity(decoder.layers.count)
  }

  /// Starts new sequences; `context` is `[batch, context tokens, context width]` on the decoding's tape.
  public func begin(context: Tensor) {
    position = 0
    caches.removeAll(keepingCapacity: true)
    for layer in decoder.layers {
      let own = tape.input(Shape(batch, decoder.length, 2 * decoder.width)) {
        $0.update(repeating: 0)
      }
      caches.append((own, layer.contextKeysValues(context, on: tape)))
    }
    mask = tape.input(Shape(batch, decoder.length)) { $0.update(repeating: 0) }
  }

  /// Gives the logits `[batch, classes]` of the next token to `body`.
  ///
  /// - Parameter previous: the last token of each row; nil at the start.
  public func next(
    after previous: [Int32]?, _ body: (_ logits: UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    guard let mask else { preconditionFailure("the decoding has no context yet") }
    precondition(position < decoder.length, "the decoder's \(decoder.length) tokens are all decoded")
    let length = decoder.length
    tape.withValues(of: mask) { mask in
      for row in 0..<batch { mask[row * length + position] = 1 }
    }
    let mark = tape.mark
    var x = decoder.embed(previous, position: position, rows: batch, on: tape)
    for (layer, cache) in zip(decoder.layers, caches) {
      x = layer.step(
        x, position: position, cache: cache.own, mask: mask, context: cache.context, on: tape)
    }
    tape.withValues(of: decoder.logits(x, on: tape), body)
    tape.release(to: mark)
    position += 1
  }
}
