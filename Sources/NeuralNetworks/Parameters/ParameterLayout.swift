// Where every learned number of a model lies. Layers register what they need, by name; the numbers
// themselves (weights, gradients, moments, averages) are flat buffers of this layout, so that an
// optimizer is one loop and a gradient sum is one loop.

/// One learned tensor: its name, shape and offset in the flat buffer.
public struct Parameter: Hashable, Sendable {
  /// Unique within a layout, such as `trunk.layers.0.norm.gain`: the tensor's name in a checkpoint.
  public let name: String
  /// Extents, outermost first: linear weights are `[out, in]`, those of convolutions `[out, in, kernel…]`,
  /// of transposed ones `[in, out, kernel…]`.
  public let shape: [Int]
  /// Index of the first number in the flat buffer.
  public let offset: Int
  /// How its first values are drawn.
  public let initializer: Initializer
  /// Whether decoupled weight decay pulls on it: matrices yes, biases, gains and embeddings no.
  public let decays: Bool

  /// Kernels lie in the flat buffer as `[first, kernel…, second]`, as channels-last products read them; files
  /// and arrays hold them in the order of `shape`.
  var isKernel: Bool { shape.count > 2 }

  /// How many numbers.
  public var count: Int { shape.reduce(1, *) }
}

/// How a parameter starts.
public enum Initializer: Hashable, Sendable {
  /// All 0.
  case zeros
  /// All 1.
  case ones
  /// Normal with this standard deviation.
  case normal(deviation: Float)
  /// Uniform in ±√(6 / (in + out)) times `gain` (Glorot & Bengio 2010).
  case xavier(gain: Float = 1)
  /// Normal with deviation √(2 / in) (He et al. 2015): for weights followed by ReLU or SiLU.
  case kaiming
  /// Uniform in ±bound.
  case uniform(bound: Float)
}

/// The list of a model's parameters.
public struct ParameterLayout: Sendable {
  /// All parameters, in the order in which they were registered.
  public private(set) var parameters: [Parameter] = []
  /// Length of the flat buffer; every parameter starts on a 64-byte border, gaps hold zeros.
  public private(set) var bufferCount = 0

  /// A layout without parameters; layers register theirs in it.
  public init() {}

  /// Registers a parameter. Registering a name twice is a programmer error.
  public mutating func add(
    _ name: String, _ shape: [Int], _ initializer: Initializer, decays: Bool = false
  ) -> Parameter {
    require(!parameters.contains { $0.name == name }, "two parameters are called '\(name)'")
    require(shape.allSatisfy { $0 > 0 }, "parameter '\(name)' has the empty shape \(shape)")
    let parameter = Parameter(
      name: name, shape: shape, offset: bufferCount, initializer: initializer, decays: decays)
    parameters.append(parameter)
    bufferCount += (parameter.count + 15) / 16 * 16
    return parameter
  }

  /// One parameter's part of a buffer of this layout (weights, a gradient, a moment), in the order of its
  /// `shape`.
  public func numbers(of parameter: Parameter, in buffer: FloatBuffer) -> [Float] {
    require(buffer.count == bufferCount, "the buffer does not have this layout")
    return parameter.fileOrder(buffer.pointer + parameter.offset)
  }

  /// How many numbers are learned.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}

extension Parameter {
  /// Index in memory of the number at `index` of the row-major `shape`.
  @inline(__always)
  private func memoryIndex(_ index: Int, taps: Int) -> Int {
    let (rest, tap) = index.quotientAndRemainder(dividingBy: taps)
    let (first, second) = rest.quotientAndRemainder(dividingBy: shape[1])
    return (first * taps + tap) * shape[1] + second
  }

  /// The numbers in memory, in the order of `shape`.
  func fileOrder(_ memory: UnsafePointer<Float>) -> [Float] {
    guard isKernel else { return Array(UnsafeBufferPointer(start: memory, count: count)) }
    let taps = shape.dropFirst(2).reduce(1, *)
    return (0..<count).map { memory[memoryIndex($0, taps: taps)] }
  }

  /// Puts numbers in the order of `shape` into memory.
  func fill(_ memory: UnsafeMutablePointer<Float>, with numbers: UnsafeBufferPointer<Float>) {
    let taps = isKernel ? shape.dropFirst(2).reduce(1, *) : 1
    for i in 0..<count { memory[isKernel ? memoryIndex(i, taps: taps) : i] = numbers[i] }
  }
}
