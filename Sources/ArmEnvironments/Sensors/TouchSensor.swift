// The sense of touch of a robot's tip or fingers.

import PlanarCore
import PlanarPhysics
import PlanarPolicyInterface

/// `observation.touch`: the contact force on each part that feels, N along each axis.
struct TouchSensor: ArmSensor {
  /// What is told at most, N along each axis.
  private static let maximumForce = 50.0

  func feature(of specification: EnvironmentSpecification) -> FeatureSpec? {
    guard specification.sensors.touch else { return nil }
    var elements = FeatureElements()
    let parts = specification.robot.gripper == nil ? ["tip"] : ["left_finger", "right_finger"]
    for part in parts {
      elements.add("\(part)_force_x (N)", -Self.maximumForce, Self.maximumForce)
      elements.add("\(part)_force_y (N)", -Self.maximumForce, Self.maximumForce)
    }
    return elements.spec(
      "observation.touch", sensorSwitch: SensorSwitch(sensor: "touch", option: "--touch"))
  }

  func write(_ environment: inout ArmEnvironment, to reading: SensorReading) {
    var writer = FeatureWriter(reading.floats)
    func write(_ part: ArmPart) {
      let force = environment.physics.touch(of: part).force
      writer.append(min(max(force.x, -Self.maximumForce), Self.maximumForce))
      writer.append(min(max(force.y, -Self.maximumForce), Self.maximumForce))
    }
    if environment.physics.arm.gripper == nil {
      write(.tip)
    } else {
      write(.finger(0))
      write(.finger(1))
    }
    writer.finish()
  }

  func switchOn(_ settings: inout EnvironmentSettings, for feature: FeatureSpec) {
    if feature.name == "observation.touch" { settings.touch = true }
  }
}
