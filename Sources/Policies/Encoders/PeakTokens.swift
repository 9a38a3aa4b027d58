// Tokens of the things that a picture's cells agree on.

import PlanarNeuralNetworks
import PlanarPolicyInterface

/// Peaks of the object map, each with what its cells say, as tokens of the trunk.
struct PeakTokens: Sendable {
  private let pooling: PeakPooling
  private let output: Linear

  init(
    _ layout: inout ParameterLayout, _ name: String, tokens: Int, map: ObjectMap, objects: FeatureSpec,
    normalization: Normalization, inputs: Int, width: Int
  ) {
    func metres(_ element: Int) -> Float {
      max(normalization.objectDeviation[element], Normalization.constantBelow)
    }
    let radius = objects.elements.firstIndex(of: "circumradius (m)")
    pooling = PeakPooling(
      tokens: tokens, position: (map.x, map.y), metres: (metres(map.x), metres(map.y)),
      reach: 0.75 * (radius.map { normalization.objectMean[$0] } ?? 0.04))
    output = Linear(&layout, name, inputs: objects.shape[1] + inputs + 1, outputs: width)
  }

  /// `[rows, K, width]`.
  func callAsFunction(_ answers: ObjectMap.Answers, on tape: Tape) -> Tensor {
    let content = tape.concatenateChannels(answers.object, answers.inner)
    let shape = content.shape
    let pooled = tape.custom(
      pooling, content, answers.cover, outputShape: Shape(shape[0], pooling.tokens, shape[2] + 1),
      keeping: 2 * shape[0] * shape[1])
    return tape.linear(pooled, output)
  }
}
