// A recipe carried out: data, training, measurements, card.

import PlanarArmEnvironments
import PlanarDatasets
import Foundation
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface

/// Makes a recipe's checkpoint in a folder.
///
/// ```
///   recipe.json ─► labels ─► config.json, model.safetensors ─► measured.json ─► MODEL-CARD.md
///                              log.jsonl, events.out.tfevents.…
/// ```
///
/// A run that was stopped goes on with `resumes`: to the bits of one that was not.
public struct RecipeRun {
  /// What is made.
  public var recipe: Recipe
  /// Where the checkpoint is written.
  public var folder: URL
  /// How many threads work; the bits do not depend on it.
  public var threads: Int
  /// Go on with the unfinished run of the same recipe in `folder`.
  public var resumes = false
  /// Refuse datasets with damaged shards.
  public var isStrict = false
  /// Measure what the recipe's evaluation lists.
  public var measures = true
  /// For the card: where the recipe is from, and what was changed of it.
  public var origin = RecipeOrigin()
  /// Told what goes on, a line at a time.
  public var onNote: (String) -> Void = { _ in }
  /// Called with each problem that does not stop the run.
  public var onWarning: (String) -> Void = { _ in }

  /// A run of a recipe.
  public init(_ recipe: Recipe, folder: URL, threads: Int) {
    self.recipe = recipe
    self.folder = folder
    self.threads = threads
    self.recipe.training.threads = threads
  }

  /// How a run ended.
  public enum Ending: Equatable, Sendable {
    /// There is a checkpoint, and a card.
    case complete
    /// Stopped while data were collected: nothing is kept but what the method keeps, such as DAgger its rounds.
    case stoppedBeforeTraining
    /// Stopped in training: the state is kept.
    case stoppedInTraining
    /// Stopped while measuring: the checkpoint is kept, and what is measured.
    case stoppedInMeasuring
  }

  /// Carries the recipe out.
  ///
  /// - Throws: `UserError` where the recipe cannot be carried out, or there is nothing to resume.
  public func run(
    progress: any ProgressReporter = SilentProgress(), stop: StopFlag = StopFlag()
  ) throws -> Ending {
    try recipe.validate()
    var run = self
    run.recipe = try recipe.withEnvironmentOfDataset()
    try run.requireFolderForCheckpoint()
    // What the measuring needs is missed before the training, not after.
    if measures, !recipe.evaluation.conditions.isEmpty { _ = try EnvironmentLibrary.folder(of: run.recipe.environment) }
    return try run.carryOut(progress, stop)
  }

  private func carryOut(_ progress: any ProgressReporter, _ stop: StopFlag) throws -> Ending {
    if resumes {
      try requireState()
      if exists(ModelCard.file) {
        removeLeftovers()
        return .complete
      }
    }
    let source = try recipe.loadSource()
    var times = RunTimes(threads: threads)
    let trained: TrainedPolicy
    var records: [TrainingRecord]
    if resumes, let known = try RunTimes(reading: folder) {
      // Only the measuring is left.
      trained = try Checkpoint.load(folder)
      records = try TrainingRun.records(in: folder)
      times = known
      Trainer.removeState(in: folder)
    } else {
      let started = Date()
      let learning = RecipeLearning(
        recipe, folder: folder, threads: threads, isStrict: isStrict, resumes: resumes, onNote: onNote,
        progress: progress, stop: stop)
      // Data may take hours: what would be refused after it is refused now.
      try recipe.validateNetworks(source: source)
      let data = try learning.data()
      guard !stop.isRaised else { return .stoppedBeforeTraining }
      times.collecting = Date().timeIntervalSince(started)
      data.warnings.forEach(onWarning)
      let policy = try recipe.makePolicy(for: data, source: source)
      warnOfUnread(data.labels.commands, by: policy.cutOff)
      onNote(
        "\(recipe.head.name), \(policy.parameters.layout.parameterCount) parameters, \(data.labels.count) labels of \(data.labels.episodeCount) episodes"
      )
      try write(recipe.json(), to: Self.recipeFile)
      let result = try TrainingRun(folder: folder, resume: resumes && Trainer.hasState(in: folder)).train(
        policy, on: data.labels,
        lesson: recipe.method.method.lesson(for: policy, on: data.labels, in: learning),
        configuration: recipe.training, provenance: data.provenance,
        progress: progress, stop: stop,
        beforeStateGoes: { result in
          times.training = result.seconds
          try times.write(to: folder)
        })
      guard result.isComplete else { return .stoppedInTraining }
      (trained, records) = (result.policy, result.records)
    }
    let started = Date()
    let summaries = measures ? try measure(trained, progress: progress, stop: stop) : []
    guard !stop.isRaised else { return .stoppedInMeasuring }
    times.measuring = Date().timeIntervalSince(started)
    let card = ModelCard(
      recipe: recipe, origin: origin, policy: trained, records: records, times: times, summaries: summaries)
    try write(Data(card.text.utf8), to: ModelCard.file)
    removeLeftovers()
    return .complete
  }

