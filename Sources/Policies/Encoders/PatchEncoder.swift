// Pictures to a grid of features as a vision transformer (Dosovitskiy et al. 2021) does it.
//
//   picture [H, W, 3·frames] ─ patches P × P, linear ─ + position ─► transformer layers ─► [H/P, W/P, width]

import PlanarNeuralNetworks

/// Patches, position embeddings, transformer layers.
struct PatchEncoder: Sendable {
  private let patches: Convolution2D
  private let positions: Embedding
  private let layers: [TransformerLayer]

  /// - Parameters:
  ///   - inputs: channels of the stacked pictures.
  ///   - cells: patches of a picture.
  init(
    _ layout: inout ParameterLayout, _ name: String, patch: Int, inputs: Int, cells: Int,
    trunk: ContextTrunk.Configuration, layers count: Int
  ) {
    patches = Convolution2D(
      &layout, name + ".patches", inputs: inputs, outputs: trunk.width, kernel: patch, stride: patch)
    positions = Embedding(
      &layout, name + ".positions", entries: cells, width: trunk.width, deviation: 0.3)
    layers = (0..<count).map {
      TransformerLayer(
        &layout, "\(name).layers.\($0)", width: trunk.width, heads: trunk.heads,
        feedForward: trunk.feedForward)
    }
  }

  /// `[rows, H, W, inputs]` → `[rows, H/P, W/P, width]`.
  func features(_ pictures: Tensor, on tape: Tape) -> Tensor {
    let grid = tape.convolution(pictures, patches)
    let shape = grid.shape
    let flat = tape.reshape(grid, Shape(shape[0], shape[1] * shape[2], shape[3]))
    var x = tape.addBroadcast(flat, tape.rows(of: positions, batch: 1))
    for layer in layers { x = layer(x, keeping: x.shape[1], on: tape) }
    return tape.reshape(x, shape)
  }
}
