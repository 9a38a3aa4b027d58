// Scenes in which the fuzzer once found what must not be.

import PlanarVerification
import Testing

@Suite struct FoundScenesTests {
  static let found = [
    // A gripper wedged between an arm of 120 kg and a wall overlapped it by 20 mm.
    (seed: 987_654_321, scene: 2326, steps: 1726),
    // Bodies that began inside one another gained a ninth of the scene's energy.
    (seed: 11, scene: 1056, steps: 3),
    // A slat and a box, 200 and 800 times as light as what rammed them into a wall, rested 1 and 6 mm deep in it.
    (seed: 11, scene: 3099, steps: 284),
    (seed: 11, scene: 4608, steps: 826),
    // A slat between a compound, a wall and a body that weighs 70 times as much rested 1.6 mm deep.
    (seed: 5108, scene: 43, steps: 1591),
    // A gripper on two links, one of 600 kg, rested in a corner with its fingers 17 mm in both walls.
    (seed: 5208, scene: 31, steps: 1153),
    // In a crowd of 65, friction held a triangle 0.8 mm deep in the mouth of a bracket.
    (seed: 5398, scene: 39, steps: 2000),
    // An arm with a motor without limit drove its gripper 78 mm into a wall, the jaw far beyond its range, and 30 mm.
    (seed: 9295, scene: 33, steps: 1134),
    (seed: 9277, scene: 34, steps: 949),
    // A jaw far beyond its range left nothing of the way to a gripper 39 mm deep in a wall.
    (seed: 9833, scene: 8, steps: 1188),
    // A link that went all through a compound rested 34 mm deep in it.
    (seed: 7, scene: 78, steps: 717),
    // Friction at the tip of an arm with one joint, just before dead centre, let impulses grow until the arm went 63 and 39 mm
    // deep into a wall, and a gripper 4 mm.
    (seed: 9568, scene: 20, steps: 2000),
    (seed: 9924, scene: 13, steps: 2000),
    (seed: 20230, scene: 26, steps: 2000),
    (seed: 50149, scene: 31, steps: 2000),
    // A gripper that lay 0.2 mm deep in a wall was led 0.1 m through it by sweeps that did not settle.
    (seed: 60069, scene: 35, steps: 2000),
    // A link that began across a bracket was pushed to and fro by its parts, and rested 38 mm deep in it.
    (seed: 20170, scene: 3, steps: 2000),
    // A finger was led to and fro by a compound of which one part was shallow.
    (seed: 60316, scene: 6, steps: 2000),
    // A body that began between two links, one of which it bounced off, more than doubled the scene's energy.
    (seed: 5252, scene: 20, steps: 1),
  ]

  @Test(arguments: found)
  func theyKeepAllBounds(_ found: (seed: Int, scene: Int, steps: Int)) throws {
    let report = try fuzzPhysics(
      FuzzConfiguration(seed: UInt64(found.seed), steps: found.steps, scene: found.scene), threads: 1)
    #expect(report.failures.isEmpty, "\(report.failures)")
    #expect(report.counts.steps == found.steps)
  }
}
