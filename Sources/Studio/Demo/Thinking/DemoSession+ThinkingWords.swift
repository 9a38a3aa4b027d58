// What is shown of the thinking, in words: figures for the panel, and why there is nothing to see.

import Foundation
import PlanarCore

extension DemoSession {
  /// The figure that belongs to what is shown; empty where it is not shown, or has none.
  func detail(of view: ThinkingView) -> String {
    guard showing.contains(view), moment.question != nil else { return "" }
    switch view {
    case .fan:
      return thought.fan.map { $0.isEmpty ? "nothing is drawn" : "\($0.count) samples" } ?? ""
    case .denoising:
      guard let steps = denoisingSteps, let step = shownDenoisingStep else { return "no noise" }
      return "step \(step) of \(steps.upperBound)"
    case .ghost: return thought.ghost?.figures ?? "no expert here"
    case .delay:
      guard let late = lateAnswer else { return "no delay" }
      return late.stepsLeft > 0 ? "due in \(late.stepsLeft)" : late.words
    }
  }

  /// Why a view will show nothing under the present driver; nil where it may show something.
  func reasonForNothing(in view: ThinkingView) -> String? {
    switch view {
    case .fan, .denoising: pilot.driver.policy == nil ? "\(pilot.name) is no policy: nothing is sampled." : nil
    case .ghost: hasExpert ? nil : "This environment has no scripted expert."
    case .delay:
      pilot.execution.delay == 0 ? "Answers come at once here; planar demo --delay 4 makes them late." : nil
    }
  }
}

extension LateAnswer {
  /// Such as `asked: the answer comes in 3 steps`, later `the jump: 0.41`.
  var words: String {
    guard stepsLeft == 0 else {
      return "asked: the answer comes in \(stepsLeft == 1 ? "1 step" : "\(stepsLeft) steps")"
    }
    return jump.map { String(format: "jump: %.2f", $0) } ?? "the answer takes over"
  }
}

extension Thought.Ghost {
  /// Such as `34°, 12 mm`.
  var figures: String {
    let way = angle.map { String(format: "%.0f°, ", $0 * 180 / .pi) } ?? ""
    return way + String(format: "%.0f mm", error * 1000)
  }
}
