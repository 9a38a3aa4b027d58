// Curves along the bar of time: error, distance to the goal, jumps, and how far the states are from the demonstrations.

import Foundation
import PlanarArmEnvironments
import PlanarViewer

extension DemoControls {
  /// Those that are shown, of the lane in focus.
  var curves: [TimelineModel.Curve] {
    var curves: [TimelineModel.Curve] = []
    let (world, least) = (session.world, session.world.drawList.bounds.height * 0.03)
    func add(_ ink: Int, _ values: [(step: Int, value: Double)], least: Double = 0, _ label: (Double) -> String) {
      // Never stretched so far that the last millimetres look like a drift.
      let top = max(least, values.map(\.value).max() ?? 0)
      guard top > 0, !values.isEmpty else { return }
      let stride = max(1, values.count / 400)
      let points = values.indices.filter { $0 % stride == 0 || $0 == values.count - 1 }.map {
        TimelineModel.Point(step: values[$0].step, value: values[$0].value / top)
      }
      curves.append(TimelineModel.Curve(label(top), points, ink: ink))
    }
    add(0, session.errors.map { ($0.step, $0.error) }, least: least) {
      "error against the expert, up to \(world.lengthText($0))"
    }
    guard session.showing.contains(.curves) else { return curves }
    add(1, session.goalDistances, least: least) { "distance to the goal, up to \(world.lengthText($0))" }
    add(2, session.jumps) { String(format: "jump from chunk to chunk, up to %.2f", $0) }
    add(3, session.unlikeness, least: 2) {
      String(format: "unlike the demonstrations, up to %.1f (1: as one in twenty of their own states)", $0)
    }
    return curves
  }
}

extension DemoSession {
  /// How far the goal was off at every moment where that is a length, m.
  public var goalDistances: [(step: Int, value: Double)] {
    timeline.values { $0.stepper.world.distanceToGoal }
  }
  /// Where a chunk took over from another, how far its first action was from what that would have gone on with, in
  /// normalised action units.
  public var jumps: [(step: Int, value: Double)] { timeline.values { $0.driver.boundaryJump } }
  /// How far each moment's state is from the nearest of the expert's demonstrations; above 1 it is more than nineteen in
  /// twenty of their own states have. Empty until that is known.
  public var unlikeness: [(step: Int, value: Double)] { timeline.values(\.unlikeness) }
}

extension DrawableEnvironment {
  /// A length with its unit, such as `12 mm`.
  func lengthText(_ length: Double) -> String {
    positionUnit == "m" ? String(format: "%.0f mm", length * 1000) : String(format: "%.0f %@", length, positionUnit)
  }
}
