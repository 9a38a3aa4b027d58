// The one place where episodes take their control steps.

import PlanarCore
import PlanarPolicyInterface

/// A world in the middle of an episode, what happens to it in a control step, and the record of that.
///
/// ```
///   action ──► noise ──► (perturbation of the world) ──► step ──► transition
///                │                                                   │
///                └───────────────► record of the frame ◄─────────────┘
/// ```
///
/// Rollouts, demonstrations, DAgger, teleoperation, the window and replays step their worlds here, each with a chooser
/// of actions of its own. Two step by themselves: `EnvironmentBatch`, which writes into flat arrays and allocates nothing,
/// and the trial of the expert in `EnvironmentCheck`, which knows no rollouts.
public struct EpisodeStepper<World: Environment>: Sendable {
  /// The world as it is now.
  public private(set) var world: World
  /// What the world showed last.
  public private(set) var latest: Observation
  /// Control steps taken: the number of the frame that comes next.
  public private(set) var frame = 0
  /// What was executed last; zeros before the first step.
  public private(set) var lastAction: Action
  /// The task or the time limit has ended the episode.
  public private(set) var isFinished = false

  private let seed: UInt64
  private var noise: ActionDisturbance?
  private let perturbation: Perturbation<World>?
  private var record: Episode?

  /// Begins with a world that was just reset.
  ///
  /// - Parameters:
  ///   - first: what `reset` showed.
  ///   - keepsFrames: whether an `Episode` is recorded.
  ///   - actionNoise: disturbs every executed action.
  ///   - perturbation: changes the world before each step.
  public init(
    _ world: World, first: Observation, keepsFrames: Bool = false, actionNoise: ActionNoise? = nil,
    perturbation: Perturbation<World>? = nil
  ) {
    self.world = world
    self.perturbation = perturbation
    latest = first
    let info = world.info
    seed = info.seed
    lastAction = Action(repeating: 0, count: world.features.action.count)
    noise = actionNoise.map { ActionDisturbance($0, seed: info.seed) }
    if keepsFrames { record = Episode(info: info, success: false, observations: [], actions: []) }
  }

  /// Takes one control step. No robot gets a number that is not finite: in place of such an action it is held still.
  ///
  /// - Parameters:
  ///   - action: `[action]`, as its driver wants it.
  ///   - driver: who chose it, as the record says.
  @discardableResult
  public mutating func step(_ action: Action, by driver: String) -> Transition {
    lastAction = action.allSatisfy(\.isFinite) ? action : world.holdAction(after: lastAction)
    if noise != nil { lastAction = noise!.disturbed(lastAction) }
    perturbation?(&world, seed, frame)
    let transition = world.step(lastAction)
    frame += 1
    isFinished = transition.terminated || transition.truncated || frame >= world.maximumSteps
    if record != nil { keep(transition, driver) }
    latest = transition.observation
    return transition
  }

  /// Lets actions mean what they mean to a driver with these features, from the next step on.
  ///
  /// - Parameter held: the action that holds the robot still in the world as it then is, given what was executed last.
  public mutating func takeActions(of features: FeatureSet, held: (World, _ last: Action) -> Action) {
    let before = world.features.action
    world.takeActions(of: features)
    if world.features.action != before { lastAction = held(world, lastAction) }
  }

  /// Changes the world between two steps: a hand that drags something, or another command.
  public mutating func perturb<Result>(_ change: (inout World) throws -> Result) rethrows -> Result {
    try change(&world)
  }

  /// Labels the frame that comes next, where frames are kept.
  public mutating func label(_ chunk: ActionChunk) {
    guard record != nil else { return }
    record!.labelFrames.append(frame)
    record!.labels.append(chunk)
  }

  /// The episode so far; nil where frames are not kept.
  public var episode: Episode? {
    var episode = record
    if frame > 0 { episode?.finalObservation = latest }
    return episode
  }

  private mutating func keep(_ transition: Transition, _ driver: String) {
    record!.observations.append(latest)
    record!.actions.append(lastAction)
    record!.rewards.append(Float(transition.reward))
    record!.terminated.append(transition.terminated)
    record!.truncated.append(isFinished && !transition.terminated)
    record!.successes.append(transition.succeeded)
    record!.drivers.append(driver)
    record!.success = transition.succeeded
  }
}

/// What happens to a world from outside: given the episode's seed and the frame, and nothing else, so that a recorded
/// episode can be replayed with it. Called from several threads.
public typealias Perturbation<World> = @Sendable (inout World, _ seed: UInt64, _ frame: Int) -> Void
