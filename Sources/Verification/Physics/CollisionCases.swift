// collisions.json: impacts of discs and boxes in free flight.

import Foundation
import PlanarCore
import PlanarPhysics

/// Held at 1 ms, a step after the impact, to 1e-2 of the greatest speed before it (ω counts with the body's
/// radius). The normal is taken up to a step away from first touch, which turns it by |v|·h over the lever;
/// that turns and changes the jump of velocity, (1 + e)·|v| times the other body's share of the mass, by the
/// same share: where this is more, it is the tolerance instead.
///
/// Where rigid impact laws disagree (`laws_agree` false), either answer is accepted and any on the straight
/// line between them: an impact that our engine spreads over two steps, as it does without a bounce, can see
/// the slip reverse on the way, as the incremental law does. Besides: momentum of two bodies to 1e-9, kinetic
/// energy to what the velocities may be off by, and, for discs, the poses at `end_time`.
@Sendable func collisionCases(_ data: Data) throws -> [VerificationCase] {
  try decodeReference(CollisionFile.self, from: data).tests.map { test in
    let name = "collisions/\(test.name)"
    try requireTimes([test.impactTime, test.pair?.endTime ?? 0], of: test.name)
    if let pair = test.pair {
      let bodies = try pair.bodies.map {
        try ReferenceBody(
          ReferenceShape(type: .disc, radius: $0.radius), mass: $0.mass, inertia: $0.inertia,
          of: test.name)
      }
      try requireCount(bodies.count, 2, "bodies", of: test.name)
      try requireCount(pair.after.count, 2, "velocities", of: test.name)
      try requireCount(pair.endPoses.count, 2, "poses", of: test.name)
      return VerificationCase(name) { test.checks(pair, bodies) }
    }
    guard let single = test.single else { throw ReferenceError("'\(test.name)' has no bodies") }
    let body = try ReferenceBody(
      single.shape, mass: single.mass, inertia: single.inertia, of: test.name)
    return VerificationCase(name) { test.checks(single, body) }
  }
}

private struct CollisionFile: Decodable {
  /// Two discs.
  struct Pair: Decodable {
    struct Body: Decodable {
      var radius, mass, inertia: Double
      var initial: Row<Six>
    }
    var bodies: [Body]
    var after: [Row<Three>]
    var endTime: Double
    var endPoses: [Row<Three>]
  }
  /// A body and the wall x ≥ 0.
  struct Single: Decodable {
    var shape: ReferenceShape
    var mass, inertia: Double
    var initial: Row<Six>
    var after: Row<Three>
    /// The other answer, where rigid impact laws disagree.
    var afterIncrementalPoisson: Row<Three>?
    var lawsAgree: Bool?
  }
  struct Test: Decodable {
    enum Kind: String, Decodable {
      case discDisc = "disc_disc"
      case discWall = "disc_wall"
      case boxWallCorner = "box_wall_corner"
      case boxWallFlat = "box_wall_flat"
    }
    var kind: Kind
    var name: String
    var restitution, mu, impactTime, kineticBefore, kineticAfter: Double
    var pair: Pair?
    var single: Single?

    enum CodingKeys: CodingKey {
      case kind, name, restitution, mu, impactTime, kineticBefore, kineticAfter
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      kind = try container.decode(Kind.self, forKey: .kind)
      name = try container.decode(String.self, forKey: .name)
      restitution = try container.decode(Double.self, forKey: .restitution)
      mu = try container.decode(Double.self, forKey: .mu)
      impactTime = try container.decode(Double.self, forKey: .impactTime)
      kineticBefore = try container.decode(Double.self, forKey: .kineticBefore)
      kineticAfter = try container.decode(Double.self, forKey: .kineticAfter)
      if kind == .discDisc {
        pair = try Pair(from: decoder)
      } else {
        single = try Single(from: decoder)
      }
    }
  }
  var tests: [Test]
}

extension CollisionFile.Test {
  private static let h = 1e-3

  /// How far velocities may be off, m/s.
  private func tolerance(
    speed: Double, relativeSpeed: Double, lever: Double, massShare: Double
  ) -> Double {
    let turn = relativeSpeed * Self.h / lever
    return max(1e-2 * speed, (1 + restitution) * massShare * relativeSpeed * turn)
  }

  private func error(
    _ state: BodyState, _ expected: Row<Three>, radius: Double
  ) -> Double {
    max(
      (state.velocity - expected.vector(at: 0)).length, abs(state.spin - expected[2]) * radius)
  }

  /// The end of the step after the one that holds the impact.
  private var after: Double { ((impactTime / Self.h).rounded(.up) + 1) * Self.h }

  private func energyCheck(_ energy: Double, expected: Double, within most: Double)
    -> VerificationCheck
  {
    VerificationCheck(
      "kinetic energy, share of that before", error: abs(energy - expected) / kineticBefore,
      tolerance: most / kineticBefore)
  }

