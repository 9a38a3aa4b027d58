// A trained policy on disk: a folder with config.json and model.safetensors.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarTensorFiles

/// Reading and writing checkpoint folders.
public enum Checkpoint {
  /// The file of the configuration within a checkpoint's folder.
  public static let configurationFile = "config.json"
  /// The file of the weights within a checkpoint's folder.
  public static let weightsFile = "model.safetensors"

  /// No training leads to weights as large as this: their products hide every answer.
  static let largestWeight: Float = 1e6

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
    let file = try TensorFile(
      reading: folder.appendingPathComponent(weightsFile), renaming: ["expert.": "decoder."])
    let policy = TrainedPolicy(network: network, weights: try network.layout.read(from: file, largest: largestWeight))
    return try steps.map { try policy.settingSteps($0) } ?? policy
  }

  /// Reads what a checkpoint is, without its weights: which features it needs, for instance.
  ///
  /// - Throws: `UserError` where the file is missing or is no configuration; sizes are not checked.
  public static func configuration(of folder: URL) throws -> PolicyConfiguration {
    let url = folder.appendingPathComponent(configurationFile)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw UserError(
        "\(url.path) cannot be read; a checkpoint is a folder with \(configurationFile) and \(weightsFile)"
      )
    }
    let node = try SettingsNode(json: settingsText(URL(fileURLWithPath: url.path)), file: url.path)
    let configuration = try node.decode(PolicyConfiguration.self)
    // Other formats are refused for that.
    if configuration.format == PolicyConfiguration.currentFormat { try node.refuseUnknownKeys() }
    return configuration
  }
}
