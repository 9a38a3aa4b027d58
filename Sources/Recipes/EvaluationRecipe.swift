// What a model card measures.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface

/// Which episodes a checkpoint is measured on, once it is trained.
public struct EvaluationRecipe: Codable, Equatable, Sendable {
  /// Of each condition.
  public var episodes = 1_000
  /// Of the first episode, among those reserved for evaluation; the same for all policies.
  public var firstSeed: UInt64 = 1_000
  /// Each is a row of the card's table.
  public var conditions: [EvaluationCondition] = []

  public init() {}

  func validate() throws {
    guard episodes > 0, SeedRanges.evaluation.contains(firstSeed),
      firstSeed + UInt64(episodes) <= SeedRanges.evaluation.upperBound
    else {
      throw UserError(
        "evaluation.first_seed and evaluation.episodes must lie within the seeds reserved for evaluation, 0 to \(SeedRanges.evaluation.upperBound - 1)"
      )
    }
  }
}

/// One kind of episode.
public struct EvaluationCondition: Codable, Equatable, Sendable {
  /// Which command each episode gets.
  public enum Command: String, Codable, CaseIterable, Sendable { case drawn, swapped }

  public var randomization = "train"
  public var command = Command.drawn
  public var language = CommandLanguage.english
  public var split = CommandSplit.any
  /// nil for the environment's own.
  public var robot: String?
  /// A file of wordings of one's own.
  public var wordings: String?
  /// Randomization items set to one value.
  public var set: [String: Double] = [:]

  public init() {}

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    randomization = try container.decode(.randomization, or: randomization)
    command = try container.decode(.command, or: command)
    language = try container.decode(.language, or: language)
    split = try container.decode(.split, or: split)
    robot = try container.decodeIfPresent(String.self, forKey: .robot)
    wordings = try container.decodeIfPresent(String.self, forKey: .wordings)
    set = try container.decode(.set, or: set)
  }

  /// The settings of an environment whose features are those of the data.
  func settings(data: DemonstrationRecipe) -> EnvironmentSettings {
    var settings = data.settings(robot: robot)
    settings.randomization = randomization
    settings.language = language
    settings.split = split
    settings.pins = set
    return settings
  }
}
