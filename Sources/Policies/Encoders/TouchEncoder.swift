// The sense of touch as one token.

import Foundation
import PlanarCore
import PlanarNeuralNetworks
import PlanarPolicyInterface

/// One token of `observation.touch`, with all its steps.
struct TouchOptions: EncoderFlag {
  static let name = "touch"
  static let feature = "observation.touch"
  static let recordingHint = "record it with --touch"
  var isOn: Bool

  func makeEncoder(_ layout: inout ParameterLayout, _ setting: EncoderSetting) -> any ObservationEncoder {
    TouchEncoder(&layout, setting)
  }
}

private struct TouchEncoder: ObservationEncoder {
  private let count: Int
  private let linear: Linear

  init(_ layout: inout ParameterLayout, _ setting: EncoderSetting) {
    count = setting.window * setting.feature(of: TouchOptions.self).count
    linear = Linear(&layout, "trunk.touch", inputs: count, outputs: setting.trunk.width)
  }

  /// Forces from a hundredth of a newton to fifty: sign(f)·ln(1 + |f|), then `[rows, 1, width]`.
  func tokens(
    _ observed: ObservedRows, text: Tensor, training: inout ContextTrunk.Training?, on tape: Tape
  ) -> Tensor {
    guard let source = observed.floats(TouchOptions.feature) else { preconditionFailure("the rows have no touch") }
    let forces = tape.input(Shape(observed.count, 1, count)) { target in
      for i in 0..<target.count { target[i] = (source[i] < 0 ? -1 : 1) * log1p(abs(source[i])) }
    }
    return tape.linear(forces, linear)
  }
}
