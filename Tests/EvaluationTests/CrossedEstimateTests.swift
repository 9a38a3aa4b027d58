// Means over few training seeds: golden numbers, and that the truth is inside as often as it should be.

import PlanarCore
import PlanarEvaluation
import Testing

@Suite struct CrossedEstimateTests {
  /// Student's density with 3 degrees of freedom, integrated by Simpson's rule in 200,000 steps.
  @Test func overSeedsItIsStudents() {
    let estimate = CrossedEstimate(overSeeds: [0.1, 0.3, 0.2, 0.6])
    #expect(abs(estimate.mean - 0.3) < 1e-12)
    #expect(abs(estimate.p - 0.069_136_9) < 1e-6, "\(estimate.p)")
    #expect(abs(estimate.low - -0.043_743_5) < 1e-6 && abs(estimate.high - 0.643_743_5) < 1e-6, "\(estimate)")
  }

  /// No difference in truth; seeds differ by nothing, 3 or 8 points, and two seeds must not pretend to know. 1,000 runs a
  /// case: 95 % less four standard errors is 92.2 %.
  @Test(arguments: [2, 3, 5], [0, 0.03, 0.08])
  func theTruthIsInside(_ seeds: Int, _ deviation: Double) {
    var stream = RandomStream(seed: 5, purpose: "coverage")
    var inside = 0
    for _ in 0..<1_000 {
      let values = (0..<seeds).map { _ -> [Double] in
        let shift = deviation * stream.normal()
        return (0..<100).map { _ in
          let (first, second) = (stream.uniform() < 0.7 + shift, stream.uniform() < 0.7)
          return (first ? 1 : 0) - (second ? 1 : 0)
        }
      }
      let estimate = CrossedEstimate(of: values)
      inside += estimate.low <= 0 && estimate.high >= 0 ? 1 : 0
    }
    #expect(inside > 922, "\(inside) of 1,000")
  }

  @Test func equalOutcomesLeaveNoDoubt() {
    let estimate = CrossedEstimate(of: [[1, 1], [1, 1]])
    #expect(estimate == CrossedEstimate(of: [[1, 1], [1, 1], [1, 1]]))
    #expect(estimate.mean == 1 && estimate.low == 1 && estimate.high == 1 && estimate.p == 0)
  }
}
