// The parts of a random scene. Ranges are wider than any environment's: that is the point.

import PlanarCore
import PlanarPhysics

/// Draws settings, shapes, arms.
struct FuzzDraw {
  var random: RandomStream
  /// How the room is turned against the axes.
  let turn: Turn

  /// A rotation that multiplies.
  struct Turn {
    let angle: Double
    let rotation: Rotation
    static func * (turn: Turn, v: Vec2) -> Vec2 { turn.rotation.apply(v) }
  }

  init(random: RandomStream) {
    self.random = random
    let angle = self.random.integer(below: 2) == 0 ? 0 : self.random.uniform(in: 0...6.3)
    turn = Turn(angle: angle, rotation: Rotation(angle: angle))
  }

  mutating func chance(_ p: Double) -> Bool { random.uniform() < p }
  mutating func integer(_ bound: Int) -> Int { random.integer(below: bound) }
  mutating func uniform(_ range: ClosedRange<Double>) -> Double { random.uniform(in: range) }
  mutating func logarithmic(_ range: ClosedRange<Double>) -> Double { random.logUniform(in: range) }
  mutating func direction() -> Vec2 { Rotation(angle: uniform(0...6.3)).direction }

  /// 0 to 2, sometimes exactly 0.
  mutating func friction() -> Double { chance(0.15) ? 0 : uniform(0...2) }

  /// The scene's lightest and heaviest body, kg: up to a thousand times apart, or, where `isExtreme`, a million times.
  mutating func massRange(isExtreme: Bool) -> ClosedRange<Double> {
    if isExtreme { return 1e-3...1e3 }
    let spread = chance(0.4) ? 1000 : logarithmic(1...1000)
    let lightest = logarithmic(1e-3...1e3 / spread)
    return lightest...lightest * spread
  }

  mutating func settings(isPassive: Bool, hasArm: Bool) -> PhysicsSettings {
    var settings = PhysicsSettings()
    settings.timeStep = uniform(0.001...0.01)
    settings.substeps = chance(0.2) ? 1 + integer(4) : 1
    // The energy of an arm, and of falling things, is balanced step by step, which needs steps that are not cut.
    if isPassive, hasArm || chance(0.5) {
      settings.substeps = 1
      settings.maximumSubsteps = 1
    }
    if chance(0.45) { settings.inPlaneGravity = direction() * uniform(0.1...12) }
    if chance(0.1) { settings.tableGravity = 0 }
    return settings
  }

  /// Four walls around the origin.
  mutating func walls(halfWidth: Double) -> [Wall] {
    let friction = self.friction()
    return [Vec2(1, 0), Vec2(0, 1), Vec2(-1, 0), Vec2(0, -1)].map {
      let normal = turn * $0
      return Wall(point: normal * -halfWidth, normal: normal, friction: friction)
    }
  }

  // MARK: Shapes

  /// A shape of about the given radius, m.
  mutating func shape(size: Double) -> BodyShape {
    switch integer(6) {
    case 0: return .disc(radius: size)
    case 1: return .box(halfWidth: size * uniform(0.4...0.9), halfHeight: size * uniform(0.4...0.9))
    case 2: return .box(halfWidth: size, halfHeight: max(0.003, size * uniform(0.05...0.3)))
    case 3: return .polygon(regular(3 + integer(10), radius: size))
    case 4: return tee(size)
    default: return bracket(size)
    }
  }

  /// A polygon on a circle, its corners unevenly spread.
  private mutating func regular(_ corners: Int, radius: Double) -> ConvexPolygon {
    let start = uniform(0...6)
    let jitter = uniform(0...0.3)
    let points = (0..<corners).map { i in
      let angle = start + (Double(i) + uniform(-jitter...jitter)) / Double(corners) * 2 * Double.pi
      return Rotation(angle: angle).direction * radius
    }
    return ConvexPolygon(points)
  }

  /// Corners of an upright rectangle.
  private func rectangle(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>) -> [Vec2] {
    [
      Vec2(x.lowerBound, y.lowerBound), Vec2(x.upperBound, y.lowerBound),
      Vec2(x.upperBound, y.upperBound), Vec2(x.lowerBound, y.upperBound),
    ]
  }

  private mutating func tee(_ size: Double) -> BodyShape {
    let t = size * uniform(0.1...0.25)
    return .compound([
      rectangle(-size * 0.7...size * 0.7, 0...2 * t), rectangle(-t...t, -size...0),
    ])
  }

  private mutating func bracket(_ size: Double) -> BodyShape {
    let t = size * uniform(0.1...0.3)
    return .compound([
      rectangle(-size * 0.7...size * 0.7, -t...t),
      rectangle(-size * 0.7...(-size * 0.7 + 2 * t), t...size),
      rectangle(size * 0.7 - 2 * t...size * 0.7, t...size),
    ])
  }

  // MARK: Arms

