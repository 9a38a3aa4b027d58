// Looking at pairs of policies after every episode, and stopping those that are decided.

/// The sequential tests of all pairs of some policies.
public struct PairedDecisions: Sendable {
  /// One pair under its test.
  public struct Pair: Sendable {
    /// The numbers of the two policies.
    public let first: Int
    /// The second one's.
    public let second: Int
    /// The test, as far as the pair was looked at.
    public fileprivate(set) var test = SequentialPairedTest()
    /// Whether the pair is decided.
    public fileprivate(set) var isDecided = false
    /// The p-value after each discordant episode, for plots: the episode's number from 1 on, and p.
    public fileprivate(set) var course: [(episode: Int, p: Double)] = []
  }

  /// The pairs, in the order of their policies.
  public private(set) var pairs: [Pair]
  /// How they are decided.
  public let rules: ComparisonRules
  private var looked = 0

  /// All pairs of some policies, none looked at.
  public init(policies: Int, rules: ComparisonRules) {
    pairs = (0..<policies).flatMap { first in
      ((first + 1)..<policies).map { Pair(first: first, second: $0) }
    }
    self.rules = rules
  }

  /// Looks at the episodes that are new, one after the other.
  ///
  /// A difference is claimed where Holm's adjustment over all pairs of the p-values at that moment is at most alpha; that
  /// it is smaller than the margin, where the pair's anytime interval says so at alpha over the number of pairs. Without
  /// `stopsEarly` nothing is ever decided here.
  public mutating func look(at episodes: ComparedEpisodes) {
    while !activePolicies.isEmpty, activePolicies.allSatisfy({ looked < episodes.successes[$0].count }) {
      var isChanged = false
      for index in pairs.indices where !pairs[index].isDecided {
        let first = episodes.successes[pairs[index].first][looked]
        let second = episodes.successes[pairs[index].second][looked]
        pairs[index].test.add(first: first, second: second)
        if first != second {
          pairs[index].course.append((looked + 1, pairs[index].test.p))
          isChanged = true
        }
      }
      looked += 1
      if rules.stopsEarly { decide(afterDiscordant: isChanged) }
    }
  }

  /// Policies that are part of a pair that is not decided.
  public var activePolicies: Set<Int> {
    Set(pairs.filter { !$0.isDecided }.flatMap { [$0.first, $0.second] })
  }

  /// Whether a pair's difference is shown to be smaller than matters. The interval's error may lie all on one side, so that
  /// it is taken at alpha, not at twice that, as an interval with equal tails would be.
  func isWithinMargin(_ index: Int) -> Bool {
    let interval = pairs[index].test.interval(confidence: 1 - rules.alpha / Double(pairs.count))
    return -rules.margin < interval.lowerBound && interval.upperBound < rules.margin
  }

  private mutating func decide(afterDiscordant isChanged: Bool) {
    let isDifferent = isChanged ? holmAdjusted(pairs.map(\.test.p)).map { $0 <= rules.alpha } : []
    for index in pairs.indices where !pairs[index].isDecided {
      if isChanged && isDifferent[index] || isWithinMargin(index) { pairs[index].isDecided = true }
    }
  }
}
