// Pictures to tokens as RT-1 does it: convolutions that the command modulates, then a token learner.
//
//   picture [H, W, 3·frames] ─ conv/2 ─ conv/2 ─ conv … (each: norm, FiLM by the command, SiLU) ─► [H/4, W/4, C]
//     ─ beside each position its coordinates ─► keys, values ◄─ K learned queries ─► K tokens [K, width]

import NeuralNetworks

/// Convolutions with FiLM and a token learner.
struct ConvolutionalEncoder: Sendable {
  private struct Block {
    let convolution: Convolution2D
    let norm: GroupNorm
  }

  private let blocks: [Block]
  private let film: Film
  private let learner: TokenLearner

  /// - Parameters:
  ///   - inputs: channels of the stacked pictures.
  ///   - textWidth: numbers of the command, tokens · width.
  ///   - width: of a token.
  init(
    _ layout: inout ParameterLayout, _ name: String, channels: [Int], tokens: Int, inputs: Int,
    textWidth: Int, width: Int
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
    learner = TokenLearner(
      &layout, name + ".token_learner", inputs: channels[channels.count - 1], tokens: tokens,
      width: width)
  }

  /// `[rows, H, W, inputs]` under `text` `[rows, tokens, width]` → the features of all positions, `[rows, h, w, C]`.
  func features(_ pictures: Tensor, text: Tensor, on tape: Tape) -> Tensor {
    let film = film(text, on: tape)
    var x = pictures
    for (i, block) in blocks.enumerated() {
      let normed = tape.groupNorm(tape.convolution(x, block.convolution), block.norm)
      x = tape.activate(self.film.modulate(normed, block: i, by: film, on: tape), .silu)
    }
    return x
  }

  /// `[rows, h, w, C]` → `[rows, K, width]`.
  func tokens(_ features: Tensor, on tape: Tape) -> Tensor { learner(features, on: tape) }
}
