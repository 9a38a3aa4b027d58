// One episode of a plan under way: what is recorded of it, and how it ends.

import PlanarCore
import PlanarPolicyInterface

/// One running episode of a plan. A block advances its runs in lockstep:
/// `beginChunkIfNeeded` → (prediction, where wanted) → `advance`.
///
/// The class keeps the episode in one place, and hands it to the value's mutating functions: within them, what reads the
/// world is given the world itself. Read from a class, a world is copied.
final class EpisodeRun<World: Environment> {
  private var state: State

  init(_ plan: RolloutPlan<World>, index: Int) throws { state = try State(plan, index: index) }

  var isFinished: Bool { state.isFinished }
  /// The policy is to be asked, by `request`, and answers to `receive`.
  var wantsPrediction: Bool { state.wantsPrediction }
  /// The row for the policy.
  var request: PolicyRequest { state.request }
  /// What is handed out once finished.
  var result: RolloutEpisode { state.result }

  /// At a chunk's start, decides who drives it.
  ///
  /// - Throws: `UserError` where the expert's label is not finite.
  func beginChunkIfNeeded() throws { try state.beginChunkIfNeeded() }

  /// Takes the policy's answer to `request` and the noise stream as the policy left it.
  ///
  /// - Throws: `UserError` where the answer holds a number that is not finite.
  func receive(_ chunk: ActionChunk, noise: RandomStream) throws { try state.receive(chunk, noise: noise) }

  /// Takes one control step.
  ///
  /// - Throws: `UserError` where an action or a label is not finite.
  func advance() throws { try state.advance() }
}

extension EpisodeRun {
  /// The episode itself.
  struct State {
    private let plan: RolloutPlan<World>
    private var stepper: EpisodeStepper<World>
    private var driver: ActiveDriver<World>
    private var labeller: (any Expert<World>)?
    private let labelPhase: Int
    private let watchesDrawnGoal: Bool

    private var outcome: EpisodeOutcome
    private var motion = MotionStatistics()
    private var predictions: [ChunkPrediction] = []
    private var probes: [[Float]] = []

    init(_ plan: RolloutPlan<World>, index: Int) throws {
      let seed = plan.seeds[index]
      self.plan = plan
      var world = plan.world
      let first = try world.reset(seed: seed, command: plan.command)
      stepper = EpisodeStepper(
        world, first: first, keepsFrames: plan.recording.keepsFrames, actionNoise: plan.actionNoise,
        perturbation: plan.perturbation)
      let horizons = plan.horizons
      driver = ActiveDriver(
        plan.driver, first: first, observationHorizon: horizons.observation,
        execution: plan.execution.resolved(for: horizons), actionCount: world.features.action.count,
        seed: seed)
      labeller = plan.recording.labels == .none ? nil : plan.recording.labeller
      labeller?.beginEpisode(seed: seed)
      if case .everyFrames(let stride) = plan.recording.labels {
        var stream = RandomStream(seed: seed, purpose: "label phase")
        labelPhase = stream.integer(below: stride)
      } else {
        labelPhase = 0
      }
      let info = world.info
      watchesDrawnGoal = info.command != info.drawnCommand
      outcome = EpisodeOutcome(
        index: index, info: info, success: false, steps: 0, totalReward: 0, reachedDrawnGoal: false,
        endedAtDrawnGoal: false, failure: .outOfTime)
    }

    var isFinished: Bool { stepper.isFinished }
    var wantsPrediction: Bool { driver.wantsPrediction }
    var request: PolicyRequest { driver.request }

    mutating func beginChunkIfNeeded() throws {
      guard !isFinished, driver.isChunkDue else { return }
      driver.beginChunk(in: stepper.world)
      if case .chunkStarts = plan.recording.labels { try label() }
    }

    mutating func receive(_ chunk: ActionChunk, noise: RandomStream) throws {
      guard chunk.values.allSatisfy(\.isFinite) else {
        throw notFinite(
          "the policy '\(plan.driver.policy?.name ?? plan.driver.name)' answered with numbers that are not finite or beyond all measure",
          "its weights are damaged or its training diverged: use another checkpoint")
      }
      driver.receive(chunk, noise: noise, in: stepper.world)
      if plan.recording.keepsPredictions {
        predictions.append(ChunkPrediction(frame: stepper.frame, chunk: chunk))
      }
    }

    mutating func advance() throws {
      if case .everyFrames(let stride) = plan.recording.labels, stepper.frame % stride == labelPhase {
        try label()
      }
      if let probe = plan.recording.probe { probes.append(probe(stepper.world)) }
      let action = driver.action(in: stepper.world, after: stepper.lastAction)
      guard action.allSatisfy(\.isFinite) else {
        throw notFinite(
          "'\(driver.nameAtWork)' chose the action \(action), which is not finite", "look for the fault in that driver")
      }
      let transition = stepper.step(action, by: driver.nameAtWork)
      motion.add(stepper.lastAction, jump: driver.boundaryJump)
      driver.observe(transition.observation)
      try note(transition)
    }

    private mutating func label() throws {
      guard labeller != nil else { return }
      let chunk = labeller!.chunk(from: stepper.world, horizon: plan.recording.labelHorizon)
      guard chunk.values.allSatisfy(\.isFinite) else {
        throw notFinite(
          "the expert gave a label that holds a number that is not finite", "look for the fault in that expert")
      }
      stepper.label(chunk)
    }

    /// An error that says where in the plan it arose.
    private func notFinite(_ what: String, _ mend: String) -> UserError {
      UserError(
        "\(what), at control step \(stepper.frame) of the episode of seed \(outcome.info.seed) in '\(stepper.world.name)'; \(mend)"
      )
    }

    private mutating func note(_ transition: Transition) throws {
      outcome.steps = stepper.frame
      outcome.totalReward += transition.reward
      outcome.success = transition.succeeded
      let isAtDrawnGoal =
        watchesDrawnGoal
        ? try stepper.world.achieves(command: outcome.info.drawnCommand) : transition.succeeded
      outcome.endedAtDrawnGoal = isAtDrawnGoal
      outcome.reachedDrawnGoal = outcome.reachedDrawnGoal || isAtDrawnGoal
      outcome.failure =
        transition.succeeded
        ? nil
        : transition.terminated
          ? .ruleBroken : outcome.reachedDrawnGoal ? .otherGoal : .outOfTime
      guard isFinished else { return }
      let metrics = stepper.world.metrics
      if !metrics.isEmpty { outcome.metrics = metrics }
      outcome.motion = motion.metrics
    }

    var result: RolloutEpisode {
      RolloutEpisode(outcome: outcome, episode: stepper.episode, predictions: predictions, probes: probes)
    }
  }
}
