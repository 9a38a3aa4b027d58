// A driver at work in one episode: whom to ask, when, and which action is next.

import PlanarCore
import PlanarPolicyInterface

/// A driver at work in one episode. It chooses actions; `EpisodeStepper` executes them.
///
/// ```
///   isChunkDue → beginChunk ─┬─ wantsPrediction → (request → inference) → receive ─┐
///                            └─────────────────────────────────────────────────────┴→ action … action → isChunkDue
///   after every environment step: observe(observation)
/// ```
///
/// Chunks are a policy's, and the span for which the parties of a mixture take over from each other. Experts and random
/// actions are asked every control step, unless they plan by chunks so that what is coming can be shown.
public struct ActiveDriver<World: Environment>: Sendable {
  /// Who drives the present chunk.
  private enum Turn: Sendable { case policy, expert, random, plan }

  /// The driver.
  public let driver: Driver<World>
  /// The observation history and the chunks at work.
  public private(set) var executor: ChunkExecutor
  /// The policy is to be asked, by `request`, and answers to `receive`.
  public private(set) var wantsPrediction = false
  /// The row for the policy; its noise stream goes on from prediction to prediction.
  public private(set) var request: PolicyRequest
  /// The chunk that was predicted or planned last.
  public private(set) var newestChunk: ActionChunk?

  private let observationHorizon: Int
  /// Steps of the chunks that experts and random actions plan; nil where they are asked every control step.
  private let planningHorizon: Int?
  private var expert: (any Expert<World>)?
  private var random: RandomActionStream?
  private var turn = Turn.expert
  private var coin: RandomStream
  /// Chunks of this episode that the expert of a mixture has taken over.
  private var takeovers = 0
  private var stepsUntilChunk = 0
  /// The policy drives this chunk and drove the one before.
  private var continuesOwnChunk = false

  /// Starts an episode.
  ///
  /// - Parameters:
  ///   - first: the episode's first observation.
  ///   - observationHorizon: how many observations a policy is shown, To.
  ///   - execution: how chunks are executed; its horizon is resolved.
  ///   - actionCount: how many numbers an action has.
  ///   - seed: the episode's.
  ///   - planningHorizon: steps of the chunks that experts and random actions plan ahead, from a copy of the world;
  ///     nil asks them every control step.
  public init(
    _ driver: Driver<World>, first: Observation, observationHorizon: Int, execution: ChunkExecution,
    actionCount: Int, seed: UInt64, planningHorizon: Int? = nil
  ) {
    self.driver = driver
    self.observationHorizon = observationHorizon
    self.planningHorizon = planningHorizon
    executor = ChunkExecutor(first: first, observationHorizon: observationHorizon, execution: execution)
    request = PolicyRequest(
      history: executor.history, noise: RandomStream(seed: seed, purpose: "policy noise"))
    expert = driver.expert
    expert?.beginEpisode(seed: seed)
    if case .random(let actions) = driver.kind {
      random = RandomActionStream(actions, dimension: actionCount, seed: seed)
    }
    coin = RandomStream(seed: seed, purpose: "mixture")
  }

  /// Whether a chunk must begin before the next action.
  public var isChunkDue: Bool {
    driver.isPolicyAlone || planningHorizon != nil ? executor.needsChunk : stepsUntilChunk == 0
  }

  /// Begins a chunk: decides who drives it, as far as that is known without the policy's answer.
  ///
  /// - Parameter world: the present state, for those who plan.
  public mutating func beginChunk(in world: World) {
    let tossed = coin.uniform()
    stepsUntilChunk = executor.executionHorizon
    request.history = executor.history
    request.continuation = executor.continuation
    switch driver.kind {
    case .policy: wantsPrediction = true
    case .mixture(_, _, let takeover):
      if expertTakesOver(takeover, tossed) == true {
        handOver(to: .expert, in: world)
      } else {
        wantsPrediction = true
      }
    case .expert, .planner: handOver(to: .expert, in: world)
    case .random: handOver(to: .random, in: world)
    case .person: preconditionFailure("a person gives each action from outside")
    }
  }

