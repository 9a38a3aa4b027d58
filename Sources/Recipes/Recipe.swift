// What a checkpoint is made from, as a value: a recipe's YAML file says the same.

import PlanarArmEnvironments
import PlanarLearning
import PlanarCore
import PlanarPlanning
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// Everything that a checkpoint depends on but the program itself: two runs of a recipe give the same bits.
///
/// ```swift
/// var recipe = try Recipe(reading: URL(fileURLWithPath: "Assets/recipes/push-flow.yaml"))
/// recipe.training.steps = 100
/// let result = try RecipeRun(recipe, folder: folder, threads: 2).run()
/// ```
public struct Recipe: Codable, Sendable {
  /// Of the checkpoint, such as `push-flow`.
  public var name: String
  /// What it is, in a sentence for people.
  public var description: String
  /// A folder under `Environments/`.
  public var environment: String
  /// Models of `Environments/robots`: one in place of the environment's own, or several that one policy serves, whose
  /// episodes take turns in the data.
  public var robots: [String]
  public var data: DemonstrationRecipe
  public var head: HeadChoice
  public var horizons: Horizons
  public var policy: NetworkRecipe
  /// The folder of a checkpoint, or the name of a shipped one, that the policy learns from; nil for none.
  public var teacher: String?
  /// The folder of a checkpoint, or the name of a shipped one, whose text encoder and trunk the policy starts from; nil
  /// to start from nothing.
  public var trunkFrom: String?
  /// The number of threads is a machine's, not a recipe's.
  public var training: TrainingConfiguration
  /// Where the learner drives too; nil for demonstrations only.
  public var dagger: DAggerRecipe?
  public var evaluation: EvaluationRecipe

  /// A head on `push` with everything at its default.
  public init(
    name: String, head: HeadChoice, size: PolicySize = .small, data: DemonstrationRecipe = DemonstrationRecipe(),
    dagger: DAggerRecipe? = nil
  ) {
    self.name = name
    description = ""
    environment = "push"
    robots = []
    self.data = data
    self.head = head
    horizons = Horizons()
    policy = NetworkRecipe(size: size)
    training = TrainingConfiguration(steps: 8_000, learningRate: 2e-3)
    self.dagger = dagger
    evaluation = EvaluationRecipe()
  }

  /// - Throws: `UserError` naming the setting that is out of range.
  public func validate() throws {
    guard !name.isEmpty, !name.contains("/") else {
      throw UserError("a recipe's name is that of a folder, such as push-flow; it is '\(name)'")
    }
    try data.validate()
    try training.validate()
    try head.options.validate()
    try dagger?.configuration.validate()
    try evaluation.validate()
    guard policy.trunk.observation == ObservationConfiguration() else {
      throw UserError("policy.trunk.observation is not for recipes: give policy.observation")
    }
    guard policy.observation.robots.isEmpty else {
      throw UserError("policy.observation.robots is not for recipes: name the robots in 'robots'")
    }
    guard (head.name == OneStepOptions.name) == (teacher != nil) else {
      throw UserError(
        teacher == nil
          ? "a one-step policy learns from a teacher: give the key 'teacher', the checkpoint of a flow policy"
          : "a teacher is for the head one-step; the head is \(head.name)")
    }
    guard trunkFrom == nil || (teacher == nil && dagger == nil) else {
      throw UserError(
        "trunk_from goes with neither a teacher, whose trunk a policy starts from anyway, nor dagger; leave it out")
    }
  }
}

