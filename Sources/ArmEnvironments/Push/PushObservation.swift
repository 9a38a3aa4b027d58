// What policies are shown of the table, with the sensors' noise.

import PlanarCore
import PlanarPhysics
import PolicyInterface

enum PushObservation {
  static func features(of specification: PushSpecification) -> FeatureSet {
    let joints = specification.arm.jointCount
    let proprioception =
      (0..<joints).map { "joint\($0) (rad)" } + (0..<joints).map { "joint\($0)_velocity (rad/s)" }
      + ["tip_x (m)", "tip_y (m)", "commanded_tip_x (m)", "commanded_tip_y (m)"]
    let object =
      ["x (m)", "y (m)", "cos_angle", "sin_angle", "circumradius (m)", "red", "green", "blue"]
      + PushSpecification.Shape.allCases.map { "is_\($0.rawValue)" }
    return FeatureSet(
      proprioception: FeatureSpec(
        name: "observation.state", shape: [proprioception.count], elements: proprioception),
      objects: FeatureSpec(
        name: "observation.environment_state",
        shape: [specification.objectCount, object.count], elements: object),
      action: FeatureSpec(
        name: "action", shape: [2], elements: ["tip_dx (1 = action_step)", "tip_dy (1 = action_step)"]))
  }

  /// Joint sensors err first, and the tip is where they say; velocities are those of the true joints.
  static func make(
    of environment: PushEnvironment, level: RandomizationLevel, order: [Int],
    noise: inout RandomStream
  ) -> Observation {
    let arm = environment.world.arm
    func noisy(_ value: Double, _ deviation: Double) -> Double {
      deviation > 0 ? value + deviation * noise.normal() : value
    }
    var q = arm.q
    for i in 0..<arm.jointCount { q[i] = noisy(q[i], level.jointNoise) }
    let tip = ArmKinematics(arm, at: q).tip
    var proprioception: [Float] = []
    proprioception.reserveCapacity(2 * arm.jointCount + 4)
    for i in 0..<arm.jointCount { proprioception.append(Float(q[i])) }
    for i in 0..<arm.jointCount { proprioception.append(Float(arm.velocity[i])) }
    for value in [tip.x, tip.y, environment.commandedTip.x, environment.commandedTip.y] {
      proprioception.append(Float(value))
    }

    var objects: [Float] = []
    objects.reserveCapacity(order.count * 11)
    for index in order {
      let state = environment.world.states[index]
      let object = environment.scene.objects[index]
      objects.append(Float(noisy(state.position.x, level.positionNoise)))
      objects.append(Float(noisy(state.position.y, level.positionNoise)))
      let rotation = Rotation(angle: noisy(state.angle, level.angleNoise))
      objects.append(Float(rotation.cosine))
      objects.append(Float(rotation.sine))
      objects.append(Float(object.circumradius))
      objects.append(object.color.red)
      objects.append(object.color.green)
      objects.append(object.color.blue)
      for shape in PushSpecification.Shape.allCases {
        objects.append(object.shape == shape ? 1 : 0)
      }
    }
    return Observation(
      proprioception: proprioception, objects: objects, command: environment.info.command)
  }
}
