// arms.csv of the comparison: every method at every budget and execution horizon.

import PlanarEvaluation

extension CovariateShiftAnalysis {
  /// A row for each method, execution horizon and budget that was measured.
  public var armTable: CSVTable? {
    CSVTable(
      header: [
        "method", "execution_horizon", "labels", "training_seeds", "episodes", "success", "interval_low",
        "interval_high", "expert_state_error", "own_state_error", "stuck_share",
      ],
      rows: rows.map { row in
        let figures = [
          row.success.mean, row.success.low, row.success.high, row.expertStateError, row.ownStateError, row.stuckShare,
        ]
        let counts = [
          row.executionHorizon, row.labels, result.cells(row.method, row.executionHorizon, row.labels).count,
          result.configuration.evaluationEpisodes,
        ]
        return [row.method.rawValue] + counts.map { "\($0)" } + figures.map { "\($0)" }
      })
  }
}
