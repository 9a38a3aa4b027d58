// What gates measure at a chunk's start: how much a learner is in need of help there.

import PlanarCore
import PlanarDatasets
import PlanarPolicies
import PlanarPolicyInterface
import PlanarRollouts

/// How much in need of help a learner is, given what is observed, the chunk that it would execute, and the expert's where
/// the measure asks.
typealias Doubt = @Sendable (_ observation: Observation, _ chunk: ActionChunk, _ expert: () -> ActionChunk) -> Float

/// Opens where there is the most doubt: for a share of what was measured before.
package struct DoubtGate: Sendable {
  private let threshold: Float

  /// - Parameter measured: doubts in any order; nil comes of none.
  package init?(openingFor share: Double, of measured: [Float]) {
    guard !measured.isEmpty else { return nil }
    threshold = measured.sorted()[min(measured.count - 1, Int(Double(measured.count) * (1 - share)))]
  }

  /// Whether the expert takes over.
  package func opens(at doubt: Float) -> Bool { doubt >= threshold }
}

/// How far policies of other seeds are from the chunk that a learner would execute.
struct Disagreement: Sendable {
  var others: [TrainedPolicy]
  /// How many steps of the chunk count: those that would be executed.
  var steps: Int

  /// The root mean square of the difference, in units of the action's range.
  ///
  /// A gate is shown the present observation alone; policies that look at several are given it repeated.
  func measure(_ observation: Observation, _ chunk: ActionChunk) -> Float {
    let sum = others.reduce(Float(0)) { sum, other in
      let history = ObservationHistory(first: observation, horizon: other.horizons.observation)
      let answer = predictChunks(of: other, for: [history], seed: 0, blockSize: 1)[0]
      let distance = chunk.distance(to: answer, steps: steps)
      return sum + distance * distance
    }
    return (sum / Float(others.count)).squareRoot()
  }
}

/// How far an observation is from all that was labelled: the distance to the nearest, each number in its standard
/// deviations.
struct Novelty: Sendable {
  /// `[labels][number]`, in standard deviations.
  private var known: [[Float]] = []
  private var scale: [Float] = []

  /// - Throws: `UserError` where labels beyond memory cannot be read back.
  init(_ labels: LabelSet) throws {
    try labels.forEachObservation { known.append(Array($0)) }
    guard let width = known.first?.count else { return }
    scale = (0..<width).map { number in
      let mean = known.reduce(0) { $0 + Double($1[number]) } / Double(known.count)
      let variance =
        known.reduce(0) { $0 + (Double($1[number]) - mean) * (Double($1[number]) - mean) } / Double(known.count)
      // What never varies says nothing.
      return variance > 1e-12 ? Float(1 / variance.squareRoot()) : 0
    }
    for index in known.indices { scaled(&known[index]) }
  }

  func measure(_ observation: Observation) -> Float {
    var here = observation.floats
    guard here.count == scale.count else { return .infinity }
    scaled(&here)
    var nearest = Float.infinity
    for other in known {
      var sum: Float = 0
      for number in here.indices { sum += (here[number] - other[number]) * (here[number] - other[number]) }
      nearest = min(nearest, sum)
    }
    return nearest.squareRoot()
  }

  private func scaled(_ numbers: inout [Float]) { for index in numbers.indices { numbers[index] *= scale[index] } }
}

extension ActionChunk {
  /// The root mean square of the difference over the first steps, in units of the action's range.
  func distance(to other: ActionChunk, steps: Int) -> Float {
    let count = min(steps, horizon) * dimension
    var sum: Float = 0
    for i in 0..<count { sum += (values[i] - other.values[i]) * (values[i] - other.values[i]) }
    return (sum / Float(count)).squareRoot()
  }
}
