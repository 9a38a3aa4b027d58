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
    var command: CommandChoice = condition.command == .swapped ? .swapped : .drawn
    if let wordings = condition.wordings {
      let url = wordings.hasPrefix("/") ? URL(fileURLWithPath: wordings) : try ProjectFolder.require(wordings)
      command = .wordings(try UserWordings(contentsOf: url, for: world.grammar).lines)
    }
    let first = recipe.evaluation.firstSeed
    let plan = RolloutPlan(
      world: world, seeds: Array(first..<first + UInt64(recipe.evaluation.episodes)), command: command,
      driver: .policy(policy), threads: threads)
    let outcomes = try rollOut(plan, progress: progress, stop: stop).map(\.outcome)
    let unread = outcomes.map(\.info.command).filter { policy.cutOff(of: $0) != nil }
    if let example = unread.first {
      onWarning(
        "\(unread.count) of \(outcomes.count) commands are longer than the policy reads, such as '\(shortened(example, to: 160))'; what is behind that is cut off"
      )
    }
    var summary = EvaluationSummary(
      of: outcomes, environment: world.name, randomization: world.randomization, policy: recipe.name, command: command,
      variation: world.variation)
    summary.wordings = condition.wordings
    return summary
  }
}
