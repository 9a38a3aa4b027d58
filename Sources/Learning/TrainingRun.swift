// One training run in a folder: log, resumable state, checkpoint.

import PlanarDatasets
import Foundation
import PlanarCore
import PlanarPolicies

/// How a training run ended.
public struct TrainingResult: Sendable {
  /// With averaged weights.
  public var policy: TrainedPolicy
  /// Whether all steps were made; false after a stop.
  public var isComplete: Bool
  /// One per validation, in order.
  public var records: [TrainingRecord]
  /// Wall time of all its gradient steps and validations, those before an interruption too.
  public var seconds: Double
}

/// Trains a policy and keeps `log.jsonl`, an event file for TensorBoard, a resumable state, and at the end the
/// checkpoint, in one folder.
public struct TrainingRun {
  /// Where checkpoints and logs are written.
  public let folder: URL
  /// Go on from the folder's training state; otherwise the run starts afresh.
  public var resume: Bool

  /// A run in a folder.
  ///
  /// - Parameter resume: whether the run in it is continued.
  public init(folder: URL, resume: Bool = false) {
    self.folder = folder
    self.resume = resume
  }

  /// Checks that there is something to go on from, where that is asked.
  ///
  /// - Throws: `UserError` where there is nothing to resume.
  public func validate() throws {
    guard !resume || Trainer.hasState(in: folder) else {
      throw UserError("\(folder.path) holds no training state to resume; start without --resume")
    }
  }

  /// Trains until the configured steps or until stopped; a stopped run leaves its state to resume from.
  ///
  /// - Parameters:
  ///   - labels: what is learned from, for the provenance.
  ///   - lesson: of a learning method; nil for the head's own loss on the labels.
  ///   - beforeStateGoes: called once the checkpoint is there, before the state is removed: what must be on the disk by
  ///     then, so that a stop at any moment leaves one or the other.
  /// - Returns: The policy with averaged weights, and whether the run is complete. Only a complete run
  ///   writes a checkpoint.
  /// - Throws: `UserError` where there is nothing to resume, the state is of another run, or a file
  ///   cannot be written.
  public func train(
    _ policy: TrainablePolicy, on labels: LabelSet, lesson: Lesson? = nil, configuration: TrainingConfiguration,
    provenance: [String: String] = [:], progress: any ProgressReporter = SilentProgress(),
    stop: StopFlag = StopFlag(), beforeStateGoes: (TrainingResult) throws -> Void = { _ in }
  ) throws -> TrainingResult {
    try validate()
    try makeFolder(folder)
    let trainer =
      try lesson.map { try Trainer(policy: policy, lesson: $0, configuration: configuration) }
      ?? Trainer(policy: policy, labels: labels, configuration: configuration)
    if resume { try trainer.restoreState(from: folder) }
    // The last good state is kept; that the training diverged is what is thrown.
    defer { if trainer.hasDiverged { try? trainer.saveState(in: folder) } }
    var lastSave = Date()
    try writeLog(trainer.records)
    let events = try EventFile(in: folder, keepingSteps: resume ? trainer.step : nil, of: trainer.records)
    try trainer.run(progress: progress, stop: stop) { record in
      try writeLog(trainer.records)
      try events.append(record.event(time: Date().timeIntervalSince1970))
      // A state is several times the size of a checkpoint, so it is not written at every record.
      if Date().timeIntervalSince(lastSave) > 30 {
        try trainer.saveState(in: folder)
        lastSave = Date()
      }
    }
    guard trainer.step == configuration.steps else {
      try trainer.saveState(in: folder)
      return TrainingResult(
        policy: trainer.trainedPolicy, isComplete: false, records: trainer.records, seconds: trainer.seconds)
    }
    var facts = provenance
    facts["training_steps"] = "\(configuration.steps)"
    facts["batch_size"] = "\(configuration.batchSize)"
    facts["learning_rate"] = "\(configuration.learningRate)"
    facts["training_seed"] = "\(configuration.seed)"
    facts["labels"] = "\(labels.count)"
    facts["label_episodes"] = "\(labels.episodeCount)"
    let trained = try trainer.trainedPolicy.addingProvenance(facts)
    try Checkpoint.save(trained, to: folder)
    let result = TrainingResult(
      policy: trained, isComplete: true, records: trainer.records, seconds: trainer.seconds)
    try beforeStateGoes(result)
    Trainer.removeState(in: folder)
    return result
  }

  /// What a run has logged.
  ///
  /// - Throws: `UserError` where its `log.jsonl` cannot be read, naming the line that is no record of a training.
  public static func records(in folder: URL) throws -> [TrainingRecord] {
    let url = folder.appendingPathComponent("log.jsonl")
    guard let data = try? Data(contentsOf: url) else {
      throw UserError("\(url.path) cannot be read as the log of a training run")
    }
    var step = 0
    return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
      guard let record = try? JSONDecoder().decode(TrainingRecord.self, from: line), record.step > step else {
        throw UserError(
          "\(url.path), line \(number + 1): not the record of a step after \(step) of a training run; train again with --overwrite"
        )
      }
      step = record.step
      return record
    }
  }

  private func writeLog(_ records: [TrainingRecord]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let lines = try records.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
    let url = folder.appendingPathComponent("log.jsonl")
    try PartialFile.write(Data(lines.joined().utf8), to: url)
  }
}
