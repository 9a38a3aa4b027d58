// What a run's files say: its kind in words, its headline figure, and the command that opens it or goes on with it.

import Foundation
import PlanarCore
import PlanarDatasets
import PlanarEvaluation
import PlanarExperiments
import PlanarLearning

/// The files of a run, read for a list.
struct RunContent {
  var folder: URL
  var kind: FolderKind
  var files: [String]

  private var isSweep: Bool { has("sweep.json") || has("points.jsonl") }
  private var isGroup: Bool { has(ExperimentGroup.file) }
  private func has(_ name: String) -> Bool { files.contains(name) }

  var isFinished: Bool { isGroup ? ExperimentGroup(folder: folder).unfinished.isEmpty : kind.isFinished(files) }

  var name: String {
    switch kind {
    case .dataset: "data set"
    case .training: isFinished ? "checkpoint" : "training"
    case .evaluation: isSweep ? "sweep" : "evaluation"
    case .experiment: isGroup ? "experiments" : "experiment"
    case .comparison: "comparison"
    case .pictures: "pictures"
    }
  }

  // MARK: What came of it

  /// - Throws: `UserError` where a file is damaged.
  var headline: String {
    get throws {
      switch kind {
      case .dataset:
        let info = try EpisodeStore(reading: folder).info
        return "\(info.environment): \(info.episodeCount) episodes, \(info.labelCount) labels"
      case .training: return try trainingHeadline
      case .evaluation: return try evaluationHeadline
      case .experiment:
        if isGroup {
          let all = experimentRegistry.names.count
          return "\(all - ExperimentGroup(folder: folder).unfinished.count) of \(all) experiments are finished"
        }
        if isFinished, let verdict = try ExperimentVerdict(reading: folder) {
          return "\(verdict.experiment): \(verdict.headline)"
        }
        return "\(try lines("cells.jsonl")) cells are finished"
      case .comparison:
        guard isFinished else { return "no verdict yet" }
        return try decoded(PolicyComparison.self, "comparison.json").headline
      case .pictures: return "\(files.count { $0.hasSuffix(".png") }) pictures"
      }
    }
  }

  private var trainingHeadline: String {
    get throws {
      if has("measured.json"),
        let run = try EvaluationRun.runs(measuredIn: folder.appendingPathComponent("measured.json")).first
      {
        return run.summary.headline
      }
      guard has("log.jsonl"), let last = try TrainingRun.records(in: folder).last else {
        return isFinished ? "not measured" : "nothing is trained yet"
      }
      let loss = last.validationLoss.map { "validation loss \(fixed(Double($0), 4))" }
      return "\(loss ?? "training loss \(fixed(Double(last.trainingLoss), 4))") after \(last.step) gradient steps"
    }
  }

  private var evaluationHeadline: String {
    get throws {
      if has("summary.json") { return try EvaluationRun(reading: folder).summary.headline }
      if has("sweep.json") { return try decoded(SweepResult.self, "sweep.json").headline }
      if isSweep { return "\(try lines("points.jsonl")) values are measured" }
      let plan = try decoded(EvaluationPlan.self, "evaluation.json")
      return "\(plan.policy) in \(plan.environment): \(try lines("episodes.jsonl")) of \(plan.episodes) episodes"
    }
  }

  private func decoded<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    let file = URL(fileURLWithPath: folder.appendingPathComponent(name).path)
    return try SettingsNode(json: settingsText(file), file: folder.appendingPathComponent(name).relativePath)
      .decode(type)
  }

  /// How many lines a file has; 0 where it is not there.
  private func lines(_ name: String) throws -> Int {
    guard has(name) else { return 0 }
    return try Data(contentsOf: folder.appendingPathComponent(name)).count { $0 == UInt8(ascii: "\n") }
  }

  // MARK: What can be done

  /// What opens it where it is finished, else what goes on with it; nil where the folder does not say how it was begun.
  ///
  /// - Throws: `UserError` where the note of its beginning is damaged.
  var command: String? {
    get throws {
      let path = folder.relativePath
      guard isFinished else {
        // An experiment of a group goes on with the group.
        let group = folder.deletingLastPathComponent()
        let isMember = FileManager.default.fileExists(atPath: group.appendingPathComponent(ExperimentGroup.file).path)
        let begun = isMember ? group : folder
        return try RunBeginning(reading: begun).map {
          "\(NextCommand($0.arguments).resumed(in: begun.relativePath))"
        }
      }
      switch kind {
      case .dataset: return "\(NextCommand(["dataset", "show", path]))"
      case .training: return "\(NextCommand(["demo", "--policies", path]))"
      case .evaluation where isSweep: return shown("sweep.svg")
      case .evaluation where !has("report.html"): return "\(NextCommand(["table", path]))"
      case .experiment where isGroup: return "\(NextCommand(["runs", path]))"
      case .evaluation, .experiment, .comparison: return shown("report.html")
      case .pictures: return shown("")
      }
    }
  }

  /// What opens a file on a desktop.
  private func shown(_ name: String) -> String {
    let path = folder.relativePath + (name.isEmpty ? "" : "/" + name)
    return "xdg-open \(NextCommand.quoted(path))"
  }
}
