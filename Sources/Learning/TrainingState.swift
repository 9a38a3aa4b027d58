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

  /// Saves weights, moments, averages and counters as `training_state.safetensors`, with a checksum over all of them.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public func saveState(in folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var texts = [
      "counters": String(decoding: try encoder.encode(counters), as: UTF8.self),
      "configuration": String(decoding: try encoder.encode(configuration), as: UTF8.self),
      "policy": try policyText,
    ]
    let tensors = buffers.map { ($0.0, $0.1.array) }
    texts[Self.checksumKey] = Self.checksum(of: texts, tensors)
    var file = TensorFileWriter(metadata: texts)
    for (name, values) in tensors { file.add(name, shape: [values.count], values: values) }
    try file.write(to: folder.appendingPathComponent(Trainer.tensorFile))
  }

  /// Takes up a run where it was left. Nothing is changed where that is not possible.
  ///
  /// - Throws: `UserError` where the state is damaged or belongs to other settings.
  public func restoreState(from folder: URL) throws {
    let url = folder.appendingPathComponent(Trainer.tensorFile)
    let file = try TensorFile(reading: url)
    try Self.requireWhole(file)
    let decoder = JSONDecoder()
    guard let saved = file.metadata["configuration"], let counterText = file.metadata["counters"],
      let savedConfiguration = try? decoder.decode(
        TrainingConfiguration.self, from: Data(saved.utf8)),
      let counters = try? decoder.decode(Counters.self, from: Data(counterText.utf8)),
      counters.arePossible(within: savedConfiguration.steps)
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
    let restored = try buffers.map { name, buffer in try file.floats(name, shape: [buffer.count]) }
    for ((_, buffer), values) in zip(buffers, restored) { buffer.copy(from: FloatBuffer(values)) }
    self.counters = counters
  }

  private static let checksumKey = "checksum"

  /// - Throws: `UserError` where a state is not as it was saved; older programs have saved no checksum.
  private static func requireWhole(_ file: TensorFile) throws {
    var texts = file.metadata
    let noted = texts.removeValue(forKey: checksumKey)
    guard Set(texts.keys) == ["counters", "configuration", "policy"] else {
      throw UserError(
        "\(file.url.path) is no training state of this program, or a damaged one; start afresh with --overwrite")
    }
    guard let wanted = noted else { return }
    let names = file.names
    let isReadable = try names.allSatisfy { try file.tensor($0).type == .float32 }
    let found = isReadable ? checksum(of: texts, try names.map { ($0, try file.floats($0)) }) : "none"
    guard found == wanted else {
      throw UserError(
        "\(file.url.path) has the checksum \(found), but was saved with \(shortened(wanted)): bytes of the file have changed; start afresh with --overwrite"
      )
    }
  }

  /// One checksum of the checksums of all parts, each with its name.
  private static func checksum(of texts: [String: String], _ tensors: [(name: String, values: [Float])]) -> String {
    let parts =
      texts.map { "\($0.key) \(Checksum.text(of: Data($0.value.utf8)))" }
      + tensors.map { tensor in
        let sum = tensor.values.withUnsafeBytes { Checksum.text(of: Data($0)) }
        return "\(tensor.name) \(tensor.values.count) \(sum)"
      }
    return Checksum.text(of: Data(parts.sorted().joined(separator: "\n").utf8))
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
