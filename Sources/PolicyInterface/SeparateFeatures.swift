// A second form of features in JSON files, which is read and no longer written.

/// An entry for each feature that there was, instead of a list.
struct SeparateFeatures: Decodable {
  var proprioception: FeatureSpec
  var objects: FeatureSpec
  var image: FeatureSpec?
  var imageArea: PictureArea?
  var touch: FeatureSpec?

  /// The same as a list, with what the form left unsaid.
  var observations: [FeatureSpec] {
    var (image, touch) = (image, touch)
    image?.dtype = .uint8
    image?.area = imageArea
    let side = image?.shape.first ?? 0
    image?.sensorSwitch = SensorSwitch(sensor: "the camera", option: "--image \(side)")
    touch?.sensorSwitch = SensorSwitch(sensor: "touch", option: "--touch")
    return [proprioception, objects, image, touch].compactMap(\.self)
  }
}
