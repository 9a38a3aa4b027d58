// What policies are shown of the table, one modality at a time.

import PlanarCore
import PlanarPolicyInterface

/// One modality: what it adds to the features, and how it is observed.
///
/// A new one is a type of this kind in a file of its own, and a line in `ArmSensors.all`. Whatever carries observations
/// on (batches, datasets, rollouts) takes them by the feature's name; a policy needs an encoder that reads it.
protocol ArmSensor: Sendable {
  /// What is observed; nil where the sensor is off.
  func feature(of specification: EnvironmentSpecification) -> FeatureSpec?
  /// Observes the present state: every number of the feature is written.
  func write(_ environment: inout ArmEnvironment, to reading: SensorReading)
  /// Switches the sensor on such that it shows a feature, where the settings leave that open.
  func switchOn(_ settings: inout EnvironmentSettings, for feature: FeatureSpec)
}

extension ArmSensor {
  /// Nothing: the sensor is always on.
  func switchOn(_ settings: inout EnvironmentSettings, for feature: FeatureSpec) {}
}

/// Where a sensor writes: to the array of its feature's type, which may not be initialized yet; the other is empty.
struct SensorReading {
  var floats = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
  var bytes = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
}

/// The sensors of arm environments.
enum ArmSensors {
  /// In the order in which they are read, which is that of their noise.
  static let all: [any ArmSensor] = [StateSensor(), ObjectSensor(), TopCamera(), TouchSensor()]

  /// Those that are on, and what they show.
  static func active(
    in specification: EnvironmentSpecification
  ) -> [(sensor: any ArmSensor, feature: FeatureSpec)] {
    all.compactMap { sensor in sensor.feature(of: specification).map { (sensor, $0) } }
  }
}

extension EnvironmentSettings {
  /// Switches on the sensors that a policy looks at, where nothing else was asked for.
  ///
  /// - Parameter needed: what the policy needs of an environment.
  public mutating func switchOnSensors(for needed: FeatureSet) {
    for feature in needed.observations {
      for sensor in ArmSensors.all { sensor.switchOn(&self, for: feature) }
    }
  }
}
