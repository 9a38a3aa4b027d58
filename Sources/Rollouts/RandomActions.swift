// Actions by chance.

import PlanarCore
import PlanarPolicyInterface

/// Random actions in [−1, 1].
public enum RandomActions: Codable, Hashable, Sendable {
  /// Each number of each step independent and uniform.
  case uniform
  /// A first-order autoregressive walk of standard deviation `deviation`, clamped;
  /// `correlation` is that of consecutive steps, 0 ..< 1.
  case smooth(correlation: Double, deviation: Double)

  /// What the driver `random` does.
  public static let standard = RandomActions.smooth(correlation: 0.8, deviation: 0.7)
}

/// One episode's random actions.
public struct RandomActionStream: Sendable {
  private let kind: RandomActions
  private var stream: RandomStream
  private var walk: [Double]

  /// - Parameters:
  ///   - dimension: how many numbers an action has.
  ///   - seed: the episode's.
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