  /// Takes the policy's answer to `request`, and the noise stream as the policy left it.
  ///
  /// - Parameter world: as in `beginChunk`.
  public mutating func receive(_ chunk: ActionChunk, noise: RandomStream, in world: World) {
    request.noise = noise
    wantsPrediction = false
    if case .mixture(_, _, let takeover) = driver.kind,
      gateOpens(takeover, request.history.latest, chunk, in: world)
    {
      return handOver(to: .expert, in: world)
    }
    continuesOwnChunk = turn == .policy
    turn = .policy
    begin(chunk)
  }

  /// What the driver does in the present state of `world`.
  ///
  /// - Parameter last: the action that was executed before.
  public mutating func action(in world: World, after last: Action) -> Action {
    stepsUntilChunk -= 1
    switch turn {
    case .policy, .plan: return executor.nextActionUnlessHeld() ?? world.holdAction(after: last)
    case .random: return random!.next()
    case .expert: return expert!.action(in: world)
    }
  }

  /// Adds what the environment showed after a step.
  public mutating func observe(_ observation: Observation) { executor.observe(observation) }

  /// How far the last action lies from what the policy's chunk before would have gone on with; nil where no chunk of the
  /// policy took over from another at this action.
  public var boundaryJump: Double? { continuesOwnChunk ? executor.boundaryJump : nil }

  /// Who drives the present chunk, as recorded frames say.
  public var nameAtWork: String {
    guard case .mixture(let learner, _, _) = driver.kind else { return driver.name }
    return turn == .policy ? learner.name : DriverName.expert.description
  }

  /// Drops the chunk at work, so that the next step begins with a new one; what the driver drew for the episode stays.
  ///
  /// - Parameter observations: what was observed, oldest first; the last ones are used.
  public mutating func replan(from observations: [Observation]) {
    let recent = observations.suffix(observationHorizon)
    guard let first = recent.first else { preconditionFailure("there is an observation") }
    executor = ChunkExecutor(
      first: first, observationHorizon: observationHorizon, execution: executor.execution)
    for observation in recent.dropFirst() { executor.observe(observation) }
    stepsUntilChunk = 0
    wantsPrediction = false
    continuesOwnChunk = false
  }

  // MARK: Turns

  private mutating func begin(_ chunk: ActionChunk) {
    newestChunk = chunk
    executor.begin(chunk)
  }

  /// Lets somebody who is no policy drive the chunk that begins.
  private mutating func handOver(to turn: Turn, in world: World) {
    if case .mixture = driver.kind { takeovers += 1 }
    continuesOwnChunk = false
    self.turn = turn
    guard let horizon = planningHorizon else { return }
    self.turn = .plan
    if turn == .expert {
      begin(expert!.chunk(from: world, horizon: horizon))
    } else {
      let actions = (0..<horizon).map { _ in random!.next() }
      begin(ActionChunk(horizon: horizon, dimension: actions[0].count, values: actions.flatMap(\.self)))
    }
  }

  /// Whether a rule that does not look at the learner's chunk gives this one to the expert; nil where a gate decides.
  private func expertTakesOver(_ takeover: ExpertTakeover, _ tossed: Double) -> Bool? {
    switch takeover {
    case .probability(let share): tossed < share
    case .gate: nil
    case .budget(let most, let rule): takeovers < most ? expertTakesOver(rule, tossed) : false
    }
  }

  private func gateOpens(
    _ takeover: ExpertTakeover, _ observation: Observation, _ chunk: ActionChunk, in world: World
  ) -> Bool {
    switch takeover {
    case .probability: false
    case .gate(let gate):
      gate(observation, chunk) {
        // A copy, so that asking leaves the expert as it is.
        var expert = expert!
        return expert.chunk(from: world, horizon: chunk.horizon)
      }
    case .budget(let most, let rule): takeovers < most && gateOpens(rule, observation, chunk, in: world)
    }
  }
}
