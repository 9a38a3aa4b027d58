// A trained policy on disk: a folder with config.json and model.safetensors.

import Foundation
import NeuralNetworks
import PlanarCore
import TensorFiles

/// Reading and writing checkpoint folders.
public enum Checkpoint {
  public static let configurationFile = "config.json"
  public static let weightsFile = "model.safetensors"

  /// Writes a policy's folder: beside its place, then renamed, so that a reader never meets half of one.
  /// A checkpoint that is there already is replaced.
  ///
  /// - Throws: `UserError` where the folder cannot be written, or is something else than a checkpoint.
  public static func save(_ policy: TrainedPolicy, to folder: URL) throws {
    let manager = FileManager.default
    let replaces = manager.fileExists(atPath: folder.path)
    if replaces,
      !manager.fileExists(atPath: folder.appendingPathComponent(configurationFile).path)
    {
      throw UserError(
        "\(folder.path) exists and is not a checkpoint (it has no \(configurationFile)); name another folder"
      )
    }
    let name = folder.lastPathComponent
    let parent = folder.deletingLastPathComponent()
    let partial = parent.appendingPathComponent(".\(name).partial-\(UUID().uuidString)")
    do {
      try manager.createDirectory(at: partial, withIntermediateDirectories: true)
      defer { try? manager.removeItem(at: partial) }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(policy.configuration)
        .write(to: partial.appendingPathComponent(configurationFile))
      var file = TensorFileWriter(metadata: ["format": "pt"])
      policy.network.layout.add(policy.weights, to: &file)
      try file.write(to: partial.appendingPathComponent(weightsFile))
      if replaces {
        let old = parent.appendingPathComponent(".\(name).old-\(UUID().uuidString)")
        try manager.moveItem(at: folder, to: old)
        do {
          try manager.moveItem(at: partial, to: folder)
        } catch {
          try? manager.moveItem(at: old, to: folder)
          throw error
        }
        try? manager.removeItem(at: old)
      } else {
        try manager.moveItem(at: partial, to: folder)
      }
    } catch let error as UserError {
      throw error
    } catch {
      throw UserError(
        "checkpoint \(folder.path) cannot be written: \(error.localizedDescription); check the folder's permissions and the free space"
      )
    }
  }

  /// Reads a checkpoint and checks all of it.
  ///
  /// - Parameter steps: denoising or integration steps instead of the checkpoint's own.
  /// - Throws: `UserError` naming file and entry: a file that is missing or no JSON, an unknown head, sizes
  ///   that make no sense, tensors that are missing, superfluous, of the wrong shape or not finite.
  public static func load(_ folder: URL, steps: Int? = nil) throws -> TrainedPolicy {
    let url = folder.appendingPathComponent(configurationFile)
    guard let data = try? Data(contentsOf: url) else {
      throw UserError(
        "\(url.path) cannot be read; a checkpoint is a folder with \(configurationFile) and \(weightsFile)"
      )
    }
    let network: PolicyNetwork
    do {
      network = try PolicyNetwork(JSONDecoder().decode(PolicyConfiguration.self, from: data))
    } catch let error as UserError {
      throw UserError("\(url.path): \(error.message)")
    } catch let error as DecodingError {
      throw UserError("\(url.path): \(describe(error))")
    }
    let file = try TensorFile(reading: folder.appendingPathComponent(weightsFile))
    let policy = TrainedPolicy(network: network, weights: try network.layout.read(from: file))
    return try steps.map { try policy.settingSteps($0) } ?? policy
  }

  /// A decoding error as a sentence with the entry's path.
  private static func describe(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        .joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      let place = path(context)
      return "the entry '\(place.isEmpty ? "" : place + ".")\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "the entry '\(path(context))' has the wrong type (\(context.debugDescription))"
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      return "the file is not valid JSON; restore it from where the checkpoint was made"
    case .dataCorrupted(let context):
      return "the entry '\(path(context))' is not valid (\(context.debugDescription))"
    @unknown default: return "\(error)"
    }
  }
}
