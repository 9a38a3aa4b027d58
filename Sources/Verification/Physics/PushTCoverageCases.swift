// pusht_pd_coverage.json: the pusher's controller in free space, and the goal's coverage at given poses.

import PlanarArmEnvironments
import Foundation
import PlanarCore

/// What must match exactly: the pusher to 1e-9 px (and px/s), coverage to 1e-9.
@Sendable func pushTCoverageCases(_ data: Data) throws -> [VerificationCase] {
  let file = try decodeReference(PushTCoverageFile.self, from: data)
  let runs = try file.freeSpace.runs.enumerated().map { index, run in
    let name = "pusht_pd_coverage/free_\(index)"
    try requireCount(run.rows.count, run.actions.count, "rows", of: name)
    return VerificationCase(name) { [run.check()] }
  }
  let poses = file.coverage.rows.enumerated().map { index, row in
    VerificationCase("pusht_pd_coverage/coverage_\(index)") {
      let coverage = PushTSimulation.coverage(x: row[0], y: row[1], angle: row[2])
      return [
        VerificationCheck("coverage", error: abs(coverage - row[3]), tolerance: 1e-9),
        VerificationCheck(
          "reward", error: abs(min(1, coverage / PushTConstants.successCoverage) - row[4]),
          tolerance: 2e-9),
        VerificationCheck(
          "success", error: abs((coverage > PushTConstants.successCoverage ? 1 : 0) - row[5]),
          tolerance: 0),
      ]
    }
  }
  return runs + poses
}

private struct PushTCoverageFile: Decodable {
  struct Run: Decodable {
    var start: Row<Four>
    var actions: [Row<Two>]
    var rows: [Row<Four>]
  }
  struct FreeSpace: Decodable { var runs: [Run] }
  struct Coverage: Decodable { var rows: [Row<Six>] }
  var freeSpace: FreeSpace
  var coverage: Coverage
}

extension PushTCoverageFile.Run {
  func check() -> VerificationCheck {
    var simulation = PushTSimulation(
      pusher: start.vector(at: 0), pusherVelocity: start.vector(at: 2),
      blockPosition: Vec2(400, 400), blockAngle: 0)
    var error = 0.0
    for (action, row) in zip(actions, rows) {
      simulation.act(target: action.vector)
      let off = simulation.pusher - row.vector(at: 0)
      let offSpeed = simulation.pusherVelocity - row.vector(at: 2)
      error = max(error, max(abs(off.x), abs(off.y)), max(abs(offSpeed.x), abs(offSpeed.y)))
    }
    return VerificationCheck("pusher, px and px/s", error: error, tolerance: 1e-9)
  }
}
