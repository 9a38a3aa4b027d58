// The outcomes of an evaluation on disk: written in order as they come, so that a stop at any moment keeps them.

import Foundation
import PlanarCore
import PlanarRollouts
import Synchronization

/// `evaluation.json` and `episodes.jsonl` of an evaluation under way. `summary.json` is written when all episodes are
/// there, and makes it count.
///
/// ```
///   evaluation.json ─► episodes.jsonl, a block of lines at a time ─► summary.json
/// ```
public final class EvaluationLog: Sendable {
  private struct State {
    var statistics = EvaluationStatistics()
    var log: LineLog?
  }

  private let folder: URL
  private let plan: EvaluationPlan
  private let state: Mutex<State>

  private static let planFile = "evaluation.json"
  private static let episodesFile = "episodes.jsonl"

  /// Begins an evaluation, or goes on with one.
  ///
  /// - Parameter resumes: keep the folder's episodes, as far as whole blocks of them are there.
  /// - Throws: `UserError` where the folder's evaluation is of another plan or cannot be read, a line of its episodes
  ///   is damaged, or the disk refuses.
  public init(in folder: URL, of plan: EvaluationPlan, resumes: Bool) throws {
    self.folder = folder
    self.plan = plan
    var state = State()
    if resumes {
      try Self.requireSame(plan, in: folder)
      let url = folder.appendingPathComponent(Self.episodesFile)
      var kept = 0
      if FileManager.default.fileExists(atPath: url.path) { kept = try Self.read(url, plan, into: &state.statistics) }
      state.log = try LineLog(url, keepingBytes: kept)
    }
    self.state = Mutex(state)
  }

  /// The figures so far.
  public var statistics: EvaluationStatistics { state.withLock { $0.statistics } }
  /// How many leading episodes are on the disk.
  public var count: Int { statistics.success.trials }
  /// Whether all episodes are there.
  public var isComplete: Bool { count == plan.episodes }

  /// Adds the outcomes of the episodes that follow; the folder is begun with the first.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public func append(_ outcomes: [EpisodeOutcome]) throws {
    try state.withLock { state in
      let log: LineLog
      if let open = state.log {
        log = open
      } else {
        try writeSummary(plan, to: folder.appendingPathComponent(Self.planFile))
        log = try LineLog(folder.appendingPathComponent(Self.episodesFile))
        state.log = log
      }
      try log.append(try episodeLines(outcomes))
      for outcome in outcomes { state.statistics.add(outcome) }
    }
  }

  /// Writes `summary.csv` and, last, `summary.json` once all episodes are on the disk.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public func finish(_ summary: EvaluationSummary) throws {
    precondition(isComplete, "an evaluation is summed up when it is complete")
    try state.withLock { try $0.log?.sync() }
    try write(Data(summary.csv.text.utf8), to: folder.appendingPathComponent("summary.csv"))
    try writeSummary(summary, to: folder.appendingPathComponent("summary.json"))
  }

  private static func requireSame(_ plan: EvaluationPlan, in folder: URL) throws {
    let url = folder.appendingPathComponent(planFile)
    guard let data = try? Data(contentsOf: url), let saved = try? JSONDecoder().decode(EvaluationPlan.self, from: data)
    else { throw UserError("\(folder.path) holds no evaluation to resume; start without --resume") }
    guard saved == plan else {
      throw UserError(
        "\(folder.path) holds an evaluation with other settings (\(planFile)); repeat them to resume, or give another --output"
      )
    }
  }

  /// Counts the whole blocks of a file and returns how many bytes they have.
  ///
  /// - Throws: `UserError` naming the first line that is not the outcome of its episode.
  private static func read(
    _ url: URL, _ plan: EvaluationPlan, into statistics: inout EvaluationStatistics
  ) throws -> Int {
    let decoder = JSONDecoder()
    var kept = 0
    var block: [EpisodeOutcome] = []
    try forEachLine(of: url) { line, end in
      let number = statistics.success.trials + block.count
      if isGap(line) { return false }
      guard number < plan.episodes, let outcome = try? decoder.decode(EpisodeOutcome.self, from: line),
        outcome.isPossible, outcome.index == number, outcome.info.seed == plan.firstSeed + UInt64(number)
      else {
        throw UserError(
          "\(url.path), line \(number + 1): not the outcome of episode \(number) of \(plan.episodes); remove this line and all below it to drive their episodes again"
        )
      }
      block.append(outcome)
      if block.count == plan.blockSize || number + 1 == plan.episodes {
        for outcome in block { statistics.add(outcome) }
        block = []
        kept = end
      }
      return true
    }
    return kept
  }
}
