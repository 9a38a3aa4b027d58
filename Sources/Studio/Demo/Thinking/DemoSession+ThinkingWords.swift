// What is shown of the thinking, in words: figures for the panel, and why there is nothing to see.

import Foundation
import PlanarArmEnvironments
import PlanarCore

extension DemoSession {
  /// The figure that belongs to what is shown; empty where it is not shown, or has none.
  func detail(of view: ThinkingView) -> String {
    guard showing.contains(view) else { return "" }
    switch view {
    case .visits: return detailOfVisits
    case .curves: return hasExpert && demonstrations() == nil ? "demonstrating" : ""
    case .fan, .denoising, .ghost, .delay, .attention: break
    }
    guard moment.question != nil else { return "" }
    switch view {
    case .fan:
      return thought.fan.map { $0.isEmpty ? "nothing is drawn" : "\($0.count) samples" } ?? ""
    case .denoising:
      guard let steps = denoisingSteps, let step = shownDenoisingStep else { return "no noise" }
      return "step \(step) of \(steps.upperBound)"
    case .ghost: return thought.ghost?.figures(in: world) ?? "no expert here"
    case .attention: return thought.gaze.map { $0.figures.isEmpty ? "cannot be told" : $0.figures } ?? ""
    case .visits, .curves: return ""
    case .delay:
      guard let late = lateAnswer else { return "no delay" }
      return late.stepsLeft > 0 ? "due in \(late.stepsLeft)" : late.words
    }
  }

  private var detailOfVisits: String {
    guard hasExpert else { return "no expert here" }
    if surveyFailure != nil { return "cannot be found out" }
    guard demonstrations() != nil, !hasOwnVisits || sharesOutside != nil else {
      return "driving \(Surveyor<World>.episodes) episodes"
    }
    guard let shares = sharesOutside else { return "teal: expert" }
    return String(format: "%.1f %% outside (%.1f %%)", 100 * shares.driver, 100 * shares.demonstrations)
  }

  /// Why a view will show nothing under the present driver; nil where it may show something.
  func reasonForNothing(in view: ThinkingView) -> String? {
    switch view {
    case .fan, .denoising: pilot.driver.policy == nil ? "\(pilot.name) is no policy: nothing is sampled." : nil
    case .attention: pilot.driver.policy == nil ? "\(pilot.name) is no policy: it attends to nothing." : nil
    case .ghost: hasExpert ? nil : "This environment has no scripted expert."
    case .delay:
      pilot.execution.delay == 0 ? "Answers come at once here; planar demo --delay 4 makes them late." : nil
    case .visits: hasExpert ? nil : "This environment has no scripted expert to compare with."
    case .curves: nil
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
  func figures(in world: some DrawableEnvironment) -> String {
    let way = angle.map { String(format: "%.0f°, ", $0 * 180 / .pi) } ?? ""
    return way + world.text(ofLength: error)
  }
}
