// The camera over the table.

import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing

/// `observation.images.top`: what a camera over the table sees.
struct TopCamera: ArmSensor {
  func feature(of specification: EnvironmentSpecification) -> FeatureSpec? {
    guard let size = specification.sensors.image else { return nil }
    var elements = FeatureElements()
    for name in ["red", "green", "blue"] { elements.add(name, 0, 255) }
    return elements.spec(
      FeatureName.topImage, dtype: .uint8, shape: [size.height, size.width, 3],
      area: area(of: specification.table, width: size.width, height: size.height),
      sensorSwitch: SensorSwitch(sensor: "the camera", option: "--image \(size.height)"))
  }

  private func area(of table: WorldRectangle, width: Int, height: Int) -> PictureArea {
    let camera = Camera(bounds: table, width: width, height: height)
    let corner = camera.unproject(.zero)
    return PictureArea(
      left: Float(corner.x), top: Float(corner.y), width: Float(Double(width) / camera.scale),
      height: Float(Double(height) / camera.scale))
  }

  func write(_ environment: inout ArmEnvironment, to reading: SensorReading) {
    _ = reading.bytes.initialize(fromContentsOf: environment.topImage())
  }

  func switchOn(_ settings: inout EnvironmentSettings, for feature: FeatureSpec) {
    guard feature.name == FeatureName.topImage, settings.image == nil else { return }
    settings.image = PictureSize(width: feature.shape[1], height: feature.shape[0])
  }
}
