// pusher_quasistatic.json: a round tip pushes a box slowly over the table.

import Foundation
import PlanarCore
import PlanarPhysics

/// A kinematic disc pushes at the suggested speed with the default step. Over the whole push the box stays
/// within 2 mm and 0.02 rad of the quasi-static motion on the ellipsoid, and the tip within 2 mm along the
/// face.
@Sendable func pusherCases(_ data: Data) throws -> [VerificationCase] {
  try decodeReference(PusherFile.self, from: data).tests.map { test in
    let box = try ReferenceBody(
      ReferenceShape(type: .box, halfExtents: test.halfExtents), mass: test.mass,
      inertia: test.inertia, of: test.name)
    try requirePositive([test.suggestedSpeed, test.pushDistance], "a speed or distance", of: test.name)
    try requireTimes(
      (test.samples.map { $0[0] } + [test.pushDistance]).map { $0 / test.suggestedSpeed }, of: test.name)
    return VerificationCase("pusher_quasistatic/\(test.name)") { test.checks(box) }
  }
}

private struct PusherFile: Decodable {
  struct Test: Decodable {
    var name: String
    var halfExtents: Row<Two>
    var mass, inertia, muSupport, muContact, tipRadius: Double
    var initialPose: Row<Three>
    var tipStart, pushDirection: Row<Two>
    var suggestedSpeed, pushDistance: Double
    var finalPose: Row<Three>
    var finalS: Double
    var cTaumaxOverFmax: Double
    var samples: [Row<Nine>]
  }
  var tests: [Test]
}

extension PusherFile.Test {
  func checks(_ box: ReferenceBody) -> [VerificationCheck] {
    let model = box.model(contactFriction: muContact, supportFriction: muSupport)
    var world = World.reference(h: PhysicsSettings().timeStep)
    world.addBody(
      model, at: BodyState(position: initialPose.vector(at: 0), angle: initialPose[2]))
    world.addBody(
      .kinematic(shape: .disc(radius: tipRadius), contactFriction: muContact),
      at: BodyState(
        position: tipStart.vector, angle: 0, velocity: pushDirection.vector * suggestedSpeed))
    var position = 0.0
    var angle = 0.0
    var face = 0.0
    func compare(_ distance: Double, _ pose: (Vec2, Double), s: Double) {
      world.step(until: distance / suggestedSpeed)
      let state = world.states[0]
      position = max(position, (state.position - pose.0).length)
      angle = max(angle, abs(state.angle - pose.1))
      face = max(face, abs(world.pose(of: 0).toLocal(world.states[1].position).y - s))
    }
    for row in samples { compare(row[0], (row.vector(at: 1), row[3]), s: row[4]) }
    compare(pushDistance, (finalPose.vector(at: 0), finalPose[2]), s: finalS)
    let c = SupportSurface(model, gravity: 9.81).radius
    return [
      VerificationCheck(
        "c of the limit surface, relative", error: abs(c / cTaumaxOverFmax - 1), tolerance: 1e-9),
      VerificationCheck("position, m", error: position, tolerance: 2e-3),
      VerificationCheck("angle, rad", error: angle, tolerance: 0.02),
      VerificationCheck("tip along the face, m", error: face, tolerance: 2e-3),
    ]
  }
}
