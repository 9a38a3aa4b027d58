// incline_stack.json: rest, sliding, braking, rolling, tipping and stacks under gravity.

import Foundation
import PlanarCore
import PlanarPhysics

/// Held at 5 ms, and what moves at 1 ms too:
/// - rest and stacks: the bounds of the records over their 5 s; the unstable stack must fall;
/// - sliding, braking, rolling: a share of the way, 1e-2 at 5 ms and 2e-3 at 1 ms; or, where that is more,
///   half a step times the greatest change of speed (+ 0.1 mm): semi-implicit Euler is off by just h/2·(v(t)
///   − v(0));
/// - tipping: a step's motion at the greatest speed.
@Sendable func inclineCases(_ data: Data) throws -> [VerificationCase] {
  try decodeReference(InclineFile.self, from: data).tests.map { test in
    let scene = try test.scene()
    return VerificationCase("incline_stack/\(test.name)") { test.checks(scene) }
  }
}

private struct InclineFile: Decodable {
  struct Body: Decodable {
    var type: ReferenceShape.Kind
    var radius: Double?
    var halfExtents: Row<Two>?
    var mass, inertia: Double
    var pose: Row<Three>?

    func body(of name: String) throws -> ReferenceBody {
      try ReferenceBody(
        ReferenceShape(type: type, radius: radius, halfExtents: halfExtents), mass: mass,
        inertia: inertia, of: name)
    }
  }
  struct Expected: Decodable {
    var rest: Bool?
    var maxDrift, maxRotation, maxSidewaysDrift, maxSinkingPerInterface: Double?
    var t, sUpSlope, theta, omega: [Double]?
    var centre: [Row<Two>]?
  }
  struct Test: Decodable {
    enum Kind: String, Decodable { case rest, slide, brake, roll, tip, stack }
    var kind: Kind
    var name: String
    var inclineAngle: Double?
    var mu, duration: Double
    var body: Body?
    var bodies: [Body]?
    var initial: Row<Six>?
    var expected: Expected
  }
  var tests: [Test]
}

/// What a case starts from.
private struct InclineScene: Sendable {
  var bodies: [ReferenceBody]
  var starts: [BodyState]
  /// Up the slope.
  var direction: Vec2
  var mu: Double

  func world(h: Double) -> World {
    let wall = Wall(point: .zero, normal: direction.perpendicular, friction: mu)
    var world = World.reference(h: h, walls: [wall], gravity: Vec2(0, -9.81))
    for (body, start) in zip(bodies, starts) {
      world.addBody(body.model(contactFriction: mu), at: start)
    }
    return world
  }
}

extension InclineFile.Test {
  fileprivate func scene() throws -> InclineScene {
    try requireTimes((expected.t ?? []) + [duration], of: name)
    let slope = Rotation(angle: inclineAngle ?? 0).direction
    if kind == .stack {
      let bodies = bodies ?? []
      guard !bodies.isEmpty else { throw ReferenceError("'\(name)' has no bodies") }
      let starts = try bodies.map { body in
        guard let pose = body.pose else { throw ReferenceError("'\(name)' has a body without a pose") }
        return BodyState(position: pose.vector(at: 0), angle: pose[2])
      }
      return InclineScene(
        bodies: try bodies.map { try $0.body(of: name) }, starts: starts, direction: slope, mu: mu)
    }
    guard let body, let initial else { throw ReferenceError("'\(name)' has no body") }
    if kind != .rest {
      let count = expected.t?.count ?? 0
      guard count > 1 else { throw ReferenceError("'\(name)' has no samples") }
      if kind == .tip {
        try requireCount(expected.theta?.count ?? 0, count, "angles", of: name)
        try requireCount(expected.omega?.count ?? 0, count, "angular velocities", of: name)
        try requireCount(expected.centre?.count ?? 0, count, "centres", of: name)
      } else {
        try requireCount(expected.sUpSlope?.count ?? 0, count, "places", of: name)
        if kind == .roll { try requireCount(expected.theta?.count ?? 0, count, "angles", of: name) }
      }
    }
    return InclineScene(
      bodies: [try body.body(of: name)], starts: [BodyState(initial)], direction: slope, mu: mu)
  }

  fileprivate func checks(_ scene: InclineScene) -> [VerificationCheck] {
    switch kind {
    case .rest: restChecks(scene)
    case .stack: stackChecks(scene)
    case .tip: [5e-3, 1e-3].flatMap { tipChecks(scene, h: $0) }
    case .slide, .brake, .roll: [5e-3, 1e-3].flatMap { wayChecks(scene, h: $0) }
    }
  }

