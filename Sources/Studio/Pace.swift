// Control steps in real time.

import PlanarCore
import PlanarSceneDrawing

/// Keeps control steps in real time, and the picture moving evenly from one to the next.
struct Pace {
  /// Between two control steps, as they are shown.
  var period: Duration
  private var nextStep = ContinuousClock.now
  private var earlier: DrawList
  private var later: DrawList

  init(period: Duration, scene: DrawList) {
    self.period = period
    earlier = scene
    later = scene
  }

  /// How much lost time is made up, by several steps for one picture; after a longer stall the rest is not.
  private static let arrears = Duration.milliseconds(250)

  /// Whether a control step is due; asking counts as taking it.
  mutating func isStepDue() -> Bool {
    let now = ContinuousClock.now
    guard now >= nextStep else { return false }
    nextStep += period
    if nextStep < now - Self.arrears { nextStep = now + period }
    return true
  }

  /// Until the next control step is due, s.
  var secondsLeft: Double { max(0, ContinuousClock.now.duration(to: nextStep) / .seconds(1)) }

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
    if earlier == later { return later }
    let left = ContinuousClock.now.duration(to: nextStep) / period
    return earlier.blended(with: later, by: min(max(1 - left, 0), 1))
  }
}
