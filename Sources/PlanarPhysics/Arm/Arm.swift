// The arm: what it is made of, and its state in reduced coordinates (joint angles), so that links
// can never drift apart.

import PlanarCore

/// An arm of one to four revolute joints on a fixed base, with a round tip or a gripper at its end.
///
/// Joint angles are relative: link i's absolute angle is q₀ + … + qᵢ. Joint quantities are vectors of four, of which
/// the entries beyond the last joint stay 0. All of it is plain data: copying an arm costs no allocation.
public struct Arm: Hashable, Sendable {
  /// As many as a vector of four holds.
  public static let maximumJoints = 4
  /// Most steps that commands can be delayed by.
  public static let maximumDelay = 64

  /// No arm at all: a world of bodies and walls.
  public static let none = Arm()

  // MARK: What it is made of

  /// 0 for `none`.
  public let jointCount: Int
  /// The first joint's position, m.
  public var base: Vec2
  let lengths: SIMD4<Double>
  let masses: SIMD4<Double>
  let centersX: SIMD4<Double>
  let centersY: SIMD4<Double>
  let inertias: SIMD4<Double>
  /// Radii of the links' capsules, m; negative for links that touch nothing.
  let linkRadii: SIMD4<Double>
  let armature: SIMD4<Double>
  let damping: SIMD4<Double>
  let coulombFriction: SIMD4<Double>
  let lowerLimits: SIMD4<Double>
  let upperLimits: SIMD4<Double>
  let motors: MotorBank
  /// Radius of the round tip, m; 0 for none.
  public let tipRadius: Double
  /// Coulomb coefficient of tip and links, before it is combined with the body's.
  public let friction: Double
  /// At the end of the last link; nil for none.
  public let gripper: Gripper?
  /// The least radius of what it touches with, m; infinite where it touches nothing.
  let leastRadius: Double
  /// Whether some joint has a limit or Coulomb friction, which the sweeps must solve.
  let hasJointConstraints: Bool
  /// Factor on what every motor does, on top of its own gain: for domain randomization.
  public var motorGain = 1.0
  /// Steps between a command and the motors' hearing of it, at most `maximumDelay`.
  public let commandDelay: Int

  // MARK: State

  /// Joint angles, rad.
  public var q: SIMD4<Double> = .zero
  /// Joint velocities, rad/s.
  public var velocity: SIMD4<Double> = .zero
  /// Commands to the motors: rad, rad/s or N·m by their law.
  public var target: SIMD4<Double> = .zero
  /// The commands behind delay and lag, at the end of the last substep.
  public var activation: SIMD4<Double> = .zero
  /// The gripper's state; without a gripper it means nothing.
  public var jaw = Jaw()
  /// The command behind the delay.
  var delivered: SIMD4<Double> = .zero
  /// The mean of the activation over the last substep: what the motors acted on.
  var meanActivation: SIMD4<Double> = .zero
  /// Impulses of Coulomb friction and of limits in the last substep, N·m·s: they start the next one.
  var frictionImpulse: SIMD4<Double> = .zero
  var limitImpulse: SIMD4<Double> = .zero

  /// An arm at q = 0 and at rest.
  ///
  /// - Parameter tipRadius: m; 0 for no tip.
  public init(
    base: Vec2, links: [ArmLink], joints: [ArmJoint], tipRadius: Double = 0, friction: Double = 0.5,
    gripper: Gripper? = nil, commandDelay: Int = 0
  ) {
    precondition((1...Arm.maximumJoints).contains(links.count), "an arm has one to four joints")
    precondition(joints.count == links.count, "every link has one joint")
    precondition((0...Arm.maximumDelay).contains(commandDelay), "a delay is 0 to 64 steps")
    func each(_ value: (Int) -> Double) -> SIMD4<Double> {
      var all = SIMD4<Double>.zero
      for i in links.indices { all[i] = value(i) }
      return all
    }
    jointCount = links.count
    self.base = base
    lengths = each { links[$0].length }
    masses = each { links[$0].mass }
    centersX = each { links[$0].centerOfMass.x }
    centersY = each { links[$0].centerOfMass.y }
    inertias = each { links[$0].inertia }
    linkRadii = each { links[$0].radius ?? -1 }
    armature = each { joints[$0].armature }
    damping = each { joints[$0].damping }
    coulombFriction = each { joints[$0].coulombFriction }
    var lower = SIMD4(repeating: -Double.infinity)
    var upper = SIMD4(repeating: Double.infinity)
    for i in joints.indices {
      lower[i] = joints[i].limits?.lowerBound ?? -.infinity
      upper[i] = joints[i].limits?.upperBound ?? .infinity
    }
    lowerLimits = lower
    upperLimits = upper
    motors = MotorBank(joints.map(\.actuator))
    self.tipRadius = tipRadius
    self.friction = friction
    self.gripper = gripper
    leastRadius =
      (links.compactMap(\.radius) + [gripper?.fingerRadius].compactMap { $0 }
      + (tipRadius > 0 ? [tipRadius] : [])).min() ?? .infinity
    hasJointConstraints = joints.contains { $0.limits != nil || $0.coulombFriction > 0 }
    self.commandDelay = commandDelay
    if let gripper { jaw = Jaw(opening: gripper.maximumOpening) }
  }

  private init() {
    jointCount = 0
    base = .zero
    lengths = .zero
    masses = .zero
    centersX = .zero
    centersY = .zero
    inertias = .zero
    linkRadii = SIMD4(repeating: -1)
    armature = .zero
    damping = .zero
    coulombFriction = .zero
    lowerLimits = SIMD4(repeating: -.infinity)
    upperLimits = SIMD4(repeating: .infinity)
    motors = MotorBank([])
    tipRadius = 0
    friction = 0
    gripper = nil
    leastRadius = .infinity
    hasJointConstraints = false
    commandDelay = 0
  }

  /// The length of the stretched arm, m.
  public var reach: Double { lengths.sum() }
}

/// The motors of all joints in one linear form: torque = clamp(commandGain·x − stiffness·q − derivative·q̇, ±limit).
struct MotorBank: Hashable, Sendable {
  var commandGain: SIMD4<Double> = .zero
  var stiffness: SIMD4<Double> = .zero
  var derivative: SIMD4<Double> = .zero
  var torqueLimit: SIMD4<Double> = .zero
  /// s.
  var timeConstant: SIMD4<Double> = .zero
  /// Half of the play, rad.
  var halfBacklash: SIMD4<Double> = .zero
  let hasLag: Bool
  let hasBacklash: Bool

  init(_ actuators: [JointActuator]) {
    hasLag = actuators.contains { $0.timeConstant > 0 }
    hasBacklash = actuators.contains { $0.backlash > 0 }
    for (i, actuator) in actuators.enumerated() {
      switch actuator.law {
      case .position(let stiffness, let derivative):
        commandGain[i] = actuator.gain * stiffness
        self.stiffness[i] = actuator.gain * stiffness
        self.derivative[i] = actuator.gain * derivative
        halfBacklash[i] = actuator.backlash / 2
      case .velocity(let gain):
        commandGain[i] = actuator.gain * gain
        derivative[i] = actuator.gain * gain
      case .torque:
        commandGain[i] = actuator.gain
      }
      torqueLimit[i] = actuator.torqueLimit
      timeConstant[i] = actuator.timeConstant
    }
  }
}