  /// An arm of one to four joints whose base stands in the room.
  ///
  /// - Parameter isSmooth: without friction at tip, links and fingers. Newton's restitution with friction at the end of
  ///   a stretched arm adds energy without bound (Kane & Levinson 1985).
  mutating func arm(
    room: Double?, masses: ClosedRange<Double>, isPassive: Bool, isSmooth: Bool, pace: Double
  ) -> (Arm, [ArmLink]) {
    let count = 1 + integer(4)
    let collides = chance(0.5)
    let radius = logarithmic(0.004...0.03)
    let links = (0..<count).map { _ in
      var link = ArmLink.rod(
        length: uniform(0.04...min(0.4, room ?? 0.4)), mass: logarithmic(masses), radius: collides ? radius : nil)
      if chance(0.3) { link.centerOfMass.y = link.length * uniform(-0.2...0.2) }
      return link
    }
    var gripper = chance(0.35) ? gripper(isPassive: isPassive) : nil
    if isSmooth { gripper?.friction = 0 }
    let tipRadius = chance(0.8) ? logarithmic(0.004...0.04) : 0
    let widest = max(radius, tipRadius, (gripper?.maximumOpening ?? 0) / 2 + 0.02)
    let field = (room ?? 0.6) - widest - 0.01
    let scale = links.reduce(0) { $0 + $1.mass } * 0.3
    let joints = (0..<count).map { i in joint(scale: scale, isPassive: isPassive) }
    var (base, q) = posture(links.map(\.length) + [gripper?.fingerLength ?? 0], field: max(0.01, field))
    base = turn * base
    q.x += turn.angle
    let placed = zip(joints, 0..<count).map { joint, i in
      var joint = joint
      if let range = joint.limits { joint.limits = q[i] + range.lowerBound...q[i] + range.upperBound }
      return joint
    }
    var arm = Arm(
      base: base, links: links, joints: placed, tipRadius: tipRadius,
      friction: isSmooth ? 0 : friction(), gripper: gripper, commandDelay: chance(0.3) ? integer(65) : 0)
    for i in 0..<count {
      arm.q[i] = q[i]
      if chance(0.7) { arm.velocity[i] = min(pace, 20) * uniform(-1...1) }
    }
    arm.target = arm.q
    arm.activation = arm.q
    arm.motorGain = isPassive ? 1 : uniform(0.5...2)
    return (arm, links)
  }

  /// A base and joint angles at which every joint and the end are within `field` of the middle along both axes.
  private mutating func posture(_ lengths: [Double], field: Double) -> (Vec2, SIMD4<Double>) {
    while true {
      let base = Vec2(uniform(-field...field), uniform(-field...field))
      var q = SIMD4<Double>.zero
      var point = base
      var angle = 0.0
      var fits = true
      for (i, length) in lengths.enumerated() {
        if i < lengths.count - 1 {
          q[i] = uniform(-3...3)
          angle += q[i]
        }
        point += Rotation(angle: angle).direction * length
        fits = fits && abs(point.x) <= field && abs(point.y) <= field
      }
      if fits { return (base, q) }
    }
  }

  /// - Parameter scale: of torques, N·m.
  private mutating func joint(scale: Double, isPassive: Bool) -> ArmJoint {
    ArmJoint(
      armature: chance(0.5) ? 0 : logarithmic(1e-5...1e-1),
      damping: chance(0.5) ? 0 : scale * logarithmic(1e-3...1),
      coulombFriction: chance(0.6) ? 0 : scale * logarithmic(1e-2...1),
      limits: chance(0.5) ? nil : -uniform(0...3)...uniform(0...3),
      actuator: isPassive ? .none : actuator(scale: scale))
  }

  private mutating func actuator(scale: Double) -> JointActuator {
    var actuator: JointActuator
    switch integer(4) {
    case 0: actuator = .velocity(gain: scale * logarithmic(1e-2...1e2))
    case 1: actuator = .torque()
    default:
      let stiffness = scale * logarithmic(1...1e4)
      actuator = .position(
        stiffness: stiffness, derivative: stiffness * logarithmic(1e-3...0.5))
    }
    actuator.torqueLimit = chance(0.2) ? .infinity : scale * logarithmic(0.1...100)
    if case .torque = actuator.law {
      actuator.gain = actuator.torqueLimit.isFinite ? actuator.torqueLimit : 10 * scale
    } else {
      actuator.gain = uniform(0.5...2)
    }
    if chance(0.3) { actuator.timeConstant = logarithmic(1e-3...0.3) }
    if chance(0.3) { actuator.backlash = uniform(0...0.2) }
    return actuator
  }

  private mutating func gripper(isPassive: Bool) -> Gripper {
    var gripper = Gripper(
      fingerLength: uniform(0.01...0.1), fingerRadius: logarithmic(0.002...0.01),
      fingerMass: logarithmic(1e-3...1), maximumOpening: uniform(0.01...0.15))
    gripper.stiffness = isPassive ? 0 : logarithmic(1...1e4)
    gripper.derivative = isPassive ? 0 : gripper.stiffness * logarithmic(1e-3...0.1)
    gripper.forceLimit = isPassive ? 0 : logarithmic(0.1...300)
    gripper.friction = friction()
    return gripper
  }
}
