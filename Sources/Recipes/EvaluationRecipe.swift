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

  /// The defaults: 1,000 episodes, and no conditions.
  public init() {}

  func validate() throws {
    try requireLimits(in: "evaluation")
    guard episodes > 0, SeedRanges.evaluation.contains(firstSeed),
      firstSeed + UInt64(episodes) <= SeedRanges.evaluation.upperBound
    else {
      throw UserError(
        "evaluation.first_seed and evaluation.episodes must lie within the seeds reserved for evaluation, 0 to \(SeedRanges.evaluation.upperBound - 1)"
      )
    }
  }
}

extension EvaluationRecipe: Limited {
  /// Every number's.
  public static var limits: [NumberLimit<EvaluationRecipe>] {
    [
      NumberLimit("episodes", SeedRanges.counts) { $0.episodes },
      NumberLimit("firstSeed", SeedRanges.all) { $0.firstSeed },
    ]
  }
}

/// One kind of episode: how the environment is loaded and which command an episode gets; in files, the keys of both
/// stand in one mapping.
public struct EvaluationCondition: Defaulted, Equatable, Sendable {
  /// Which command each episode gets.
  public enum Command: String, Codable, CaseIterable, Sendable {
    /// The scene's own.
    case drawn
    /// Another valid one of the same scene.
    case swapped
    /// No words, syllables, or "do not do this" and the scene's own (`UnsaidCommand`).
    case blank, nonsense, negated

    /// The same for a rollout.
    public var choice: CommandChoice {
      if let unsaid = UnsaidCommand(rawValue: rawValue) { return .unsaid(unsaid) }
      return self == .swapped ? .swapped : .drawn
    }
  }

  /// How the environment is loaded. Robot, picture, touch, the task's options and the action space are those of the
  /// data where they are not given.
  public var settings = EnvironmentSettings()
  /// Which command each episode gets.
  public var command = Command.drawn
  /// A file of wordings of one's own.
  public var wordings: String?

  /// Drawn commands in the environment as it is by default.
  public init() {}

  /// Everything at its default.
  public static var standard: EvaluationCondition { EvaluationCondition() }
  /// Keys with a new name.
  public static var renamedKeys: [String: String] { EnvironmentSettings.renamedKeys }

  private enum CodingKeys: CodingKey { case command, wordings }

  /// Reads it from a file of settings.
  public init(from decoder: any Decoder) throws {
    settings = try EnvironmentSettings(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    command = try container.decode(Command.self, forKey: .command)
    wordings = try container.decodeIfPresent(String.self, forKey: .wordings)
  }

  /// Writes it as files have it.
  public func encode(to encoder: any Encoder) throws {
    try settings.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(command, forKey: .command)
    try container.encodeIfPresent(wordings, forKey: .wordings)
  }

  /// The settings of an environment whose features are those of the data.
  public func settings(data: EnvironmentSettings) -> EnvironmentSettings {
    var settings = settings
    settings.robot = settings.robot ?? data.robot
    settings.image = settings.image ?? data.image
    settings.touch = settings.touch ?? data.touch
    settings.options.merge(data.options) { own, _ in own }
    settings.actionSpace = settings.actionSpace ?? data.actionSpace
    return settings
  }
}
