// One episode under way: who drives, what is recorded, how it ends.

import PlanarCore
import PlanarPolicyInterface

/// One running episode of a plan. A block advances its runs in lockstep:
/// `beginChunkIfNeeded` → (prediction, where wanted) → `advance`.
struct EpisodeRun<World: Environment> {
  private let plan: RolloutPlan<World>
  private var world: World
  private var executor: ChunkExecutor
  private var driver: Driver<World>
  private var labeller: (any Expert<World>)?
  private var disturbance: ActionDisturbance?
  private var coin: RandomStream
  /// A policy drives alone: its executor says when a chunk is due.
  private let isPolicyAlone: Bool
  private let labelPhase: Int
  private let watchesDrawnGoal: Bool

  /// The policy is to be asked, by `request`, and answers to `receive`.
  private(set) var wantsPrediction = false
  private(set) var isFinished = false
  /// The row for the policy; its noise stream goes on from prediction to prediction.
  private(set) var request: PolicyRequest
  private var stepsUntilChunk = 0
  private var lastAction: Action
  /// The policy drives this chunk and drove the one before.
  private var continuesOwnChunk = false
  private var frame = 0

  private var outcome: EpisodeOutcome
  private var motion = MotionTally()
  private var observations: [Observation] = []
  private var actions: [Action] = []
  private var labelFrames: [Int] = []
  private var labels: [ActionChunk] = []
  private var predictions: [ChunkPrediction] = []
  private var probes: [[Float]] = []

  init(_ plan: RolloutPlan<World>, index: Int) throws {
    let seed = plan.seeds[index]
    self.plan = plan
    world = plan.world
    let first = try world.reset(seed: seed, command: plan.command)
    let horizons = plan.horizons
    executor = ChunkExecutor(
      first: first, observationHorizon: horizons.observation,
      execution: plan.execution.resolved(for: horizons))
    isPolicyAlone = plan.executionInForce != nil
    lastAction = Action(repeating: 0, count: world.features.action.count)
    request = PolicyRequest(
      history: executor.history, noise: RandomStream(seed: seed, purpose: "policy noise"))
    driver = Driver(plan.actor, dimension: world.features.action.count, seed: seed)
    labeller = plan.recording.labels == .none ? nil : plan.recording.labeller
    labeller?.beginEpisode(seed: seed)
    disturbance = plan.actionNoise.map { ActionDisturbance($0, seed: seed) }
    coin = RandomStream(seed: seed, purpose: "mixture")
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

  /// At a chunk's start, decides who drives it.
  mutating func beginChunkIfNeeded() {
    guard !isFinished, isPolicyAlone ? executor.needsChunk : stepsUntilChunk == 0 else { return }
    let wasPolicy = driver.isPolicy
    driver.beginChunk(&coin)
    continuesOwnChunk = wasPolicy && driver.isPolicy
    wantsPrediction = driver.isPolicy
    stepsUntilChunk = executor.executionHorizon
    request.history = executor.history
    request.continuation = executor.continuation
    if case .chunkStarts = plan.recording.labels { label() }
  }

  /// Takes the policy's answer to `request` and the noise stream as the policy left it.
  mutating func receive(_ chunk: ActionChunk, noise: RandomStream) {
    executor.begin(chunk)
    request.noise = noise
    wantsPrediction = false
    if plan.recording.keepsPredictions {
      predictions.append(ChunkPrediction(frame: frame, chunk: chunk))
    }
  }

  /// Records a frame and takes one control step.
  mutating func advance() throws {
    if case .everyFrames(let stride) = plan.recording.labels, frame % stride == labelPhase { label() }
    if let probe = plan.recording.probe { probes.append(probe(world)) }

    var action =
      driver.isPolicy
      ? executor.nextActionUnlessHeld() ?? world.holdAction(after: lastAction)
      : driver.action(in: world)
    if disturbance != nil { action = disturbance!.disturbed(action) }
    motion.add(action, jump: continuesOwnChunk ? executor.boundaryJump : nil)
    lastAction = action
    if plan.recording.keepsFrames {
      observations.append(executor.history.latest)
      actions.append(action)
    }

    plan.meddling?(&world, outcome.info.seed, frame)
    let transition = world.step(action)
    executor.observe(transition.observation)
    stepsUntilChunk -= 1
    frame += 1
    try note(transition)
  }

  private mutating func label() {
    guard labeller != nil else { return }
    labelFrames.append(frame)
    labels.append(labeller!.chunk(from: world, horizon: plan.recording.labelHorizon))
  }

  private mutating func note(_ transition: Transition) throws {
    outcome.steps = frame
    outcome.totalReward += transition.reward
    outcome.success = transition.succeeded
    let isAtDrawnGoal =
      watchesDrawnGoal
      ? try world.achieves(command: outcome.info.drawnCommand) : transition.succeeded
    outcome.endedAtDrawnGoal = isAtDrawnGoal
    outcome.reachedDrawnGoal = outcome.reachedDrawnGoal || isAtDrawnGoal
    outcome.failure =
      transition.succeeded
      ? nil
      : transition.terminated
        ? .ruleBroken : outcome.reachedDrawnGoal ? .otherGoal : .outOfTime
    isFinished = transition.terminated || transition.truncated || frame >= world.maximumSteps
    if isFinished, !world.metrics.isEmpty { outcome.metrics = world.metrics }
    if isFinished { outcome.motion = motion.metrics }
  }

  /// What is handed out once finished.
  var result: RolloutEpisode {
    let episode =
      plan.recording.keepsFrames
      ? Episode(
        info: outcome.info, success: outcome.success, observations: observations, actions: actions,
        labelFrames: labelFrames, labels: labels) : nil
    return RolloutEpisode(
      outcome: outcome, episode: episode, predictions: predictions, probes: probes)
  }
}

/// An actor in one episode.
private struct Driver<World: Environment> {
  private var expert: (any Expert<World>)?
  private var random: RandomDriver?
  /// The probability that the expert drives a chunk.
  private let expertShare: Double
  /// The policy drives the present chunk.
  private(set) var isPolicy = false

  init(_ actor: Actor<World>, dimension: Int, seed: UInt64) {
    expert = actor.expert
    expert?.beginEpisode(seed: seed)
    switch actor {
    case .policy: expertShare = 0
    case .expert, .random: expertShare = 1
    case .mixture(_, _, let share): expertShare = share
    }
    if case .random(let kind) = actor {
      random = RandomDriver(kind, dimension: dimension, seed: seed)
    }
  }

  mutating func beginChunk(_ coin: inout RandomStream) {
    isPolicy = coin.uniform() >= expertShare
  }

  mutating func action(in world: World) -> Action {
    if random != nil { return random!.next() }
    guard expert != nil else { preconditionFailure("a chunk without a policy needs an expert") }
    return expert!.action(in: world)
  }
}
