// What an arm environment shows and accepts: the sensors' features together, and the action.

import PlanarCore
import PlanarPolicyInterface

enum ArmObservation {
  /// The layout of observations and actions.
  static func features(of specification: EnvironmentSpecification) -> FeatureSet {
    FeatureSet(
      observations: ArmSensors.active(in: specification).map(\.feature), action: action(specification),
      robots: [specification.robot.model])
  }

  private static func action(_ specification: EnvironmentSpecification) -> FeatureSpec {
    var elements = FeatureElements()
    switch specification.action.kind {
    case .tipMove:
      elements.add("tip_dx (1 = action_step)", -1, 1)
      elements.add("tip_dy (1 = action_step)", -1, 1)
    case .tipTarget:
      elements.add("tip_x (1 = the table's edge)", -1, 1)
      elements.add("tip_y (1 = the table's edge)", -1, 1)
    }
    if specification.robot.gripper != nil { elements.add("gripper (1 = open, -1 = closed)", -1, 1) }
    return elements.spec(FeatureName.action)
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
