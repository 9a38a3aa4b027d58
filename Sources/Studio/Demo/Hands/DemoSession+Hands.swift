// What a person does to the world with the mouse, and to the policy: where it errs, the person leads the tip.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarDatasets
import PlanarPolicyInterface

extension DemoSession {
  /// Where the held thing was taken hold of, and where the hand wants that place, m; nil where no hand is on a thing.
  public var handReach: (held: Vec2, wanted: Vec2)? {
    hand.map { hand in
      switch hand.held {
      case .body(let body): (world.position(ofBody: body) + hand.grip, hand.pointer)
      case .turning(let body, _): (world.position(ofBody: body), hand.pointer)
      case .goal(let goal): (world.position(ofGoal: goal) + hand.grip, hand.pointer)
      case .tip: (world.tip + hand.grip, hand.pointer)
      }
    }
  }

  /// Whether a person leads the tip.
  public var isLedByHand: Bool { hand?.lead != nil }

  /// Takes hold of what is at a point, m: the tip, else a body, else a goal.
  ///
  /// - Parameter turning: whether a body is to be turned instead; nothing else is taken hold of then.
  /// - Returns: whether there is anything.
  @discardableResult
  public mutating func takeHold(at point: Vec2, turning: Bool = false) -> Bool {
    if !turning, status == .running, (point - world.tip).length < world.drawList.bounds.height * 0.03 {
      hand = Hand(
        held: .tip(gripperOpen: world.isGripperOpen), grip: point - world.tip, pointer: point, since: step)
    } else if let body = world.bodies(at: point).first {
      let grip = point - world.position(ofBody: body)
      guard turning else {
        hand = Hand(held: .body(body), grip: grip, pointer: point, since: step)
        return true
      }
      hand = Hand(
        held: .turning(body, angle: world.angle(ofBody: body) - atan2(grip.y, grip.x)), grip: grip, pointer: point,
        since: step)
    } else if !turning, let goal = world.goals(at: point).first {
      hand = Hand(held: .goal(goal), grip: point - world.position(ofGoal: goal), pointer: point, since: step)
    } else {
      return false
    }
    return true
  }

  /// Moves the hand, m, and a goal with it; nothing is held, nothing happens.
  public mutating func moveHand(to point: Vec2) {
    hand?.pointer = point
    guard let hand, case .goal(let goal) = hand.held else { return }
    moment.stepper.perturb { $0.move(goal: goal, to: point - hand.grip) }
    leaveFuture()
    moment.isMixedAttempt = true
    moment.isUndisturbed = false
    record()
  }

  /// Opens a closed gripper and closes an open one, where the hand holds the tip.
  public mutating func toggleGripper() {
    guard case .tip(let isOpen) = hand?.held else { return }
    hand?.held = .tip(gripperOpen: !isOpen)
  }

  /// The hand is gone: a body goes on by itself, the tip is the driver's again, which is asked at once.
  ///
  /// - Returns: what the person did where the hand led the tip, as `Correction`; nil where it did not.
  @discardableResult
  public mutating func letGo() -> Correction? {
    let held = hand
    hand = nil
    guard let held, held.lead != nil else { return nil }
    let correction = correction(since: held.since)
    if status == .running, moment.isByHand {
      beginDriving()
      timeline.amend(moment)
    }
    return correction
  }

  /// What a person did with the tip from a control step until now; nil where that is nothing.
  private func correction(since first: Int) -> Correction? {
    guard first < step, first >= timeline.first, moment.isByHand else { return nil }
    let horizons = pilot.horizons
    let begin = max(timeline.first, first - horizons.observation + 1)
    let frames = begin..<step
    var episode = Episode(
      info: world.info, success: status == .succeeded,
      observations: frames.map { timeline[$0].stepper.latest },
      actions: frames.map { timeline[$0 + 1].stepper.lastAction }
    ).labelled(
      byExecutedActions: horizons.prediction,
      hold: world.action(leadingTipTo: world.commandedTip, gripperOpen: world.isGripperOpen))
    // What the person did not do is no label: the chunk ends with the correction, or the task with it.
    let kept = episode.labelFrames.indices.filter { index in
      let frame = episode.labelFrames[index]
      return frame >= first - begin && status != .ruleBroken
        && (episode.success || frame + horizons.prediction <= frames.count)
    }
    episode.labels = kept.map { episode.labels[$0] }
    episode.labelFrames = kept.map { episode.labelFrames[$0] }
    return Correction(
      pilot: pilot.name, steps: step - first, leastSteps: horizons.prediction, brokeRule: status == .ruleBroken,
      isOfPolicy: pilot.driver.policy != nil, episode: episode)
  }
}

/// What a person did where a driver erred: labels for it (HG-DAgger, Kelly et al. 2019).
public struct Correction: Sendable {
  /// Whom the person took the tip from.
  public var pilot: String
  /// Control steps that the person led.
  public var steps: Int
  /// Control steps that a correction has at least from which anything can be learned, unless it ends the task.
  public var leastSteps: Int
  /// Whether it ended with a broken rule: then there is nothing to learn from.
  public var brokeRule: Bool
  /// Whether a policy drove before, whose horizons the labels have.
  public var isOfPolicy: Bool
  /// The steps, each with a label where the person did all of a chunk from there, or where the task was done at the end.
  public var episode: Episode
}
