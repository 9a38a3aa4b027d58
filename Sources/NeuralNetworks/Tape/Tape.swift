// Eager reverse-mode differentiation on storage that is used again: activations live in a bump arena,
// operations are plain records. After the first step of a given size nothing is allocated.
//
//   begin ──► input, linear, attention, … , loss     values grow to the right in the arena
//                                  backward ◄──────   records are walked from the last to the first

/// The form in which linear layers read their weights.
public enum WeightPrecision: String, Codable, CaseIterable, Sendable {
  /// Four bytes a weight, as trained.
  case float32
  /// One byte a weight and one scale an output: a quarter of the memory traffic, for inference.
  case int8
}

/// Runs operations and remembers them for `backward`.
///
/// One tape serves one thread. Handles (`Tensor`) are valid until the next `begin`. With
/// `recording: false` nothing is remembered: inference.
public final class Tape {
  /// Whether operations are remembered, so that `backward` can be called.
  public let isRecording: Bool
  private(set) var precision = WeightPrecision.float32
  var values: UnsafeMutablePointer<Float>
  var capacity: Int
  var used = 0
  var gradients: UnsafeMutablePointer<Float>
  var gradientCapacity = 0
  var gradientsUsed = 0
  /// Storage of gradients that are no longer needed, last one first: what is used again is still in the cache.
  var freeGradients: ContiguousArray<(count: Int, offset: Int)> = []
  /// Where each node's gradient lies; −1 while nothing has reached it, and once it has been passed on.
  var gradientOffsets: ContiguousArray<Int> = []
  var records: ContiguousArray<Operation> = []
  private var scratchBuffer = FloatBuffer(count: 0)
  private var weightBuffer = FloatBuffer(count: 0)
  private var parameterGradientBuffer: FloatBuffer?

  /// A tape without operations.
  ///
  /// - Parameter recording: false for inference, which has no `backward` and needs less memory.
  public init(recording: Bool) {
    isRecording = recording
    capacity = 1 << 12
    values = Tape.allocate(capacity)
    gradients = Tape.allocate(0)
    freeGradients.reserveCapacity(recording ? 256 : 0)
    records.reserveCapacity(recording ? 512 : 0)
    gradientOffsets.reserveCapacity(recording ? 1024 : 0)
  }

  deinit {
    UnsafeMutableRawPointer(values).deallocate()
    UnsafeMutableRawPointer(gradients).deallocate()
  }

  /// Forgets everything and starts again with these weights.
  ///
  /// - Parameters:
  ///   - gradients: where `backward` adds the gradient of the loss by the weights; same layout.
  ///   - precision: in which form linear layers read their weights; one byte each only where nothing is
  ///     recorded.
  public func begin(
    weights: FloatBuffer, gradients: FloatBuffer? = nil, precision: WeightPrecision = .float32
  ) {
    require(precision == .float32 || !isRecording, "a recording tape needs weights in float32")
    self.precision = precision
    require(
      gradients == nil || gradients!.count == weights.count,
      "gradients of \(gradients?.count ?? 0) numbers do not fit weights of \(weights.count)")
    weightBuffer = weights
    parameterGradientBuffer = gradients
    used = 0
    records.removeAll(keepingCapacity: true)
    gradientOffsets.removeAll(keepingCapacity: true)
  }

  /// How much of the arena was in use, to come back to.
  public struct Mark {
    fileprivate let used: Int
  }

  /// The present end of the arena.
  public var mark: Mark { Mark(used: used) }

  /// Gives back everything made since `mark`; only where nothing is recorded.
  public func release(to mark: Mark) {
    require(!isRecording, "a recording tape cannot give storage back before backward")
    used = mark.used
  }

  /// Numbers in use, for tests that nothing grows.
  public var arenaCapacity: Int { capacity }

  // MARK: Reading and writing

  /// A tensor without gradient, filled by `body` (`[count]`, row-major, not zeroed before).
  public func input(_ shape: Shape, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) -> Tensor {
    let tensor = make(shape, needsGradient: false)
    body(UnsafeMutableBufferPointer(start: values + tensor.offset, count: tensor.count))
    return tensor
  }

  /// A tensor without gradient that holds `numbers`.
  public func input(_ shape: Shape, _ numbers: [Float]) -> Tensor {
    require(
      numbers.count == shape.count, "input: \(numbers.count) numbers do not fill \(shape)")
    return input(shape) { target in
      for i in numbers.indices { target[i] = numbers[i] }
    }
  }

