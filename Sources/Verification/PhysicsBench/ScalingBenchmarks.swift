// How the cost of a step grows with the number of bodies, in four kinds of scenes.

import Foundation
import PlanarCore
import PlanarPhysics

/// What was measured of one scene of one number of boxes.
public struct ScalingResult: Codable, Sendable {
  /// The kind of scene.
  public var scene: ScalingSceneKind
  /// Boxes in it.
  public var count: Int
  /// Steps per second of the thread's own time.
  public var stepsPerSecond: Double
  /// Of the cost's growth from the smaller scene before: log of the ratio of times over log of the ratio of counts.
  public var exponent: Double?
  /// The deepest overlap after two more seconds in which nothing is driven, m.
  public var restingOverlap: Double
  /// Whether what rested could sleep (`PhysicsSettings.sleepDelay` of half a second).
  public var sleeps: Bool
}

/// Steps that a scene is timed over, from its start.
public let scalingSteps = 1000

/// Measures all scenes without and with sleep, on one thread. Each is run again from its start until `seconds` are over,
/// and the quickest run counts.
public func benchmarkScaling(
  seconds: Double, progress: any ProgressReporter = SilentProgress()
) -> [ScalingResult] {
  var results: [ScalingResult] = []
  let total = 2 * ScalingSceneKind.allCases.reduce(0) { $0 + $1.counts.count }
  for sleeps in [false, true] {
    var settings = PhysicsSettings()
    if sleeps { settings.sleepDelay = 0.5 }
    for kind in ScalingSceneKind.allCases {
      var smaller: ScalingResult?
      for count in kind.counts {
        var result = measure(ScalingScene(kind, count: count, settings: settings), seconds: seconds)
        result.sleeps = sleeps
        if let smaller {
          result.exponent =
            log(smaller.stepsPerSecond / result.stepsPerSecond) / log(Double(count) / Double(smaller.count))
        }
        smaller = result
        results.append(result)
        progress.report(stage: "measuring", done: results.count, total: total, note: "\(kind.rawValue) \(count)")
      }
    }
  }
  return results
}

private func measure(_ start: ScalingScene, seconds: Double) -> ScalingResult {
  var scene = start
  var spent = 0.0
  var quickest = Double.infinity
  repeat {
    scene = start
    let begin = threadTime()
    for _ in 0..<scalingSteps { scene.step() }
    let time = threadTime() - begin
    spent += time
    quickest = min(quickest, time)
  } while spent < seconds
  for _ in 0..<400 { scene.step(isDriven: false) }
  return ScalingResult(
    scene: start.kind, count: start.count, stepsPerSecond: Double(scalingSteps) / quickest, exponent: nil,
    restingOverlap: deepestOverlap(scene.world), sleeps: false)
}

/// By the plain overlap test, as what sleeps has no contacts; between two bodies, or a body and a wall, m.
private func deepestOverlap(_ world: World) -> Double {
  let outlines = world.models.indices.map { Outline(world.models[$0].shape, at: world.pose(of: $0)) }
  var deepest = 0.0
  for (a, outline) in outlines.enumerated() {
    for b in 0..<a { deepest = max(deepest, outline.depth(in: outlines[b])) }
    if world.models[a].mass.isFinite {
      for wall in world.walls { deepest = max(deepest, outline.depth(behind: wall)) }
    }
  }
  return deepest
}

/// Seconds that this thread has worked, so that others on the machine count for little.
private func threadTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