  fileprivate func checks(
    _ pair: CollisionFile.Pair, _ bodies: [ReferenceBody]
  ) -> [VerificationCheck] {
    var world = World.reference(h: Self.h)
    let starts = pair.bodies.map { BodyState($0.initial) }
    for (body, start) in zip(bodies, starts) {
      world.addBody(
        body.model(contactFriction: mu, restitution: restitution), at: start)
    }
    world.step(until: after)
    let states = world.states
    let radii = pair.bodies.map(\.radius)
    let speed = zip(starts, radii).map { max($0.velocity.length, abs($0.spin) * $1) }.max() ?? 0
    let relativeSpeed = (starts[1].velocity - starts[0].velocity).length
    let totalMass = bodies[0].mass + bodies[1].mass
    let tolerance = tolerance(
      speed: speed, relativeSpeed: relativeSpeed, lever: radii[0] + radii[1],
      massShare: max(bodies[0].mass, bodies[1].mass) / totalMass)
    let errors = (0..<2).map { error(states[$0], pair.after[$0], radius: radii[$0]) }
    func momentum(_ states: [BodyState]) -> Vec2 {
      zip(bodies, states).reduce(.zero) { $0 + $1.1.velocity * $1.0.mass }
    }
    let lost = (momentum(states) - momentum(starts)).length
    let energy = zip(bodies, states).reduce(0) { $0 + $1.0.kineticEnergy($1.1) }

    world.step(until: pair.endTime)
    let flight = Double(world.stepCount) * Self.h
    let drift = (0..<2).map { i in
      // The end time need not be a multiple of the step.
      let state = world.states[i]
      let left = pair.endTime - flight
      return max(
        (state.position + state.velocity * left - pair.endPoses[i].vector(at: 0)).length,
        abs(state.angle + state.spin * left - pair.endPoses[i][2]) * radii[i])
    }
    return [
      VerificationCheck(
        "velocities after, m/s", error: errors.max() ?? .infinity, tolerance: tolerance),
      VerificationCheck(
        "momentum, share of mass times speed", error: lost / (totalMass * speed), tolerance: 1e-9),
      energyCheck(
        energy, expected: kineticAfter,
        within: zip(bodies, radii).reduce(0) { $0 + $1.0.effectiveMass($1.1) * speed * tolerance }),
      VerificationCheck(
        "poses at the end, m", error: drift.max() ?? .infinity,
        tolerance: tolerance * (pair.endTime - impactTime) + relativeSpeed * Self.h),
    ]
  }

  fileprivate func checks(_ single: CollisionFile.Single, _ body: ReferenceBody) -> [VerificationCheck] {
    let wall = Wall(
      point: .zero, normal: Vec2(-1, 0), friction: mu, restitution: restitution)
    var world = World.reference(h: Self.h, walls: [wall])
    let start = BodyState(single.initial)
    world.addBody(body.model(contactFriction: mu, restitution: restitution), at: start)
    world.step(until: after)
    let state = world.states[0]
    let radius = body.shape.circumradius
    let speed = max(start.velocity.length, abs(start.spin) * radius)
    let tolerance = tolerance(
      speed: speed, relativeSpeed: start.velocity.length + abs(start.spin) * radius,
      lever: radius, massShare: 1)
    let expected = single.answer(nearestTo: state, radius: radius)
    return [
      VerificationCheck(
        "velocities after, m/s",
        error: max(
          (state.velocity - expected.velocity).length, abs(state.spin - expected.spin) * radius),
        tolerance: tolerance),
      energyCheck(
        body.kineticEnergy(state), expected: body.kineticEnergy(expected),
        within: body.effectiveMass(radius) * speed * tolerance),
    ]
  }
}

extension CollisionFile.Single {
  /// The accepted velocities that are nearest to those of a state.
  fileprivate func answer(nearestTo state: BodyState, radius: Double) -> BodyState {
    var answer = BodyState(
      position: .zero, angle: 0, velocity: after.vector(at: 0), spin: after[2])
    guard lawsAgree == false, let other = afterIncrementalPoisson else { return answer }
    let line = other.vector(at: 0) - answer.velocity
    let turn = other[2] - answer.spin
    let square = line.lengthSquared + turn * turn * radius * radius
    guard square > 0 else { return answer }
    let share =
      ((state.velocity - answer.velocity).dot(line)
        + (state.spin - answer.spin) * turn * radius * radius) / square
    answer.velocity += line * min(max(share, 0), 1)
    answer.spin += turn * min(max(share, 0), 1)
    return answer
  }
}

extension ReferenceBody {
  /// Of translation and of rotation at a lever, together, kg.
  fileprivate func effectiveMass(_ radius: Double) -> Double { mass + inertia / (radius * radius) }
}
