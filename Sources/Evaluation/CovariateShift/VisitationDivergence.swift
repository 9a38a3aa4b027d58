// How far the states that one driver visits drift from those of another, over the time of an episode.

import PlanarCore

/// The divergence of two sets of episodes at some times.
public struct VisitationDivergence: Codable, Equatable, Sendable {
  /// The frame of each element of `distances`.
  public var frames: [Int]
  /// Energy distances of standardised features, with their chance baselines.
  public var distances: [EnergyDistance]

  /// Compares states frame by frame. An episode that has ended stays in its last state, so that no
  /// sample thins out to the episodes that are still failing.
  ///
  /// Features are divided by their standard deviation over all frames of both sets; a feature that never
  /// changes is left out.
  ///
  /// - Parameters:
  ///   - first: `[episode][frame][feature]`, such as the probes of an expert's rollouts.
  ///   - second: the same features of the learner's.
  ///   - frames: at which times to compare.
  ///   - most: episodes of each set that are compared at most, drawn once from `seed`.
  public init(
    between first: [[[Float]]], and second: [[[Float]]], frames: [Int], most: Int = 150,
    permutations: Int = 99, seed: UInt64, threads: Int = 1
  ) throws {
    let one = first.filter { !$0.isEmpty }
    let two = second.filter { !$0.isEmpty }
    guard !one.isEmpty, !two.isEmpty else {
      throw UserError("state visitation cannot be compared: one of the two sets has no episode")
    }
    let scales = inverseDeviations(of: [one, two])
    var stream = RandomStream(seed: seed, purpose: "visitation subsample")
    let a = sample(one, most, &stream)
    let b = sample(two, most, &stream)
    self.frames = frames
    distances = try parallelMap(count: frames.count, threads: threads) { i in
      func states(_ episodes: [[[Float]]]) -> [[Float]] {
        episodes.map { episode in
          zip(episode[min(frames[i], episode.count - 1)], scales).map { $0 * $1 }
        }
      }
      return EnergyDistance(
        between: states(a), and: states(b), permutations: permutations,
        seed: seed &+ UInt64(frames[i]))
    }
  }
}

private func sample(
  _ episodes: [[[Float]]], _ most: Int, _ stream: inout RandomStream
) -> [[[Float]]] {
  guard episodes.count > most else { return episodes }
  return stream.permutation(episodes.count).prefix(most).map { episodes[$0] }
}

/// 1/σ of each feature, 0 where σ is 0.
private func inverseDeviations(of sets: [[[[Float]]]]) -> [Float] {
  var statistics = [RunningStatistics](repeating: RunningStatistics(), count: sets[0][0][0].count)
  for state in sets.joined().joined() {
    precondition(state.count == statistics.count, "all states have the same features")
    for (i, value) in state.enumerated() { statistics[i].add(Double(value)) }
  }
  return statistics.map { $0.standardDeviation > 0 ? Float(1 / $0.standardDeviation) : 0 }
}