/// Which demonstrations a policy learns from.
public struct DemonstrationRecipe: Codable, Equatable, Sendable {
  /// Who drives: `expert` (scripted) or `planner`; or the folder of a dataset that `planar record` has made.
  public var source = "expert"
  /// Episodes to drive. A planner's failures among them are dropped.
  public var episodes = 2_000
  /// The randomization level.
  public var randomization = "train"
  /// Randomization items set to one value.
  public var set: [String: Double] = [:]
  public var language = CommandLanguage.english
  public var split = CommandSplit.any
  /// With `trace`: segments of the corridor.
  public var segments: Int?
  /// Side of the top camera's square picture, px; nil for no camera.
  public var image: Int?
  /// Whether contact forces are observed.
  public var touch: Bool?
  /// Standard deviation of noise on executed actions; nil for what is usual for the source.
  public var actionNoise: Double?
  /// Chance per step of a push off course; nil for what is usual for the source.
  public var pushProbability: Double?
  /// Chance per step that a hand shoves an object.
  public var shoveProbability = 0.0
  /// Control steps between labelled states.
  public var labelStride = 2
  /// Whether every episode is learned from a second time, as a mirror shows it.
  public var mirror = false
  /// Episode i has the seed `firstSeed + i`.
  public var firstSeed = SeedRanges.firstTraining
  /// How a planner searches.
  public var planner = PlannerConfiguration.Method.predictive
  /// Plans that a planner tries in a round.
  public var planSamples = PlannerConfiguration().samples

  public init() {}

  /// Who drives; nil where a dataset is read.
  public var driver: DriverName? {
    let name = DriverName(source)
    return DriverName.demonstrators.contains(name) ? name : nil
  }

  func demonstrations(by driver: DriverName) -> Demonstrations {
    Demonstrations(
      source: driver, actionNoise: actionNoise, pushProbability: pushProbability,
      shoveProbability: shoveProbability, labelStride: labelStride)
  }

  var plannerConfiguration: PlannerConfiguration {
    PlannerConfiguration(
      method: planner, samples: planSamples, elites: min(PlannerConfiguration().elites, planSamples))
  }

  func validate() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw UserError(message) }
    }
    try require(episodes > 0, "data.episodes must be at least 1; it is \(episodes)")
    try require(labelStride > 0, "data.label_stride must be at least 1; it is \(labelStride)")
    try require(actionNoise ?? 0 >= 0, "data.action_noise must not be negative")
    try require(
      (0...1).contains(pushProbability ?? 0) && (0...1).contains(shoveProbability),
      "data.push_probability and data.shove_probability must lie between 0 and 1")
    try require(
      image.map { (16...512).contains($0) } ?? true, "data.image must be a side from 16 to 512 pixels")
    try require(planSamples > 0, "data.plan_samples must be at least 1; it is \(planSamples)")
    try Self.requireTrainable(randomization: randomization)
    try SeedRanges.requireTraining(firstSeed: firstSeed)
  }

  /// Refuses the level that stands for the real robot.
  ///
  /// - Throws: `UserError` that says what to take.
  public static func requireTrainable(randomization: String) throws {
    guard randomization != "real" else {
      throw UserError(
        "'real' stands for a robot that nobody has trained on: measure on it with 'planar eval', and record or train with --randomization train or wide"
      )
    }
  }

  /// The environment's settings for one robot.
  func settings(robot: String?) -> EnvironmentSettings {
    var settings = EnvironmentSettings(randomization: randomization)
    settings.pins = set
    settings.robot = robot
    settings.language = language
    settings.split = split
    settings.segments = segments
    settings.image = image.map { ($0, $0) }
    settings.touch = touch
    return settings
  }
}

/// DAgger in place of demonstrations alone: the expert drives first, then the learner more and more.
public struct DAggerRecipe: Codable, Equatable, Sendable {
  /// Labels after the demonstrations and after each round.
  public var budgets = [20_000, 40_000, 60_000, 80_000]
  /// β of the first round: how often the expert drives.
  public var beta = 0.8
  /// Factor on β from round to round.
  public var betaDecay = 0.7
  /// Gradient steps of the policies that drive a round.
  public var roundSteps = 3_000
  /// Steps executed of each chunk while collecting.
  public var executionHorizon = 8

  public init() {}

  var configuration: DAggerConfiguration {
    DAggerConfiguration(
      labelBudgets: budgets, expertShare: beta, expertShareDecay: betaDecay, executionHorizon: executionHorizon)
  }
}
