// What became of the predictions.

import PlanarEvaluation

extension CovariateShiftAnalysis {
  /// One sentence a prediction, at the largest budget and the shortest execution horizon; none where a cell is missing.
  var verdicts: [String] {
    guard let main = mainDifference else { return [] }
    let (cloned, aggregated) = (pairs(main).map(\.cloned), pairs(main).map(\.aggregated))
    let success = ContrastResult(
      Contrast("labels of its own states pay", "DAgger", .above(by: 0.2), than: "BC"),
      first: aggregated.map(\.successes), second: cloned.map(\.successes))
    guard cloned.count > 1 else { return [success.sentence] }
    let (ofCloned, ofAggregated) = (cloned.map(\.errorRatio), aggregated.map(\.errorRatio))
    let figures = [
      FigureResult(
        FigurePrediction("error on its own states over error on the expert's, BC", .above(3)),
        CrossedEstimate(overSeeds: ofCloned)),
      FigureResult(
        FigurePrediction("the same, BC less DAgger", .above(0)),
        CrossedEstimate(overSeeds: zip(ofCloned, ofAggregated).map { $0 - $1 })),
    ]
    return [success.sentence] + figures.map(\.sentence)
  }

  /// The cells of both methods at a budget and horizon, by training seed.
  private func pairs(_ difference: Difference) -> [(cloned: ShiftCell, aggregated: ShiftCell)] {
    result.cells(.behaviourCloning, difference.executionHorizon, difference.labels).compactMap { cloned in
      result.cells(.dagger, difference.executionHorizon, difference.labels)
        .first { $0.trainingSeed == cloned.trainingSeed }
        .map { (cloned, $0) }
    }
  }
}

extension ShiftCell {
  /// How many times as much it errs on its own states as on the expert's.
  fileprivate var errorRatio: Double { ownStateError / expertStateError }
}
