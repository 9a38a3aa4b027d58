// An episode as it has been so far: every moment, and the futures that were left for another one.

import PlanarArmEnvironments
import PlanarCore

/// The moments of an episode in order, and the one that is shown.
///
/// ```
///   0 ── 1 ── 2 ── 3 ── 4 ── 5        going on from 2 leaves 3, 4, 5 as a path beside
///             └─── 3 ── 4 ── …        the moments that take their places
/// ```
struct EpisodeTimeline<World: DrawableEnvironment> {
  /// The greatest number of moments that are kept; the oldest go first.
  static var capacity: Int { 2000 }

  private var moments: [DemoMoment<World>]
  /// The control step of the first moment that is kept.
  private(set) var first = 0
  /// The control step that is shown.
  private(set) var position = 0
  /// Where the tip went in the futures that were left, from the step at which they were, m; the newest last.
  private(set) var otherFutures: [(step: Int, path: [Vec2])] = []

  /// An episode at its first moment.
  init(_ moment: DemoMoment<World>) { moments = [moment] }

  /// The control step of the last moment.
  var last: Int { first + moments.count - 1 }

  subscript(step: Int) -> DemoMoment<World> { moments[step - first] }

  /// Keeps the present moment in place of what was known of its step and of those after it.
  mutating func record(_ moment: DemoMoment<World>) {
    let index = moment.stepper.frame - first
    moments.removeSubrange(min(index, moments.count)...)
    moments.append(moment)
    position = last
    // Some at a time, so that a long session does not move all of them at every step.
    if moments.count > Self.capacity {
      moments.removeFirst(Self.capacity / 10)
      first += Self.capacity / 10
    }
  }

  /// Keeps what has been found out about the shown moment; the ones after it stay.
  mutating func amend(_ moment: DemoMoment<World>) { moments[position - first] = moment }

  /// Shows the moment of a step, or the nearest that is kept.
  mutating func seek(to step: Int) -> DemoMoment<World> {
    position = min(max(step, first), last)
    return self[position]
  }

  /// Leaves the moments after the shown one; where the tip went in them stays.
  mutating func leaveFuture() {
    guard position < last else { return }
    otherFutures.append((position, path(position...last)))
    if otherFutures.count > 3 { otherFutures.removeFirst() }
    moments.removeSubrange((position - first + 1)...)
  }

  /// Finds out about every moment what is not known yet; one look serves all moments of a question.
  mutating func completeThoughts(_ look: (inout Thought, Question<World>) -> Void) {
    var known: (step: Int, thought: Thought)?
    for index in moments.indices {
      guard let question = moments[index].question else { continue }
      if let known, known.step == question.step {
        moments[index].thought = known.thought
      } else {
        look(&moments[index].thought, question)
        known = (question.step, moments[index].thought)
      }
    }
  }

  /// Finds out how unlike the demonstrations' the states of moments are of which that is not known yet, of some at a time.
  mutating func completeUnlikeness(_ look: (World) -> Double) {
    var left = 100
    for index in moments.indices.reversed() where moments[index].unlikeness == nil {
      moments[index].unlikeness = look(moments[index].stepper.world)
      left -= 1
      if left == 0 { return }
    }
  }

  /// A figure of the moments that have one, with their steps.
  func values(_ value: (DemoMoment<World>) -> Double?) -> [(step: Int, value: Double)] {
    moments.indices.compactMap { index in value(moments[index]).map { (first + index, $0) } }
  }

  /// How far the driver and the expert were apart at every question that was compared, m.
  var errors: [(step: Int, error: Double)] {
    var errors: [(step: Int, error: Double)] = []
    for index in moments.indices {
      guard let step = moments[index].question?.step, step != errors.last?.step,
        let ghost = moments[index].thought.ghost
      else { continue }
      errors.append((step, ghost.error))
    }
    return errors
  }

  /// Where the tip is from one step to another, m.
  func path(_ steps: ClosedRange<Int>) -> [Vec2] { steps.map { moments[$0 - first].stepper.world.tip } }

  /// The control steps before which a question was asked.
  var questions: [Int] {
    var steps: [Int] = []
    for index in moments.indices {
      guard let step = moments[index].question?.step, step != steps.last else { continue }
      steps.append(step)
    }
    return steps
  }
}
