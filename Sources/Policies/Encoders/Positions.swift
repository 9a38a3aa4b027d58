// Where the cells of a grid lie.

import PlanarNeuralNetworks

extension Tape {
  /// Each cell's column and row in −1 … 1, for features `[rows, h, w, …]`: `[rows, h, w, 2]`.
  func cellPositions(of features: Tensor) -> Tensor {
    let (rows, height, width) = (features.shape[0], features.shape[1], features.shape[2])
    return input(Shape(rows, height, width, 2)) { target in
      var index = 0
      for _ in 0..<rows {
        for y in 0..<height {
          for x in 0..<width {
            target[index] = (2 * Float(x) + 1) / Float(width) - 1
            target[index + 1] = (2 * Float(y) + 1) / Float(height) - 1
            index += 2
          }
        }
      }
    }
  }
}
