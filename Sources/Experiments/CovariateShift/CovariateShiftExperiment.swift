// Running the comparison: every (training seed, method) is an independent job.

import PlanarArmEnvironments
import PlanarDatasets
import PlanarEvaluation
import Foundation
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts
import Synchronization

/// All cells of a comparison, and what they are held against.
public struct CovariateShiftResult: Codable, Equatable, Sendable {
  /// What the experiment was run with.
  public var configuration: CovariateShiftConfiguration
  /// The environment's name.
  public var environment: String
  /// The level of domain randomization.
  public var randomization: String
  /// Control steps at which `ShiftCell.divergence` was taken.
  public var frames: [Int]
  /// The expert's success on the evaluation episodes.
  public var expertSuccessRate: Double
  /// The expert's `ShiftCell.paths`.
  public var expertPaths: [[[Float]]]
  /// Ordered by method, horizon, labels, seed.
  public var cells: [ShiftCell]
}

/// Compares behaviour cloning, the same with noise injection, and DAgger at equal numbers of expert labels.
///
/// - One label is the expert's chunk at one observation. In all methods the expert labels every
///   `labelStride`-th state, so that equal labels mean about equally many episodes: only who drives differs.
/// - Same network, same number of gradient steps; every policy in the table is trained from scratch.
/// - The same evaluation episodes for all.
///
/// Behaviour cloning's smaller budgets are the first labels of its larger ones. DAgger passes through all
/// budgets in one run: the policy of each budget drives the collection for the next. At the first budget the two are
/// the same policy, which is trained once.
///
/// - Parameters:
///   - world: labelled by its own scripted expert.
///   - threads: jobs that run side by side; results do not depend on it.
///   - earlier: cells of a run that was stopped; what they complete is not run again.
///   - onCell: called with each finished cell, in no particular order, one at a time.
/// - Throws: `UserError` where a setting is out of range, or the environment has no scripted expert.
public func compareCovariateShift<World: LibraryEnvironment>(
  _ configuration: CovariateShiftConfiguration, world: World, threads: Int, earlier: [ShiftCell] = [],
  progress: any ProgressReporter = SilentProgress(), stop: StopFlag = StopFlag(),
  onCell: @escaping @Sendable (ShiftCell) -> Void = { _ in }
) throws -> CovariateShiftResult {
  try configuration.validate()
  let expert = try expert(of: world)
  let horizons = Horizons(observation: configuration.observedFrames)
  let reference = try ExpertReference(
    configuration, world: world, expert: expert, horizons: horizons, stop: stop)
  let jobs = shiftJobs(configuration)
  let total =
    configuration.trainingSeeds.count
    * ShiftMethod.allCases.reduce(0) { sum, method in
      sum + configuration.labelBudgets.count { configuration.measures(method, labels: $0) }
    }
  let horizonCount = configuration.executionHorizons.count
  let finished = Mutex(
    jobs.reduce(0) { $0 + ($1.cells(in: earlier, configuration)?.count ?? 0) / horizonCount })

  let cells = try parallelMap(count: jobs.count, threads: threads) { index in
    if let known = jobs[index].cells(in: earlier, configuration) { return known }
    return try jobs[index].run(configuration, world, expert, horizons, reference, stop) { cells in
      finished.withLock { done in
        done += cells.count / horizonCount
        cells.forEach(onCell)
        progress.report(stage: "trained and evaluated policies", done: done, total: total, note: "")
      }
    }
  }.flatMap { $0 }

  let methods = ShiftMethod.allCases
  func key(_ cell: ShiftCell) -> [Int] {
    [methods.firstIndex(of: cell.method)!, cell.executionHorizon, cell.labels, Int(cell.trainingSeed)]
  }
  return CovariateShiftResult(
    configuration: configuration, environment: world.name, randomization: world.randomization,
    frames: ShiftProbe.frames, expertSuccessRate: reference.successRate,
    expertPaths: ShiftProbe.paths(of: reference.states),
    cells: cells.sorted { key($0).lexicographicallyPrecedes(key($1)) })
}

/// Who labels.
///
/// - Throws: `UserError` where the environment has no script.
func expert<World: LibraryEnvironment>(of world: World) throws -> any Expert<World> {
  guard let expert = world.scriptedExpert else {
    throw UserError(
      "environment '\(world.name)' has no scripted expert, which covariate-shift needs for its labels; take one that has, such as --environment push"
    )
  }
  return expert
}

