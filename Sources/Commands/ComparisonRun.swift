// Driving several policies through the same episodes, a few episodes of each in turn.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarRecipes
import PlanarRollouts
import Synchronization

/// The episodes of several policies under way, on the disk and in memory.
final class ComparisonRun<World: LibraryEnvironment> {
  private let plans: [RolloutPlan<World>]
  private let logs: [EvaluationLog]
  private let unread: [UnreadCommands]
  private let episodes: EpisodeStore
  private(set) var decisions: PairedDecisions

  /// Begins, or goes on with the episodes that are in `folder`.
  ///
  /// - Throws: `UserError` where episodes there are not of these plans, cannot be read, or the disk refuses.
  init(_ plans: [RolloutPlan<World>], records: [EvaluationPlan], rules: ComparisonRules, in folder: URL) throws {
    self.plans = plans
    unread = plans.map { UnreadCommands(by: $0.driver.policy) }
    episodes = EpisodeStore(policies: plans.count)
    decisions = PairedDecisions(policies: plans.count, rules: rules)
    let folders = plans.map {
      folder.appendingPathComponent("compared-policies/\($0.driver.name.replacing("/", with: "-"))", isDirectory: true)
    }
    logs = try zip(folders, records).map { folder, record in
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let isBegun = FileManager.default.fileExists(atPath: folder.appendingPathComponent("evaluation.json").path)
      return try EvaluationLog(in: folder, of: record, resumes: isBegun)
    }
    for (index, log) in logs.enumerated() where log.count > 0 {
      try episodes.add(readEpisodes(folders[index].appendingPathComponent("episodes.jsonl")), of: index)
    }
  }

  /// Episodes of all policies that are on the disk.
  var count: Int { logs.reduce(0) { $0 + $1.count } }

  private var planned: Int { plans[0].seeds.count }

  /// Whether every pair is decided or has all episodes.
  var isComplete: Bool { decisions.activePolicies.allSatisfy { logs[$0].isComplete } }

  /// How many episodes a policy drives before the next one has its turn: whole blocks, by a number that does not depend on
  /// the threads where it depends on the number which episodes are driven at all.
  private var turn: Int {
    let block = plans[0].blockSize
    return decisions.rules.stopsEarly ? 2 * block : block * max(2, plans[0].threads)
  }

  /// Drives until every pair is decided, all episodes are there, or it is stopped.
  ///
  /// - Throws: as `rollOut`, and where the disk refuses.
  func drive(progress: any ProgressReporter, stop: StopFlag) throws {
    decisions.look(at: episodes.value)
    while !stop.isRaised, !isComplete {
      let active = decisions.activePolicies.sorted()
      let least = active.map { logs[$0].count }.min()!
      let target = min(planned, (least / turn + 1) * turn)
      for index in active where logs[index].count < target && !stop.isRaised {
        try drive(index, to: target, progress: progress, stop: stop)
      }
      decisions.look(at: episodes.value)
    }
    if isComplete, count < plans.count * planned {
      progress.report(stage: "episodes", done: count, total: count, note: "all pairs are decided")
    }
  }

  private func drive(_ index: Int, to target: Int, progress: any ProgressReporter, stop: StopFlag) throws {
    var plan = plans[index]
    plan.seeds = Array(plan.seeds.prefix(target))
    let (log, unread, episodes) = (logs[index], unread[index], episodes)
    let part = PartOfProgress(whole: progress, stage: "episodes", offset: count, total: plans.count * planned)
    try rollOut(plan, skipping: log.count, progress: part, stop: stop) { finished in
      let outcomes = finished.map(\.outcome)
      unread.add(outcomes.map(\.info.command))
      try log.append(outcomes)
      try episodes.add(outcomes, of: index)
    }
  }

  /// Tells which commands were too long for a policy.
  func tellUnread() { unread.forEach { $0.tell() } }

  /// The figures of a policy so far.
  func statistics(of policy: Int) -> EvaluationStatistics { logs[policy].statistics }

  /// What comes of the episodes so far.
  func comparison(
    summaries: [EvaluationSummary], replay: (ComparedEpisodes.Scene) -> String
  ) -> PolicyComparison {
    PolicyComparison(
      of: episodes.value, decisions: decisions,
      policies: zip(plans, summaries).map {
        PolicyComparison.PolicyRow(policy: $0.driver.name, checkpoint: $1.checkpoint, weights: $1.weights)
      }, summary: summaries[0], firstSeed: plans[0].seeds[0], planned: planned, replay: replay)
  }

  /// Writes the summaries of policies that have driven all episodes.
  ///
  /// - Throws: `UserError` where the disk refuses.
  func finish(_ summaries: [EvaluationSummary]) throws {
    for (log, summary) in zip(logs, summaries) where log.isComplete { try log.finish(summary) }
  }
}

/// Episodes that come on any thread.
private final class EpisodeStore: Sendable {
  private let episodes: Mutex<ComparedEpisodes>

  init(policies: Int) { episodes = Mutex(ComparedEpisodes(policies: policies)) }

  var value: ComparedEpisodes { episodes.withLock { $0 } }

  func add(_ outcomes: [EpisodeOutcome], of policy: Int) throws {
    try episodes.withLock { try $0.add(outcomes, of: policy) }
  }
}
