// A demo as a model: scene after scene, command after command, one control step at a time; no window.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarSceneDrawing

/// A running demo.
///
/// An **attempt** is one command in one scene. It ends when the command is achieved or when the
/// environment's time limit has passed since it was given; the scene then waits for another command or for
/// the next episode. Attempts that one pilot drove from start to end, and in which nobody meddled, are tallied under
/// its name.
public struct DemoSession<World: DrawableEnvironment> {
  /// How the present attempt stands.
  public enum Status: Equatable, Sendable {
    case running, succeeded, outOfTime, ruleBroken
  }

  /// Attempts of one pilot.
  public struct Tally: Equatable, Sendable {
    public var successes = 0
    public var attempts = 0
    /// Control steps of the successful ones, in all.
    public var stepsToSuccess = 0
  }

  /// A chunk at work: its path when it was predicted, and how much of it has been executed.
  public struct ShownChunk: Equatable, Sendable {
    /// The commanded tip from the moment at which the chunk took over, `[steps left then + 1]`, m.
    public var path: [Vec2]
    /// Of the steps on the path.
    public var executedSteps: Int
    /// Steps on the path that will be executed before the next chunk.
    public var executionHorizon: Int
  }

  public private(set) var world: World
  public let pilots: [DemoPilot<World>]
  public private(set) var pilotIndex = 0
  /// Counts from 1.
  public private(set) var episode = 1
  /// Control steps of this episode.
  public private(set) var step = 0
  public private(set) var status = Status.running
  /// One per pilot.
  public private(set) var tallies: [Tally]
  public private(set) var shownChunk: ShownChunk?
  /// How long the present pilot's last chunk took to predict.
  public private(set) var lastInference: Duration?
  /// Whether the present command was typed in the middle of the session.
  public private(set) var isTypedCommand = false

  private let wording: CommandChoice
  /// The seed after the present episode's.
  private var nextSeed: UInt64
  private var observations: [Observation] = []
  private var executor: ChunkExecutor
  private var planners: [DemoPlanner<World>?]
  private var stepsSinceCommand = 0
  private var lastAction: Action = []
  private var isMixedAttempt = false
  private var hand: Hand?
  /// The step of the chunk at work with which the shown path begins.
  private var shownFrom = 0

  /// Starts at the first episode.
  ///
  /// - Parameter command: what each episode starts with. Scenes in which a given text cannot be obeyed
  ///   (the object is not there) are passed over.
  /// - Throws: `UserError` where a pilot's policy does not fit the environment, or the text is not understood.
  public init(
    world: World, pilots: [DemoPilot<World>], firstSeed: UInt64, command: CommandChoice = .drawn
  ) throws {
    precondition(!pilots.isEmpty, "a session needs a pilot")
    for pilot in pilots { try pilot.validate(for: world) }
    self.pilots = pilots
    wording = command
    let scene = try SceneSearch.scene(of: world, from: firstSeed, command: command)
    self.world = scene.world
    nextSeed = scene.world.info.seed &+ 1
    tallies = Array(repeating: Tally(), count: pilots.count)
    planners = Array(repeating: nil, count: pilots.count)
    executor = ChunkExecutor(first: scene.first, observationHorizon: 1, executionHorizon: 1)
    begin(at: scene.first)
  }

  public var pilot: DemoPilot<World> { pilots[pilotIndex] }
  public var tally: Tally { tallies[pilotIndex] }
  public var command: String { world.info.command }
  /// What the pilot was shown last.
  public var latestObservation: Observation { executor.history.latest }
  /// Control steps left before the attempt is out of time.
  public var stepsLeft: Int { max(0, world.maximumSteps - stepsSinceCommand) }

  // MARK: Steering

  /// Goes to the next scene.
  ///
  /// - Throws: `UserError` where no scene suits the session's command.
  public mutating func nextEpisode() throws {
    let scene = try SceneSearch.scene(of: world, from: nextSeed, command: wording)
    world = scene.world
    nextSeed = scene.world.info.seed &+ 1
    episode += 1
    begin(at: scene.first)
  }

  /// Plays the present scene again from its start, with the session's command.
  ///
  /// - Throws: `UserError` as `nextEpisode` does.
  public mutating func restartEpisode() throws {
    let scene = try SceneSearch.scene(of: world, from: world.info.seed, command: wording)
    world = scene.world
    begin(at: scene.first)
  }

  /// Gives the arm another command in the present scene and a fresh time limit.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed; the old command goes on then.
  public mutating func give(command text: String) throws {
    try world.give(command: text)
    for index in observations.indices { observations[index].command = text }
    isTypedCommand = true
    beginAttempt()
  }

