// A checkpoint measured on what its recipe's evaluation lists.

import PlanarArmEnvironments
import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

extension RecipeRun {
  /// Measures every condition, and keeps the figures in `measured.json`.
  ///
  /// - Returns: One summary a condition, in the recipe's order; fewer where stopped.
  func measure(
    _ policy: TrainedPolicy, progress: any ProgressReporter, stop: StopFlag
  ) throws -> [EvaluationSummary] {
    var summaries: [EvaluationSummary] = []
    for (number, condition) in recipe.evaluation.conditions.enumerated() where !stop.isRaised {
      let world = try EnvironmentLibrary.environment(
        named: recipe.environment, settings: condition.settings(data: recipe.data.settings(robot: recipe.robots.first)))
      let stage = "measuring \(number + 1) of \(recipe.evaluation.conditions.count)"
      let part = PartOfProgress(
        whole: progress, stage: stage, offset: 0, total: recipe.evaluation.episodes)
      let summary = try measure(policy, condition, in: world, progress: part, stop: stop)
      guard summary.episodes == recipe.evaluation.episodes else { break }
      onNote("\(summary.conditionName): success \(rateText(summary.success))")
      summaries.append(summary)
    }
    if !summaries.isEmpty {
      try writeSummary(summaries, to: folder.appendingPathComponent("measured.json"))
    }
    return summaries
  }

  private func measure<World: LibraryEnvironment>(
    _ policy: TrainedPolicy, _ condition: EvaluationCondition, in world: World,
    progress: any ProgressReporter, stop: StopFlag
  ) throws -> EvaluationSummary {
    var command = condition.command.choice
    if let wordings = condition.wordings {
      let url = wordings.hasPrefix("/") ? URL(fileURLWithPath: wordings) : try ProjectFolder.require(wordings)
      command = .wordings(try UserWordings(contentsOf: url, for: world.grammar).lines)
    }
    let first = recipe.evaluation.firstSeed
    let plan = RolloutPlan(
      world: world, seeds: Array(first..<first + UInt64(recipe.evaluation.episodes)), command: command,
      driver: .policy(policy), threads: threads)
    let outcomes = try rollOut(plan, progress: progress, stop: stop).map(\.outcome)
    warnOfUnread(outcomes.map(\.info.command), by: policy.cutOff)
    var summary = EvaluationSummary(
      of: outcomes, environment: world.name, randomization: world.randomization, policy: recipe.name, command: command,
      variation: world.variation)
    summary.wordings = condition.wordings
    return summary
  }

  /// Warns of commands that are longer than a policy reads.
  func warnOfUnread(_ commands: [String], by cutOff: (String) -> String?) {
    let unread = commands.filter { cutOff($0) != nil }
    guard let example = unread.first, let how = cutOff(example) else { return }
    onWarning(
      "\(unread.count) of \(commands.count) commands are longer than the policy reads: '\(shortened(example, to: 160))' \(how)"
    )
  }
}
