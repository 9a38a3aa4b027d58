// The statistics of an evaluation by the name that `EvalCommand` has for them.

import PlanarEvaluation

typealias EvaluationTally = EvaluationStatistics

extension EvaluationLog {
  /// The same as `statistics`.
  var tally: EvaluationStatistics { statistics }
}
