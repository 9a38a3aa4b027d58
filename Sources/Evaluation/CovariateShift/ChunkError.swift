// How far a policy's chunks are from the expert's labels of the same states.

import PlanarPolicyInterface

/// The error of predicted chunks against labels, over some states.
///
/// Measured once on the expert's states and once on the learner's own, the two differ by what covariate
/// shift costs.
public struct ChunkError: Codable, Equatable, Sendable {
  /// Root mean square over the executed steps of each chunk, one per chunk.
  public var executed: [Double]
  /// Root mean square over all compared steps of each chunk, one per chunk.
  public var whole: [Double]
  /// Root mean square over chunks by step of the chunk, `[horizon]`.
  public var byStep: [Double]

  /// Compares chunks pair by pair over the steps that both have.
  ///
  /// - Parameters:
  ///   - predicted: the policy's chunks.
  ///   - labels: the expert's, at the same states; same action dimension.
  ///   - executionHorizon: how many steps of each are executed.
  public init(predicted: [ActionChunk], labels: [ActionChunk], executionHorizon: Int) {
    precondition(predicted.count == labels.count, "each predicted chunk needs its label")
    precondition(executionHorizon > 0, "at least one step is executed")
    executed = []
    whole = []
    var sums: [Double] = []
    var counts: [Int] = []
    for (chunk, label) in zip(predicted, labels) {
      precondition(chunk.dimension == label.dimension, "chunks of one action space")
      let steps = (0..<min(chunk.horizon, label.horizon)).map { meanSquare(chunk, label, $0) }
      for (step, square) in steps.enumerated() {
        if step == sums.count {
          sums.append(0)
          counts.append(0)
        }
        sums[step] += square
        counts[step] += 1
      }
      executed.append(rootMean(steps.prefix(executionHorizon)))
      whole.append(rootMean(steps[...]))
    }
    byStep = zip(sums, counts).map { ($0 / Double($1)).squareRoot() }
  }

  /// The mean over chunks of `executed`; 0 without chunks.
  public var meanExecuted: Double { executed.reduce(0, +) / Double(max(1, executed.count)) }
}

private func meanSquare(_ a: ActionChunk, _ b: ActionChunk, _ step: Int) -> Double {
  var sum = 0.0
  for i in step * a.dimension..<(step + 1) * a.dimension {
    let error = Double(a.values[i]) - Double(b.values[i])
    sum += error * error
  }
  return sum / Double(max(1, a.dimension))
}

private func rootMean(_ squares: ArraySlice<Double>) -> Double {
  (squares.reduce(0, +) / Double(max(1, squares.count))).squareRoot()
}