  /// Gives the numbers of a tensor to `body` for the time of the call.
  public func withValues<Result>(
    of tensor: Tensor, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeMutableBufferPointer(start: values + tensor.offset, count: tensor.count))
  }

  /// A copy of the numbers.
  public func array(_ tensor: Tensor) -> [Float] { withValues(of: tensor) { Array($0) } }

  /// A copy of the gradient that `backward` left for an input made with `variable`; zeros if none came.
  public func gradientArray(_ tensor: Tensor) -> [Float] {
    guard let gradient = gradient(of: tensor) else {
      return [Float](repeating: 0, count: tensor.count)
    }
    return Array(UnsafeBufferPointer(start: gradient, count: tensor.count))
  }

  /// An input that receives a gradient, for checks and for guidance by gradients.
  public func variable(_ shape: Shape, _ numbers: [Float]) -> Tensor {
    let tensor = make(shape, needsGradient: true)
    require(
      numbers.count == shape.count, "variable: \(numbers.count) numbers do not fill \(shape)")
    withValues(of: tensor) { target in
      for i in numbers.indices { target[i] = numbers[i] }
    }
    return tensor
  }

  // MARK: Storage for operations

  /// Takes storage for a result. May move the arena: fetch pointers afterwards.
  func make(_ shape: Shape, needsGradient: Bool) -> Tensor {
    let offset = used
    used += (shape.count + 15) / 16 * 16
    if used > capacity { grow(keeping: offset) }
    guard isRecording, needsGradient else {
      return Tensor(shape: shape, offset: offset, node: -1, needsGradient: false)
    }
    gradientOffsets.append(-1)
    return Tensor(
      shape: shape, offset: offset, node: Int32(gradientOffsets.count - 1), needsGradient: true)
  }

  /// The same numbers under another shape.
  public func reshape(_ tensor: Tensor, _ shape: Shape) -> Tensor {
    require(
      shape.count == tensor.count, "reshape: \(tensor.shape) cannot become \(shape)")
    return Tensor(
      shape: shape, offset: tensor.offset, node: tensor.node, needsGradient: tensor.needsGradient)
  }

  /// The same numbers as a constant: what is computed from the result passes no gradient on to `tensor`.
  public func detach(_ tensor: Tensor) -> Tensor {
    Tensor(shape: tensor.shape, offset: tensor.offset, node: -1, needsGradient: false)
  }

  func record(_ operation: Operation) {
    if isRecording { records.append(operation) }
  }

  func pointer(_ tensor: Tensor) -> UnsafeMutablePointer<Float> { values + tensor.offset }
  func weights(_ parameter: Parameter) -> UnsafePointer<Float> {
    require(
      parameter.offset + parameter.count <= weightBuffer.count,
      "parameter '\(parameter.name)' is not among this tape's weights; call begin first")
    return UnsafePointer(weightBuffer.pointer + parameter.offset)
  }
  /// A parameter's numbers as B of a matrix product.
  func panels(_ parameter: Parameter, _ packing: Packing) -> UnsafePointer<Float> {
    require(
      parameter.offset + parameter.count <= weightBuffer.count,
      "parameter '\(parameter.name)' is not among this tape's weights; call begin first")
    return weightBuffer.panels.panels(of: parameter, packing, in: weightBuffer)
  }
  func weightGradient(_ parameter: Parameter) -> UnsafeMutablePointer<Float>? {
    parameterGradientBuffer.map { $0.pointer + parameter.offset }
  }

  /// Working space of an operation, not kept.
  func scratch(_ count: Int) -> UnsafeMutablePointer<Float> {
    if scratchBuffer.count < count { scratchBuffer = FloatBuffer(count: count * 2) }
    return scratchBuffer.pointer
  }

  private func grow(keeping kept: Int) {
    capacity = max(used, capacity * 2)
    let larger = Tape.allocate(capacity)
    larger.update(from: values, count: kept)
    UnsafeMutableRawPointer(values).deallocate()
    values = larger
  }

  /// Makes as much room as another tape has: what fits there fits here without an allocation. Forgets all values.
  func makeRoom(as other: Tape) {
    if capacity < other.capacity {
      used = 0
      capacity = other.capacity
      UnsafeMutableRawPointer(values).deallocate()
      values = Tape.allocate(capacity)
    }
    if gradientCapacity < other.gradientCapacity {
      gradientCapacity = other.gradientCapacity
      UnsafeMutableRawPointer(gradients).deallocate()
      gradients = Tape.allocate(gradientCapacity)
    }
    if scratchBuffer.count < other.scratchBuffer.count {
      scratchBuffer = FloatBuffer(count: other.scratchBuffer.count)
    }
    freeGradients.reserveCapacity(other.freeGradients.capacity)
    gradientOffsets.reserveCapacity(other.gradientOffsets.capacity)
    records.reserveCapacity(other.records.capacity)
  }

  static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    // Kernels read whole vectors, so up to 15 numbers beyond the last.
    UnsafeMutableRawPointer.allocate(byteCount: (count + 16) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
  }
}