  /// Whether the folder holds something that `resumes` goes on with.
  public var isBegun: Bool { exists(Self.recipeFile) }

  /// What is made, by which a run is known again.
  static let recipeFile = "recipe.json"

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }

  /// Removes what was kept for going on.
  private func removeLeftovers() {
    RunTimes.remove(from: folder)
    recipe.method.method.removeLeftovers(from: folder)
  }

  /// Refuses the folder of a dataset, whose files a checkpoint would stand among.
  private func requireFolderForCheckpoint() throws {
    guard !FileManager.default.fileExists(atPath: folder.appendingPathComponent("info.json").path) else {
      throw UserError("\(folder.relativePath) holds a dataset; give the checkpoint a folder of its own with --output")
    }
  }

  private func requireState() throws {
    guard isBegun else {
      throw UserError("\(folder.path) holds no training state to resume; start without --resume")
    }
    guard let saved = try? Data(contentsOf: folder.appendingPathComponent(Self.recipeFile)),
      saved == (try recipe.json())
    else {
      throw UserError(
        "\(folder.path) holds a run of another recipe or other settings (\(Self.recipeFile)); repeat them to resume, or choose another folder to start afresh"
      )
    }
  }

  func write(_ data: Data, to file: String) throws {
    let url = folder.appendingPathComponent(file)
    try makeFolder(folder)
    try PartialFile.write(data, to: url)
  }
}

/// Seconds that a run took; in a file of its own between training and the card, which alone keeps them.
package struct RunTimes: Codable, Equatable {
  var threads: Int
  var collecting = 0.0
  var training = 0.0
  var measuring = 0.0

  init(threads: Int) { self.threads = threads }

  private static func url(in folder: URL) -> URL { folder.appendingPathComponent("times.json") }

  /// Reads the file of a folder; nil where there is none.
  ///
  /// - Throws: `UserError` where it does not hold such times.
  package init?(reading folder: URL) throws {
    let file = URL(fileURLWithPath: Self.url(in: folder).path)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    self = try SettingsNode(json: settingsText(file), file: file.path).decode(RunTimes.self)
  }

  func write(to folder: URL) throws {
    try PartialFile.write(try JSONEncoder().encode(self), to: Self.url(in: folder))
  }

  static func remove(from folder: URL) { try? FileManager.default.removeItem(at: url(in: folder)) }
}

extension RunTimes: Limited {
  /// Every number's; a century is long enough for a training.
  package static var limits: [NumberLimit<RunTimes>] {
    let seconds = 0...3.2e9
    return [
      NumberLimit("threads", TrainingConfiguration.Limits.threads) { $0.threads },
      NumberLimit("collecting", seconds) { $0.collecting }, NumberLimit("training", seconds) { $0.training },
      NumberLimit("measuring", seconds) { $0.measuring },
    ]
  }
}
