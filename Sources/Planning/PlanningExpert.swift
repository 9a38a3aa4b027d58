// An expert that needs no script: it tries plans out on forks of the world and executes the best.

import PlanarCore
import PlanarPolicyInterface

/// Sampling-based model-predictive control: solves any task whose `planningCost` says how far it is from done.
///
/// A plan is a run of actions. It begins as the rest of the last plan, its last action held. A round draws samples
/// around it, rolls each out on a fork, adds up the cost of the states that it leads through and of its roughness, and
/// moves to what the samples taught: by predictive sampling (Howell et al. 2022, arXiv 2212.00541), the cross-entropy
/// method, or MPPI (Williams et al. 2017, arXiv 1509.01149). What is executed is the best plan that was tried. Rounds
/// go on until a plan makes progress, so that hard states get more of them.
///
/// Any state can be labelled: where it is not one that the last plan leads through, as after a disturbance, the plan
/// is made again, with parts of the last one among the first guesses. Noise comes from a stream of the episode's seed,
/// so that the same calls give the same plans.
///
/// It looks into the true world, whose friction and noise to come it therefore knows: not a controller for a robot.
public struct PlanningExpert<World: PlannableEnvironment>: Expert {
  /// How it searches.
  public let configuration: PlannerConfiguration
  private var search: PlanSearch<World>
  private var noise = PlanningExpert.noise(seed: 0)
  /// Steps of the plan that have been handed out.
  private var cursor = 0

  /// An expert without a plan; call `beginEpisode` before it acts.
  public init(_ configuration: PlannerConfiguration = PlannerConfiguration()) {
    self.configuration = configuration
    search = PlanSearch(configuration)
  }

  /// Forgets the last plan and starts the episode's own stream of noise.
  public mutating func beginEpisode(seed: UInt64) {
    noise = Self.noise(seed: seed)
    search.forget()
    cursor = 0
  }

  private static func noise(seed: UInt64) -> RandomStream {
    RandomStream(seed: seed, purpose: "planner")
  }

  /// The plan's next action; a new plan is made after `executionSteps` of them, or where the world is not in the
  /// state that the plan leads to.
  public mutating func action(in world: World) -> Action {
    let step = search.plan.step(atCost: world.planningCost, from: cursor)
    if let step, step < configuration.executionSteps {
      cursor = step
    } else {
      replan(world, after: step, horizon: configuration.horizon)
    }
    cursor += 1
    return Action(search.plan.action(cursor - 1))
  }

  /// The first steps of a new plan, itself made with at least `horizon` steps: nothing is simulated step by step, so
  /// that the steps after the first `executionSteps` are those which the expert would still look over.
  ///
  /// Where the plan finishes the task sooner, its last action is held.
  public mutating func chunk(from world: World, horizon: Int) -> ActionChunk {
    let step = search.plan.step(atCost: world.planningCost, from: cursor)
    replan(world, after: step, horizon: max(horizon, configuration.horizon))
    let dimension = search.plan.dimension
    return ActionChunk(
      horizon: horizon, dimension: dimension,
      values: Array(search.plan.actions[..<(horizon * dimension)]))
  }

  private mutating func replan(_ world: World, after step: Int?, horizon: Int) {
    search.replan(
      world, after: step, guess: cursor...cursor + 2, horizon: horizon, using: &noise)
    cursor = 0
  }
}
