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
/// the next episode. Attempts that one pilot drove from start to end, and in which no hand disturbed the scene, are
/// counted under its name.
public struct DemoSession<World: DrawableEnvironment> {
  /// How the present attempt stands.
  public enum Status: Equatable, Sendable {
    /// Under way, or how it ended.
    case running, succeeded, outOfTime, ruleBroken
  }

  /// Attempts of one pilot.
  public struct Statistics: Equatable, Sendable {
    /// How many of them succeeded.
    public var successes = 0
    /// Episodes that were begun.
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

  private var stepper: EpisodeStepper<World>
  /// Who can drive.
  public let pilots: [DemoPilot<World>]
  /// Who drives.
  public private(set) var pilotIndex = 0
  /// Counts from 1.
  public private(set) var episode = 1
  /// Whether the episode goes on, or how it ended.
  public private(set) var status = Status.running
  /// One per pilot.
  public private(set) var statistics: [Statistics]
  /// The chunk that is being executed, as it is drawn; nil where there is none.
  public private(set) var shownChunk: ShownChunk?
  /// How long the present pilot's last chunk took to predict.
  public private(set) var lastInference: Duration?
  /// Whether the present command was typed in the middle of the session.
  public private(set) var isTypedCommand = false

  private let wording: CommandChoice
  /// What actions mean in the world as it was loaded: to drivers that are no policies.
  private let ownFeatures: FeatureSet
  /// The seed after the present episode's.
  private var nextSeed: UInt64
  private var observations: [Observation] = []
  private var driver: ActiveDriver<World>
  /// The storage of each pilot's policy, made when it drives first.
  private var inferences: [(any PolicyInference)?]
  private var stepsSinceCommand = 0
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
    ownFeatures = world.features
    let scene = try SceneSearch.scene(of: world, from: firstSeed, command: command)
    stepper = EpisodeStepper(scene.world, first: scene.first)
    driver = pilots[0].begin(in: scene.world, from: [scene.first])
    nextSeed = scene.world.info.seed &+ 1
    statistics = Array(repeating: Statistics(), count: pilots.count)
    inferences = Array(repeating: nil, count: pilots.count)
    begin(scene)
  }

  /// The environment, in the state that is shown.
  public var world: World { stepper.world }
  /// Control steps of this episode.
  public var step: Int { stepper.frame }

  /// Who drives.
  public var pilot: DemoPilot<World> { pilots[pilotIndex] }
  /// Of the present pilot.
  public var pilotStatistics: Statistics { statistics[pilotIndex] }
  /// The command, as text.
  public var command: String { world.info.command }
  /// What the pilot was shown last.
  public var latestObservation: Observation { driver.executor.history.latest }
  /// Control steps left before the attempt is out of time.
  public var stepsLeft: Int { max(0, world.maximumSteps - stepsSinceCommand) }

  // MARK: Steering

  /// Goes to the next scene.
  ///
  /// - Throws: `UserError` where no scene suits the session's command.
  public mutating func nextEpisode() throws {
    let scene = try SceneSearch.scene(of: world, from: nextSeed, command: wording)
    nextSeed = scene.world.info.seed &+ 1
    episode += 1
    begin(scene)
  }

  /// Plays the present scene again from its start, with the session's command.
  ///
  /// - Throws: `UserError` as `nextEpisode` does.
  public mutating func restartEpisode() throws {
    begin(try SceneSearch.scene(of: world, from: world.info.seed, command: wording))
  }

  /// Gives the arm another command in the present scene and a fresh time limit.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed; the old command goes on then.
  public mutating func give(command text: String) throws {
    try stepper.perturb { try $0.give(command: text) }
    for index in observations.indices { observations[index].command = text }
    isTypedCommand = true
    beginAttempt()
    driver.replan(from: observations)
    shownChunk = nil
  }

