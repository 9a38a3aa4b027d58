// BERT's encoder (Devlin et al. 2019, arXiv 1810.04805) on our own kernels: post-norm layers, erf-GELU.
//
//   word + position + type ─► norm ─► [ attention + residual ─► norm ─► two linear layers + residual ─► norm ] × 6

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarTensorFiles

/// The layers of all-MiniLM-L6-v2, with its weights.
struct BERTEncoder: Sendable {
  static let width = 384
  private static let heads = 12
  private static let epsilon: Float = 1e-12

  /// A vector for each piece, row-major.
  private let table: [Float]
  private let weights: FloatBuffer
  private let positions: Embedding
  private let types: Embedding
  private let norm: LayerNorm
  private let layers: [Layer]

  private struct Layer: Sendable {
    let query: Linear
    let key: Linear
    let value: Linear
    let mix: Linear
    let mixNorm: LayerNorm
    let up: Linear
    let down: Linear
    let norm: LayerNorm

    /// Names and shapes as the file has them.
    init(_ layout: inout ParameterLayout, _ name: String) {
      func linear(_ part: String, _ inputs: Int = width, _ outputs: Int = width) -> Linear {
        Linear(&layout, "\(name).\(part)", inputs: inputs, outputs: outputs)
      }
      func norm(_ part: String) -> LayerNorm {
        LayerNorm(&layout, "\(name).\(part).LayerNorm", width: width, epsilon: epsilon)
      }
      query = linear("attention.self.query")
      key = linear("attention.self.key")
      value = linear("attention.self.value")
      mix = linear("attention.output.dense")
      mixNorm = norm("attention.output")
      up = linear("intermediate.dense", width, 4 * width)
      down = linear("output.dense", 4 * width, width)
      self.norm = norm("output")
    }
  }

  /// Reads the weights.
  ///
  /// - Parameter pieces: how many identifiers there are.
  /// - Throws: `UserError` where a tensor is missing or has another shape.
  init(contentsOf url: URL, pieces: Int) throws {
    let file = try TensorFile(reading: url)
    var layout = ParameterLayout()
    positions = Embedding(
      &layout, "embeddings.position_embeddings", entries: 512, width: Self.width)
    types = Embedding(&layout, "embeddings.token_type_embeddings", entries: 2, width: Self.width)
    norm = LayerNorm(&layout, "embeddings.LayerNorm", width: Self.width, epsilon: Self.epsilon)
    layers = (0..<6).map { Layer(&layout, "encoder.layer.\($0)") }
    weights = try layout.read(from: file, exclusive: false)
    table = try file.floats("embeddings.word_embeddings.weight", shape: [pieces, Self.width])
  }

  /// The last hidden states of one text, `[identifiers.count, 384]`.
  ///
  /// - Parameter onLayer: called with the states after the first norm and after every layer.
  func hiddenStates(
    of identifiers: [Int32], on tape: Tape, onLayer: (([Float]) -> Void)? = nil
  ) -> [Float] {
    let count = identifiers.count
    tape.begin(weights: weights)
    let words = tape.input(Shape(1, count, Self.width)) { target in
      for i in target.indices {
        target[i] = table[Int(identifiers[i / Self.width]) * Self.width + i % Self.width]
      }
    }
    let indices = (0..<Int32(count)).map { $0 }
    let types = [Int32](repeating: 0, count: count)
    var x = tape.add(
      words, indices.withUnsafeBufferPointer { tape.embed($0, rows: 1, columns: count, positions) })
    x = tape.add(
      x, types.withUnsafeBufferPointer { tape.embed($0, rows: 1, columns: count, self.types) })
    x = tape.layerNorm(x, norm)
    onLayer?(tape.array(x))
    for layer in layers {
      let mixed = tape.attention(
        queries: tape.linear(x, layer.query),
        keysValues: tape.concatenateChannels(tape.linear(x, layer.key), tape.linear(x, layer.value)),
        heads: Self.heads)
      x = tape.layerNorm(tape.linear(mixed, layer.mix, residual: x), layer.mixNorm)
      let hidden = tape.linear(x, layer.up, activation: .gelu)
      x = tape.layerNorm(tape.linear(hidden, layer.down, residual: x), layer.norm)
      onLayer?(tape.array(x))
    }
    return tape.array(x)
  }
}
