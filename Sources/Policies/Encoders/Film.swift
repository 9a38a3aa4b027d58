// Feature-wise modulation by the command (FiLM, Perez et al. 2018), as RT-1 (Brohan et al. 2022) has it in its
// picture encoder.

import PlanarNeuralNetworks

/// One linear map from the command's tokens to the scales and shifts of all blocks. It begins at zero, so that every
/// block begins as if there were no command.
struct Film: Sendable {
  private let map: Linear
  private let starts: [Int]
  private let widths: [Int]

  /// - Parameters:
  ///   - inputs: numbers of the command, tokens · width.
  ///   - widths: channels of each block.
  init(_ layout: inout ParameterLayout, _ name: String, inputs: Int, widths: [Int]) {
    self.widths = widths
    var starts: [Int] = []
    var index = 0
    for width in widths {
      starts.append(index)
      index += 2 * width
    }
    self.starts = starts
    map = Linear(&layout, name, inputs: inputs, outputs: index, initializer: .zeros)
  }

  /// `[rows, tokens, width]` → all scales and shifts, `[rows, Σ 2·channels]`.
  func callAsFunction(_ text: Tensor, on tape: Tape) -> Tensor {
    tape.linear(tape.reshape(text, Shape(text.shape[0], text.count / text.shape[0])), map)
  }

  /// x·(1 + scale) + shift with a block's numbers; `[rows, …, channels]`.
  func modulate(_ x: Tensor, block: Int, by film: Tensor, on tape: Tape) -> Tensor {
    tape.modulate(
      x, by: film, scaleColumn: starts[block], shiftColumn: starts[block] + widths[block])
  }
}
