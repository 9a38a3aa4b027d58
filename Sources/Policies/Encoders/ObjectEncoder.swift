// Objects as tokens that carry no position: their order means nothing.

import PlanarCore
import PlanarNeuralNetworks
import PlanarPolicyInterface

/// One token per object of `observation.environment_state`, with all its steps.
struct ObjectOptions: EncoderFlag {
  static let name = "objects"
  static let feature = FeatureName.environmentState
  static let recordingHint = "record it in an environment that tells objects"
  static let standard: ObjectOptions? = ObjectOptions(isOn: true)
  static let showsObjects = true
  var isOn: Bool

  func makeEncoder(_ layout: inout ParameterLayout, _ setting: EncoderSetting) -> any ObservationEncoder {
    ObjectEncoder(&layout, setting)
  }
}

private struct ObjectEncoder: ObservationEncoder {
  private let objectCount: Int
  private let featureCount: Int
  private let window: Int
  private let scaling: Scaling
  private let linear: Linear

  init(_ layout: inout ParameterLayout, _ setting: EncoderSetting) {
    (objectCount, featureCount) = (setting.features.objectCount, setting.features.objectFeatureCount)
    window = setting.window
    scaling = Scaling(objects: setting.normalization)
    linear = Linear(&layout, "trunk.objects", inputs: window * featureCount, outputs: setting.trunk.width)
  }

  /// From steps of objects to objects with all their steps: `[rows, objects, width]`.
  func tokens(
    _ observed: ObservedRows, text: Tensor, training: inout ContextTrunk.Training?, on tape: Tape
  ) -> Tensor {
    guard let source = observed.floats(ObjectOptions.feature) else {
      preconditionFailure("the rows have no objects")
    }
    let tracks = tape.input(Shape(observed.count, objectCount, window * featureCount)) { target in
      for r in 0..<observed.count {
        for t in 0..<window {
          for object in 0..<objectCount {
            scaling.apply(
              source + ((r * window + t) * objectCount + object) * featureCount,
              to: target.baseAddress! + ((r * objectCount + object) * window + t) * featureCount)
          }
        }
      }
    }
    return tape.linear(tracks, linear)
  }
}
