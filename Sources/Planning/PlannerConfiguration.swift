// Every number of the planner, in one plain value.

/// How `PlanningExpert` searches for a plan.
///
/// ```
///   now                                                    horizon
///    |a a a a a a a a a a a a a a a a a a a a a a a a a a a a|   a plan: one action a control step
///    |x x|                                                       executed before the next plan is made
///    o             o             o             o             o   knots: where samples deviate from the plan,
///                                                                 straight lines between them
/// ```
public struct PlannerConfiguration: Codable, Hashable, Sendable {
  /// What is made of the sampled plans of one round; the next round samples around it.
  public enum Method: String, CaseIterable, Codable, Sendable {
    /// The best of them (predictive sampling, Howell et al. 2022, arXiv 2212.00541).
    case predictive
    /// The mean of the elites, and their spread as the next noise (cross-entropy method, Rubinstein 1999).
    case cem
    /// The mean of all, weighted by exp(−(cost − least cost) / temperature) (Williams et al. 2017).
    case mppi
  }

  /// How many plans can be tried in a round: each steps a world of its own.
  public static let sampleCounts = 1...16_384

  /// How samples are turned into a plan.
  public var method: Method
  /// Control steps that a plan looks ahead.
  public var horizon: Int
  /// Steps of a plan that are executed before the next one is made.
  public var executionSteps: Int
  /// Plans tried in a round.
  public var samples: Int
  /// Rounds of sampling for a plan that goes on from the last one, at least.
  public var iterations: Int
  /// Rounds where there is no such plan, at least: at an episode's start and in states that were not expected.
  public var freshIterations: Int
  /// Rounds at most: as long as a plan brings no progress, more are tried.
  public var maximumIterations: Int
  /// The part of the present cost that a plan must take away by its end to count as progress.
  public var progress: Double
  /// Knots of a sample's deviation.
  public var knots: Int
  /// The greatest standard deviation at a knot, in units of the action, whose range is [−1, 1].
  public var noise: Double
  /// The least one. With `predictive` and `mppi` a round's samples lie between both, evenly on a logarithmic scale,
  /// so that some try something else and some refine; with `cem` the spread never falls below it.
  public var leastNoise: Double
  /// The cost of a squared change of an action's number from one step to the next, so that plans are smooth; 0 for
  /// none. Halved with every plan that brings no progress.
  public var roughnessCost: Double
  /// With `cem`: how many of the best samples are averaged.
  public var elites: Int
  /// With `mppi`: in units of a plan's cost, the sum over its steps.
  public var temperature: Double

  /// The defaults solve every shipped environment; `validate` checks what they are replaced by.
  public init(
    method: Method = .predictive, horizon: Int = 24, executionSteps: Int = 2, samples: Int = 64,
    iterations: Int = 2, freshIterations: Int = 4, maximumIterations: Int = 10,
    progress: Double = 0.05, knots: Int = 5, noise: Double = 1, leastNoise: Double = 0.02,
    roughnessCost: Double = 1, elites: Int = 8, temperature: Double = 0.05
  ) {
    precondition(
      horizon > 0 && 1...horizon ~= executionSteps, "a plan's steps are executed, at least one")
    precondition(samples > 0 && 1...samples ~= elites, "elites are some of the samples")
    precondition(
      iterations > 0 && freshIterations > 0 && maximumIterations > 0, "a plan takes a round at least")
    precondition(0..<1 ~= progress && knots > 1, "progress is a part, and a line has two ends")
    precondition(0 < leastNoise && leastNoise <= noise, "noise is positive")
    precondition(roughnessCost >= 0 && temperature > 0, "costs are not negative")
    self.method = method
    self.horizon = horizon
    self.executionSteps = executionSteps
    self.samples = samples
    self.iterations = iterations
    self.freshIterations = freshIterations
    self.maximumIterations = maximumIterations
    self.progress = progress
    self.knots = knots
    self.noise = noise
    self.leastNoise = leastNoise
    self.roughnessCost = roughnessCost
    self.elites = elites
    self.temperature = temperature
  }
}
