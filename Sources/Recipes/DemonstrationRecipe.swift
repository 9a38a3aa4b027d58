// Which demonstrations a policy learns from: the section `data` of a recipe.

import PlanarArmEnvironments
import PlanarCore
import PlanarPlanning
import PlanarPolicyInterface
import PlanarRollouts

/// How the environment is loaded and how episodes are driven; in files, the keys of both stand in one mapping.
@dynamicMemberLookup
public struct DemonstrationRecipe: Defaulted, Limited, Equatable, Sendable {
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
    try requireLimits(in: "data")
    try Self.requireTrainable(randomization: settings.randomization)
    try SeedRanges.requireTraining(firstSeed: driving.firstSeed)
  }

  /// Every number's.
  public static var limits: [NumberLimit<DemonstrationRecipe>] {
    let firstSeed = 0...SeedRanges.all.upperBound - UInt64(SeedRanges.counts.upperBound)
    return [
      NumberLimit("episodes", SeedRanges.counts) { $0.driving.episodes },
      NumberLimit("actionNoise", Demonstrations.Limits.actionNoise) { $0.driving.actionNoise },
      NumberLimit("pushProbability", Demonstrations.Limits.probability) { $0.driving.pushProbability },
      NumberLimit("shoveProbability", Demonstrations.Limits.probability) { $0.driving.shoveProbability },
      NumberLimit("labelStride", Demonstrations.Limits.labelStride) { $0.driving.labelStride },
      NumberLimit("firstSeed", firstSeed) { $0.driving.firstSeed },
      NumberLimit("planSamples", PlannerConfiguration.sampleCounts) { $0.driving.planSamples },
      NumberLimit("image", PictureSize.sides) { $0.settings.image?.width },
      NumberLimit("image", PictureSize.sides) { $0.settings.image?.height },
    ]
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
