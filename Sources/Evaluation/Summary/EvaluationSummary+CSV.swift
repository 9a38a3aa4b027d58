// summary.csv: an evaluation's figures for spreadsheets.

extension EvaluationSummary {
  /// Success of all episodes, then by each value of each attribute of the goal.
  public var csv: CSVTable {
    var table = CSVTable(
      header: ["attribute", "value", "episodes", "successes", "success_rate", "interval_low", "interval_high"])
    table.rows = [
      ["", "", "\(episodes)", "\(successes)", "\(successRate)", "\(intervalLow)", "\(intervalHigh)"]
    ]
    for (attribute, rows) in conditions {
      for row in rows {
        let counts = ["\(row.episodes)", "\(row.successes)"]
        table.rows.append(
          [attribute, row.value] + counts + [row.successRate, row.intervalLow, row.intervalHigh].map { "\($0)" })
      }
    }
    return table
  }
}
