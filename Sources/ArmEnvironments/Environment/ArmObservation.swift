// What an arm environment shows and accepts: the sensors' features together, and the action.

import PlanarCore
import PlanarPolicyInterface

enum ArmObservation {
  /// The layout of observations and actions.
  static func features(of specification: EnvironmentSpecification) -> FeatureSet {
    let observations = ArmSensors.active(in: specification).map(\.feature)
    guard let state = observations.first(where: { $0.name == FeatureName.state }) else {
      preconditionFailure("every robot has a state")
    }
    return FeatureSet(
      observations: observations, action: specification.actionSpace.feature(proprioception: state.elements),
      robots: [specification.robot.model])
  }
}

extension ArmEnvironment {
  mutating func observe() -> Observation {
    Observation(layout: layout, command: info.command) { floats, bytes in
      for (index, field) in layout.fields.enumerated() {
        var reading = SensorReading()
        switch field.dtype {
        case .float32: reading.floats = UnsafeMutableBufferPointer(rebasing: floats[field.range])
        case .uint8: reading.bytes = UnsafeMutableBufferPointer(rebasing: bytes[field.range])
        }
        let sensor = activeSensors[index]
        sensor.write(&self, to: reading)
      }
    }
  }

  /// The same numbers, to a row of a batch.
  mutating func observe(to rows: MutableObservedRows, row: Int) {
    for index in rows.columns.indices {
      var reading = SensorReading()
      if let floats = rows.floats(rows.columns[index], row: row) { reading.floats = floats }
      if let bytes = rows.bytes(rows.columns[index], row: row) { reading.bytes = bytes }
      let sensor = activeSensors[index]
      sensor.write(&self, to: reading)
    }
  }
}
