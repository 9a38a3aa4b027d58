// A trained policy on disk: a folder with config.json and model.safetensors.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarTensorFiles

/// Reading and writing checkpoint folders.
public enum Checkpoint {
  public static let configurationFile = "config.json"
  public static let weightsFile = "model.safetensors"

  /// Writes a policy's two files into a folder, weights first, each beside its place and then renamed. Other
  /// files of the folder stay.
  ///
  /// - Throws: `UserError` where the folder cannot be written.
  public static func save(_ policy: TrainedPolicy, to folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var file = TensorFileWriter(metadata: ["format": "pt"])
      policy.network.layout.add(policy.weights, to: &file)
      try file.write(to: folder.appendingPathComponent(weightsFile))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(policy.configuration)
        .write(to: folder.appendingPathComponent(configurationFile), options: .atomic)
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
    let network: PolicyNetwork
    do {
      network = try PolicyNetwork(configuration(of: folder))
    } catch let error as UserError where !error.message.contains(configurationFile) {
      throw UserError("\(folder.appendingPathComponent(configurationFile).path): \(error.message)")
    }
    let file = try TensorFile(reading: folder.appendingPathComponent(weightsFile))
    let policy = TrainedPolicy(network: network, weights: try network.layout.read(from: file))
    return try steps.map { try policy.settingSteps($0) } ?? policy
  }

  /// Reads what a checkpoint is, without its weights: which features it needs, for instance.
  ///
  /// - Throws: `UserError` where the file is missing or is no configuration; sizes are not checked.
  public static func configuration(of folder: URL) throws -> PolicyConfiguration {
    let url = folder.appendingPathComponent(configurationFile)
    guard let data = try? Data(contentsOf: url) else {
      throw UserError(
        "\(url.path) cannot be read; a checkpoint is a folder with \(configurationFile) and \(weightsFile)"
      )
    }
    do {
      return try JSONDecoder().decode(PolicyConfiguration.self, from: data)
    } catch let error as UserError {
      throw UserError("\(url.path): \(error.message)")
    } catch let error as DecodingError {
      throw UserError("\(url.path): \(describe(error))")
    }
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
