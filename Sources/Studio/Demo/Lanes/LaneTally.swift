// How policies side by side did in the same scenes.

/// Successes of several lanes, and in which scenes one succeeded and the first did not.
public struct LaneTally: Equatable, Sendable {
  /// Scenes that were driven in all lanes to their end.
  public private(set) var episodes = 0
  /// One per lane.
  public private(set) var successes: [Int] = []
  /// Per lane, the scenes in which it succeeded and the first lane did not.
  public private(set) var onlyHere: [Int] = []
  /// Per lane, the scenes in which the first lane succeeded and it did not.
  public private(set) var onlyFirst: [Int] = []

  /// No scene yet.
  init() {}

  private var seeds: Set<UInt64> = []

  /// Counts a scene, unless it is counted already.
  ///
  /// - Parameter outcomes: whether each lane succeeded; their number never changes.
  mutating func add(_ outcomes: [Bool], seed: UInt64) {
    guard seeds.insert(seed).inserted else { return }
    if episodes == 0 {
      successes = outcomes.map { _ in 0 }
      onlyHere = successes
      onlyFirst = successes
    }
    episodes += 1
    for lane in outcomes.indices {
      if outcomes[lane] { successes[lane] += 1 }
      if outcomes[lane], !outcomes[0] { onlyHere[lane] += 1 }
      if outcomes[0], !outcomes[lane] { onlyFirst[lane] += 1 }
    }
  }

  /// A lane beside the first, such as `, +2 −1`: the scenes that only it did, and those that only the first did.
  func words(of lane: Int) -> String { lane == 0 ? "" : ", +\(onlyHere[lane]) −\(onlyFirst[lane])" }
}
