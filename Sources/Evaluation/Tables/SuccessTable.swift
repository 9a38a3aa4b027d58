// Every policy under every condition.

/// The success of policies in one environment: a row a policy, a column a condition.
public struct SuccessTable: Encodable, Sendable {
  /// The environment's name.
  public var environment: String
  /// As `EvaluationSummary.conditionName` gives them.
  public var conditions: [String]
  /// One row per policy.
  public var rows: [Row]

  /// One policy under all conditions.
  public struct Row: Encodable, Sendable {
    /// The policy's name.
    public var policy: String
    /// By condition; a condition that was not measured is missing.
    public var summaries: [String: EvaluationSummary]
  }

  /// One table an environment, of the runs that execute chunks as the checkpoint says. Where a condition was measured on
  /// episodes from several seeds on, each has a column; where a policy was measured twice on a column's episodes, the
  /// greater number of them counts.
  public static func tables(of runs: [EvaluationRun]) -> [SuccessTable] {
    let plain = runs.map(\.summary).filter {
      $0.isPlainlyExecuted && $0.samplingSteps == nil && $0.timestepSpacing == nil
    }
    return ordered(plain.map(\.environment)).map { environment in
      let here = plain.filter { $0.environment == environment }
      let seeds = Dictionary(grouping: here, by: \.conditionName).mapValues { Set($0.map(\.firstSeed)) }
      func column(_ summary: EvaluationSummary) -> String {
        let name = summary.conditionName
        return seeds[name]!.count == 1 ? name : "\(name), seeds from \(summary.firstSeed)"
      }
      let columns = here.sorted {
        $0.conditionName == $1.conditionName
          ? $0.firstSeed < $1.firstSeed : EvaluationSummary.isBefore($0.conditionName, $1.conditionName)
      }
      let rows = Set(here.map(\.policy)).sorted(by: isBefore).map { policy in
        Row(
          policy: policy,
          summaries: Dictionary(
            here.filter { $0.policy == policy }.map { (column($0), $0) },
            uniquingKeysWith: { $1.episodes > $0.episodes ? $1 : $0 }))
      }
      return SuccessTable(
        environment: environment,
        conditions: ordered(columns.map(column)), rows: rows)
    }
  }

  /// The expert first, as what can be reached, and chance last.
  private static func isBefore(_ one: String, _ other: String) -> Bool {
    func rank(_ policy: String) -> Int { ["expert": 0, "planner": 1, "random": 3][policy] ?? 2 }
    return (rank(one), one) < (rank(other), other)
  }

  private static func isSwapped(_ column: String) -> Bool {
    column == "swapped" || column.hasPrefix("swapped, seeds from ")
  }

  /// With the share of episodes in which, under a swapped command, the goal drawn with the scene was reached.
  public var markdown: String {
    var table = MarkdownTable(header: ["policy"])
    for condition in conditions {
      table.header.append("\(condition)")
      if Self.isSwapped(condition) { table.header.append("… drawn goal reached") }
    }
    table.rows = rows.map { row in
      ["`\(row.policy)`"]
        + conditions.flatMap { condition -> [String] in
          let summary = row.summaries[condition]
          let cell = summary.map { rateText($0.success) } ?? "–"
          return Self.isSwapped(condition) ? [cell, summary.map { percent($0.drawnGoalRate) } ?? "–"] : [cell]
        }
    }
    return table.text
  }

  /// Means of what the environment counts besides success, such as collisions, at the level `train`; nil where nothing
  /// is counted.
  public var metricsMarkdown: String? {
    let column = conditions.first { $0 == "train" || $0.hasPrefix("train, seeds from ") } ?? ""
    let means = rows.map { ($0.policy, $0.summaries[column]?.meanMetrics ?? [:]) }.filter { !$1.isEmpty }
    let names = Set(means.flatMap(\.1.keys)).sorted()
    guard !names.isEmpty else { return nil }
    var table = MarkdownTable(header: ["policy"] + names.map { $0.replacing("_", with: " ") })
    table.rows = means.map { policy, means in
      ["`\(policy)`"] + names.map { name in means[name].map { fixed($0, 3) } ?? "–" }
    }
    return table.text
  }

  /// How many episodes stand behind the cells, such as `1000` or `500 to 1000`.
  public var episodesText: String {
    let counts = rows.flatMap { $0.summaries.values.map(\.episodes) }
    guard let least = counts.min(), let most = counts.max() else { return "0" }
    return least == most ? "\(least)" : "\(least) to \(most)"
  }
}

/// The distinct elements in the order of their first appearance.
func ordered(_ names: [String]) -> [String] {
  var seen: Set<String> = []
  return names.filter { seen.insert($0).inserted }
}