  /// Gives the arm to another pilot; it plans at once. Programmer error where there is no such pilot.
  public mutating func selectPilot(_ index: Int) {
    precondition(pilots.indices.contains(index), "no such pilot")
    guard index != pilotIndex else { return }
    pilotIndex = index
    lastInference = nil
    isMixedAttempt = isMixedAttempt || (status == .running && stepsSinceCommand > 0)
    beginDriving()
  }

  // MARK: Perturbations by hand

  /// Where the held body was taken hold of, and where the hand wants that place, m; nil where no hand is on a body.
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

  private mutating func dragHeldBody() {
    guard let hand else { return }
    stepper.perturb { world in
      let way = hand.pointer - hand.grip - world.position(ofBody: hand.body)
      world.drag(body: hand.body, by: way.clamped(toLength: Hand.greatestWay))
    }
    isMixedAttempt = true
  }

  private mutating func begin(_ scene: (world: World, first: Observation)) {
    stepper = EpisodeStepper(scene.world, first: scene.first)
    hand = nil
    let longest = pilots.map(\.horizons.observation).max() ?? 1
    observations = Array(repeating: scene.first, count: longest)
    isTypedCommand = false
    beginAttempt()
    beginDriving()
  }

  private mutating func beginAttempt() {
    status = .running
    stepsSinceCommand = 0
    isMixedAttempt = false
  }

  /// The present pilot begins afresh, with the streams that rollouts of the episode's seed use.
  private mutating func beginDriving() {
    stepper.takeActions(of: pilot.driver.policy?.features ?? ownFeatures) { world, last in
      world.action(leadingTipTo: world.commandedTip, gripperOpen: (last.last ?? -1) > 0)
    }
    driver = pilot.begin(in: world, from: observations)
    shownChunk = nil
    if inferences[pilotIndex] == nil {
      inferences[pilotIndex] = pilot.driver.policy?.makeInference(batch: 1, in: world.features)
    }
  }

  // MARK: Running

  /// Takes one control step, with a prediction first where one is due. Does nothing once the attempt is over.
  ///
  /// - Returns: what was predicted, if anything was.
  @discardableResult
  public mutating func advance() -> ChunkReport? {
    guard status == .running else { return nil }
    let report = driver.isChunkDue ? predict() : nil
    dragHeldBody()
    let chunks = driver.executor.chunksBegun
    let action = driver.action(in: stepper.world, after: stepper.lastAction)
    let transition = stepper.step(action, by: driver.nameAtWork)
    driver.observe(transition.observation)
    observations.removeFirst()
    observations.append(transition.observation)
    if driver.executor.chunksBegun == chunks {
      shownChunk?.executedSteps = driver.executor.executedSteps - shownFrom
    } else {
      showChunk()
    }
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
    let chunks = driver.executor.chunksBegun
    driver.beginChunk(in: stepper.world)
    if driver.wantsPrediction {
      var requests = [driver.request]
      let chunk = inferences[pilotIndex]!.predict(&requests)[0]
      driver.receive(chunk, noise: requests[0].noise, in: stepper.world)
    }
    let time = clock.now - start
    lastInference = time
    let chunk = driver.newestChunk!
    if driver.executor.chunksBegun != chunks { showChunk() }
    return ChunkReport(
      episode: episode, step: step, command: command, tip: world.tip, firstAction: chunk[0],
      lastAction: chunk[chunk.horizon - 1], inference: time)
  }

  /// Shows the chunk that has just taken over.
  private mutating func showChunk() {
    guard let chunk = driver.executor.chunk else { return }
    shownFrom = driver.executor.executedSteps
    shownChunk = ShownChunk(
      path: world.commandedPath(of: chunk.rest(from: shownFrom)), executedSteps: 0,
      executionHorizon: driver.executor.lastingSteps - shownFrom)
  }

  private mutating func end(_ status: Status) {
    self.status = status
    guard !isMixedAttempt else { return }
    statistics[pilotIndex].attempts += 1
    if status == .succeeded {
      statistics[pilotIndex].successes += 1
      statistics[pilotIndex].stepsToSuccess += stepsSinceCommand
    }
  }
}
