// The elements of a feature, as they are written.

import PlanarPolicyInterface

/// Elements with their bounds, in the order of an observation.
struct FeatureElements {
  private(set) var names: [String] = []
  private var bounds: [FeatureSpec.Bounds] = []

  mutating func add(_ name: String, _ least: Double, _ greatest: Double) {
    names.append(name)
    bounds.append(FeatureSpec.Bounds(Float(least), Float(greatest)))
  }

  /// - Parameter shape: nil for one axis.
  func spec(
    _ name: String, dtype: FeatureSpec.ElementType = .float32, shape: [Int]? = nil, area: PictureArea? = nil,
    sensorSwitch: SensorSwitch? = nil
  ) -> FeatureSpec {
    FeatureSpec(
      name: name, dtype: dtype, shape: shape ?? [names.count], elements: names, bounds: bounds, area: area,
      sensorSwitch: sensorSwitch)
  }
}
