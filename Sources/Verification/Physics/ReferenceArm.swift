// The arms of the reference files.

import Foundation
import PlanarCore
import PlanarPhysics

/// A chain as the files describe it, with gravity in its plane.
struct ReferenceArm: Decodable, Sendable {
  struct Link: Decodable, Sendable {
    var length, mass: Double
    var com: Row<Two>
    var inertiaAboutCom, jointDamping, jointArmature: Double
  }
  struct Actuator: Decodable, Sendable {
    enum Kind: String, Decodable { case position, torque }
    var kind: Kind
    var kp, kv: Double?
    var torqueLimit, timeConstant: Double

    var actuator: JointActuator {
      let law: JointActuator.Law =
        kind == .torque ? .torque : .position(stiffness: kp ?? 0, derivative: kv ?? 0)
      return JointActuator(law: law, torqueLimit: torqueLimit, timeConstant: timeConstant)
    }
  }

  var base: Row<Two>
  var gravity: Row<Two>
  var links: [Link]

  /// The arm at q = 0; its links touch nothing.
  ///
  /// - Throws: `ReferenceError` where the description is not one of an arm.
  func arm(_ actuators: [Actuator]? = nil, of name: String) throws -> Arm {
    guard (1...Arm.maximumJoints).contains(links.count) else {
      throw ReferenceError("'\(name)' has \(links.count) links; one to four are possible")
    }
    try requirePositive(
      links.flatMap { [$0.length, $0.mass, $0.inertiaAboutCom] }, "a length, mass or inertia", of: name)
    if let actuators {
      try requireCount(actuators.count, links.count, "actuators", of: name)
    }
    return Arm(
      base: base.vector,
      links: links.map {
        ArmLink(
          length: $0.length, mass: $0.mass, centerOfMass: $0.com.vector, inertia: $0.inertiaAboutCom)
      },
      joints: links.indices.map {
        ArmJoint(
          armature: links[$0].jointArmature, damping: links[$0].jointDamping,
          actuator: actuators?[$0].actuator ?? .none)
      })
  }
}

/// What a replayed arm did at the samples' times.
struct ArmTrace {
  var q: [SIMD4<Double>] = []
  var activation: [SIMD4<Double>] = []
  /// Kinetic and potential, J.
  var energy: [Double] = []

  /// Steps `arm` with a step of `h` seconds and looks at it at `times`, which are multiples of it.
  ///
  /// - Parameter controls: the commands and the times they begin at, ascending.
  init(
    _ arm: Arm, gravity: Vec2, h: Double, times: [Double],
    controls: [(time: Double, command: SIMD4<Double>)] = []
  ) {
    var settings = PhysicsSettings()
    settings.timeStep = h
    settings.inPlaneGravity = gravity
    var world = World(arm: arm, settings: settings)
    var next = 0
    for time in times {
      let steps = Int((time / h).rounded())
      while true {
        let now = Double(world.stepCount) * h
        while next < controls.count, controls[next].time <= now + h * 1e-6 {
          world.arm.target = controls[next].command
          next += 1
        }
        guard world.stepCount < steps else { break }
        world.step()
      }
      q.append(world.arm.q)
      activation.append(world.arm.activation)
      energy.append(world.arm.kineticEnergy + world.arm.potentialEnergy(gravity: gravity))
    }
  }

  /// The greatest difference of a joint angle from `expected` at each sample, rad.
  func angleErrors(_ expected: [JointRow]) -> [Double] {
    zip(q, expected).map { greatest($0 - $1.values) }
  }
}

/// By how much the order of convergence falls short of 1: the error at a step, and at half of it.
func orderShortfall(_ whole: Double, _ half: Double) -> Double {
  guard whole.isFinite, half.isFinite else { return .infinity }
  guard half > 1e-12 else { return 0 }
  return max(0, 1 - log2(whole / half))
}
