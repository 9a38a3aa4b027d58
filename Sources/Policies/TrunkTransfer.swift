// A new policy that starts with the text encoder and the trunk of a trained one.

import PlanarNeuralNetworks

extension PolicyConfiguration {
  /// Looks at observations and commands as another policy does. What is observed and the observation horizon must be
  /// the same; actions may differ.
  public mutating func takeTrunk(of other: PolicyConfiguration) {
    precondition(
      features.observesLayout(of: other.features) && horizons.observation == other.horizons.observation,
      "a trunk was trained on other observations")
    text = other.text
    trunk = other.trunk
    normalization = other.normalization
  }
}

extension TrainablePolicy {
  /// Starts from the trained weights of a text encoder and a trunk; the head keeps its own. They go on learning.
  ///
  /// - Parameter policy: one whose trunk the configuration has taken.
  public func takeTrunk(of policy: TrainedPolicy) {
    let source = ParameterStore(layout: policy.network.layout, values: policy.weights)
    let trained = Dictionary(uniqueKeysWithValues: source.layout.parameters.map { ($0.name, $0) })
    for parameter in parameters.layout.parameters
    where parameter.name.hasPrefix("text.") || parameter.name.hasPrefix("trunk.") {
      guard let origin = trained[parameter.name], origin.shape == parameter.shape else {
        preconditionFailure("parameter '\(parameter.name)' is not of the trunk that the configuration has taken")
      }
      parameters.set(parameter, to: source.tensor(origin))
    }
  }
}