  private func restChecks(_ scene: InclineScene) -> [VerificationCheck] {
    var world = scene.world(h: 5e-3)
    var drift = 0.0
    var rotation = 0.0
    while Double(world.stepCount) * 5e-3 < duration - 1e-9 {
      world.step()
      drift = max(drift, (world.states[0].position - scene.starts[0].position).length)
      rotation = max(rotation, abs(world.states[0].angle - scene.starts[0].angle))
    }
    return [
      VerificationCheck("drift, m", error: drift, tolerance: expected.maxDrift ?? 1e-3),
      VerificationCheck("rotation, rad", error: rotation, tolerance: expected.maxRotation ?? 1e-3),
    ]
  }

  private func stackChecks(_ scene: InclineScene) -> [VerificationCheck] {
    var world = scene.world(h: 5e-3)
    var sideways = 0.0
    var sinking = 0.0
    var rotation = 0.0
    let falls = expected.rest == false
    let end = falls ? min(2, duration) : duration
    while Double(world.stepCount) * 5e-3 < end - 1e-9 {
      world.step()
      for (i, start) in scene.starts.enumerated() {
        let moved = world.states[i].position - start.position
        sideways = max(sideways, abs(moved.x))
        // The i-th box stands on i + 1 interfaces.
        sinking = max(sinking, -moved.y / Double(i + 1))
        rotation = max(rotation, abs(world.states[i].angle - start.angle))
      }
    }
    if falls {
      return [
        VerificationCheck(
          "rotation short of 0.5 rad within 2 s, rad", error: max(0, 0.5 - rotation), tolerance: 0)
      ]
    }
    return [
      VerificationCheck(
        "sideways drift, m", error: sideways, tolerance: expected.maxSidewaysDrift ?? 1e-3),
      VerificationCheck(
        "sinking per interface, m", error: sinking,
        tolerance: expected.maxSinkingPerInterface ?? 1e-3),
      VerificationCheck("rotation, rad", error: rotation, tolerance: expected.maxRotation ?? 2e-3),
    ]
  }

  private func wayChecks(_ scene: InclineScene, h: Double) -> [VerificationCheck] {
    let share = h == 5e-3 ? 1e-2 : 2e-3
    let at = "at \(h == 5e-3 ? 5 : 1) ms"
    let times = expected.t ?? []
    let start = scene.starts[0]
    var world = scene.world(h: h)
    var ways: [Double] = []
    var turns: [Double] = []
    for time in times {
      world.step(until: time)
      ways.append((world.states[0].position - start.position).dot(scene.direction))
      turns.append(world.states[0].angle - start.angle)
    }
    func check(
      _ quantity: String, _ ours: [Double], _ theirs: [Double], from speed: Double, floor: Double
    ) -> VerificationCheck {
      let size = theirs.map { abs($0) }.max() ?? 0
      return VerificationCheck(
        quantity, error: zip(ours, theirs).map { abs($0 - $1) }.max() ?? .infinity,
        tolerance: max(
          share * size, greatestChange(of: theirs, at: times, from: speed) * h / 2 + floor))
    }
    let expectedWays = expected.sUpSlope ?? []
    var result = [
      check(
        "way \(at), m", ways, expectedWays, from: start.velocity.dot(scene.direction), floor: 1e-4)
    ]
    if kind == .roll, let theta = expected.theta {
      result.append(
        check("angle \(at), rad", turns, theta, from: start.spin, floor: 1e-3))
    } else {
      result.append(
        VerificationCheck(
          "rotation \(at), rad", error: turns.map { abs($0) }.max() ?? 0, tolerance: 1e-2))
    }
    return result
  }

  private func tipChecks(_ scene: InclineScene, h: Double) -> [VerificationCheck] {
    let at = "at \(h == 5e-3 ? 5 : 1) ms"
    let omega = expected.omega?.map { abs($0) }.max() ?? 0
    var world = scene.world(h: h)
    var angleError = 0.0
    var centreError = 0.0
    for (i, time) in (expected.t ?? []).enumerated() {
      world.step(until: time)
      angleError = max(angleError, abs(world.states[0].angle - (expected.theta?[i] ?? 0)))
      centreError = max(
        centreError, (world.states[0].position - (expected.centre?[i].vector ?? .zero)).length)
    }
    let lever = scene.bodies[0].shape.circumradius
    return [
      VerificationCheck("angle \(at), rad", error: angleError, tolerance: omega * h + 1e-3),
      VerificationCheck(
        "centre \(at), m", error: centreError, tolerance: lever * (omega * h + 1e-3) + 1e-4),
    ]
  }

  /// How far the speed gets from the first one, by differences of neighbouring samples.
  private func greatestChange(
    of values: [Double], at times: [Double], from speed: Double
  ) -> Double {
    let speeds = zip(zip(times, times.dropFirst()), zip(values, values.dropFirst()))
      .map { ($1.1 - $1.0) / ($0.1 - $0.0) }
    // A difference is the speed in the middle; it goes on changing by half as much again until the sample.
    let jumps = zip(speeds, speeds.dropFirst()).map { abs($1 - $0) }
    return (speeds.map { abs($0 - speed) }.max() ?? 0) + (jumps.max() ?? 0) / 2
  }
}
