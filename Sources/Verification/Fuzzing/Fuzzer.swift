// Random scenes by the million steps: what must always hold, looked at after every step.

import PlanarCore
import PlanarPhysics
import Synchronization

/// How much to fuzz.
public struct FuzzConfiguration: Codable, Equatable, Sendable {
  /// All scenes follow from it.
  public var seed: UInt64
  /// In all scenes together.
  public var steps: Int
  /// How many scenes the steps are spread over.
  public var scenes: Int
  /// Only this one of the scenes, for all of `steps`; nil for all.
  public var scene: Int?

  /// Steps per scene where their number is not given.
  public static let usualSceneLength = 2000

  /// Steps that can be asked for.
  public static let stepCounts = 1...1_000_000_000_000
  /// Scenes that can be asked for.
  public static let sceneCounts = 1...10_000_000

  /// Ten million steps by default, 2,000 of them in each scene.
  public init(seed: UInt64 = 1, steps: Int = 10_000_000, scenes: Int? = nil, scene: Int? = nil) {
    self.seed = seed
    self.steps = steps
    self.scenes = scenes ?? min(Self.sceneCounts.upperBound, max(1, steps / FuzzConfiguration.usualSceneLength))
    self.scene = scene
  }

  /// - Throws: `UserError` naming the option that makes no sense.
  public func validate() throws {
    try NumberRange(Self.stepCounts).require(steps, "--steps")
    try NumberRange(Self.sceneCounts).require(scenes, "--scenes")
    if let scene { try NumberRange(0...Self.sceneCounts.upperBound).require(scene, "--scene") }
  }
}

/// Steps random worlds of `PlanarPhysics` and looks after every step for what must not be: numbers that are none,
/// bodies behind walls, energy from nowhere, overlaps at rest, forks that go another way.
///
/// The report does not depend on `threads`. It is complete up to where `stop` was raised.
///
/// - Throws: `UserError` where the configuration makes no sense.
public func fuzzPhysics(
  _ configuration: FuzzConfiguration, threads: Int,
  progress: any ProgressReporter = SilentProgress(), stop: StopFlag = StopFlag()
) throws -> FuzzReport {
  try configuration.validate()
  let scenes = configuration.scene.map { [$0] } ?? Array(0..<configuration.scenes)
  let total = configuration.steps
  let done = Mutex((steps: 0, failures: 0))
  let runs = try parallelMap(count: scenes.count, threads: threads) { i -> FuzzReport? in
    guard !stop.isRaised else { return nil }
    // The first scenes take a step more where the division leaves a rest.
    let steps = total / scenes.count + (i < total % scenes.count ? 1 : 0)
    var run = FuzzRun(seed: configuration.seed, index: scenes[i])
    run.run(steps: steps, stop: stop)
    let failed = run.failure == nil ? 0 : 1
    let now = done.withLock { done in
      done.steps += steps
      done.failures += failed
      return done
    }
    progress.report(
      stage: "fuzzing physics", done: now.steps, total: total,
      note: now.failures == 0 ? "" : "\(now.failures) failures")
    return FuzzReport(
      counts: run.counts, extremes: run.extremes, failures: run.failure.map { [$0] } ?? [])
  }
  var report = FuzzReport()
  report.isStopped = stop.isRaised
  for run in runs.compactMap(\.self) { report.merge(run) }
  return report
}
