// The search for a plan: rounds of sampled plans, rolled out on a fork of the world.

import PlanarCore
import PlanarPolicyInterface

/// Plans in one state after another, in storage that is used again: once a plan of a size has been made, only the
/// world's own `fork(into:)` and `advance` can allocate.
struct PlanSearch<World: PlannableEnvironment>: Sendable {
  let configuration: PlannerConfiguration
  /// The best plan found; empty at an episode's start.
  private(set) var plan = Plan()
  /// The plan before it.
  private var last = Plan()
  private var candidate = Plan()
  /// The actions that all samples of a search deviate from.
  private var base: [Float] = []
  private var sampler: PlanSampler
  /// What a squared change of an action costs now.
  private var roughnessCost = 0.0
  private var fork: World?
  private var action: Action = []
  /// What was executed before the plan begins; empty where that is not known.
  private var previous: Action = []

  init(_ configuration: PlannerConfiguration) {
    self.configuration = configuration
    sampler = PlanSampler(configuration)
  }

  /// Drops the plan.
  mutating func forget() { plan.resize(horizon: 0, dimension: 0) }

  /// Replaces `plan` by one of `horizon` steps that begins in the present state of `world`.
  ///
  /// - Parameters:
  ///   - step: how many steps of the last plan led here; nil where it did not lead here.
  ///   - guess: where it did not, how many steps of it may have passed.
  mutating func replan(
    _ world: World, after step: Int?, guess: ClosedRange<Int>, horizon: Int,
    using random: inout RandomStream
  ) {
    begin(horizon: horizon, dimension: world.features.action.count, after: step, in: world)
    if let step {
      tryLast(from: step, in: world)
    } else {
      for passed in guess where passed < last.horizon { tryLast(from: passed, in: world) }
      for i in candidate.actions.indices { candidate.actions[i] = 0 }
      _ = tryCandidate(in: world, below: plan.cost)
    }
    base.removeAll(keepingCapacity: true)
    base.append(contentsOf: plan.actions)

    let least = step == nil ? configuration.freshIterations : configuration.iterations
    var round = 0
    while round < least || (round < configuration.maximumIterations && !makesProgress) {
      runRound(in: world, using: &random)
      round += 1
    }
  }

  private mutating func begin(horizon: Int, dimension: Int, after step: Int?, in world: World) {
    // A smooth plan may not be worth its way around a thing: what is stuck may move more roughly every time.
    roughnessCost = makesProgress ? configuration.roughnessCost : roughnessCost / 2
    swap(&plan, &last)
    plan.resize(horizon: horizon, dimension: dimension)
    plan.cost = .infinity
    candidate.resize(horizon: horizon, dimension: dimension)
    sampler.begin(dimension: dimension)
    previous.removeAll(keepingCapacity: true)
    if let step, step > 0 { previous.append(contentsOf: last.action(step - 1)) }
    if action.count != dimension { action = Action(repeating: 0, count: dimension) }
    if fork == nil { fork = world }
  }

  /// Whether the plan ends nearer to the goal than it begins; also where there is none.
  private var makesProgress: Bool {
    plan.isEmpty || plan.stateCosts[plan.horizon] <= (1 - configuration.progress) * plan.stateCosts[0]
  }

  private mutating func runRound(in world: World, using random: inout RandomStream) {
    for index in 0..<configuration.samples {
      sampler.draw(index, around: base, into: &candidate, using: &random)
      // Where the best one is taken, one that is no better than the plan teaches nothing.
      let bound = configuration.method == .predictive ? plan.cost : sampler.uselessCost
      sampler.note(cost: tryCandidate(in: world, below: bound), of: index)
    }
    sampler.update()
    if configuration.method != .predictive {
      sampler.writeMean(around: base, into: &candidate)
      _ = tryCandidate(in: world, below: plan.cost)
    }
  }

  /// Tries the rest of the last plan, its last action held.
  private mutating func tryLast(from step: Int, in world: World) {
    let dimension = last.dimension
    for t in 0..<candidate.horizon {
      let source = min(t + step, last.horizon - 1)
      for j in 0..<dimension {
        candidate.actions[t * dimension + j] = last.actions[source * dimension + j]
      }
    }
    _ = tryCandidate(in: world, below: .infinity)
  }

  /// Rolls the candidate out on a fork of `world`; where it is better than the plan, it becomes the plan.
  ///
  /// Where the task is over, well or badly, the last state's cost counts for the rest, and the action is held.
  ///
  /// - Returns: the candidate's cost, or infinity as soon as that is known to be `bound` or more.
  private mutating func tryCandidate(in world: World, below bound: Double) -> Double {
    world.fork(into: &fork!)
    let dimension = candidate.dimension
    var isDone = false
    var cost = 0.0
    candidate.stateCosts[0] = world.planningCost
    for t in 0..<candidate.horizon {
      if isDone {
        for j in 0..<dimension { candidate.actions[t * dimension + j] = action[j] }
        candidate.stateCosts[t + 1] = candidate.stateCosts[t]
        cost += candidate.stateCosts[t]
        if cost >= bound { return .infinity }
        continue
      }
      var roughness = 0.0
      for j in 0..<dimension {
        let value = candidate.actions[t * dimension + j]
        let change = Double(value - (t > 0 ? action[j] : previous.isEmpty ? value : previous[j]))
        roughness += change * change
        action[j] = value
      }
      isDone = fork!.advance(action)
      candidate.stateCosts[t + 1] = fork!.planningCost
      cost += candidate.stateCosts[t + 1] + roughnessCost * roughness
      if cost >= bound { return .infinity }
    }
    candidate.cost = cost
    if cost < plan.cost { swap(&plan, &candidate) }
    return cost
  }
}
