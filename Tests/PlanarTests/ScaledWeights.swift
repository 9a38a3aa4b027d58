// Checkpoints whose weights were multiplied, as damage or a diverged training would leave them.

import Foundation
import PlanarTensorFiles

enum ScaledWeights {
  /// Multiplies all floats of a checkpoint's weights, whose configuration then names none by their checksum.
  static func write(_ url: URL, factor: Float) throws {
    let file = try TensorFile(reading: url)
    var writer = TensorFileWriter(metadata: file.metadata)
    for name in file.names {
      let shape = try file.tensor(name).shape
      let numbers = try file.floats(name)
      writer.add(name, shape: shape, values: numbers.map { $0 * factor })
    }
    try writer.write(to: url)
    let configuration = url.deletingLastPathComponent().appendingPathComponent("config.json")
    let text = try String(contentsOf: configuration, encoding: .utf8)
    try text.replacing(/,\s*"weightsChecksum" : "[^"]*"/, with: "")
      .write(to: configuration, atomically: true, encoding: .utf8)
  }
}
