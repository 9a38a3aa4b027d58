// planar eval --sweep: the same episodes at several values of one item.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarRollouts

extension EvalCommand {
  /// The same episodes at each value of one item, as a table, `sweep.json` and `sweep.svg`.
  func goThrough(_ sweep: SweepRange, stop: StopFlag) throws {
    let first = try world(at: sweep.values[0], of: sweep.item) { warn($0, as: "Note") }
    let base = try recordOfWorld(first)
    let claim = try folders.claim(output, name: "sweep-\(sweep.item)-\(base.policy)", as: .evaluation)
    defer { claim.release() }
    var log = try SweepLog(
      in: claim.folder, of: SweepPlan(item: sweep.item, values: sweep.values, first: base), resumes: folders.resume)
    for value in sweep.values.dropFirst(log.points.count) where !stop.isRaised {
      func measure<World: LibraryEnvironment>(_ world: World) throws -> EvaluationSummary {
        let plan = try evaluation.plan(evaluation.driver(policy, in: world), in: world)
        var statistics = EvaluationStatistics()
        for episode in try rollOut(plan, progress: ConsoleProgress(), stop: stop) { statistics.add(episode.outcome) }
        return try evaluation.summary(of: statistics, plan, of: policy)
      }
      let summary = try measure(world(at: value, of: sweep.item) { _ in })
      guard summary.episodes == evaluation.episodes else { break }
      try log.append(SweepPoint(value: value, summary: summary))
    }
    guard !log.points.isEmpty else { return print("Stopped before any value was finished") }
    let result = SweepResult(
      item: sweep.item, environment: base.environment, randomization: base.randomization, policy: base.policy,
      points: log.points)
    let isComplete = log.points.count == sweep.values.count
    let writing = Result { if isComplete { try result.write(to: claim.folder) } }
    if json { try printJSON(result) } else { print(result.text) }
    try writing.get()
    if json { return }
    if isComplete {
      print("\nTable and plot: \(claim.folder.relativePath)/sweep.json, sweep.svg")
    } else {
      suggestResuming(claim.folder.relativePath)
    }
  }

  private func world(
    at value: Double, of item: String, onNote: (String) -> Void
  ) throws -> any LibraryEnvironment {
    var options = evaluation.environment
    options.pins.append("\(item)=\(value)")
    return try options.load(for: [policy], onNote: onNote)
  }

  private func recordOfWorld<World: LibraryEnvironment>(_ world: World) throws -> EvaluationPlan {
    try evaluation.record(evaluation.plan(evaluation.driver(policy, in: world), in: world), of: policy)
  }
}