  /// Gives the arm to another pilot; it plans at once. Programmer error where there is no such pilot.
  public mutating func selectPilot(_ index: Int) {
    precondition(pilots.indices.contains(index), "no such pilot")
    guard index != pilotIndex else { return }
    pilotIndex = index
    lastInference = nil
    isMixedAttempt = isMixedAttempt || (status == .running && stepsSinceCommand > 0)
    beginPlanning()
    planner.beginEpisode(seed: world.info.seed, in: world)
  }

  // MARK: Meddling

  /// Whether a person's hand is on a body.
  public var isHandOn: Bool { hand != nil }
  /// Where the held body was taken hold of, and where the hand wants that place, m.
  public var handReach: (held: Vec2, wanted: Vec2)? {
    hand.map { (world.position(ofBody: $0.body) + $0.grip, $0.pointer) }
  }

  /// Takes hold of the body at a point, m, if there is one. The hand drags it along from control step to control step.
  ///
  /// - Returns: whether there is one.
  @discardableResult
  public mutating func takeHold(at point: Vec2) -> Bool {
    guard let body = world.bodies(at: point).first else { return false }
    hand = Hand(body: body, grip: point - world.position(ofBody: body), pointer: point)
    return true
  }

  /// Moves the hand, m; nothing is held, nothing happens.
  public mutating func moveHand(to point: Vec2) { hand?.pointer = point }

  /// The body goes on by itself.
  public mutating func letGo() { hand = nil }

  private mutating func meddle() {
    guard let hand else { return }
    let way = hand.pointer - hand.grip - world.position(ofBody: hand.body)
    world.drag(body: hand.body, by: way.clamped(toLength: Hand.greatestWay))
    isMixedAttempt = true
  }

  private mutating func begin(at first: Observation) {
    hand = nil
    let longest = pilots.map(\.horizons.observation).max() ?? 1
    observations = Array(repeating: first, count: longest)
    step = 0
    isTypedCommand = false
    beginAttempt()
    planner.beginEpisode(seed: world.info.seed, in: world)
  }

  private mutating func beginAttempt() {
    status = .running
    stepsSinceCommand = 0
    isMixedAttempt = false
    beginPlanning()
  }

  /// Drops the chunk at work, so that the next step begins with a prediction.
  private mutating func beginPlanning() {
    let horizons = pilot.horizons
    let recent = observations.suffix(horizons.observation)
    executor = ChunkExecutor(
      first: recent.first!, observationHorizon: horizons.observation, execution: pilot.execution)
    for observation in recent.dropFirst() { executor.observe(observation) }
    shownChunk = nil
    if planners[pilotIndex] == nil { planners[pilotIndex] = DemoPlanner(pilot, in: world) }
  }

  private var planner: DemoPlanner<World> { planners[pilotIndex]! }

  // MARK: Running

  /// Takes one control step, with a prediction first where one is due. Does nothing once the attempt is over.
  ///
  /// - Returns: what was predicted, if anything was.
  @discardableResult
  public mutating func advance() -> ChunkReport? {
    guard status == .running else { return nil }
    let report = executor.needsChunk ? predict() : nil
    meddle()
    let chunks = executor.chunksBegun
    lastAction = executor.nextActionUnlessHeld() ?? world.holdAction(after: lastAction)
    let transition = world.step(lastAction)
    executor.observe(transition.observation)
    observations.removeFirst()
    observations.append(transition.observation)
    if executor.chunksBegun == chunks {
      shownChunk?.executedSteps = executor.executedSteps - shownFrom
    } else {
      showChunk()
    }
    step += 1
    stepsSinceCommand += 1
    if transition.terminated {
      end(transition.succeeded ? .succeeded : .ruleBroken)
    } else if stepsSinceCommand >= world.maximumSteps {
      end(.outOfTime)
    }
    return report
  }

  private mutating func predict() -> ChunkReport {
    let clock = ContinuousClock()
    let start = clock.now
    let chunk = planner.plan(
      executor.history, continuing: executor.continuation, in: world)
    let time = clock.now - start
    lastInference = time
    let chunks = executor.chunksBegun
    executor.begin(chunk)
    if executor.chunksBegun != chunks { showChunk() }
    return ChunkReport(
      episode: episode, step: step, command: command, tip: world.tip, firstAction: chunk[0],
      lastAction: chunk[chunk.horizon - 1], inference: time)
  }

  /// Shows the chunk that has just taken over.
  private mutating func showChunk() {
    guard let chunk = executor.chunk else { return }
    shownFrom = executor.executedSteps
    shownChunk = ShownChunk(
      path: world.commandedPath(of: chunk.rest(from: shownFrom)), executedSteps: 0,
      executionHorizon: executor.lastingSteps - shownFrom)
  }

  private mutating func end(_ status: Status) {
    self.status = status
    guard !isMixedAttempt else { return }
    tallies[pilotIndex].attempts += 1
    if status == .succeeded {
      tallies[pilotIndex].successes += 1
      tallies[pilotIndex].stepsToSuccess += stepsSinceCommand
    }
  }
}
