// Measuring the arms of a plan, and filming two of them.

import PlanarArmEnvironments
import PlanarCore
import PlanarEvaluation
import PlanarPolicies
import PlanarReplays
import PlanarRollouts

/// The arms of a plan, one after the other; the episodes of each run side by side.
struct ArmRun {
  var plan: ArmPlan
  var setting: ExperimentSetting

  /// Measures what is not among `earlier`.
  ///
  /// - Returns: The cells in the plan's order; those of arms that were finished where it was stopped.
  func cells(earlier: [ArmCell], onCell: (ArmCell) -> Void) throws -> [ArmCell] {
    let policies = ArmPolicies(plan: plan, setting: setting)
    let total = plan.arms.reduce(0) { $0 + plan.seeds(of: $1).count }
    var cells = earlier
    let jobs = jobs
    var made = PolicyProgress(total: jobs.count, done: jobs.count { missing($0, in: earlier).isEmpty })
    for job in jobs where !setting.stop.isRaised {
      let missing = missing(job, in: cells)
      if missing.isEmpty { continue }
      var policy: ArmPolicy?
      if case .expert = job.named.source {
      } else {
        policy = try policies.policy(
          job.named.source, named: job.named.name, trainingSeed: job.seed, position: made.words)
        if policy == nil { continue }
      }
      for arm in missing where !setting.stop.isRaised {
        let outcomes = try outcomes(of: arm, policy: policy?.policy, source: job.named.source)
        guard outcomes.count == plan.episodes else { break }
        let cell = ArmCell(
          arm: arm.name, trainingSeed: job.seed, validationLoss: policy?.validationLoss, outcomes)
        cells.append(cell)
        onCell(cell)
        setting.progress.report(stage: "arms measured", done: cells.count, total: total, note: arm.name)
      }
      made.finishOne()
    }
    let order = Dictionary(uniqueKeysWithValues: plan.arms.enumerated().map { ($1.name, $0) })
    return cells.sorted { (order[$0.arm]!, $0.trainingSeed) < (order[$1.arm]!, $1.trainingSeed) }
  }

  /// A policy at a training seed, and all arms that it drives.
  private struct Job {
    var named: ArmPlan.NamedSource
    var seed: UInt64
    var arms: [ExperimentArm]
  }

  /// The policies of the plan that have arms, one a training seed.
  private var jobs: [Job] {
    plan.policies.flatMap { named in
      let arms = plan.arms.filter { $0.policy == named.name }
      return (arms.first.map(plan.seeds) ?? []).map { Job(named: named, seed: $0, arms: arms) }
    }
  }

  /// The arms of a job that have no cell yet.
  private func missing(_ job: Job, in cells: [ArmCell]) -> [ExperimentArm] {
    job.arms.filter { arm in !cells.contains { $0.arm == arm.name && $0.trainingSeed == job.seed } }
  }

  /// What the policies behind some cells cost: of each the one of its first training seed; none of those whose checkpoint
  /// is gone.
  func costs(of cells: [ArmCell]) -> [PolicyCost] {
    let policies = ArmPolicies(plan: plan, setting: setting)
    return plan.policies.compactMap { named in
      let arms = Set(plan.arms.filter { $0.policy == named.name }.map(\.name))
      if case .expert = named.source { return nil }
      guard let cell = cells.first(where: { arms.contains($0.arm) }) else { return nil }
      guard let folder = policies.checkpoint(of: named, trainingSeed: cell.trainingSeed),
        let policy = try? Checkpoint.load(folder)
      else { return nil }
      return PolicyCost(of: policy, named: named.name)
    }
  }

  private func outcomes(
    of arm: ExperimentArm, policy: TrainedPolicy?, source: PolicySource
  ) throws -> [EpisodeOutcome] {
    func run<World: LibraryEnvironment>(_ world: World) throws -> [EpisodeOutcome] {
      try rollOut(rollout(of: arm, policy: policy, in: world), stop: setting.stop).map(\.outcome)
    }
    return try run(world(of: arm, policy: policy, source: source))
  }

  /// Where an arm runs: the world of its policy's training, with the arm's settings.
  private func world(
    of arm: ExperimentArm, policy: TrainedPolicy?, source: PolicySource
  ) throws -> any LibraryEnvironment {
    if case .expert(let environment) = source {
      return try EnvironmentLibrary.environment(
        named: environment, settings: arm.condition.settings(data: EnvironmentSettings()))
    }
    let configuration = policy!.configuration
    return try EnvironmentLibrary.environment(
      named: configuration.environment,
      settings: arm.condition.settings(data: configuration.trainedSettings.forMeasuring))
  }

  /// All evaluation episodes of an arm.
  private func rollout<World: LibraryEnvironment>(
    of arm: ExperimentArm, policy: TrainedPolicy?, in world: World
  ) throws -> RolloutPlan<World> {
    let driver: Driver<World> =
      try policy.map { .policy(try arm.sampling.applied(to: $0)) } ?? .expert(expert(of: world))
    return RolloutPlan(
      world: world, seeds: Array(plan.firstSeed..<plan.firstSeed + UInt64(plan.episodes)),
      command: arm.condition.command.choice, driver: driver, execution: arm.execution, threads: setting.threads)
  }

  /// The two arms of the first contrast side by side, in the first episodes in which one of them fails and the other does
  /// not; where there are none, in the first episode.
  ///
  /// - Returns: Films of the two arms for each episode; none where one of them was not finished.
  func films(of cells: [ArmCell]) throws -> [[SceneFilm]] {
    guard let contrast = plan.contrasts.first, !setting.stop.isRaised else { return [] }
    let pair = [contrast.first, contrast.second].compactMap { name in
      cells.first { $0.arm == name }.map { cell in (arm: plan.arms.first { $0.name == name }!, cell: cell) }
    }
    guard pair.count == 2 else { return [] }
    let differing = (0..<plan.episodes).filter { pair[0].cell.success[$0] != pair[1].cell.success[$0] }
    let policies = ArmPolicies(plan: plan, setting: setting)
    let drivers = try pair.map { arm, cell -> TrainedPolicy? in
      let source = plan.source(of: arm)
      if case .expert = source { return nil }
      return try policies.policy(source, named: arm.policy, trainingSeed: cell.trainingSeed)?.policy
    }
    return try (differing.isEmpty ? [0] : Array(differing.prefix(2))).map { episode in
      try zip(pair, drivers).map { side, policy in
        func film<World: LibraryEnvironment>(_ world: World) throws -> SceneFilm {
          var plan = try rollout(of: side.arm, policy: policy, in: world)
          plan.seeds = [plan.seeds[episode]]
          return try SceneFilm("\(side.arm.name), episode \(plan.seeds[0])", of: plan)
        }
        return try film(world(of: side.arm, policy: policy, source: plan.source(of: side.arm)))
      }
    }
  }
}
