// Which demonstrations a policy learns from: the section `data` of a recipe.

import PlanarArmEnvironments
import PlanarCore
import PlanarPlanning
import PlanarPolicyInterface
import PlanarRollouts

/// How the environment is loaded and how episodes are driven; in files, the keys of both stand in one mapping.
@dynamicMemberLookup
public struct DemonstrationRecipe: Defaulted, Equatable, Sendable {
  /// How the environment is loaded. Its robot stays nil: a recipe names its robots elsewhere.
  public var settings = EnvironmentSettings()
  /// Who drives, and what is labelled.
  public var driving = Driving()

  /// Who drives how many episodes, and what is labelled.
  public struct Driving: Codable, Equatable, Sendable {
    /// Who drives: `expert` (scripted) or `planner`; or the folder of a dataset that `planar record` has made.
    public var source = "expert"
    /// Episodes to drive. A planner's failures among them are dropped.
    public var episodes = 2_000
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

    /// The scripted expert, as is usual for it.
    public init() {}
  }

  /// The scripted expert in the environment as it is by default.
  public init() {}

  /// Everything at its default.
  public static var standard: DemonstrationRecipe { DemonstrationRecipe() }
  /// Keys with a new name.
  public static var renamedKeys: [String: String] { EnvironmentSettings.renamedKeys }

  /// Reads it from a file of settings.
  public init(from decoder: any Decoder) throws {
    settings = try EnvironmentSettings(from: decoder)
    driving = try Driving(from: decoder)
  }

  /// Writes it as files have it.
  public func encode(to encoder: any Encoder) throws {
    try settings.encode(to: encoder)
    try driving.encode(to: encoder)
  }

  /// What is said of the driving.
  public subscript<Value>(dynamicMember path: WritableKeyPath<Driving, Value>) -> Value {
    get { driving[keyPath: path] }
    set { driving[keyPath: path] = newValue }
  }

  /// Who drives; nil where a dataset is read.
  public var driver: DriverName? {
    let name = DriverName(driving.source)
    return DriverName.demonstrators.contains(name) ? name : nil
  }

  func demonstrations(by driver: DriverName) -> Demonstrations {
    Demonstrations(
      source: driver, actionNoise: driving.actionNoise, pushProbability: driving.pushProbability,
      shoveProbability: driving.shoveProbability, labelStride: driving.labelStride)
  }

  var plannerConfiguration: PlannerConfiguration {
    PlannerConfiguration(
      method: driving.planner, samples: driving.planSamples,
      elites: min(PlannerConfiguration().elites, driving.planSamples))
  }

  func validate() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw UserError(message) }
    }
    try require(driving.episodes > 0, "data.episodes must be at least 1; it is \(driving.episodes)")
    try require(driving.labelStride > 0, "data.label_stride must be at least 1; it is \(driving.labelStride)")
    try require(driving.actionNoise ?? 0 >= 0, "data.action_noise must not be negative")
    try require(
      (0...1).contains(driving.pushProbability ?? 0) && (0...1).contains(driving.shoveProbability),
      "data.push_probability and data.shove_probability must lie between 0 and 1")
    try require(
      settings.image.map { (16...512).contains($0.width) && (16...512).contains($0.height) } ?? true,
      "data.image must be a side from 16 to 512 pixels")
    try require(driving.planSamples > 0, "data.plan_samples must be at least 1; it is \(driving.planSamples)")
    try Self.requireTrainable(randomization: settings.randomization)
    try SeedRanges.requireTraining(firstSeed: driving.firstSeed)
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
    var settings = settings
    settings.robot = robot
    return settings
  }
}
