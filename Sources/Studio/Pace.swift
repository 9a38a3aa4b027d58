// Control steps in real time.

import PlanarCore
import PlanarSceneDrawing

/// Keeps control steps in real time, and the picture moving evenly from one to the next.
struct Pace {
  private let period: Duration
  private var nextStep = ContinuousClock.now
  private var earlier: DrawList
  private var later: DrawList

  init(period: Duration, scene: DrawList) {
    self.period = period
    earlier = scene
    later = scene
  }

  /// Whether a control step is due; asking counts as taking it. After a stall lost time is not made up.
  mutating func isStepDue() -> Bool {
    let now = ContinuousClock.now
    guard now >= nextStep else { return false }
    nextStep += period
    if nextStep <= now { nextStep = now + period }
    return true
  }

  /// Shows another scene at once.
  mutating func cut(to scene: DrawList) {
    earlier = scene
    later = scene
  }

  /// Moves to what a control step led to.
  mutating func show(_ scene: DrawList) {
    earlier = later
    later = scene
  }

  /// The picture one period ago, moving towards the newest one.
  var currentScene: DrawList {
    let left = ContinuousClock.now.duration(to: nextStep) / period
    return earlier.blended(with: later, by: min(max(1 - left, 0), 1))
  }
}
