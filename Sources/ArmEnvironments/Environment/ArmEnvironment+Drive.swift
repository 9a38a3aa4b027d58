// From a scene to a world, and from an action to motors.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

extension ArmEnvironment {
  /// Where the tip is, m: the end of the last link, the grasp point between a gripper's fingers, or the centre of a
  /// gantry's tip.
  public var tip: Vec2 {
    if let body = gantryBody { return physics.states[body].position }
    return physics.arm.tool
  }

  /// m/s
  public var tipVelocity: Vec2 {
    if let body = gantryBody { return physics.states[body].velocity }
    return physics.arm.toolVelocity
  }

  /// The index of the gantry's tip among the bodies; nil for an arm.
  var gantryBody: Int? {
    if case .gantry = specification.robot.body {
      return scene.objects.count + scene.obstacles.count
    }
    return nil
  }

  mutating func buildWorld() {
    let bounds = specification.table
    let friction = specification.wallFriction
    var settings = specification.physics
    settings.inPlaneGravity = scene.table.slope
    var arm = Arm.none
    if case .arm(let description) = specification.robot.body {
      arm = description.arm(scene.robot, timeStep: settings.timeStep)
      arm.q = arm.jointAngles(
        reaching: scene.tipStart, from: description.posture, posture: description.posture,
        iterations: 100, handAngle: description.handAngle)
      arm.target = arm.q
      arm.activation = arm.q
    }
    commandedTip = scene.tipStart
    physics = World(
      arm: arm,
      walls: Wall.around(bounds, friction: friction), settings: settings)
    physics.strip = scene.strip
    for object in scene.objects { physics.addBody(object.body, at: object.start) }
    for obstacle in scene.obstacles {
      physics.addBody(
        .kinematic(shape: obstacle.shape, contactFriction: friction),
        at: BodyState(position: obstacle.position, angle: obstacle.angle))
    }
    if case .gantry(let gantry) = specification.robot.body {
      physics.addBody(
        BodyModel(
          shape: .disc(radius: specification.robot.tipRadius),
          mass: gantry.mass * scene.robot.linkMass, contactFriction: gantry.tipFriction,
          supportFriction: 0),
        at: BodyState(position: scene.tipStart, angle: 0))
    }
  }

  /// Shifts the commanded tip and lets the motors follow for one control period, their targets moving
  /// evenly from the old ones to the new ones. Numbers that are not finite leave tip and fingers where they are.
  mutating func drive(_ action: SIMD4<Float>) {
    let from = commandedTip
    let tip = self.tip
    let isFinite = action[0].isFinite && action[1].isFinite
    let wanted = isFinite ? specification.actionSpace.tip(action, from: commandedTip) : commandedTip
    commandedTip = specification.workspace(
      tip + (wanted - tip).clamped(toLength: specification.robot.tipLead))
    if let gripper = physics.arm.gripper, action[2].isFinite {
      physics.arm.jaw.target = (Double(min(max(action[2], -1), 1)) + 1) / 2 * gripper.maximumOpening
    }
    switch specification.robot.body {
    case .arm(let description): follow(description)
    case .gantry(let gantry): follow(gantry, from: from)
    }
  }

  private mutating func follow(_ description: ArmSpecification) {
    let start = physics.arm.target
    let end = physics.arm.jointAngles(
      reaching: commandedTip, from: start, posture: description.posture,
      handAngle: description.handAngle)
    let count = specification.stepsPerAction
    for i in 1...count {
      physics.arm.target = start + (end - start) * (Double(i) / Double(count))
      advanceWorld()
    }
  }

  /// Servos along both axes, stiff and damped at the end of each step, so that no gain is too high.
  private mutating func follow(_ gantry: GantrySpecification, from: Vec2) {
    guard let body = gantryBody else { return }
    let count = specification.stepsPerAction
    let h = specification.physics.timeStep
    let mass = gantry.mass * scene.robot.linkMass
    let stiffness = gantry.stiffness * scene.robot.motorGain
    let derivative = gantry.derivative * scene.robot.motorGain
    for i in 1...count {
      let target = from + (commandedTip - from) * (Double(i) / Double(count))
      let state = physics.states[body]
      let next =
        (state.velocity * mass + (target - state.position) * (h * stiffness))
        / (mass + h * derivative + h * h * stiffness)
      let most = gantry.forceLimit * h / mass
      let change = next - state.velocity
      physics.states[body].velocity =
        state.velocity
        + Vec2(min(max(change.x, -most), most), min(max(change.y, -most), most))
      physics.states[body].spin = 0
      advanceWorld()
    }
  }

  private mutating func advanceWorld() {
    if scene.table.vibration != .zero {
      let time = Double(physics.stepCount) * specification.physics.timeStep
      physics.tableAcceleration = scene.table.shaking(at: time)
    }
    physics.step()
    noteObstacles()
    let success = specification.success
    let h = specification.physics.timeStep
    let objects = scene.objects.count
    for body in 0..<objects {
      if physics.states[body].velocity.length < success.restSpeed {
        restTimes[body] += h
      } else {
        restTimes[body] = 0
      }
    }
  }
}
