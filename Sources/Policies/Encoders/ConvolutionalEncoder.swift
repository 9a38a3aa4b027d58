// Pictures to a grid of features as RT-1 (Brohan et al. 2022) does it: convolutions that the command modulates.
//
//   picture [H, W, 3·frames] ─ conv/2 ─ conv/2 ─ conv … (each: group norm, FiLM, SiLU) ─► [H/4, W/4, C]
//                                          command ─ linear ─┘

import PlanarNeuralNetworks

/// Strided convolutions with FiLM.
struct ConvolutionalEncoder: Sendable {
  private struct Block {
    let convolution: Convolution2D
    let norm: GroupNorm
  }

  private let blocks: [Block]
  private let film: Film
  /// Channels of the grid.
  let outputs: Int

  /// - Parameters:
  ///   - inputs: channels of the stacked pictures.
  ///   - textWidth: numbers of the command, tokens · width.
  init(
    _ layout: inout ParameterLayout, _ name: String, channels: [Int], inputs: Int, textWidth: Int
  ) {
    var blocks: [Block] = []
    for (i, outputs) in channels.enumerated() {
      blocks.append(
        Block(
          convolution: Convolution2D(
            &layout, "\(name).convolutions.\(i)", inputs: i == 0 ? inputs : channels[i - 1],
            outputs: outputs, kernel: i == 0 ? 5 : 3, stride: i < 2 ? 2 : 1, padding: i == 0 ? 2 : 1),
          norm: GroupNorm(
            &layout, "\(name).norms.\(i)", groups: outputs / 8, channels: outputs)))
    }
    self.blocks = blocks
    film = Film(&layout, name + ".film", inputs: textWidth, widths: channels)
    outputs = channels[channels.count - 1]
  }

  /// `[rows, H, W, inputs]` under `text` `[rows, tokens, width]` → `[rows, H/4, W/4, C]`.
  func features(_ pictures: Tensor, text: Tensor, on tape: Tape) -> Tensor {
    let film = film(text, on: tape)
    var x = pictures
    for (i, block) in blocks.enumerated() {
      let normed = tape.groupNorm(tape.convolution(x, block.convolution), block.norm)
      x = tape.activate(self.film.modulate(normed, block: i, by: film, on: tape), .silu)
    }
    return x
  }
}
