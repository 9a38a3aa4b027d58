// The state of an episode between two control steps, as a value: keeping one is enough to go on from there.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts

/// All that control steps, commands and changes of the driver change.
struct DemoMoment<World: DrawableEnvironment> {
  /// The world, and how many control steps were taken.
  var stepper: EpisodeStepper<World>
  /// Who drives, with the chunks at work and the random streams as they are.
  var driver: ActiveDriver<World>
  var pilotIndex: Int
  /// How often the pilot had been given another driver.
  var generation = 0
  /// The last ones, oldest first: as many as the pilot that looks back farthest wants.
  var observations: [Observation]
  var status = DemoSession<World>.Status.running
  var stepsSinceCommand = 0
  /// Nobody's success: more than one pilot drove, a hand disturbed the scene, or time was turned back.
  var isMixedAttempt = false
  /// Whether the scene has come to be as it is by one pilot alone since the episode began, under one command.
  var isUndisturbed = true
  var isTypedCommand = false
  /// Whether a person led the tip in the control step that led here.
  var isByHand = false
  /// The chunk that is being executed, as it is drawn; nil where there is none.
  var shownChunk: DemoSession<World>.ShownChunk?
  /// The step of the chunk at work with which the shown path begins.
  var shownFrom = 0
  /// The newest question of this driver; nil where there was none yet.
  var question: Question<World>?
  /// What is known of how it came to its answer.
  var thought = Thought()
  /// The newest question, where its answer comes late.
  var lateAnswer: LateAnswer?
  /// How far the goal was off, m; nil where that is no length.
  var goalDistance: Double?
  /// What `jumps` tells of the control step that led here; nil where no chunk took over in it.
  var jump: Double?
  /// How far the state is from the demonstrations'; nil until that was looked at.
  var unlikeness: Double?
}

extension DemoMoment {
  /// The first moment of a scene.
  init(_ scene: (world: World, first: Observation), pilots: [DemoPilot<World>], pilotIndex: Int) {
    let longest = pilots.map(\.horizons.observation).max() ?? 1
    self.init(
      stepper: EpisodeStepper(scene.world, first: scene.first),
      driver: pilots[pilotIndex].begin(in: scene.world, from: [scene.first]), pilotIndex: pilotIndex,
      observations: Array(repeating: scene.first, count: longest))
  }

  /// Notes the figures that go along the bar of time.
  mutating func noteFigures() {
    goalDistance = stepper.world.distanceToGoal
    jump = isByHand ? nil : driver.boundaryJump
    unlikeness = nil
  }

  /// A command is given: its time begins.
  mutating func beginAttempt() {
    status = .running
    stepsSinceCommand = 0
    isMixedAttempt = false
  }

  /// The chunk at work is dropped, with all that is known of it.
  mutating func forgetChunk() {
    shownChunk = nil
    question = nil
    thought = Thought()
    lateAnswer = nil
  }

  /// Shows the chunk that has just taken over.
  mutating func showChunk() {
    guard let chunk = driver.executor.chunk else { return }
    shownFrom = driver.executor.executedSteps
    shownChunk = DemoSession.ShownChunk(
      path: stepper.world.commandedPath(of: chunk.rest(from: shownFrom)), executedSteps: 0,
      executionHorizon: driver.executor.lastingSteps - shownFrom)
  }

  // MARK: Late answers

  /// A question has been answered.
  ///
  /// - Parameter old: the executor before the question.
  mutating func beginLateAnswer(after old: ChunkExecutor) {
    guard let coming = driver.executor.coming else { return lateAnswer = nil }
    let world = stepper.world
    lateAnswer = LateAnswer(
      asked: world.commandedTip, oldPath: old.path(in: world), plannedPath: world.commandedPath(of: coming.chunk),
      stepsLeft: coming.steps)
  }

  /// A control step has been taken.
  ///
  /// - Parameter before: the executor before the step.
  mutating func followLateAnswer(since before: ChunkExecutor) {
    guard let late = lateAnswer else { return }
    if late.stepsLeft == 0 {
      if lateAnswer?.jump == nil { lateAnswer?.jump = driver.boundaryJump }
      return
    }
    lateAnswer?.stepsLeft = driver.executor.coming?.steps ?? 0
    guard driver.executor.coming == nil, before.execution.switching != .wait, let old = before.chunk else { return }
    lateAnswer?.givenUp = stepper.world.commandedPath(of: old.rest(from: before.executedSteps + 1))
  }
}

extension ChunkExecutor {
  /// The commanded tip under what is left of the chunk at work, m; where the arm waits, where it is.
  fileprivate func path(in world: some DrawableEnvironment) -> [Vec2] {
    guard execution.switching != .wait, let chunk, executedSteps < chunk.horizon else { return [world.commandedTip] }
    return world.commandedPath(of: chunk.rest(from: executedSteps))
  }
}
