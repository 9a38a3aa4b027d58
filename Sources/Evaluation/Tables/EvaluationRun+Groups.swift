// Which evaluations may stand in one table, and under which names.

import Foundation

extension EvaluationRun {
  /// Runs on the same episodes together, in the order in which each set of episodes is first met.
  static func bySameEpisodes(_ runs: [EvaluationRun]) -> [[EvaluationRun]] {
    struct Episodes: Hashable {
      var environment: String
      var condition: String
      var firstSeed: UInt64
      var count: Int
    }
    func episodes(_ run: EvaluationRun) -> Episodes {
      Episodes(
        environment: run.summary.environment, condition: run.summary.conditionName, firstSeed: run.summary.firstSeed,
        count: run.summary.episodes)
    }
    var order: [Episodes] = []
    var groups: [Episodes: [EvaluationRun]] = [:]
    for run in runs {
      if groups[episodes(run)] == nil { order.append(episodes(run)) }
      groups[episodes(run), default: []].append(run)
    }
    return order.map { groups[$0]! }
  }

  /// Runs whose policies have one name each: where checkpoints with different weights are called the same, as folders
  /// `model` of several trainings are, their names are those of their paths; and a policy that made its chunks otherwise
  /// than its checkpoint says is named with how.
  static func toldApart(_ runs: [EvaluationRun]) -> [EvaluationRun] {
    toldApartByWeights(runs).map { run in
      var run = run
      run.summary.policy += run.summary.samplingText
      return run
    }
  }

  private static func toldApartByWeights(_ runs: [EvaluationRun]) -> [EvaluationRun] {
    let weights = Dictionary(grouping: runs, by: \.summary.policy).mapValues { Set($0.compactMap(\.summary.weights)) }
    return runs.map { run in
      guard weights[run.summary.policy]?.count ?? 0 > 1, let path = run.summary.checkpoint,
        let sum = run.summary.weights
      else { return run }
      let others = runs.filter { $0.summary.checkpoint == path && $0.summary.weights != sum }
      var run = run
      // A folder that was trained again has its old path.
      run.summary.policy = others.isEmpty ? path : "\(path) \(sum)"
      return run
    }
  }
}
