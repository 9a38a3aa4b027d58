// Stopping and going on: everything a run needs to continue bit-identically.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarTensorFiles

extension Trainer {
  private static let tensorFile = "training_state.safetensors"

  /// Whether a folder holds the state of an unfinished run.
  public static func hasState(in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(tensorFile).path)
  }

  /// Saves weights, moments, averages and counters as `training_state.safetensors`.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public func saveState(in folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var file = TensorFileWriter(metadata: [
      "counters": String(decoding: try encoder.encode(counters), as: UTF8.self),
      "configuration": String(decoding: try encoder.encode(configuration), as: UTF8.self),
      "policy": try policyText,
    ])
    for (name, buffer) in buffers { file.add(name, shape: [buffer.count], values: buffer.array) }
    try file.write(to: folder.appendingPathComponent(Trainer.tensorFile))
  }

  /// Takes up a run where it was left.
  ///
  /// - Throws: `UserError` where the state is damaged or belongs to other settings.
  public func restoreState(from folder: URL) throws {
    let url = folder.appendingPathComponent(Trainer.tensorFile)
    let file = try TensorFile(reading: url)
    let decoder = JSONDecoder()
    guard let saved = file.metadata["configuration"], let counterText = file.metadata["counters"],
      let savedConfiguration = try? decoder.decode(
        TrainingConfiguration.self, from: Data(saved.utf8)),
      let counters = try? decoder.decode(Counters.self, from: Data(counterText.utf8)),
      (0...savedConfiguration.steps).contains(counters.step)
    else {
      throw UserError("\(url.path) is no training state of this program; delete it to start afresh")
    }
    var expected = configuration
    expected.threads = savedConfiguration.threads
    guard savedConfiguration == expected, file.metadata["policy"] == (try policyText) else {
      throw UserError(
        "\(url.path) belongs to a run with other settings or labels; repeat them to resume, or choose another folder to start afresh"
      )
    }
    for (name, buffer) in buffers {
      buffer.copy(from: FloatBuffer(try file.floats(name, shape: [buffer.count])))
    }
    self.counters = counters
  }

  /// Deletes the state of a finished run.
  public static func removeState(in folder: URL) {
    try? FileManager.default.removeItem(at: folder.appendingPathComponent(tensorFile))
  }

  /// The policy in words and numbers: head and sizes, and through vocabulary and normalization the labels too.
  /// Heads of different kinds can have the same tensors.
  private var policyText: String {
    get throws {
      var description = policy.configuration
      description.provenance = [:]
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return String(decoding: try encoder.encode(description), as: UTF8.self)
    }
  }

  private var buffers: [(String, FloatBuffer)] {
    [("weights", policy.parameters.values), ("average", average.values)]
      + optimizer.state.map { ($0.name, $0.buffer) }
  }
}
