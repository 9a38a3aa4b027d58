// What a folder of results is, told by the names of its files.

import Foundation

/// The kinds of folders that commands write, each with the files that it owns.
public enum FolderKind: CaseIterable, Sendable {
  /// Demonstrations.
  case dataset
  /// A training run, and the checkpoint that it ends with.
  case training
  /// Episodes of one policy.
  case evaluation
  /// The cells of an experiment and their report.
  case experiment
  /// Episodes of several policies, and what comes of them side by side.
  case comparison
  /// The frames of a demo.
  case pictures

  /// The kinds whose files are among some names.
  package static func kinds(of names: [String]) -> [FolderKind] {
    allCases.filter { kind in names.contains { kind.owns($0) && !common.contains($0) } }
  }

  /// What several kinds have: it does not tell which one a folder is of.
  private static let common: Set = [report, RunBeginning.file]
  private static let report = "report.html"

  /// Whether a file of this name belongs to such a folder.
  func owns(_ name: String) -> Bool {
    if name == RunBeginning.file { return true }
    return switch self {
    case .dataset:
      ["info.json", "stats.json", "stats-next.json"].contains(name)
        || (name.hasPrefix("episodes-") && name.hasSuffix(".safetensors"))
    case .training:
      [
        "recipe.json", "config.json", "model.safetensors", "training_state.safetensors", "log.jsonl", "rounds.jsonl",
        "rounds", "times.json", "measured.json", "MODEL-CARD.md",
      ].contains(name) || name.hasPrefix("events.out.tfevents.")
    case .evaluation:
      [
        "evaluation.json", "episodes.jsonl", "summary.json", "summary.csv", "points.jsonl", "sweep.json", "sweep.svg",
        Self.report,
      ].contains(name)
    case .experiment:
      [
        "experiments.json", "plan.json", "cells.jsonl", "verdict.json", "arms.csv", "result.json", "policies",
        Self.report,
      ]
      .contains(name)
    case .comparison:
      ["comparison-plan.json", "compared-policies", "comparison.csv", "comparison.json", Self.report].contains(name)
    case .pictures: name.hasPrefix("frame-") && name.hasSuffix(".png")
    }
  }

  /// Whether nothing is left to do in a folder of this kind.
  package func isFinished(_ names: [String]) -> Bool {
    switch self {
    case .dataset, .pictures: true
    case .training:
      names.contains("MODEL-CARD.md")
        || (names.contains("config.json") && !names.contains("recipe.json") && !names.contains("times.json")
          && !names.contains("training_state.safetensors"))
    case .evaluation: names.contains("summary.json") || names.contains("sweep.json")
    case .experiment: names.contains("result.json")
    case .comparison: names.contains("comparison.json")
    }
  }

  /// What a folder of this kind holds, in words.
  func contents(isFinished: Bool) -> String {
    switch self {
    case .dataset: "a dataset"
    case .training: isFinished ? "a checkpoint" : "an unfinished training run"
    case .evaluation: isFinished ? "an evaluation" : "an unfinished evaluation"
    case .experiment: isFinished ? "an experiment" : "an unfinished experiment"
    case .comparison: isFinished ? "a comparison" : "an unfinished comparison"
    case .pictures: "pictures of a demo"
    }
  }

  /// What is to get a folder of its own.
  var newcomer: String {
    switch self {
    case .dataset: "the dataset"
    case .training: "the checkpoint"
    case .evaluation: "the evaluation"
    case .experiment: "the experiment"
    case .comparison: "the comparison"
    case .pictures: "the pictures"
    }
  }

  /// The flag that goes on with what is there.
  var flag: String { self == .dataset ? "--append" : "--resume" }

  /// Why nothing can be gone on with in a folder that does not hold this kind.
  func nothingToGoOnWith(in folder: URL) -> String {
    switch self {
    case .dataset: "\(folder.path) is no dataset: it has no readable info.json; record one first"
    case .training: "\(folder.path) holds no training state to resume; start without --resume"
    case .evaluation: "\(folder.path) holds no evaluation to resume; start without --resume"
    case .experiment: "\(folder.path) holds no experiment to resume; start without --resume"
    case .comparison: "\(folder.path) holds no comparison to resume; start without --resume"
    case .pictures: "\(folder.path) holds no pictures to resume; start without --resume"
    }
  }
}
