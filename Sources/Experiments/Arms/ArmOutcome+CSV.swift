// arms.csv of an experiment on arms.

import PlanarEvaluation

extension ArmOutcome {
  /// A row for each arm that was finished.
  public var armTable: CSVTable? {
    let names = metricNames
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    return CSVTable(
      header: [
        "arm", "training_seeds", "episodes", "success", "drawn_goal", "interval_of", "interval_low", "interval_high",
        "steps_to_success", "boundary_jump",
      ] + names,
      rows: rows.map { row in
        [
          row.arm, row.trainingSeeds.map { "\($0)" } ?? "", "\(row.episodes)", text(row.success), "\(row.drawnGoal)",
          row.success == nil ? "drawn_goal" : "success", "\(row.interval[0])", "\(row.interval[1])",
          text(row.stepsToSuccess), text(row.boundaryJump),
        ] + names.map { text(row.metrics[$0]) }
      })
  }
}
