// A comparison as people read it: verdicts in sentences first, then tables.

extension ComparisonRules {
  /// Such as `2 points`.
  var marginText: String {
    let points = shortNumber(100 * margin)
    return "\(points) point\(points == "1" ? "" : "s")"
  }
}

extension PolicyComparison.PolicyRow {
  /// Such as `1 training seed`.
  var trainingText: String { trainingSeeds == 0 ? "not trained" : "\(trainingSeeds) training seed" }
}

extension PolicyComparison.PairFigures {
  /// Such as `+1.0 [+0.3, +1.9]`, in points.
  var differenceText: String {
    "\(signed(100 * difference)) [\(signed(100 * differenceLow)), \(signed(100 * differenceHigh))]"
  }
}

/// A p-value with three digits after the point.
func pText(_ p: Double?) -> String { p.map { $0 < 0.001 ? "< 0.001" : fixed($0, 3) } ?? "–" }

extension PolicyComparison {
  /// The verdict of a pair as a sentence with its figures.
  func sentence(of pair: PairRow) -> String {
    let figures = pair.figures
    let points = "\(figures.differenceText) points over \(figures.episodes) episodes"
    let test = rules.stopsEarly ? "anytime p" : "exact p"
    let evidence = "\(test) \(pText(figures.adjustedP)) after Holm"
    switch pair.verdict {
    case .better: return "\(pair.first) is better than \(pair.second): \(points), \(evidence)."
    case .worse: return "\(pair.first) is worse than \(pair.second): \(points), \(evidence)."
    case .equivalent:
      return "\(pair.first) and \(pair.second) are equivalent within \(rules.marginText): \(points)."
    case .differentByLessThanMatters:
      return
        "\(pair.first) and \(pair.second) are different by less than matters, \(rules.marginText): \(points), \(evidence)."
    case .undecided:
      let more =
        pair.moreEpisodes.map {
          "about \($0) more episodes would settle it with \(shortNumber(100 * ComparisonRules.power)) % power"
        }
        ?? "not even a million episodes would settle it"
      return "\(pair.first) against \(pair.second) is undecided: \(points), \(evidence); \(more)."
    }
  }

  /// What Bayes' rule says of a pair, in a sentence.
  func posteriorSentence(of pair: PairRow) -> String {
    "\(pair.first) is better than \(pair.second) with probability \(fixed(pair.probabilityFirstIsBetter, 3)) (Jeffreys' prior on who wins where they differ; the number of looks does not matter)."
  }

  /// The verdict on the first pair, as lists of many runs have it.
  public var headline: String { pairs.first.map(sentence(of:)) ?? setting }

  /// How pairs are decided, in a sentence.
  var ruleSentence: String {
    let level = shortNumber(100 * rules.alpha)
    let over = pairs.count > 1 ? " over \(pairs.count) pairs" : ""
    if rules.stopsEarly {
      return
        "Looked at after every episode: differences by a betting test made for that, at \(level) %, adjusted by Holm\(over); equivalence by an interval made for that, within \(rules.marginText)."
    }
    let confidence = shortNumber(100 - 200 * rules.alpha / Double(pairs.count))
    return
      "Differences by McNemar's exact test at \(level) %, adjusted by Holm\(over); equivalence by Newcombe's \(confidence) % interval, within \(rules.marginText)."
  }

  /// What was compared, in a sentence.
  var setting: String {
    let seeds = policies.contains { $0.trainingSeeds > 0 } ? ", 1 training seed behind each checkpoint" : ""
    return "\(environment) (\(condition)), episodes from seed \(firstSeed) on, the same for all\(seeds)."
  }

  /// What one training seed means.
  var caution: String {
    "One training seed stands behind each checkpoint: the verdict is about these checkpoints, not about how they were trained."
  }

  /// Success by policy.
  var policyTable: TextTable {
    TextTable(
      header: ["policy", "training seeds", "episodes", "success", "exact 95 % interval"],
      rows: policies.map { row in
        [
          row.policy, row.trainingSeeds == 0 ? "not trained" : "\(row.trainingSeeds)", "\(row.episodes)",
          percent(row.successRate), "\(fixed(100 * row.intervalLow, 1)) – \(fixed(100 * row.intervalHigh, 1)) %",
        ]
      })
  }

  /// The pairs' figures; training seeds are those behind each of the two.
  var pairTable: TextTable {
    TextTable(
      header: [
        "first – second", "training seeds", "episodes", "only first", "only second", "difference (points)",
        rules.stopsEarly ? "anytime p" : "exact p", "after Holm", "verdict",
      ],
      rows: pairs.map { pair in
        [
          "\(pair.first) – \(pair.second)", trainingSeeds(of: pair), "\(pair.figures.episodes)",
          "\(pair.figures.onlyFirst)", "\(pair.figures.onlySecond)", pair.figures.differenceText,
          pText(rules.stopsEarly ? pair.anytimeP : pair.figures.p), pText(pair.figures.adjustedP),
          pair.verdict.rawValue,
        ]
      })
  }

  /// A pair's success by each attribute of the goal.
  func conditionTable(of pair: PairRow) -> TextTable {
    TextTable(
      header: [
        "goal", "training seeds", "episodes", pair.first, pair.second, "only first", "only second",
        "difference (points)", "p after Holm",
      ],
      rows: pair.conditions.map { row in
        let table = row.figures.table
        return [
          "\(row.attribute) \(row.value)", trainingSeeds(of: pair), "\(row.figures.episodes)",
          percent(table.first.rate),
          percent(table.second.rate), "\(row.figures.onlyFirst)", "\(row.figures.onlySecond)",
          row.figures.differenceText, pText(row.figures.adjustedP),
        ]
      })
  }

  /// Such as `1 each`.
  func trainingSeeds(of pair: PairRow) -> String {
    let seeds = [pair.first, pair.second].map { name in policies.first { $0.policy == name }?.trainingSeeds ?? 0 }
    return seeds[0] == seeds[1] ? "\(seeds[0]) each" : "\(seeds[0]), \(seeds[1])"
  }

  /// How many discordant episodes the text names.
  static let namedEpisodes = 10

  /// The comparison for the terminal.
  ///
  /// - Parameter showsPosterior: whether each pair's posterior probability is told too.
  public func text(showsPosterior: Bool = false) -> String {
    var text = setting + "\n" + ruleSentence + "\n\n"
    text += pairs.map { sentence(of: $0) + "\n" + (showsPosterior ? posteriorSentence(of: $0) + "\n" : "") }.joined()
    if policies.contains(where: { $0.trainingSeeds > 0 }) { text += caution + "\n" }
    text += "\n" + policyTable.text + "\n" + pairTable.text
    for pair in pairs {
      if !pair.conditions.isEmpty { text += "\n" + conditionTable(of: pair).text }
      text += "\n" + discordantText(of: pair)
    }
    return text
  }

  private func discordantText(of pair: PairRow) -> String {
    guard !pair.discordant.isEmpty else {
      return "\(pair.first) and \(pair.second) succeeded and failed in the same episodes.\n"
    }
    let named = pair.discordant.prefix(Self.namedEpisodes)
    let rest = pair.discordant.count - named.count
    return
      "Episodes where one of \(pair.first) and \(pair.second) succeeded, and what shows them (Tab changes the policy):\n"
      + named.map { "seed \($0.seed), \($0.winner) alone: \"\($0.command)\"\n  \($0.replay)\n" }.joined()
      + (rest > 0 ? "and \(rest) more, in comparison.json and report.html\n" : "")
  }
}
