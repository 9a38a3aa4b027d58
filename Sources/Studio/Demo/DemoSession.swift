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

  /// The episode as it is shown.
  var moment: DemoMoment<World>
  var timeline: EpisodeTimeline<World>
  /// Who can drive.
  public private(set) var pilots: [DemoPilot<World>]
  /// Counts from 1.
  public private(set) var episode = 1
  /// One per pilot.
  public private(set) var statistics: [Statistics]
  /// How long the present pilot's last chunk took to predict.
  public private(set) var lastInference: Duration?
  /// What is shown of the thinking. Whatever it is, the episode goes the same way.
  public var showing: Set<ThinkingView> = [] {
    didSet {
      if showing.contains(.ghost), !oldValue.contains(.ghost) { compareWithExpert() }
      think()
    }
  }
  /// The denoising step that is shown; nil goes through all of them while the chunk is executed.
  public var denoisingStep: Int?

  /// The factors that were given values by hand.
  public private(set) var adjusted: Set<String> = []
  /// The world before the first of that; nil where nothing was set.
  private var untouched: World?
  private let wording: CommandChoice
  /// What actions mean in the world as it was loaded: to drivers that are no policies.
  private let ownFeatures: FeatureSet
  /// The seed after the present episode's.
  private var nextSeed: UInt64
  /// The storage of each pilot's policy, made when it drives first.
  private var inferences: [(any PolicyInference)?]
  /// How often each pilot was given another driver.
  var generations: [Int]
  var thinker: Thinker<World>
  let surveyor = Surveyor<World>()
  var hand: Hand?

  /// Starts at the first episode.
  ///
  /// - Parameters:
  ///   - command: what each episode starts with. Scenes in which a given text cannot be obeyed (the object is not
  ///     there) are passed over.
  ///   - expert: whose ghost can be shown beside the driver; nil where there is none.
  /// - Throws: `UserError` where a pilot's policy does not fit the environment, or the text is not understood.
  public init(
    world: World, pilots: [DemoPilot<World>], firstSeed: UInt64, command: CommandChoice = .drawn,
    expert: (any Expert<World>)? = nil
  ) throws {
    precondition(!pilots.isEmpty, "a session needs a pilot")
    for pilot in pilots { try pilot.validate(for: world) }
    self.pilots = pilots
    wording = command
    ownFeatures = world.features
    let scene = try SceneSearch.scene(of: world, from: firstSeed, command: command)
    moment = DemoMoment(scene, pilots: pilots, pilotIndex: 0)
    timeline = EpisodeTimeline(moment)
    nextSeed = scene.world.info.seed &+ 1
    statistics = Array(repeating: Statistics(), count: pilots.count)
    inferences = Array(repeating: nil, count: pilots.count)
    generations = Array(repeating: 0, count: pilots.count)
    thinker = Thinker(expert: expert)
    begin(scene)
  }

  /// The environment, in the state that is shown.
  public var world: World { moment.stepper.world }
  /// The scene in which the newest question was asked; nil where there was none.
  var askedScene: DrawList? { moment.question?.world.drawList }
  /// Control steps of this episode until the state that is shown.
  public var step: Int { moment.stepper.frame }
  /// Who drives.
  public var pilotIndex: Int { moment.pilotIndex }
  /// Whether the episode goes on, or how it ended.
  public var status: Status { moment.status }
  /// The chunk that is being executed, as it is drawn; nil where there is none.
  public var shownChunk: ShownChunk? { moment.shownChunk }
  /// Whether the present command was typed in the middle of the session.
  public var isTypedCommand: Bool { moment.isTypedCommand }
  /// What is known of how the present chunk came about, as far as it is shown.
  public var thought: Thought { moment.thought }
  /// Whether there is an expert whose ghost can be shown.
  var hasExpert: Bool { thinker.expert != nil }
  /// The newest question, where its answer comes late; nil without a delay.
  public var lateAnswer: LateAnswer? { moment.lateAnswer }

  /// Who drives.
  public var pilot: DemoPilot<World> { pilots[pilotIndex] }
  /// Of the present pilot.
  public var pilotStatistics: Statistics { statistics[pilotIndex] }
  /// The command, as text.
  public var command: String { world.info.command }
  /// What the pilot was shown last.
  public var latestObservation: Observation { moment.driver.executor.history.latest }
  /// Control steps left before the attempt is out of time.
  public var stepsLeft: Int { max(0, world.maximumSteps - moment.stepsSinceCommand) }

  /// Whether the scene's command was obeyed; nil while the attempt goes on, and where anything but the one pilot took part
  /// in the episode: a hand, another pilot or command, another world, time that was turned back.
  var outcome: Bool? { status == .running || !moment.isUndisturbed ? nil : status == .succeeded }

  /// The present scene from its start in another session, with the same pilots, another of which drives.
  ///
  /// - Throws: `UserError` as `nextEpisode` does.
  public func beside(drivenBy pilot: Int) throws -> DemoSession {
    var other = self
    other.statistics = pilots.map { _ in Statistics() }
    other.lastInference = nil
    other.moment.pilotIndex = pilot
    try other.restartEpisode()
    return other
  }

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

  /// Gives the arm another command in the present scene and a fresh time limit. In the past it is given there: what
  /// came after is left.
  ///
  /// - Throws: `UserError` that says why the text cannot be obeyed; the old command goes on then.
  public mutating func give(command text: String) throws {
    try moment.stepper.perturb { try $0.give(command: text) }
    for index in moment.observations.indices { moment.observations[index].command = text }
    moment.isTypedCommand = true
    if step > 0 { moment.isUndisturbed = false }
    leaveFuture()
    moment.beginAttempt()
    moment.driver.replan(from: moment.observations)
    moment.forgetChunk()
    record()
  }

  /// Gives the arm to another pilot; it plans at once. In the past it takes over there: what came after is left.
  /// Programmer error where there is no such pilot.
  public mutating func selectPilot(_ index: Int) {
    precondition(pilots.indices.contains(index), "no such pilot")
    guard index != pilotIndex else { return }
    leaveFuture()
    lastInference = nil
    moment.pilotIndex = index
    if status == .running { disturbAttempt() }
    if step > 0 { moment.isUndisturbed = false }
    beginDriving()
    record()
  }

  /// Gives a factor of the world one value, from the shown moment on and in the episodes that follow. An attempt in whose
  /// middle that happens does not count.
  ///
  /// - Throws: `UserError` where the value is out of the factor's limits; nothing has changed then.
  public mutating func adjust(_ factor: String, to value: Double) throws {
    let known = untouched ?? world
    try moment.stepper.perturb { try $0.adjust(factor, to: value) }
    untouched = known
    adjusted.insert(factor)
    leaveFuture()
    disturbAttempt()
    record()
  }

  /// Lets all factors be as they are drawn; the scene begins anew.
  ///
  /// - Throws: `UserError` as `nextEpisode` does.
  public mutating func resetWorld() throws {
    guard let untouched else { return }
    let scene = try SceneSearch.scene(of: untouched, from: world.info.seed, command: wording)
    self.untouched = nil
    adjusted = []
    begin(scene)
  }

  /// Executes so many steps of the present pilot's chunks, and lets its answers come so late; it is asked again at once.
  ///
  /// - Throws: `UserError` where the policy cannot do that; nothing has changed then.
  public mutating func setExecution(_ execution: ChunkExecution) throws {
    let old = pilot
    let changed = DemoPilot(
      name: old.name, detail: old.detail, driver: old.driver, execution: execution, sampling: old.sampling)
    try changed.validate(for: world)
    pilots[pilotIndex] = changed
    statistics[pilotIndex] = Statistics()
    leaveFuture()
    disturbAttempt()
    beginDriving()
    record()
  }

  /// Lets the present pilot's policy make its chunks otherwise; it is asked again at once.
  ///
  /// - Throws: `UserError` where the policy cannot do that; nothing has changed then.
  public mutating func setSampling(_ sampling: PilotSampling) throws {
    let old = pilot
    let changed = DemoPilot<World>(
      name: old.name, detail: old.detail, driver: Driver(name: old.driver.name, .policy(try sampling.policy())),
      execution: old.execution, sampling: sampling)
    try changed.validate(for: world)
    replace(pilotIndex, by: changed)
    leaveFuture()
    disturbAttempt()
    beginDriving()
    record()
  }

  /// Another pilot in one's place, of whom nothing is known yet.
  private mutating func replace(_ index: Int, by pilot: DemoPilot<World>) {
    pilots[index] = pilot
    statistics[index] = Statistics()
    generations[index] += 1
    inferences[index] = nil
    thinker.forget(pilot: index)
  }

  /// Another driver in a pilot's place, such as the same policy with newer weights; where it drives, it is asked at once.
  ///
  /// - Throws: `UserError` where it cannot drive here; nothing has changed then.
  public mutating func setDriver(ofPilot index: Int, to driver: Driver<World>) throws {
    let old = pilots[index]
    let changed = DemoPilot(
      name: old.name, detail: old.detail, driver: driver,
      execution: old.driver.policy == nil ? .recedingHorizon : old.execution)
    try changed.validate(for: world)
    replace(index, by: changed)
    guard index == pilotIndex, !isInPast, status == .running else { return }
    disturbAttempt()
    beginDriving()
    timeline.amend(moment)
  }

  /// Something but the pilot has had a hand in what comes now.
  mutating func disturbAttempt() {
    if moment.stepsSinceCommand > 0 { moment.isMixedAttempt = true }
    if step > 0 { moment.isUndisturbed = false }
  }

  /// Keeps the moment as the last one of the episode.
  mutating func record() {
    moment.noteFigures()
    timeline.record(moment)
  }

  private mutating func begin(_ scene: (world: World, first: Observation)) {
    moment = DemoMoment(scene, pilots: pilots, pilotIndex: pilotIndex)
    hand = nil
    beginDriving()
    moment.noteFigures()
    timeline = EpisodeTimeline(moment)
  }

  /// The present pilot begins afresh, with the streams that rollouts of the episode's seed use.
  mutating func beginDriving() {
    moment.stepper.takeActions(of: pilot.driver.policy?.features ?? ownFeatures) { world, last in
      world.action(leadingTipTo: world.commandedTip, gripperOpen: (last.last ?? -1) > 0)
    }
    moment.driver = pilot.begin(in: world, from: moment.observations)
    moment.generation = generations[pilotIndex]
    moment.forgetChunk()
    if inferences[pilotIndex] == nil {
      inferences[pilotIndex] = pilot.driver.policy?.makeInference(batch: 1, in: world.features)
    }
  }

  // MARK: Time

  /// The control steps that can be shown.
  public var keptSteps: ClosedRange<Int> { timeline.first...timeline.last }
  /// The control steps before which the driver was asked.
  public var questionSteps: [Int] { timeline.questions }
  /// How far driver and expert were apart at each question of the episode that was compared, m; empty where the ghost
  /// is not shown.
  public var errors: [(step: Int, error: Double)] { showing.contains(.ghost) ? timeline.errors : [] }
  /// The scenes from the first that is kept to the one that is shown, one a control step.
  var shownScenes: [DrawList] { (timeline.first...step).map { timeline[$0].stepper.world.drawList } }
  /// Whether the episode is known to go on after the state that is shown.
  public var isInPast: Bool { step < timeline.last }

  /// Shows the episode as it was after so many control steps, or at the nearest moment that is kept. Going on from
  /// there leaves what came after.
  public mutating func seek(to step: Int) {
    moment = timeline.seek(to: step)
    hand = nil
    denoisingStep = nil
    think()
  }

  /// What came after the shown moment is no more than a path beside what comes now; an attempt whose end was seen
  /// already does not count again.
  mutating func leaveFuture() {
    guard isInPast else { return }
    timeline.leaveFuture()
    moment.isMixedAttempt = true
    moment.isUndisturbed = false
  }

  // MARK: Running

  /// Takes one control step, with a prediction first where one is due. Does nothing once the attempt is over.
  ///
  /// - Returns: what was predicted, if anything was.
  @discardableResult
  public mutating func advance() -> ChunkReport? {
    guard status == .running else { return nil }
    leaveFuture()
    // The moment is of a time when another driver was in the pilot's place.
    if moment.generation != generations[pilotIndex] {
      disturbAttempt()
      beginDriving()
    } else if moment.isByHand, hand?.lead == nil {
      // What was planned before the person drove is out of date.
      beginDriving()
    }
    let report = hand?.lead == nil && moment.driver.isChunkDue ? predict() : nil
    let transition = hand?.lead.map { takeStepByHand(to: $0.point, gripperOpen: $0.gripperOpen) } ?? takeStepByDriver()
    moment.driver.observe(transition.observation)
    moment.observations.removeFirst()
    moment.observations.append(transition.observation)
    moment.stepsSinceCommand += 1
    if transition.terminated {
      end(transition.succeeded ? .succeeded : .ruleBroken)
    } else if moment.stepsSinceCommand >= world.maximumSteps {
      end(.outOfTime)
    }
    record()
    think()
    return report
  }

  private mutating func takeStepByDriver() -> Transition {
    if let hand, moment.stepper.perturb(hand.act) {
      moment.isMixedAttempt = true
      moment.isUndisturbed = false
    }
    let before = moment.driver.executor
    let action = moment.driver.action(in: world, after: moment.stepper.lastAction)
    let transition = moment.stepper.step(action, by: moment.driver.nameAtWork)
    if moment.driver.executor.chunksBegun == before.chunksBegun {
      moment.shownChunk?.executedSteps = moment.driver.executor.executedSteps - moment.shownFrom
    } else {
      moment.showChunk()
    }
    moment.followLateAnswer(since: before)
    moment.isByHand = false
    return transition
  }

  private mutating func takeStepByHand(to point: Vec2, gripperOpen: Bool) -> Transition {
    moment.isMixedAttempt = true
    moment.isUndisturbed = false
    moment.forgetChunk()
    moment.isByHand = true
    return moment.stepper.step(
      world.action(leadingTipTo: point, gripperOpen: gripperOpen), by: DriverName.person.description)
  }

  private mutating func predict() -> ChunkReport {
    let clock = ContinuousClock()
    let start = clock.now
    let old = moment.driver.executor
    moment.driver.beginChunk(in: world)
    var asked: PolicyRequest?
    if moment.driver.wantsPrediction {
      asked = moment.driver.request
      var requests = [moment.driver.request]
      let chunk = inferences[pilotIndex]!.predict(&requests)[0]
      moment.driver.receive(chunk, noise: requests[0].noise, in: world)
    }
    let time = clock.now - start
    lastInference = time
    let chunk = moment.driver.newestChunk!
    moment.question = Question(
      pilotIndex: pilotIndex, step: step, world: world, request: asked, chunk: chunk)
    moment.thought = Thought()
    denoisingStep = nil
    moment.beginLateAnswer(after: old)
    if moment.driver.executor.chunksBegun != old.chunksBegun { moment.showChunk() }
    return ChunkReport(
      episode: episode, step: step, command: command, tip: world.tip, firstAction: chunk[0],
      lastAction: chunk[chunk.horizon - 1], inference: time)
  }

  /// Finds out what is shown of the newest question and not yet known.
  private mutating func think() {
    compareWithDemonstrations()
    guard let question = moment.question, !showing.isEmpty else { return }
    let before = moment.thought
    // Other weights would have thought otherwise; the expert is the same.
    let isOwn = moment.generation == generations[question.pilotIndex]
    thinker.complete(
      &moment.thought, of: question, to: isOwn ? showing : showing.intersection([.ghost]),
      by: pilots[question.pilotIndex])
    if moment.thought != before { timeline.amend(moment) }
  }

  /// The expert's ghost beside every chunk of the episode so far, for the curve of its error.
  private mutating func compareWithExpert() {
    var thinker = thinker
    let pilots = pilots
    timeline.completeThoughts { thought, question in
      thinker.complete(&thought, of: question, to: [.ghost], by: pilots[question.pilotIndex])
    }
    self.thinker = thinker
    moment = timeline[step]
  }

  private mutating func end(_ status: Status) {
    moment.status = status
    guard !moment.isMixedAttempt else { return }
    statistics[pilotIndex].attempts += 1
    if status == .succeeded {
      statistics[pilotIndex].successes += 1
      statistics[pilotIndex].stepsToSuccess += moment.stepsSinceCommand
    }
  }
}
