// Joints, tip, and what the task tells besides, with the sensors' noise.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// `observation.state`: what the robot knows of itself.
struct StateSensor: ArmSensor {
  func feature(of specification: EnvironmentSpecification) -> FeatureSpec? {
    var elements = FeatureElements()
    let joints = 0..<specification.robot.jointCount
    // Joints turn freely, and noise comes on top: a few turns bound what an episode can reach.
    for i in joints { elements.add("joint\(i) (rad)", -100, 100) }
    for i in joints { elements.add("joint\(i)_velocity (rad/s)", -500, 500) }
    addPoint("tip", to: &elements, specification)
    addPoint("commanded_tip", to: &elements, specification)
    if let gripper = specification.robot.gripper {
      elements.add("gripper_opening (m)", -0.01, gripper.maximumOpening + 0.01)
    }
    for element in specification.task.observedElements(of: specification) {
      elements.add(element.name, element.bounds.lowerBound, element.bounds.upperBound)
    }
    return elements.spec(FeatureName.state)
  }

  /// A point that lies on the table, or with noise or a strong shove a little beside it.
  private func addPoint(
    _ name: String, to elements: inout FeatureElements, _ specification: EnvironmentSpecification
  ) {
    let table = specification.table
    let margin = 1.0
    elements.add("\(name)_x (m)", table.min.x - margin, table.max.x + margin)
    elements.add("\(name)_y (m)", table.min.y - margin, table.max.y + margin)
  }

  func write(_ environment: inout ArmEnvironment, to reading: SensorReading) {
    var writer = FeatureWriter(reading.floats)
    environment.writeProprioception(to: &writer)
    writer.finish()
  }
}

extension ArmEnvironment {
  /// Joint sensors err first, and the tip is where they say; velocities are those of the true joints.
  fileprivate mutating func writeProprioception(to writer: inout FeatureWriter) {
    let joints = physics.arm.jointCount
    var tip = self.tip
    if joints > 0 {
      var q = physics.arm.q
      for i in 0..<joints { q[i] = sensors.noisy(q[i] + sensors.jointBias[i], sensors.jointNoise) }
      tip = physics.arm.tool(at: ArmKinematics(physics.arm, at: q))
      for i in 0..<joints { writer.append(q[i]) }
      for i in 0..<joints { writer.append(physics.arm.velocity[i]) }
    }
    writer.append(tip.x)
    writer.append(tip.y)
    writer.append(commandedTip.x)
    writer.append(commandedTip.y)
    if physics.arm.gripper != nil { writer.append(physics.arm.jaw.opening) }
    for value in episode?.observe(self) ?? [] {
      writer.append(sensors.noisy(value, sensors.positionNoise))
    }
  }
}
