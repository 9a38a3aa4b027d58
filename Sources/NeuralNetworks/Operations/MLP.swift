// The plainest network: linear layers with a nonlinearity between them.

/// A multilayer perceptron: f after every layer but the last.
public struct MLP: Sendable {
  /// The linear layers, first to last.
  public let layers: [Linear]
  /// The function f between the layers.
  public let activation: Activation

  /// Registers `name.0`, `name.1`, … for sizes inputs, hidden …, outputs.
  public init(
    _ layout: inout ParameterLayout, _ name: String, sizes: [Int], activation: Activation = .relu
  ) {
    require(sizes.count >= 2, "MLP '\(name)': sizes \(sizes) make no layer")
    // Nonlinearities that let about half of their inputs through need larger weights.
    let isSaturating = [.none, .tanh, .sigmoid].contains(activation)
    let initializer: Initializer = isSaturating ? .xavier() : .kaiming
    self.activation = activation
    var layers: [Linear] = []
    for i in 1..<sizes.count {
      layers.append(
        Linear(
          &layout, "\(name).\(i - 1)", inputs: sizes[i - 1], outputs: sizes[i],
          initializer: i == sizes.count - 1 ? .xavier() : initializer))
    }
    self.layers = layers
  }

  /// Multiplications of one row's forward pass.
  public var products: Int { layers.reduce(0) { $0 + $1.inputs * $1.outputs } }
}

extension Tape {
  /// `[…, sizes.first]` → `[…, sizes.last]`.
  ///
  /// - Parameter onHidden: called with each hidden layer's output, after its nonlinearity.
  public func mlp(
    _ input: Tensor, _ network: MLP, onHidden: ((_ index: Int, Tensor) -> Void)? = nil
  ) -> Tensor {
    var x = input
    let last = network.layers.count - 1
    for i in 0..<last {
      x = linear(x, network.layers[i], activation: network.activation)
      onHidden?(i, x)
    }
    return linear(x, network.layers[last])
  }
}
