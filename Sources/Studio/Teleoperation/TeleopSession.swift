// Teleoperation as a model: scene after scene, a person leads the tip, and keeps or discards what came of it.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts
import PlanarSceneDrawing

/// A running teleoperation.
///
/// ```
///            begin              the task or the clock ends it
///   waiting ───────► driving ───────────────────────────────► ended
///      ▲               │ retry                                  │ keep · discard · retry
///      └───────────────┴────────────────────────────────────────┘
/// ```
/// A scene waits, with its clock stopped, until the person takes the tip. Every kept episode is in the dataset before
/// the next scene stands, so that whatever ends the program, nothing kept is lost.
public struct TeleopSession<World: DrawableEnvironment> {
  /// How the present episode stands.
  public enum Phase: Equatable, Sendable {
    /// The scene stands still.
    case waiting
    /// The person drives.
    case driving
    /// The episode is over and waits to be kept or discarded.
    case ended(Ending)
  }

  /// How an episode ended.
  public enum Ending: Equatable, Sendable { case succeeded, ruleBroken, outOfTime }

  /// What has become of the episodes of this session.
  public struct Counts: Equatable, Sendable {
    /// Episodes that were kept.
    public var kept = 0
    /// The kept ones that succeeded.
    public var keptSuccesses = 0
    /// Episodes that were discarded.
    public var discarded = 0
    /// Scenes that were left without an ended episode.
    public var skipped = 0

    /// Counts, by default of nothing.
    public init(kept: Int = 0, keptSuccesses: Int = 0, discarded: Int = 0, skipped: Int = 0) {
      self.kept = kept
      self.keptSuccesses = keptSuccesses
      self.discarded = discarded
      self.skipped = skipped
    }
  }

  private var stepper: EpisodeStepper<World>
  /// Whether a person drives, decides, or has not begun.
  public private(set) var phase = Phase.waiting
  /// What came of the episodes so far.
  public private(set) var counts = Counts()
  /// What the gripper is told; without meaning where there is none.
  public private(set) var isGripperOpen = true
  /// Where kept episodes go.
  public private(set) var dataset: TeleopDataset

  /// The world from the scene's start to the present moment, one a control step.
  public private(set) var moments: [World]

  private let wording: CommandChoice
  /// The seed after the present scene's.
  private var nextSeed: UInt64

  /// Lays the first scene out.
  ///
  /// - Parameters:
  ///   - firstSeed: the seed of the first scene; a dataset that goes on begins after its last scene instead.
  ///   - command: `.text` gives every scene the same command; scenes in which it makes no sense are passed over.
  /// - Throws: `UserError` where no scene suits the command.
  public init(
    world: World, dataset: TeleopDataset, firstSeed: UInt64, command: CommandChoice = .drawn
  ) throws {
    let scene = try SceneSearch.scene(
      of: world, from: max(firstSeed, dataset.nextSeed ?? firstSeed), command: command)
    stepper = EpisodeStepper(scene.world, first: scene.first, keepsFrames: true)
    moments = [scene.world]
    self.dataset = dataset
    wording = command
    nextSeed = scene.world.info.seed &+ 1
  }

  /// The environment, in the state that is shown.
  public var world: World { stepper.world }
  /// Control steps of this episode.
  public var step: Int { stepper.frame }
  /// The command, as text.
  public var command: String { world.info.command }
  /// What a policy would be shown now.
  public var latestObservation: Observation { stepper.latest }
  /// Seconds left before the episode is out of time.
  public var secondsLeft: Double { Double(max(0, world.maximumSteps - step)) * world.controlPeriod }
  /// Whether the present episode is one to keep unless the person says otherwise.
  public var isSuccess: Bool { phase == .ended(.succeeded) }

  // MARK: Driving

  /// The person takes the tip: the clock runs. Does nothing but in a waiting scene.
  public mutating func begin() {
    if phase == .waiting { phase = .driving }
  }

  /// Opens a closed gripper and closes an open one, with the next control step.
  public mutating func toggleGripper() { isGripperOpen.toggle() }

  /// Takes one control step that leads the tip towards a point, m, or holds it where none is given. Does nothing
  /// unless the episode is under way.
  public mutating func drive(to point: Vec2?) {
    guard phase == .driving else { return }
    let action = world.action(
      leadingTipTo: point ?? world.commandedTip, gripperOpen: isGripperOpen)
    let transition = stepper.step(action, by: Driver<World>.person.name)
    moments.append(world)
    if transition.succeeded {
      phase = .ended(.succeeded)
    } else if transition.terminated {
      phase = .ended(.ruleBroken)
    } else if stepper.isFinished {
      phase = .ended(.outOfTime)
    }
  }

  // MARK: Deciding

  /// Writes the ended episode to the dataset and lays the next scene out. Does nothing unless an episode has ended.
  ///
  /// - Throws: `UserError` where the disk refuses (the episode can be kept again then) or no further scene suits
  ///   the command.
  public mutating func keep() throws {
    guard let episode = endedEpisode else { return }
    try dataset.append(episode, hold: holdingAction)
    counts.kept += 1
    if episode.success { counts.keptSuccesses += 1 }
    try nextScene()
  }

  /// Forgets the ended episode and lays the next scene out. Does nothing unless an episode has ended.
  ///
  /// - Throws: `UserError` where no further scene suits the command.
  public mutating func discard() throws {
    guard case .ended = phase else { return }
    counts.discarded += 1
    try nextScene()
  }

  /// Forgets what was driven and lays the same scene out again.
  ///
  /// - Throws: `UserError` where the scene does not suit the command any more.
  public mutating func retry() throws {
    if case .ended = phase { counts.discarded += 1 }
    try lay(SceneSearch.scene(of: world, from: world.info.seed, command: wording))
  }

  /// Goes to the next scene: a successful episode is kept, any other discarded, an unended one forgotten.
  ///
  /// - Throws: as `keep` does.
  public mutating func skip() throws {
    switch phase {
    case .ended(.succeeded): try keep()
    case .ended: try discard()
    case .waiting, .driving:
      counts.skipped += 1
      try nextScene()
    }
  }

  /// Ends the session: a successful episode that waits for a decision is kept.
  ///
  /// - Throws: `UserError` where the disk refuses.
  public mutating func finish() throws {
    guard isSuccess, let episode = endedEpisode else { return }
    try dataset.append(episode, hold: holdingAction)
    counts.kept += 1
    counts.keptSuccesses += 1
    phase = .waiting
    stepper = EpisodeStepper(world, first: stepper.latest, keepsFrames: true)
    moments = [world]
  }

  /// What was driven, where the episode has ended: unlabelled.
  private var endedEpisode: Episode? {
    guard case .ended = phase else { return nil }
    return stepper.episode
  }

  /// The action that would have held the tip where it was led last.
  private var holdingAction: Action {
    world.action(leadingTipTo: world.commandedTip, gripperOpen: isGripperOpen)
  }

  private mutating func nextScene() throws {
    try lay(SceneSearch.scene(of: world, from: nextSeed, command: wording))
  }

  private mutating func lay(_ scene: (world: World, first: Observation)) {
    stepper = EpisodeStepper(scene.world, first: scene.first, keepsFrames: true)
    moments = [scene.world]
    nextSeed = scene.world.info.seed &+ 1
    phase = .waiting
    isGripperOpen = true
  }
}
