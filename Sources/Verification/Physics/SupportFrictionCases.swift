// support_friction.json: wrench tables, and bodies that slide and spin to rest on the table.

import Foundation
import PlanarCore
import PlanarPhysics

/// Our limit surface is the ellipsoid, so its columns count; closed forms hold for both models.
///
/// - Wrench tables, mean radius, radius of gyration: 1e-9 of force, and of torque over the mean radius.
/// - Slides at 5 and at 1 ms: everywhere on the way the position is within u·h/2 (+ 10 µm) and the angle
///   within u·h/(2c) (+ 0.1 mrad), where u² = v² + c²·ω² is the first speed on the limit surface: an implicit
///   step uses up the velocity half a step early. A share h/`stop_time` more is left to the next order. At
///   rest within 1.5 steps of `stop_time`: one since rest begins with a step, half of one for the first-order
///   error.
@Sendable func supportFrictionCases(_ data: Data) throws -> [VerificationCase] {
  let file = try decodeReference(SupportFrictionFile.self, from: data)
  let tables = try file.wrenchTables.enumerated().map { index, table in
    let name = "support_friction/wrench_\(index)_\(table.shape.type.rawValue)"
    let shape = try table.shape.shape(of: name)
    return VerificationCase(name) { table.checks(shape) }
  }
  let slides = try file.tests.map { test in
    let body = try ReferenceBody(test.shape, mass: test.mass, inertia: test.inertia, of: test.name)
    try requireTimes(test.ellipsoid.samples.map { $0[0] } + [test.ellipsoid.stopTime], of: test.name)
    return VerificationCase("support_friction/\(test.name)") { test.checks(body) }
  }
  return tables + slides
}

private struct SupportFrictionFile: Decodable {
  struct Table: Decodable {
    var shape: ReferenceShape
    var meanRadius, inertiaOverMass: Double
    var rows: [Row<Nine>]
  }
  struct Course: Decodable {
    var stopTime: Double
    var finalPose: Row<Three>
    var samples: [Row<Seven>]
  }
  struct ClosedForm: Decodable {
    var stopTime: Double
    var finalPose: Row<Three>
  }
  struct Test: Decodable {
    var name: String
    var shape: ReferenceShape
    var mass, inertia, mu, gNormal, maxForce, maxTorque: Double
    var initial: Row<Six>
    var ellipsoid: Course
    var analytic: ClosedForm?
  }
  var wrenchTables: [Table]
  var tests: [Test]
}

extension SupportFrictionFile.Table {
  func checks(_ shape: BodyShape) -> [VerificationCheck] {
    let surface = SupportSurface(
      BodyModel(shape: shape, mass: 1, contactFriction: 0, supportFriction: 1), gravity: 1)
    let errors = rows.map { row in
      let (force, torque) = surface.wrench(velocity: row.vector(at: 0), spin: row[2])
      let off = force - row.vector(at: 6)
      return max(abs(off.x), abs(off.y), abs(torque - row[8]) / meanRadius)
    }
    return [
      VerificationCheck("wrench, relative", error: errors.max() ?? .infinity, tolerance: 1e-9),
      VerificationCheck(
        "mean radius, relative", error: abs(surface.radius / meanRadius - 1), tolerance: 1e-9),
      VerificationCheck(
        "inertia over mass, relative",
        error: abs(shape.squaredRadiusOfGyration / inertiaOverMass - 1), tolerance: 1e-9),
    ]
  }
}

extension SupportFrictionFile.Test {
  func checks(_ body: ReferenceBody) -> [VerificationCheck] {
    let surface = SupportSurface(body.model(supportFriction: mu), gravity: gNormal)
    let torque = surface.maximumForce * surface.radius
    return [
      VerificationCheck(
        "greatest force and torque, relative",
        error: max(abs(surface.maximumForce / maxForce - 1), abs(torque / maxTorque - 1)),
        tolerance: 1e-9)
    ] + slide(body, c: surface.radius, h: 5e-3) + slide(body, c: surface.radius, h: 1e-3)
  }

  private func slide(_ body: ReferenceBody, c: Double, h: Double) -> [VerificationCheck] {
    var world = World.reference(h: h, tableGravity: gNormal)
    let start = BodyState(initial)
    world.addBody(body.model(supportFriction: mu), at: start)
    let speed = (start.velocity.lengthSquared + c * c * start.spin * start.spin).squareRoot()
    var positionError = 0.0
    var angleError = 0.0
    func compare(_ position: Vec2, _ angle: Double) {
      positionError = max(positionError, (world.states[0].position - position).length)
      angleError = max(angleError, abs(world.states[0].angle - angle))
    }
    for sample in ellipsoid.samples {
      world.step(until: sample[0])
      compare(sample.vector(at: 1), sample[3])
    }
    // A body that never comes to rest ends here.
    let latest = 2 * ellipsoid.stopTime + 1
    while world.states[0].velocity.length > 0 || world.states[0].spin != 0,
      Double(world.stepCount) * h < latest
    {
      world.step()
    }
    let stopTime = Double(world.stepCount) * h
    compare(ellipsoid.finalPose.vector(at: 0), ellipsoid.finalPose[2])
    var stopError = abs(stopTime - ellipsoid.stopTime)
    if let analytic {
      compare(analytic.finalPose.vector(at: 0), analytic.finalPose[2])
      stopError = max(stopError, abs(stopTime - analytic.stopTime))
    }
    let halfStep = speed * h / 2 * (1 + h / ellipsoid.stopTime)
    let at = "at \(h == 5e-3 ? 5 : 1) ms"
    return [
      VerificationCheck("stop time \(at), s", error: stopError, tolerance: 1.5 * h),
      VerificationCheck(
        "position \(at), m", error: positionError, tolerance: halfStep + 1e-5),
      VerificationCheck(
        "angle \(at), rad", error: angleError, tolerance: halfStep / c + 1e-4),
    ]
  }
}
