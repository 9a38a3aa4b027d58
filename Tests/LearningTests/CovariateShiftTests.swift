// What DAgger is for: at equal labels it walks where behaviour cloning falls.

import PlanarDatasets
import PlanarEvaluation
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import Testing

@Suite struct CovariateShiftTests {
  let horizons = Horizons(observation: 1, prediction: 4, execution: 1)

  func train(_ labels: LabelSet, seed: UInt64) throws -> TrainedPolicy {
    let trainer = try Trainer(
      policy: makePolicy(
        head: HeadChoice(RegressionOptions()), size: .small, for: labels, environment: "tightrope",
        seed: seed),
      labels: labels,
      configuration: TrainingConfiguration(
        steps: 200, batchSize: 64, learningRate: 2e-3, warmupSteps: 20, averageDecay: 0.98,
        seed: seed, threads: 2))
    try trainer.run()
    return trainer.trainedPolicy
  }

  func successes(_ policy: TrainedPolicy) throws -> [Bool] {
    try rollOut(
      RolloutPlan(world: Tightrope(), seeds: Array(0..<64), driver: .policy(policy), threads: 2)
    ).map(\.outcome.success)
  }

  /// 3 training seeds, 64 episodes, the same for both: the interval of the paired difference lies far above zero.
  @Test func atEqualLabelsDAggerSucceedsSignificantlyMoreOften() throws {
    var (cloned, aggregated): ([[Bool]], [[Bool]]) = ([], [])
    for seed: UInt64 in 1...3 {
      let plan = CollectionPlan(
        world: Tightrope(), expert: TightropeExpert(),
        firstSeed: SeedRanges.firstTraining + seed * 10_000, labels: .everyFrames(2),
        labelHorizon: horizons.prediction)
      var demonstrations = LabelSet(features: plan.world.features, horizons: horizons)
      try demonstrations.append(firstLabels(of: plan.episodes(holdingLabels: 300), count: 300))
      cloned.append(try successes(train(demonstrations, seed: seed)))

      let configuration = DAggerConfiguration(
        labelBudgets: [150, 300], expertShare: 0.25, executionHorizon: 1)
      let labels = try runDAgger(configuration, plan: plan, horizons: horizons) { labels, _ in
        try train(labels, seed: seed)
      }
      #expect(labels.count == demonstrations.count)
      aggregated.append(try successes(train(labels, seed: seed)))
    }
    let difference = CrossedEstimate(first: aggregated, second: cloned)
    #expect(difference.low > 0.3, "\(difference)")
    let walked = aggregated.joined().count { $0 }
    #expect(walked > 150, "DAgger walks to the end in most of 192 episodes, not \(walked)")
  }
}
