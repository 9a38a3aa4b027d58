// What the robot knows of itself as one token, and which robot it is.

import PlanarCore
import PlanarNeuralNetworks
import PlanarPolicyInterface

/// `observation.state` of all steps as one token, to which a learned embedding of the robot is added where there are
/// several.
struct StateEncoder: ObservationEncoder {
  private let count: Int
  private let window: Int
  private let scaling: Scaling
  private let linear: Linear
  private let robots: Embedding?

  init(_ layout: inout ParameterLayout, _ setting: EncoderSetting) {
    count = setting.features.proprioception.count
    window = setting.window
    scaling = Scaling(
      mean: setting.normalization.proprioceptionMean, deviation: setting.normalization.proprioceptionDeviation)
    linear = Linear(&layout, "trunk.proprioception", inputs: window * count, outputs: setting.trunk.width)
    let names = setting.trunk.observation.robots
    robots =
      names.isEmpty
      ? nil : Embedding(&layout, "trunk.robots", entries: names.count, width: setting.trunk.width, deviation: 1)
  }

  /// `[rows, 1, width]`.
  func tokens(
    _ observed: ObservedRows, text: Tensor, training: inout ContextTrunk.Training?, on tape: Tape
  ) -> Tensor {
    guard let source = observed.floats(FeatureName.state) else { preconditionFailure("the rows have no state") }
    let state = tape.input(Shape(observed.count, 1, window * count)) { target in
      for i in 0..<observed.count * window {
        scaling.apply(source + i * count, to: target.baseAddress! + i * count)
      }
    }
    let token = tape.linear(state, linear)
    guard let robots, let indices = observed.robots else { return token }
    let robot = tape.embed(
      UnsafeBufferPointer(start: indices, count: observed.count), rows: observed.count, columns: 1, robots)
    return tape.add(token, robot)
  }
}
