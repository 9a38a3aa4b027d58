// What the policy sees: the camera's picture, made large.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing
import PlanarViewer

extension DrawableEnvironment {
  /// The picture of an observation where it holds one, else what a camera above the table would see: the same draw
  /// list that people see, without overlays, 96 px wide.
  ///
  /// - Parameter isSeen: whether the driver looks at pictures.
  func cameraPicture(of observation: Observation, isSeen: Bool) -> SidePicture {
    if let feature = features.image, feature.shape.count == 3, !observation.image.isEmpty {
      let (height, width) = (feature.shape[0], feature.shape[1])
      var pixels = [UInt8](repeating: 255, count: width * height * 4)
      for index in 0..<width * height {
        for channel in 0..<3 { pixels[index * 4 + channel] = observation.image[index * 3 + channel] }
      }
      return SidePicture(
        image: Image(width: width, height: height, pixels: pixels),
        caption: isSeen
          ? "What the policy sees: \(width) × \(height) px"
          : "The camera: \(width) × \(height) px; who drives does not look")
    }
    let list = drawList
    let width = 96
    let height = max(1, Int((Double(width) * list.bounds.height / list.bounds.width).rounded()))
    let camera = Camera(
      bounds: list.bounds, width: width, height: height, letterbox: list.background.color)
    return SidePicture(
      image: camera.render(list), caption: "A camera of \(width) × \(height) px; policies read states here")
  }
}
