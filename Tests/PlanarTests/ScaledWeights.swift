// Checkpoints whose weights were multiplied, as damage or a diverged training would leave them.

import Foundation
import PlanarTensorFiles

enum ScaledWeights {
  /// Multiplies all floats of a file of tensors.
  static func write(_ url: URL, factor: Float) throws {
    let file = try TensorFile(reading: url)
    var writer = TensorFileWriter(metadata: file.metadata)
    for name in file.names {
      let shape = try file.tensor(name).shape
      let numbers = try file.floats(name)
      writer.add(name, shape: shape, values: numbers.map { $0 * factor })
    }
    try writer.write(to: url)
  }
}
