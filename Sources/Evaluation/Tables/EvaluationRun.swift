// The folder of an evaluation, read back.

import Foundation
import PlanarCore
import PlanarRollouts

/// What `planar eval` has left in a folder.
public struct EvaluationRun: Sendable {
  /// Where the run's files are.
  public var folder: URL
  /// What its `summary.json` holds.
  public var summary: EvaluationSummary

  /// A run that was read before.
  public init(folder: URL, summary: EvaluationSummary) { (self.folder, self.summary) = (folder, summary) }

  /// Reads a folder's `summary.json`.
  ///
  /// - Throws: `UserError` where it is not there or is no summary.
  public init(reading folder: URL) throws {
    let url = folder.appendingPathComponent("summary.json")
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw UserError("cannot read \(url.path); give folders that 'planar eval --output' has made")
    }
    let file = URL(fileURLWithPath: url.path)
    let node = try SettingsNode(json: settingsText(file), file: url.path)
    self.init(folder: folder, summary: try node.decode(EvaluationSummary.self))
  }

  /// All evaluations in a folder or below it, by path: those of `planar eval`, and what training measured of its
  /// checkpoint (`measured.json`).
  ///
  /// - Throws: `UserError` where there is none, or one cannot be read.
  public static func all(below folder: URL) throws -> [EvaluationRun] {
    if FileManager.default.fileExists(atPath: folder.appendingPathComponent("summary.json").path) {
      return [try EvaluationRun(reading: folder)]
    }
    var folders: [URL] = []
    var measured: [URL] = []
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    while let url = files?.nextObject() as? URL {
      if url.lastPathComponent == "summary.json" { folders.append(url.deletingLastPathComponent()) }
      if url.lastPathComponent == "measured.json" { measured.append(url) }
    }
    guard !folders.isEmpty || !measured.isEmpty else {
      throw UserError(
        "there is no evaluation in \(folder.relativePath) or below it; give folders that 'planar eval --output' has made"
      )
    }
    return try measured.sorted { $0.path < $1.path }.flatMap(runs(measuredIn:))
      + folders.sorted { $0.path < $1.path }.map(EvaluationRun.init(reading:))
  }

  /// What `planar train` measured of a recipe's checkpoint; single episodes are not kept there.
  ///
  /// - Throws: `UserError` where the file cannot be read.
  package static func runs(measuredIn url: URL) throws -> [EvaluationRun] {
    let file = URL(fileURLWithPath: url.path)
    let summaries = try SettingsNode(json: settingsText(file), file: url.path).decode([EvaluationSummary].self)
    return summaries.map { EvaluationRun(folder: url.deletingLastPathComponent(), summary: $0) }
  }

  /// - Throws: `UserError` where `episodes.jsonl` cannot be read, or has not the episodes that `summary.json` counts.
  public func outcomes() throws -> [EpisodeOutcome] {
    let url = folder.appendingPathComponent("episodes.jsonl")
    let outcomes = try readEpisodes(url)
    guard outcomes.count == summary.episodes, outcomes.count(where: \.success) == summary.successes else {
      throw UserError(
        "\(url.path) has \(outcomes.count) episodes, \(outcomes.count(where: \.success)) of them successful, but summary.json beside it counts \(summary.episodes) and \(summary.successes); evaluate again"
      )
    }
    return outcomes
  }
}
