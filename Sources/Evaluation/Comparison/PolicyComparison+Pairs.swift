// One pair of a comparison: its table of four, its tests, and where the two policies differ.

extension PolicyComparison {
  /// Success of two policies on the same scenes, in figures.
  public struct PairFigures: Codable, Equatable, Sendable {
    /// Scenes that both policies have met.
    public var episodes: Int
    /// Scenes where both succeeded.
    public var both: Int
    /// Scenes where the first succeeded and the second did not.
    public var onlyFirst: Int
    /// Scenes where the second succeeded and the first did not.
    public var onlySecond: Int
    /// Scenes where neither succeeded.
    public var neither: Int
    /// The first's success rate minus the second's.
    public var difference: Double
    /// The lower bound of its 95 % interval.
    public var differenceLow: Double
    /// The upper bound of it.
    public var differenceHigh: Double
    /// The p-value of McNemar's exact test; nil where pairs stop early, so that it has no meaning.
    public var p: Double?
    /// The same, adjusted for the other tests of its table.
    public var adjustedP: Double?

    /// The figures of a table; intervals are Newcombe's.
    init(_ pair: PairedComparison, isTested: Bool) {
      episodes = pair.pairs
      (both, onlyFirst, onlySecond, neither) = (pair.both, pair.onlyFirst, pair.onlySecond, pair.neither)
      difference = pair.difference
      (differenceLow, differenceHigh) = (pair.interval.lowerBound, pair.interval.upperBound)
      p = isTested ? pair.exactP : nil
    }

    /// The table of four.
    var table: PairedComparison {
      PairedComparison(both: both, onlyFirst: onlyFirst, onlySecond: onlySecond, neither: neither)
    }

    enum CodingKeys: String, CodingKey {
      case episodes, both, neither, difference, p
      case onlyFirst = "only_first"
      case onlySecond = "only_second"
      case differenceLow = "difference_low"
      case differenceHigh = "difference_high"
      case adjustedP = "adjusted_p"
    }
  }

  /// A pair's figures under one value of a goal's attribute.
  public struct ConditionPair: Codable, Equatable, Sendable {
    /// Such as `color`.
    public var attribute: String
    /// Such as `red`.
    public var value: String
    /// The figures of those scenes.
    public var figures: PairFigures
  }

  /// A scene that exactly one of two policies has won.
  public struct DiscordantEpisode: Codable, Equatable, Sendable {
    /// The scene's seed.
    public var seed: UInt64
    /// The policy that succeeded.
    public var winner: String
    /// The command that was given.
    public var command: String
    /// The command line that shows the scene in the window, with all policies.
    public var replay: String
  }

  /// Two policies of a comparison.
  public struct PairRow: Codable, Equatable, Sendable {
    /// The first policy's name.
    public var first: String
    /// The second policy's name.
    public var second: String
    /// Their figures; where pairs stop early, the interval may be looked at after every episode.
    public var figures: PairFigures
    /// The p-value that may be looked at after every episode.
    public var anytimeP: Double
    /// The probability that the first is better, from Jeffreys' prior.
    public var probabilityFirstIsBetter: Double
    /// What it comes to.
    public var verdict: ComparisonVerdict
    /// Where it is undecided: about so many more episodes settle it; nil where a million would not.
    public var moreEpisodes: Int?
    /// The same for each value of the goal's attributes.
    public var conditions: [ConditionPair]
    /// The scenes where they differ, in order.
    public var discordant: [DiscordantEpisode]

    init(
      _ pair: PairedDecisions.Pair, of episodes: ComparedEpisodes, names: [String],
      replay: (ComparedEpisodes.Scene) -> String
    ) {
      first = names[pair.first]
      second = names[pair.second]
      let count = pair.test.episodes
      let one = Array(episodes.successes[pair.first].prefix(count))
      let two = Array(episodes.successes[pair.second].prefix(count))
      let table = PairedComparison(first: one, second: two)
      figures = PairFigures(table, isTested: true)
      anytimeP = pair.test.p
      probabilityFirstIsBetter = table.probabilityFirstIsBetter()
      verdict = .undecided
      discordant = (0..<count).filter { one[$0] != two[$0] }.map { number in
        let scene = episodes.scenes[number]
        return DiscordantEpisode(
          seed: scene.seed, winner: one[number] ? names[pair.first] : names[pair.second], command: scene.command,
          replay: replay(scene))
      }
      var groups: [String: [String: [Int]]] = [:]
      for number in 0..<count {
        for (attribute, value) in episodes.scenes[number].goal {
          groups[attribute, default: [:]][value, default: []] += [number]
        }
      }
      conditions = groups.sorted { $0.key < $1.key }.flatMap { attribute, values in
        values.sorted { $0.key < $1.key }.map { value, numbers in
          let table = PairedComparison(first: numbers.map { one[$0] }, second: numbers.map { two[$0] })
          return ConditionPair(attribute: attribute, value: value, figures: PairFigures(table, isTested: true))
        }
      }
    }

    enum CodingKeys: String, CodingKey {
      case first, second, figures, verdict, conditions, discordant
      case anytimeP = "anytime_p"
      case probabilityFirstIsBetter = "probability_first_is_better"
      case moreEpisodes = "more_episodes"
    }
  }

  /// Gives every pair its verdict.
  mutating func decide(by decisions: PairedDecisions) {
    let adjusted = holmAdjusted(pairs.map { rules.stopsEarly ? $0.anytimeP : $0.figures.p ?? 1 })
    for index in pairs.indices {
      let table = pairs[index].figures.table
      let isWithin: Bool
      if rules.stopsEarly {
        let interval = decisions.pairs[index].test.interval(confidence: 0.95)
        pairs[index].figures.differenceLow = interval.lowerBound
        pairs[index].figures.differenceHigh = interval.upperBound
        pairs[index].figures.p = nil
        for row in pairs[index].conditions.indices { pairs[index].conditions[row].figures.p = nil }
        isWithin = decisions.isWithinMargin(index)
      } else {
        isWithin = table.isEquivalent(within: rules.margin, alpha: rules.alpha / Double(pairs.count))
        let tests = holmAdjusted(pairs[index].conditions.map { $0.figures.p ?? 1 })
        for (row, p) in tests.enumerated() { pairs[index].conditions[row].figures.adjustedP = p }
      }
      pairs[index].figures.adjustedP = adjusted[index]
      pairs[index].verdict = ComparisonVerdict(
        difference: table.difference, isDifferent: adjusted[index] <= rules.alpha, isWithinMargin: isWithin)
      if pairs[index].verdict == .undecided { pairs[index].moreEpisodes = moreEpisodes(table) }
    }
  }

  /// About how many more episodes settle a pair with these rates of discordant scenes, one way or the other.
  private func moreEpisodes(_ table: PairedComparison) -> Int? {
    guard table.pairs > 0 else { return nil }
    let power = PairedPower(
      onlyFirst: Double(table.onlyFirst) / Double(table.pairs),
      onlySecond: Double(table.onlySecond) / Double(table.pairs),
      alpha: rules.alpha / Double(pairs.count))
    let needed = [
      power.pairs(forPower: ComparisonRules.power),
      power.pairsForEquivalence(within: rules.margin, power: ComparisonRules.power),
    ].compactMap(\.self).min()
    guard let needed else { return nil }
    let factor = rules.stopsEarly ? ComparisonRules.sequentialFactor : 1
    // Where chance was against it, as many are there as usually suffice; a block more is the least that can be driven.
    return max(32, Int((Double(needed) * factor).rounded(.up)) - table.pairs)
  }
}
