// Who succeeded in which episode: all that a comparison keeps while it runs.

import PlanarCore
import PlanarPolicyInterface
import PlanarRollouts

/// The episodes of several policies side by side; a policy that has stopped has fewer.
public struct ComparedEpisodes: Sendable {
  /// What an episode's reset drew, without the numbers of the randomization.
  public struct Scene: Equatable, Sendable {
    /// The seed of the episode.
    public var seed: UInt64
    /// The command that was given.
    public var command: String
    /// The goal by attribute.
    public var goal: [String: String]

    /// The scene of an episode.
    public init(_ info: EpisodeInfo) { (seed, command, goal) = (info.seed, info.command, info.goal) }
  }

  /// The scenes, as far as any policy has met them.
  public private(set) var scenes: [Scene] = []
  /// `[policy][episode]`.
  public private(set) var successes: [[Bool]]

  /// No episode yet, of some policies.
  public init(policies: Int) { successes = Array(repeating: [], count: policies) }

  /// Adds the episodes that follow of a policy.
  ///
  /// - Throws: `UserError` where they are not the scenes that another policy has met.
  public mutating func add(_ outcomes: [EpisodeOutcome], of policy: Int) throws {
    for outcome in outcomes {
      let number = successes[policy].count
      if number == scenes.count { scenes.append(Scene(outcome.info)) }
      guard scenes[number] == Scene(outcome.info) else {
        throw UserError(
          "the policies did not meet the same scene in episode \(number), seed \(scenes[number].seed), so they cannot be compared; drive all of them again with --overwrite"
        )
      }
      successes[policy].append(outcome.success)
    }
  }
}
