// Which episodes of an evaluation are worth seeing again.

import PlanarRollouts

/// Episodes that tell most about an evaluation, kept as they come: failures of every kind and goal, and some successes.
///
/// However many episodes there are, a bounded number is kept.
public struct TellingEpisodes: Equatable, Sendable {
  /// One of them.
  public struct Episode: Equatable, Sendable {
    /// What its reset drew.
    public var scene: ComparedEpisodes.Scene
    /// Why it failed; nil where it succeeded.
    public var failure: EpisodeFailure?
  }

  /// How many episodes failed, by the reason.
  public private(set) var failureCounts: [EpisodeFailure: Int] = [:]
  private var kept: [Episode] = []

  /// Most that are kept: of one ending, and of one ending and goal.
  private static let (mostOfEnding, mostAlike) = (48, 4)

  /// No episode yet.
  public init() {}

  /// Adds an episode.
  public mutating func add(_ outcome: EpisodeOutcome) {
    if let failure = outcome.failure { failureCounts[failure, default: 0] += 1 }
    let episode = Episode(scene: ComparedEpisodes.Scene(outcome.info), failure: outcome.failure)
    let sameEnding = kept.filter { $0.failure == episode.failure }
    guard sameEnding.count < Self.mostOfEnding,
      sameEnding.count(where: { $0.scene.goal == episode.scene.goal }) < Self.mostAlike
    else { return }
    kept.append(episode)
  }

  /// Some of them, failures first: in each turn the earliest of those whose ending, and then whose goal, was chosen least.
  public func chosen(failures: Int, successes: Int) -> [Episode] {
    choose(failures, of: kept.filter { $0.failure != nil }) + choose(successes, of: kept.filter { $0.failure == nil })
  }

  private func choose(_ most: Int, of candidates: [Episode]) -> [Episode] {
    var (chosen, rest): ([Episode], [Episode]) = ([], candidates)
    func rank(_ episode: Episode) -> (Int, Int) {
      let alike = chosen.count { $0.failure == episode.failure }
      let shared = chosen.map { one in episode.scene.goal.count { one.scene.goal[$0.key] == $0.value } }
      return (alike, shared.reduce(0, +))
    }
    while chosen.count < most, let next = rest.indices.min(by: { rank(rest[$0]) < rank(rest[$1]) }) {
      chosen.append(rest.remove(at: next))
    }
    return chosen
  }
}
