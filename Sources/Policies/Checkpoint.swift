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

  /// Writes a policy's two files into a folder, each beside its place and then renamed. Other files of the folder stay.
  ///
  /// The configuration comes last, names the weights by their checksum, and makes the checkpoint count: one that is
  /// replaced loses its configuration first.
  ///
  /// - Throws: `UserError` where the folder cannot be written.
  public static func save(_ policy: TrainedPolicy, to folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var file = TensorFileWriter(metadata: ["format": "pt"])
      policy.network.layout.add(policy.weights, to: &file)
      let (weightsURL, configurationURL) = (
        folder.appendingPathComponent(weightsFile), folder.appendingPathComponent(configurationFile)
      )
      if FileManager.default.fileExists(atPath: configurationURL.path) {
        try FileManager.default.removeItem(at: configurationURL)
      }
      try file.write(to: weightsURL)
      var configuration = policy.configuration
      configuration.weightsChecksum = try Checksum.text(ofFile: weightsURL)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try PartialFile.write(try encoder.encode(configuration), to: configurationURL)
    } catch let error as UserError {
      throw error
    } catch {
      throw UserError(
        "checkpoint \(folder.path) cannot be written: \(systemReason(of: error)); check the folder's permissions and the free space"
      )
    }
  }

  /// Reads a checkpoint and checks all of it.
  ///
  /// - Parameter steps: denoising or integration steps instead of the checkpoint's own.
  /// - Throws: `UserError` naming file and entry: a file that is missing or no JSON, an unknown head, sizes
  ///   that make no sense, tensors that are missing, superfluous, of the wrong shape or not finite, weights that are not
  ///   those that the configuration names.
  public static func load(_ folder: URL, steps: Int? = nil) throws -> TrainedPolicy {
    let network: PolicyNetwork
    let wanted: String?
    do {
      let stored = try storedConfiguration(of: folder)
      wanted = stored.weightsChecksum
      network = try PolicyNetwork(stored.withoutChecksum)
    } catch let error as UserError where !error.message.contains(configurationFile) {
      throw UserError("\(folder.appendingPathComponent(configurationFile).path): \(error.message)")
    }
    let weightsURL = folder.appendingPathComponent(weightsFile)
    let file = try TensorFile(reading: weightsURL, renaming: ["expert.": "decoder."])
    let policy = TrainedPolicy(network: network, weights: try network.layout.read(from: file, largest: largestWeight))
    if let wanted {
      let found = try Checksum.text(ofFile: weightsURL)
      guard found == wanted else {
        throw UserError(
          "\(weightsURL.path) has the checksum \(found), but \(configurationFile) beside it names weights of \(wanted): they are of another training, or bytes of the file have changed; copy both files again, or train again"
        )
      }
    }
    return try steps.map { try policy.settingSteps($0) } ?? policy
  }

  /// Reads what a checkpoint is, without its weights: which features it needs, for instance.
  ///
  /// - Throws: `UserError` where the file is missing or is no configuration; sizes are not checked.
  public static func configuration(of folder: URL) throws -> PolicyConfiguration {
    try storedConfiguration(of: folder).withoutChecksum
  }

  /// What tells a checkpoint from others, other weights of the same kind too: the checksums of its two files.
  ///
  /// - Throws: `UserError` where one cannot be read.
  public static func fingerprint(of folder: URL) throws -> String {
    try [configurationFile, weightsFile].map { try Checksum.text(ofFile: folder.appendingPathComponent($0)) }
      .joined(separator: " ")
  }

  private static func storedConfiguration(of folder: URL) throws -> PolicyConfiguration {
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

extension PolicyConfiguration {
  fileprivate var withoutChecksum: PolicyConfiguration {
    var configuration = self
    configuration.weightsChecksum = nil
    return configuration
  }
}
