// What to roll out and what to keep of it: a plain value.

import PlanarCore
import PlanarPolicyInterface

/// At which frames the expert labels an episode.
public enum LabelSchedule: Hashable, Sendable {
  /// Nowhere.
  case none
  /// Every so many frames, from a phase drawn per episode, so that no frame number is favoured.
  case everyFrames(Int)
  /// Where a chunk begins: the states at which a policy is really asked.
  case chunkStarts
}

/// What a rollout keeps besides outcomes.
public struct Recording<World: Environment>: Sendable {
  /// Keep observations, executed actions and labels as an `Episode`.
  public var keepsFrames: Bool
  /// Keep each chunk the policy predicted, with its frame.
  public var keepsPredictions: Bool
  /// Who labels; needed where `labels` is not `.none`. It begins each episode with the same seed as an
  /// expert that drives, so that both decide alike.
  public var labeller: (any Expert<World>)?
  /// Which states are labelled.
  public var labels: LabelSchedule
  /// Control steps in a label (Tp).
  public var labelHorizon: Int
  /// Numbers to keep per frame, read from the environment before the step, such as the tip's position
  /// for visitation statistics. Called from several threads.
  public var probe: (@Sendable (World) -> [Float])?

  /// By default nothing but outcomes is kept.
  public init(
    keepsFrames: Bool = false, keepsPredictions: Bool = false,
    labeller: (any Expert<World>)? = nil, labels: LabelSchedule = .none, labelHorizon: Int = 16,
    probe: (@Sendable (World) -> [Float])? = nil
  ) {
    self.keepsFrames = keepsFrames
    self.keepsPredictions = keepsPredictions
    self.labeller = labeller
    self.labels = labels
    self.labelHorizon = labelHorizon
    self.probe = probe
  }

  /// Outcomes only.
  public static var outcomes: Recording { Recording() }
}

/// Episodes to run: one per seed.
public struct RolloutPlan<World: Environment>: Sendable {
  /// The environment; each episode resets a copy.
  public var world: World
  /// One episode per seed.
  public var seeds: [UInt64]
  /// Which command each episode gets.
  public var command: CommandChoice
  /// Who drives.
  public var driver: Driver<World>
  /// How the chunks of a policy are executed, and how long it is supposed to think. Mixtures execute by receding
  /// horizon without delay.
  public var execution: ChunkExecution
  /// Disturbs every executed action, whoever chose it; labels stay clean.
  public var actionNoise: ActionNoise?
  /// Changes the world before each step, after the action was chosen, given the episode's seed and the frame: a hand
  /// that shoves an object. Called from several threads.
  public var perturbation: Perturbation<World>?
  /// What is kept of each episode.
  public var recording: Recording<World>
  /// How many threads run episodes; results do not depend on it.
  public var threads: Int
  /// Episodes per block. A block shares one inference of exactly this batch size, and an episode keeps
  /// its row for life, so that no result depends on the number of threads or on who finished early.
  public var blockSize: Int

  /// - Parameter executionHorizon: where not nil, replaces `execution.horizon`.
  public init(
    world: World, seeds: [UInt64], command: CommandChoice = .drawn, driver: Driver<World>,
    executionHorizon: Int? = nil, execution: ChunkExecution = .recedingHorizon,
    actionNoise: ActionNoise? = nil, perturbation: Perturbation<World>? = nil,
    recording: Recording<World> = .outcomes, threads: Int = 1, blockSize: Int = 32
  ) {
    self.world = world
    self.seeds = seeds
    self.command = command
    self.driver = driver
    self.execution = execution
    if let executionHorizon { self.execution.horizon = executionHorizon }
    self.actionNoise = actionNoise
    self.perturbation = perturbation
    self.recording = recording
    self.threads = threads
    self.blockSize = blockSize
  }

  /// Steps executed of each chunk; nil for the policy's own, or 8 where no policy drives.
  public var executionHorizon: Int? {
    get { execution.horizon }
    set { execution.horizon = newValue }
  }

  /// How the driving policy's chunks are executed, its horizon filled in; nil where no policy drives alone.
  public var executionInForce: ChunkExecution? {
    guard case .policy(let policy) = driver.kind else { return nil }
    return execution.resolved(for: policy.horizons)
  }

  /// The policy's own horizons, or those by which somebody else is taken turns with and labelled.
  var horizons: Horizons { driver.policy?.horizons ?? Horizons(observation: 1) }

  /// The plan in a world whose actions mean what they mean to the policy. Where frames are kept, the world stays as it is:
  /// its features say what the recorded actions mean.
  var withActionsOfItsPolicy: RolloutPlan {
    guard let policy = driver.policy, !recording.keepsFrames else { return self }
    var plan = self
    plan.world.takeActions(of: policy.features)
    return plan
  }

  /// Checks what `rollOut` would refuse.
  ///
  /// - Throws: `UserError` where the policy does not fit the environment or a number is out of range.
  public func validate() throws {
    if case .person = driver.kind {
      throw UserError("a person drives in a window, not in rollouts; see planar record --from teleop")
    }
    if let policy = driver.policy {
      try policy.features.requireOffered(
        by: withActionsOfItsPolicy.world.features, policy: policy.name, environment: world.name)
      try execution.validate(for: policy)
    }
    let steps = execution.resolved(for: horizons).horizon!
    guard steps > 0 else {
      throw UserError("the execution horizon must be at least 1; it is \(steps)")
    }
    if executionInForce == nil, execution != ChunkExecution(horizon: execution.horizon) {
      throw UserError(
        "delays, switching and temporal ensembling are for a policy that drives alone; experts and random actions are chosen every step, and mixtures execute by receding horizon"
      )
    }
    if case .mixture(_, _, let takeover) = driver.kind { try takeover.validate() }
    if case .everyFrames(let stride) = recording.labels, stride < 1 {
      throw UserError("labels must be at least 1 frame apart; the stride is \(stride)")
    }
    precondition(blockSize > 0, "a block holds at least one episode")
    precondition(
      recording.labels == .none || (recording.labeller != nil && recording.labelHorizon > 0),
      "labels need a labeller and a horizon")
  }
}

/// One finished episode of a plan.
public struct RolloutEpisode: Equatable, Sendable {
  /// What came of it.
  public var outcome: EpisodeOutcome
  /// Observations, actions and labels, where they were kept.
  public var episode: Episode?
  /// The chunks a policy predicted, where they were kept.
  public var predictions: [ChunkPrediction]
  /// What the probe read, `[frame][number]`.
  public var probes: [[Float]]
}

/// A chunk that a policy predicted at a frame.
public struct ChunkPrediction: Equatable, Sendable {
  /// The frame at which the policy looked.
  public var frame: Int
  /// What it predicted.
  public var chunk: ActionChunk

  /// A chunk that was predicted at a frame.
  public init(frame: Int, chunk: ActionChunk) {
    self.frame = frame
    self.chunk = chunk
  }
}
