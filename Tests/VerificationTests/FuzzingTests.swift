// A short run of the fuzzer, and that it sees what it is there to see.

import PlanarCore
import Testing
import PlanarVerification

@Suite struct FuzzingTests {
  @Test func aHundredThousandStepsHoldEveryProperty() throws {
    let report = try fuzzPhysics(FuzzConfiguration(seed: 20, steps: 100_000, scenes: 200), threads: 2)
    #expect(report.failures == [], "\(report.failures.map(\.description).joined(separator: "\n"))")
    #expect(report.counts.steps == 100_000)
    #expect(report.counts.scenes == 200)
    #expect(report.counts.energyChecks > 10_000)
    #expect(report.counts.restChecks > 10)
    #expect(report.counts.forkChecks > 100)
  }

  @Test func theReportDoesNotDependOnThreads() throws {
    let configuration = FuzzConfiguration(seed: 3, steps: 20_000, scenes: 50)
    let alone = try fuzzPhysics(configuration, threads: 1)
    #expect(try fuzzPhysics(configuration, threads: 3) == alone)
  }

  @Test func oneSceneIsTheSameAloneAsAmongOthers() throws {
    // The worst figures of all scenes are those of some scene that is run alone.
    let all = try fuzzPhysics(FuzzConfiguration(seed: 5, steps: 6_000, scenes: 12), threads: 2)
    var merged = (energy: 0.0, outside: 0.0, steps: 0)
    for scene in 0..<12 {
      let one = try fuzzPhysics(FuzzConfiguration(seed: 5, steps: 500, scene: scene), threads: 1)
      merged.energy = max(merged.energy, one.extremes.energyGain)
      merged.outside = max(merged.outside, one.extremes.centerBehindWall)
      merged.steps += one.counts.steps
    }
    #expect(merged.energy == all.extremes.energyGain)
    #expect(merged.outside == all.extremes.centerBehindWall)
    #expect(merged.steps == all.counts.steps)
  }

  @Test func aRaisedFlagEndsItCleanly() throws {
    let stop = StopFlag()
    stop.raise()
    let report = try fuzzPhysics(FuzzConfiguration(steps: 10_000), threads: 2, stop: stop)
    #expect(report.isStopped)
    #expect(report.counts.steps == 0)
  }

  @Test func aFailureIsOneLineWithTheCommandThatShowsItAgain() {
    let failure = FuzzFailure(
      scene: 12, seed: 7, step: 345, property: "a copy went another way")
    #expect(
      failure.description
        == "scene 12, seed 7, step 345: a copy went another way [planar fuzz --seed 7 --scene 12 --steps 345]")
  }

  @Test(arguments: [
    (FuzzConfiguration(steps: 0, scenes: 1), "--steps must be a whole number from 1 to 1000000000000, not 0"),
    (FuzzConfiguration(steps: 5, scenes: 0), "--scenes must be a whole number from 1 to 10000000, not 0"),
    (FuzzConfiguration(steps: 5, scene: -2), "--scene must be a whole number from 0 to 10000000, not -2"),
  ])
  func nonsenseIsRefused(configuration: FuzzConfiguration, message: String) {
    #expect(throws: UserError(message)) { try fuzzPhysics(configuration, threads: 1) }
  }
}
