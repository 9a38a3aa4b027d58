// Who drives the arm in a rollout.

import PlanarCore
import PlanarPolicyInterface

/// Who drives the arm. All of an actor's draws come from streams of the episode's seed.
public enum Actor<World: Environment>: Sendable {
  /// A policy, asked once per execution horizon.
  case policy(any Policy)
  /// An expert, asked every control step.
  case expert(any Expert<World>)
  /// Nobody: a lower bound for tables, and states far from any demonstration.
  case random(RandomActions)
  /// DAgger's mixture (Ross et al. 2011): at every chunk a coin gives the expert the wheel with
  /// probability `expertShare` (β), the learner otherwise.
  case mixture(learner: any Policy, expert: any Expert<World>, expertShare: Double)

  /// The policy that must be asked for chunks, if any.
  var policy: (any Policy)? {
    switch self {
    case .policy(let policy), .mixture(let policy, _, _): policy
    case .expert, .random: nil
    }
  }

  /// The expert that acts, if any.
  var expert: (any Expert<World>)? {
    switch self {
    case .expert(let expert), .mixture(_, let expert, _): expert
    case .policy, .random: nil
    }
  }
}

/// Random actions in [−1, 1].
public enum RandomActions: Codable, Hashable, Sendable {
  /// Each number of each step independent and uniform.
  case uniform
  /// A first-order autoregressive walk of standard deviation `deviation`, clamped;
  /// `correlation` is that of consecutive steps, 0 ..< 1.
  case smooth(correlation: Double, deviation: Double)
}

/// One episode's random actions.
public struct RandomDriver: Sendable {
  private let kind: RandomActions
  private var stream: RandomStream
  private var walk: [Double]

  /// Starts the stream that a rollout of the same seed uses, for actions of `dimension` numbers.
  public init(_ kind: RandomActions, dimension: Int, seed: UInt64) {
    self.kind = kind
    stream = RandomStream(seed: seed, purpose: "random actions")
    walk = []
    if case .smooth(_, let deviation) = kind {
      for _ in 0..<dimension { walk.append(deviation * stream.normal()) }
    } else {
      walk = Array(repeating: 0, count: dimension)
    }
  }

  /// The next control step's action.
  public mutating func next() -> Action {
    for i in walk.indices {
      switch kind {
      case .uniform:
        walk[i] = stream.uniform(in: -1...1)
      case .smooth(let correlation, let deviation):
        let fresh = deviation * (1 - correlation * correlation).squareRoot()
        walk[i] = correlation * walk[i] + fresh * stream.normal()
      }
    }
    return walk.map { Float(max(-1, min(1, $0))) }
  }
}
