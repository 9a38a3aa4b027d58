// What a policy learns behind MiniLM: from one sentence embedding to text tokens.

import NeuralNetworks
import PlanarCore

/// A small network from sentence embeddings to text tokens.
struct SentenceEncoder: Sendable {
  let settings: MiniLMTextSettings
  let model: MiniLM
  private let mlp: MLP
  private let outputWidth: Int

  /// Registers the network's parameters under `name.`.
  init(
    _ layout: inout ParameterLayout, _ name: String, _ settings: MiniLMTextSettings, model: MiniLM,
    outputWidth: Int
  ) {
    self.settings = settings
    self.model = model
    self.outputWidth = outputWidth
    mlp = MLP(
      &layout, name + ".mlp", sizes: [MiniLM.width, settings.hidden, settings.tokens * outputWidth],
      activation: .silu)
  }

  /// `[rows, 384]` embeddings → `[rows, tokens, outputWidth]`.
  func encode(_ embeddings: UnsafeBufferPointer<Float>, rows: Int, on tape: Tape) -> Tensor {
    // Elements of a unit vector of 384 are about 1/√384 large; the network wants about 1.
    let scale = Float(MiniLM.width).squareRoot()
    let x = tape.input(Shape(rows, MiniLM.width)) { target in
      for i in target.indices { target[i] = scale * embeddings[i] }
    }
    return tape.reshape(tape.mlp(x, mlp), Shape(rows, settings.tokens, outputWidth))
  }
}
