// What environments do per second: alone, with pictures, in batches.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface

/// Measures environment steps per second and core under smooth random actions, resets among them, for about `seconds`
/// each; of `push` also with pictures, in batches on each count of threads, a reset, and bytes allocated per step.
///
/// - Parameter names: environments to measure besides.
/// - Throws: `UserError` where an environment cannot be loaded.
public func benchmarkEnvironment(
  seconds: Double, threads: [Int], names: [String], progress: any ProgressReporter = SilentProgress()
) throws -> [BenchmarkResult] {
  var results: [BenchmarkResult] = []
  let total = names.count + 4 + 2 * threads.count
  func add(_ name: String, _ unit: String, threads: Int = 1, _ value: Double) {
    results.append(BenchmarkResult(name: name, value: value, unit: unit, threads: threads))
    progress.report(stage: "measuring", done: results.count, total: total, note: name)
  }
  for name in names {
    let settings = EnvironmentSettings(randomization: "train")
    add(
      "\(name)_env_steps_per_s", "steps/s",
      stepsPerSecond(try EnvironmentLibrary.environment(named: name, settings: settings), seconds))
  }
  var settings = EnvironmentSettings(randomization: "train")
  settings.image = PictureSize(side: 64)
  var pictured = EnvironmentStepper(try ArmEnvironment(named: "push", settings: settings))
  add("push_64px_env_steps_per_s", "steps/s", perSecond(for: seconds) { pictured.step() })

  let world = try ArmEnvironment(named: "push", randomization: "train")
  let count = 256
  for threads in threads {
    let batch = try BatchStepper(world, count: count, threads: threads)
    add(
      "push_batch_env_steps_per_s", "steps/s", threads: threads,
      Double(count) * perSecond(for: seconds) { batch.step() })
  }
  for threads in threads {
    let batch = try BatchStepper(ArmEnvironment(named: "push", settings: settings), count: count, threads: threads)
    add(
      "push_64px_batch_env_steps_per_s", "steps/s", threads: threads,
      Double(count) * perSecond(for: seconds) { batch.step() })
  }
  var fresh = world
  var seed: UInt64 = 0
  add(
    "push_reset_us", "µs",
    1e6
      / perSecond(for: seconds) {
        seed += 1
        _ = try? fresh.reset(seed: seed, command: .drawn)
      })
  var single = EnvironmentStepper(world)
  let steps = 200
  for _ in 0..<steps { single.step() }
  _ = try single.environment.reset(seed: 0, command: .drawn)
  add(
    "push_bytes_allocated_per_step", "bytes",
    Double(allocatedBytes { for _ in 0..<steps { single.step() } }) / Double(steps))
  let batch = try BatchStepper(world, count: 16, threads: 1)
  batch.step()
  add(
    "push_batch_bytes_allocated_per_step", "bytes",
    Double(allocatedBytes { for _ in 0..<steps { batch.step() } }) / Double(16 * steps))
  return results
}

private func stepsPerSecond<World: Environment>(_ world: World, _ seconds: Double) -> Double {
  var stepper = EnvironmentStepper(world)
  return perSecond(for: seconds) { stepper.step() }
}

/// Steps an environment by smooth random actions, and resets it when an episode ends.
private struct EnvironmentStepper<World: Environment> {
  var environment: World
  private var seed: UInt64 = 0
  private var random = RandomStream(seed: 0, purpose: "bench actions")
  private var action: Action

  init(_ environment: World) {
    self.environment = environment
    action = Action(repeating: 0, count: environment.features.action.count)
  }

  mutating func step() {
    for i in action.indices { action[i] = 0.8 * action[i] + Float(random.uniform(in: -0.5...0.5)) }
    let transition = environment.step(action)
    if transition.terminated || transition.truncated {
      seed += 1
      _ = try? environment.reset(seed: seed, command: .drawn)
    }
  }
}

/// The same with a batch.
private final class BatchStepper {
  private let batch: EnvironmentBatch
  private var random = RandomStream(seed: 0, purpose: "bench actions")
  private var actions: [Float]

  init(_ world: ArmEnvironment, count: Int, threads: Int) throws {
    batch = try EnvironmentBatch(world, count: count, threads: threads)
    actions = Array(repeating: 0, count: count * world.features.action.count)
  }

  func step() {
    for i in actions.indices { actions[i] = 0.8 * actions[i] + Float(random.uniform(in: -0.5...0.5)) }
    try? batch.step(actions)
  }
}
