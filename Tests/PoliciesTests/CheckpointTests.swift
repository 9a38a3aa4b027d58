// Checkpoints: the same policy comes back, and damaged ones are refused in words.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarTensorFiles
import Testing

@Suite final class CheckpointTests {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("planar-checkpoint-\(UUID().uuidString)")

  deinit { try? FileManager.default.removeItem(at: folder) }

  func saved(_ name: String = "flow") throws -> TrainedPolicy {
    let policy = try TrainablePolicy(
      TinyTask.configuration(try HeadChoice(named: name).options, seed: 11))
    let trained = policy.policy(weights: policy.parameters.values)
    try Checkpoint.save(trained, to: folder)
    return trained
  }

  func predict(_ policy: TrainedPolicy) -> [ActionChunk] {
    var stream = RandomStream(seed: 1)
    var requests = (0..<3).map { TinyTask.request(TinyTask.scene(&stream), noise: UInt64($0)) }
    return policy.makeInference(batch: 4).predict(&requests)
  }

  /// The message with which loading fails.
  func refusal() -> String {
    do {
      _ = try Checkpoint.load(folder)
      return "loaded"
    } catch let error as UserError {
      return error.message
    } catch {
      return "not a UserError: \(error)"
    }
  }

  func edit(_ change: (inout String) -> Void) throws {
    let url = folder.appendingPathComponent("config.json")
    var text = try String(contentsOf: url, encoding: .utf8)
    let before = text
    change(&text)
    #expect(text != before, "the edit found nothing to change")
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  /// Leaves out of the configuration which weights it goes with, as older programs did.
  func forgetChecksum() throws {
    try edit { $0.replace(/,\s*"weightsChecksum" : "[^"]*"/, with: "") }
  }

  @Test(arguments: HeadChoice.names)
  func aLoadedPolicyPredictsTheSameBits(name: String) throws {
    let policy = try saved(name)
    let loaded = try Checkpoint.load(folder)
    #expect(predict(loaded) == predict(policy))
    #expect(loaded.name == name && loaded.configuration.seed == 11)
    #expect(loaded.configuration.provenance == ["data": "synthetic"])
    #expect(loaded.features == policy.features && loaded.horizons == policy.horizons)
    // Saving again gives the same bytes.
    let weights = folder.appendingPathComponent("model.safetensors")
    let first = try Data(contentsOf: weights)
    try Checkpoint.save(loaded, to: folder)
    #expect(try Data(contentsOf: weights) == first)
  }

  /// Weights out of all proportion give no action at all, whatever a head clamps: clamping would pass them for one.
  @Test(arguments: HeadChoice.names)
  func answersBeyondMeasureAreNoActions(name: String) throws {
    _ = try saved(name)
    let url = folder.appendingPathComponent("model.safetensors")
    func write(_ scale: Float) throws {
      let file = try TensorFile(reading: url)
      var writer = TensorFileWriter(metadata: file.metadata)
      for name in file.names {
        let shape = try file.tensor(name).shape
        let numbers = (0..<shape.reduce(1, *)).map { scale * sin(Float($0) + 1) }
        writer.add(name, shape: shape, values: numbers)
      }
      try writer.write(to: url)
    }
    try write(9e5)
    try forgetChecksum()
    let chunks = predict(try Checkpoint.load(folder))
    #expect(chunks.count == 3)
    for chunk in chunks { #expect(chunk.values.contains { !$0.isFinite }, "\(chunk.values)") }
    try write(2e6)
    #expect(refusal().contains("and no training leads beyond ±1000000.0; the file is damaged"))
  }

  @Test func stepsCanBeOverridden() throws {
    let policy = try saved()
    let with10 = try Checkpoint.load(folder, steps: 10)
    #expect(predict(with10) == predict(policy))
    let with3 = try Checkpoint.load(folder, steps: 3)
    #expect(predict(with3) != predict(policy))
  }

  @Test func savingLeavesOtherFilesAloneAndNothingBesideIt() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let log = folder.appendingPathComponent("log.jsonl")
    try Data("kept".utf8).write(to: log)
    _ = try saved()
    _ = try saved("diffusion")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["config.json", "log.jsonl", "model.safetensors"])
    #expect(try Data(contentsOf: log) == Data("kept".utf8))
    #expect(try Checkpoint.load(folder).name == "diffusion")
  }

  @Test func aPlaceThatIsNoFolderIsRefusedInWords() throws {
    try Data("a file".utf8).write(to: folder)
    let error = #expect(throws: UserError.self) { try saved() }
    #expect(error?.message.contains(folder.path) == true)
    #expect(try Data(contentsOf: folder) == Data("a file".utf8))
  }

  @Test func damagedConfigurationsAreRefusedInWords() throws {
    #expect(refusal().contains("config.json cannot be read"))
    let damages: [(String, (inout String) -> Void)] = [
      (
        "there is no head 'flaw' (did you mean 'flow'?); the heads are \(HeadChoice.names.joined(separator: ", "))",
        {
          $0 = $0.replacingOccurrences(of: #""name" : "flow""#, with: #""name" : "flaw""#)
        }
      ),
      ("not valid JSON", { $0.removeLast(3) }),
      (
        ".width' is missing",
        {
          $0 = $0.replacingOccurrences(of: #""width" : 32"#, with: #""girth" : 32"#)
        }
      ),
      (
        "flow steps is -1",
        {
          $0 = $0.replacingOccurrences(of: #""steps" : 10"#, with: #""steps" : -1"#)
        }
      ),
      (
        "'trunk.heads' must be a whole number from 1 to 4096, not 0",
        {
          $0 = $0.replacingOccurrences(of: #""heads" : 2"#, with: #""heads" : 0"#)
        }
      ),
      (
        "format is 7",
        {
          $0 = $0.replacingOccurrences(of: #""format" : 2"#, with: #""format" : 7"#)
        }
      ),
      (
        "head.options.integrator",
        {
          $0 = $0.replacingOccurrences(of: #""euler""#, with: #""ruler""#)
        }
      ),
      (
        "'decoder.blocks' must be a whole number from 1 to 64, not 0",
        {
          $0 = $0.replacingOccurrences(of: #""blocks" : 2"#, with: #""blocks" : 0"#)
        }
      ),
      (
        "never trained without a command",
        {
          $0 = $0.replacingOccurrences(of: #""guidanceScale" : 1"#, with: #""guidanceScale" : 2"#)
        }
      ),
    ]
    for (message, damage) in damages {
      _ = try? FileManager.default.removeItem(at: folder)
      _ = try saved()
      try edit(damage)
      let refusal = refusal()
      #expect(refusal.contains(message) && refusal.contains("config.json"), "\(refusal)")
    }
  }

  @Test func damagedWeightsAreRefusedInWords() throws {
    let policy = try saved()
    let url = folder.appendingPathComponent("model.safetensors")
    let whole = try TensorFile(reading: url)
    func write(_ change: (inout TensorFileWriter) -> Void, without: String? = nil) throws {
      var file = TensorFileWriter(metadata: whole.metadata)
      for name in whole.names where name != without {
        file.add(name, shape: try whole.tensor(name).shape, values: try whole.floats(name))
      }
      change(&file)
      try file.write(to: url)
    }
    let name = "decoder.input.bias"
    let count = try whole.tensor(name).shape[0]
    try write({ _ in }, without: name)
    #expect(refusal().contains(name) && refusal().contains("model.safetensors"))
    try write { $0.add("another", shape: [1], values: [Float(0)]) }
    #expect(refusal().contains("'another' does not belong to this model"))
    try write { $0.add(name, shape: [count, 1], values: [Float](repeating: 0, count: count)) }
    #expect(refusal().contains(name))
    try write { $0.add(name, shape: [count], values: [Float](repeating: .nan, count: count)) }
    #expect(refusal().contains("'\(name)' holds nan"))
    try write { _ in }
    let mended = try Checkpoint.load(folder)
    #expect(predict(mended) == predict(policy))
  }

  // MARK: Two files that belong together

  private var weights: URL { folder.appendingPathComponent("model.safetensors") }

  @Test func aFlippedBitIsFound() throws {
    _ = try saved()
    var bytes = try Data(contentsOf: weights)
    // The lowest bit of a weight: finite, of the right shape, and another policy.
    bytes[bytes.count - 4] ^= 1
    try bytes.write(to: weights)
    let message = refusal()
    #expect(message.hasPrefix("\(weights.path) has the checksum crc32:"))
    #expect(message.contains("but config.json beside it names weights of crc32:"))
    #expect(message.hasSuffix("copy both files again, or train again"))
  }

  @Test func weightsOfAnotherTrainingAreFound() throws {
    _ = try saved()
    let other = folder.appendingPathComponent("other")
    let policy = try TrainablePolicy(
      TinyTask.configuration(try HeadChoice(named: "flow").options, seed: 12))
    try Checkpoint.save(policy.policy(weights: policy.parameters.values), to: other)
    try Data(contentsOf: other.appendingPathComponent("model.safetensors")).write(to: weights)
    #expect(refusal().contains("they are of another training"))
    #expect(try Checkpoint.fingerprint(of: folder) != Checkpoint.fingerprint(of: other))
  }

  @Test func checkpointsOfOlderProgramsAreRead() throws {
    let policy = try saved()
    try edit { $0.replace(/,\s*"weightsChecksum" : "[^"]*"/, with: "") }
    #expect(predict(try Checkpoint.load(folder)) == predict(policy))
  }

  /// While one checkpoint replaces another, neither is read with the other's file.
  @Test func aReplacedCheckpointLosesItsConfigurationFirst() throws {
    _ = try saved()
    // What a kill after the new weights leaves: no checkpoint.
    let partial = folder.appendingPathComponent("model.safetensors.partial")
    try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
    #expect(throws: UserError.self) { _ = try saved("act") }
    #expect(refusal().contains("config.json cannot be read"))
    try FileManager.default.removeItem(at: partial)
    _ = try saved("act")
    #expect(try Checkpoint.load(folder).name == "act")
  }
}
