// pusht_constants.json: every number of gym-pusht's task against ours.

import PlanarArmEnvironments
import Foundation
import PlanarCore

/// Each constant is a case, held to a relative 1e-9 (the file has 12 digits), or exactly where it is 0 or a
/// count.
@Sendable func pushTConstantCases(_ data: Data) throws -> [VerificationCase] {
  let file = try decodeReference(PushTConstantFile.self, from: data)
  return try file.pairs().map { name, expected, ours in
    VerificationCase("pusht_constants/\(name)") {
      let scale = abs(expected)
      return [
        VerificationCheck(
          scale > 0 ? "value, relative" : "value",
          error: scale > 0 ? abs(ours - expected) / scale : abs(ours), tolerance: 1e-9)
      ]
    }
  }
}

private struct PushTConstantFile: Decodable {
  struct Pusher: Decodable { var radius: Double }
  struct Block: Decodable {
    var mass, moment, area: Double
    var centerOfGravityLocal: Row<Two>
    var barVertices, stemVertices: [Row<Two>]
  }
  struct Friction: Decodable { var effectiveCoefficient: Double }
  struct Elasticity: Decodable { var block, pusher: [Double] }
  struct Space: Decodable {
    var gravity: Row<Two>
    var damping, iterations, collisionSlop, collisionBias, collisionPersistence: Double
  }
  struct Walls: Decodable {
    var segments: [[Row<Two>]]
    var radius: Double
  }
  var dt, controlHz, physicsHz, substepsPerAction, kP, kV: Double
  var pusher: Pusher
  var block: Block
  var friction: Friction
  var elasticity: Elasticity
  var space: Space
  var walls: Walls
  var goalPose: Row<Three>
  var successThreshold, maxEpisodeSteps: Double

  /// Names, the file's values, ours.
  func pairs() throws -> [(String, Double, Double)] {
    typealias Ours = PushTConstants
    var result: [(String, Double, Double)] = [
      ("dt", dt, Ours.timeStep), ("control_hz", controlHz, 1 / Ours.controlPeriod),
      ("physics_hz", physicsHz, 1 / Ours.timeStep),
      ("substeps_per_action", substepsPerAction, Double(Ours.substepsPerAction)),
      ("k_p", kP, Ours.pusherStiffness), ("k_v", kV, Ours.pusherDamping),
      ("pusher.radius", pusher.radius, Ours.pusherRadius),
      ("block.mass", block.mass, Ours.mass), ("block.moment", block.moment, Ours.moment),
      ("block.area", block.area, Ours.area),
      ("block.center_of_gravity.x", block.centerOfGravityLocal[0], Ours.centerOfGravity.x),
      ("block.center_of_gravity.y", block.centerOfGravityLocal[1], Ours.centerOfGravity.y),
      // Ours knows neither friction nor restitution, gravity nor velocity that outlives a substep.
      ("friction.effective_coefficient", friction.effectiveCoefficient, 0),
      ("space.gravity.x", space.gravity[0], 0), ("space.gravity.y", space.gravity[1], 0),
      ("space.damping", space.damping, 0),
      ("space.iterations", space.iterations, Double(Ours.iterations)),
      ("space.collision_slop", space.collisionSlop, Ours.slop),
      ("space.collision_bias", 1 - pow(space.collisionBias, dt), Ours.correction),
      ("space.collision_persistence", space.collisionPersistence, Double(Ours.persistence)),
      ("walls.radius", walls.radius, Ours.wallRadius),
      ("goal_pose.x", goalPose[0], Ours.goalPosition.x),
      ("goal_pose.y", goalPose[1], Ours.goalPosition.y),
      ("goal_pose.angle", goalPose[2], Ours.goalAngle),
      ("success_threshold", successThreshold, Ours.successCoverage),
      ("max_episode_steps", maxEpisodeSteps, Double(try PushTEnvironment().maximumSteps)),
    ]
    for (i, value) in (elasticity.block + elasticity.pusher).enumerated() {
      result.append(("elasticity.\(i)", value, 0))
    }
    func add(_ name: String, _ found: [Row<Two>], _ ours: [Vec2]) throws {
      try requireCount(found.count, ours.count, "points", of: name)
      for (i, (point, own)) in zip(found, ours).enumerated() {
        result.append(("\(name).\(i).x", point[0], own.x))
        result.append(("\(name).\(i).y", point[1], own.y))
      }
    }
    try add("block.bar_vertices", block.barVertices, Ours.bar.corners)
    try add("block.stem_vertices", block.stemVertices, Ours.stem.corners)
    try requireCount(walls.segments.count, 4, "walls", of: "walls.segments")
    // The file lists the walls in no particular order, nor their ends.
    var left = (0..<4).map { [Ours.wall($0).a, Ours.wall($0).b] }
    for (i, segment) in walls.segments.enumerated() {
      let ends = segment.map(\.vector)
      let nearest = left.indices.min { distance(ends, left[$0]) < distance(ends, left[$1]) } ?? 0
      let own = left.remove(at: nearest)
      let isReversed = ends.count == 2 && (ends[0] - own[0]).length > (ends[0] - own[1]).length
      try add("walls.segments.\(i)", segment, isReversed ? own.reversed() : own)
    }
    return result
  }
}

/// How far the ends of two segments are apart, whichever way they run.
private func distance(_ a: [Vec2], _ b: [Vec2]) -> Double {
  a.reduce(0) { sum, end in sum + (b.map { (end - $0).length }.min() ?? 0) }
}