/// DAgger first: its rounds wait for one another, so its jobs are the longest.
private func shiftJobs(_ configuration: CovariateShiftConfiguration) -> [ShiftJob] {
  let seeds = configuration.trainingSeeds
  return seeds.map { ShiftJob(method: .dagger, seed: $0) }
    + seeds.flatMap { seed in
      [.behaviourCloning, .noisyBehaviourCloning].map { ShiftJob(method: $0, seed: seed) }
    }
}

/// One method at one training seed, over all budgets.
private struct ShiftJob {
  var method: ShiftMethod
  var seed: UInt64

  /// The job's cells among those of an earlier run; nil where one is missing.
  func cells(in earlier: [ShiftCell], _ configuration: CovariateShiftConfiguration) -> [ShiftCell]? {
    let own = earlier.filter { $0.trainingSeed == seed && isOwn($0.method, labels: $0.labels, configuration) }
    let policies = ShiftMethod.allCases.reduce(0) { sum, method in
      sum + configuration.labelBudgets.count { isOwn(method, labels: $0, configuration) }
    }
    return own.count == policies * configuration.executionHorizons.count ? own : nil
  }

  /// Whether the job measures a method at a budget. With demonstrations alone DAgger is behaviour cloning, and the job
  /// of DAgger measures both.
  private func isOwn(_ method: ShiftMethod, labels: Int, _ configuration: CovariateShiftConfiguration) -> Bool {
    guard configuration.measures(method, labels: labels) else { return false }
    let isShared = method == .behaviourCloning && labels == configuration.labelBudgets[0]
    return isShared ? self.method == .dagger : self.method == method
  }

  func run<World: LibraryEnvironment>(
    _ configuration: CovariateShiftConfiguration, _ world: World, _ expert: any Expert<World>, _ horizons: Horizons,
    _ reference: ExpertReference, _ stop: StopFlag, _ done: ([ShiftCell]) -> Void
  ) throws -> [ShiftCell] {
    var plan = CollectionPlan(
      world: world, expert: expert,
      // Far enough apart that no two seeds share an episode.
      firstSeed: SeedRanges.firstTraining + seed * 1_000_000,
      labels: .everyFrames(configuration.labelStride), labelHorizon: horizons.prediction)
    var cells: [ShiftCell] = []
    func finish(_ policy: any Policy, labels: Int) throws {
      if stop.isRaised { return }
      var fresh = try configuration.executionHorizons.map {
        try measure(
          policy, executionHorizon: $0, method: method, labels: labels, trainingSeed: seed,
          configuration: configuration, world: world, expert: expert, reference: reference)
      }
      if method == .dagger, isOwn(.behaviourCloning, labels: labels, configuration) {
        fresh += fresh.map { $0.of(.behaviourCloning) }
      }
      cells += fresh
      done(fresh)
    }

    switch method {
    case .dagger:
      let dagger = DAggerConfiguration(
        labelBudgets: configuration.labelBudgets, expertShare: configuration.expertShare,
        expertShareDecay: configuration.expertShareDecay,
        executionHorizon: configuration.executionHorizons.max()!)
      let labels = try runDAgger(dagger, plan: plan, horizons: horizons, stop: stop) { labels, _ in
        let policy = try train(labels, configuration, world.name, stop)
        try finish(policy, labels: labels.count)
        return policy
      }
      if !stop.isRaised {
        try finish(train(labels, configuration, world.name, stop), labels: labels.count)
      }
    case .behaviourCloning, .noisyBehaviourCloning:
      if method == .noisyBehaviourCloning { plan.actionNoise = configuration.actionNoise }
      let most = configuration.labelBudgets.max()!
      let episodes = try plan.episodes(holdingLabels: most, stop: stop)
      for budget in configuration.labelBudgets where isOwn(method, labels: budget, configuration) && !stop.isRaised {
        var labels = LabelSet(features: world.features, horizons: horizons)
        try labels.append(firstLabels(of: episodes, count: budget))
        try finish(train(labels, configuration, world.name, stop), labels: budget)
      }
    }
    return cells
  }

  /// Trains the comparison's policy from scratch.
  private func train(
    _ labels: LabelSet, _ configuration: CovariateShiftConfiguration, _ environment: String, _ stop: StopFlag
  ) throws -> TrainedPolicy {
    var training = configuration.training
    training.seed = seed
    training.threads = 1
    let trainer = try Trainer(
      policy: makePolicy(
        head: .plain, size: configuration.size, for: labels,
        environment: environment, seed: seed),
      labels: labels, configuration: training)
    try trainer.run(stop: stop)
    return trainer.trainedPolicy
  }
}
