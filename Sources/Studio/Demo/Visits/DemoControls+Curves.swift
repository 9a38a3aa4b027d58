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
      guard let most = values.map(\.value).max() else { return }
      // Never stretched so far that the last millimetres look like a drift.
      let top = max(least, most, .leastNormalMagnitude)
      // Of many values the greatest of every few.
      let few = max(1, values.count / 400)
      let points = stride(from: 0, to: values.count, by: few).map { first in
        let shown = values[first..<min(first + few, values.count)].max { $0.value < $1.value }!
        return TimelineModel.Point(step: shown.step, value: shown.value / top)
      }
      curves.append(TimelineModel.Curve(label(most), points, ink: ink))
    }
    add(0, session.errors.map { ($0.step, $0.error) }, least: least) {
      "error against the expert, up to \(world.text(ofLength: $0))"
    }
    guard session.showing.contains(.curves) else { return curves }
    add(1, session.goalDistances, least: least) { "distance to the goal, up to \(world.text(ofLength: $0))" }
    add(2, session.jumps) { String(format: "jump from chunk to chunk, up to %.2f", $0) }
    add(3, session.unlikeness, least: 2) {
      String(format: "unlike the demonstrations, up to %.1f (1: one in twenty of their own states is as far)", $0)
    }
    return curves
  }
}

extension DemoSession {
  /// How far the goal was off at every moment where that is a length, m.
  public var goalDistances: [(step: Int, value: Double)] {
    timeline.values(\.goalDistance)
  }
  /// Where a chunk took over from another, how far its first action was from what that would have gone on with, in
  /// normalised action units.
  public var jumps: [(step: Int, value: Double)] { timeline.values(\.jump) }
  /// How far each moment's state is from the nearest of the expert's demonstrations; above 1 it is more than nineteen in
  /// twenty of their own states have. Empty until that is known.
  public var unlikeness: [(step: Int, value: Double)] { timeline.values(\.unlikeness) }
}
