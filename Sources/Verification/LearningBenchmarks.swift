// What this machine does per second around learning: environment steps, training, inference.

import PlanarArmEnvironments
import PlanarDatasets
import PlanarLearning
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Synchronization

/// Measures `push`'s environment steps, training and inference for about `seconds` each.
///
/// - Throws: `UserError` where the environment cannot be loaded.
public func benchmarkLearning(
  seconds: Double, threads: Int, progress: any ProgressReporter = SilentProgress()
) throws -> [BenchmarkResult] {
  let world = try ArmEnvironment(randomization: "train")
  let threadCounts = Set([1, threads]).sorted()
  let total = 1 + PolicySize.allCases.count * (threadCounts.count + 1)
  var results: [BenchmarkResult] = []
  var done = 0
  func add(_ name: String, _ unit: String, threads: Int, _ value: Double) {
    results.append(BenchmarkResult(name: name, value: value, unit: unit, threads: threads))
    done += 1
    progress.report(stage: "measuring", done: done, total: total, note: name)
  }

  var environment = world
  guard var expert = world.scriptedExpert else { preconditionFailure("the environment by default has a script") }
  expert.beginEpisode(seed: 0)
  var seed: UInt64 = 0
  func episodeStep() {
    let transition = environment.step(expert.action(in: environment))
    if transition.terminated || transition.truncated {
      seed += 1
      _ = try? environment.reset(seed: seed, command: .drawn)
    }
  }
  add("push_env_steps_per_s", "steps/s", threads: 1, perSecond(for: seconds, episodeStep))

  let plan = CollectionPlan(world: world, expert: expert, labels: .everyFrames(4), threads: threads)
  var labels = LabelSet(features: world.features, horizons: Horizons())
  try labels.append(plan.episodes(32))
  for size in PolicySize.allCases {
    let policy = try makePolicy(
      head: .suggested, size: size, for: labels, environment: world.name, seed: 1)
    for threads in threadCounts {
      var configuration = TrainingConfiguration(steps: 1_000_000_000, threads: threads)
      configuration.validationInterval = 1_000_000_000
      let trainer = try Trainer(policy: policy, labels: labels, configuration: configuration)
      let stop = StopFlag()
      let clock = StepClock(seconds: seconds, stop: stop)
      try trainer.run(progress: clock, stop: stop)
      add(
        "flow_\(size.rawValue)_train_samples_per_s", "samples/s", threads: threads,
        clock.stepsPerSecond * Double(configuration.batchSize))
    }
    let inference = policy.policy(weights: policy.parameters.values).makeInference(batch: 1)
    var requests = [
      PolicyRequest(
        history: ObservationHistory(
          first: try environment.reset(seed: 1, command: .drawn), horizon: 2),
        noise: RandomStream(seed: 1))
    ]
    let rate = perSecond(for: seconds) { _ = inference.predict(&requests) }
    add("flow_\(size.rawValue)_infer_us", "µs", threads: 1, 1e6 / rate)
  }
  return results
}

/// Times a trainer through its progress reports, and stops it when the time is up.
private final class StepClock: ProgressReporter {
  private struct State {
    var start: (step: Int, time: ContinuousClock.Instant)?
    var rate = 0.0
  }
  private let state = Mutex(State())
  private let seconds: Double
  private let stop: StopFlag

  init(seconds: Double, stop: StopFlag) {
    self.seconds = seconds
    self.stop = stop
  }

  var stepsPerSecond: Double { state.withLock { $0.rate } }

  func report(stage: String, done: Int, total: Int, note: String) {
    state.withLock { state in
      let now = ContinuousClock.now
      guard let start = state.start else {
        state.start = (done, now)
        return
      }
      let elapsed = (now - start.time) / .seconds(1)
      state.rate = Double(done - start.step) / elapsed
      if elapsed > seconds { stop.raise() }
    }
  }
}
