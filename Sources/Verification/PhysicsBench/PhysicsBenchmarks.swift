// What this machine does per second in physics: steps, forks, restores, and how that scales with threads.

import PlanarArmEnvironments
import PlanarCore
import PlanarPhysics
import Synchronization

/// Measures physics alone and the environments that are little else, for about `seconds` each.
///
/// - Throws: `UserError` where an environment cannot be loaded.
public func benchmarkPhysics(
  seconds: Double, threads: Int, progress: any ProgressReporter = SilentProgress()
) throws -> [BenchmarkResult] {
  var results: [BenchmarkResult] = []
  let total = 10 + max(0, threads - 1)
  func add(_ name: String, _ unit: String, threads: Int = 1, _ value: Double) {
    results.append(BenchmarkResult(name: name, value: value, unit: unit, threads: threads))
    progress.report(stage: "measuring", done: results.count, total: total, note: name)
  }

  for threads in 1...max(1, threads) {
    add("planar_scene_steps_per_s", "steps/s", threads: threads, sceneRate(seconds, threads: threads))
  }
  let counted = sceneStatistics(seeds: 8, episodes: 25)
  add("planar_scene_mean_contact_pairs", "pairs", counted.pairs)
  add("planar_scene_mean_box_displacement", "m", counted.displacement)
  add("planar_scene_bytes_allocated_per_step", "bytes", allocationPerStep(episodes: 100))

  let forks = ForkBench()
  add("world_copy_and_first_step_ns", "ns", 1e9 / perSecond(for: seconds, forks.copyAndStep))
  add("world_fork_ns", "ns", 1e9 / perSecond(for: seconds, forks.fork))
  add("world_restore_ns", "ns", 1e9 / perSecond(for: seconds, forks.restore))
  add("world_fork_and_restore_ns", "ns", 1e9 / perSecond(for: seconds, forks.forkAndRestore))
  add("forked_worlds_steps_per_s", "steps/s", Double(ForkBench.horizon) * perSecond(for: seconds, forks.lookAhead))

  var push = try ArmEnvironment(randomization: "train").physics
  add("push_physics_steps_per_s", "steps/s", perSecond(for: seconds) { push.step() })
  return results
}

/// Steps per second of as many independent scenes as there are threads, together.
private func sceneRate(_ seconds: Double, threads: Int) -> Double {
  let rates = Mutex(0.0)
  parallelFor(count: threads, threads: threads) { i in
    var scene = PlanarScene(seed: UInt64(i))
    let episodes = perSecond(for: seconds) { scene.runEpisode() }
    rates.withLock { $0 += episodes * Double(PlanarScene.stepsPerEpisode) }
  }
  return rates.withLock { $0 }
}

/// Means over `seeds`·`episodes` episodes: the same figures in every run.
private func sceneStatistics(seeds: Int, episodes: Int) -> (pairs: Double, displacement: Double) {
  var pairs = 0.0
  var displacement = 0.0
  for seed in 0..<seeds {
    var scene = PlanarScene(seed: UInt64(seed))
    for _ in 0..<episodes { scene.runEpisode() }
    pairs += scene.contactPairs.mean / Double(seeds)
    displacement += scene.boxDisplacement.mean / Double(seeds)
  }
  return (pairs, displacement)
}

/// Bytes that a step asks for once the first episode has made room.
private func allocationPerStep(episodes: Int) -> Double {
  var scene = PlanarScene(seed: 0)
  scene.runEpisode()
  let bytes = allocatedBytes { for _ in 0..<episodes { scene.runEpisode() } }
  return Double(bytes) / Double(episodes * PlanarScene.stepsPerEpisode)
}

/// A scene in the middle of an episode, a fork of it, and what is done with the two.
private final class ForkBench {
  /// Steps that a fork looks ahead.
  static let horizon = 20

  private var world: World
  private var other: World

  init() {
    var scene = PlanarScene(seed: 0)
    scene.runEpisode()
    world = scene.world
    // Both own their memory once they have stepped apart.
    other = world
    other.step()
    world.step()
  }

  func copyAndStep() {
    var copy = world
    copy.step()
  }
  func fork() { world.fork(into: &other) }
  func restore() { other.fork(into: &world) }
  func forkAndRestore() {
    world.fork(into: &other)
    other.fork(into: &world)
  }
  /// Forks, and steps the fork.
  func lookAhead() {
    world.fork(into: &other)
    for _ in 0..<ForkBench.horizon { other.step() }
  }
}
