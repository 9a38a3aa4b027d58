// Another session that a person asks for while one is shown.

import PlanarArmEnvironments

/// What a demo should go on with.
public struct DemoRequest: Hashable, Sendable {
  /// A name under `Environments/`.
  public var environment: String
  /// The randomization level.
  public var randomization: String
  /// The language of drawn commands, where the environment has a choice.
  public var language: CommandLanguage
  /// The seed of the first scene.
  public var seed: UInt64
  /// The pilots that drive, by their names, one for each lane; another one where there is none of that name.
  public var pilots: [String]
  /// How the session is looked at.
  public var view: DemoView
  /// The factors of the world that were set by hand.
  public var factors: [String: Double] = [:]
  /// What to tell where the session has begun; nil for nothing.
  public var note: String?

  /// A session that a key asks for.
  public init(
    environment: String, randomization: String, language: CommandLanguage = .english, seed: UInt64,
    pilots: [String], view: DemoView = DemoView()
  ) {
    self.environment = environment
    self.randomization = randomization
    self.language = language
    self.seed = seed
    self.pilots = pilots
    self.view = view
  }
}
