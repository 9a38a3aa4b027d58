// Scenes in which the fuzzer once found what must not be.

import PlanarVerification
import Testing

@Suite struct FoundScenesTests {
  /// A gripper wedged between an arm of 120 kg and a wall overlapped it by 20 mm; bodies that began inside one another
  /// gained a ninth of the scene's energy.
  @Test(arguments: [(seed: 987_654_321, scene: 2326, steps: 1726), (seed: 11, scene: 1056, steps: 3)])
  func theyKeepAllBounds(_ found: (seed: Int, scene: Int, steps: Int)) throws {
    let report = try fuzzPhysics(
      FuzzConfiguration(seed: UInt64(found.seed), steps: found.steps, scene: found.scene), threads: 1)
    #expect(report.failures.isEmpty, "\(report.failures)")
    #expect(report.counts.steps == found.steps)
  }
}
