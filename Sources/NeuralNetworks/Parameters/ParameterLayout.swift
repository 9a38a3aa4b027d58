// Where every learned number of a model lies. Layers register what they need, by name; the numbers
// themselves (weights, gradients, moments, averages) are flat buffers of this layout, so that an
// optimizer is one loop and a gradient sum is one loop.

/// One learned tensor: its name, shape and place in the flat buffer.
public struct Parameter: Hashable, Sendable {
  public let name: String
  /// Extents, outermost first; linear weights are `[out, in]`.
  public let shape: [Int]
  /// Index of the first number in the flat buffer.
  public let offset: Int
  public let initializer: Initializer
  /// Whether decoupled weight decay pulls on it: matrices yes, biases, gains and embeddings no.
  public let decays: Bool

  public var count: Int { shape.reduce(1, *) }
}

/// How a parameter starts.
public enum Initializer: Hashable, Sendable {
  case zeros
  case ones
  /// Normal with this standard deviation.
  case normal(deviation: Float)
  /// Uniform in ±√(6 / (in + out)) times `gain` (Glorot & Bengio 2010).
  case xavier(gain: Float = 1)
  /// Normal with deviation √(2 / in) (He et al. 2015): for weights followed by ReLU or SiLU.
  case kaiming
}

/// The list of a model's parameters.
public struct ParameterLayout: Sendable {
  public private(set) var parameters: [Parameter] = []
  /// Length of the flat buffer; every parameter starts on a 64-byte border, gaps hold zeros.
  public private(set) var bufferCount = 0

  public init() {}

  /// Registers a parameter. Registering a name twice is a programmer error.
  public mutating func add(
    _ name: String, _ shape: [Int], _ initializer: Initializer, decays: Bool = false
  ) -> Parameter {
    precondition(!parameters.contains { $0.name == name }, "two parameters are called '\(name)'")
    precondition(shape.allSatisfy { $0 > 0 }, "parameter '\(name)' has the empty shape \(shape)")
    let parameter = Parameter(
      name: name, shape: shape, offset: bufferCount, initializer: initializer, decays: decays)
    parameters.append(parameter)
    bufferCount += (parameter.count + 15) / 16 * 16
    return parameter
  }

  /// How many numbers are learned.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}
