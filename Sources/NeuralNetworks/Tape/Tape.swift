// Eager reverse-mode differentiation on storage that is used again: activations live in a bump arena,
// operations are plain records. After the first step of a given size nothing is allocated.
//
//   begin ──► input, linear, attention, … , loss     values grow to the right in the arena
//                                  backward ◄──────   records are walked from the last to the first

/// The form in which linear layers read their weights.
public enum WeightPrecision: String, Codable, CaseIterable, Sendable {
  case float32
  /// One byte a weight and one scale an output: a quarter of the memory traffic, for inference.
  case int8
}

/// Runs operations and remembers them for `backward`.
///
/// One tape serves one thread. Handles (`Tensor`) are valid until the next `begin`. With
/// `recording: false` nothing is remembered: inference.
public final class Tape {
  public let isRecording: Bool
  private(set) var precision = WeightPrecision.float32
  var values: UnsafeMutablePointer<Float>
  private var capacity: Int
  private var used = 0
  private var gradients: UnsafeMutablePointer<Float>
  private var gradientCapacity = 0
  private var gradientsUsed = 0
  /// Storage of gradients that are no longer needed, last one first: what is used again is still in the cache.
  private var freeGradients: ContiguousArray<(count: Int, place: Int)> = []
  /// Where each node's gradient lies; −1 while nothing has reached it, and once it has been passed on.
  private var gradientPlaces: ContiguousArray<Int> = []
  private(set) var records: ContiguousArray<Operation> = []
  private var scratchBuffer = FloatBuffer(count: 0)
  private var weightBuffer = FloatBuffer(count: 0)
  private var parameterGradientBuffer: FloatBuffer?

  public init(recording: Bool) {
    isRecording = recording
    capacity = 1 << 12
    values = Tape.allocate(capacity)
    gradients = Tape.allocate(0)
    freeGradients.reserveCapacity(recording ? 256 : 0)
    records.reserveCapacity(recording ? 512 : 0)
    gradientPlaces.reserveCapacity(recording ? 1024 : 0)
  }

  deinit {
    UnsafeMutableRawPointer(values).deallocate()
    UnsafeMutableRawPointer(gradients).deallocate()
  }

  /// Forgets everything and starts anew with these weights.
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
    gradientPlaces.removeAll(keepingCapacity: true)
  }

  /// A place in the arena to come back to.
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
    gradientPlaces.append(-1)
    return Tensor(
      shape: shape, offset: offset, node: Int32(gradientPlaces.count - 1), needsGradient: true)
  }

  /// The same numbers under another shape.
  public func reshape(_ tensor: Tensor, _ shape: Shape) -> Tensor {
    require(
      shape.count == tensor.count, "reshape: \(tensor.shape) cannot become \(shape)")
    return Tensor(
      shape: shape, offset: tensor.offset, node: tensor.node, needsGradient: tensor.needsGradient)
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
    gradientPlaces.reserveCapacity(other.gradientPlaces.capacity)
    records.reserveCapacity(other.records.capacity)
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    // Kernels read whole vectors, so up to 15 numbers beyond the last.
    UnsafeMutableRawPointer.allocate(byteCount: (count + 16) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
  }

  // MARK: Backward

  /// Adds the gradient of all losses recorded since `begin` to the gradient buffer given there.
  public func backward() {
    prepareGradients()
    runBackward()
  }

  /// The same for Σ `output`·`gradient` instead of a loss: a vector-Jacobian product.
  public func backward(from output: Tensor, gradient: [Float]) {
    require(
      output.needsGradient && gradient.count == output.count,
      "backward: \(gradient.count) numbers do not fit an output \(output.shape) that learns")
    prepareGradients()
    let target = zeroedAccumulator(of: output)!
    for i in gradient.indices { target[i] = gradient[i] }
    runBackward()
  }

  private func runBackward() {
    for i in records.indices.reversed() {
      backward(records[i])
      if let output = records[i].output { releaseGradient(of: output) }
    }
  }

  /// Storage for a gradient; no more than the values' is ever used.
  private func takeGradient(_ count: Int) -> Int {
    let rounded = (count + 15) / 16 * 16
    if let i = freeGradients.lastIndex(where: { $0.count == rounded }) {
      return freeGradients.remove(at: i).place
    }
    defer { gradientsUsed += rounded }
    return gradientsUsed
  }

  /// An operation that has been walked back over was the only one to read its output's gradient.
  private func releaseGradient(of tensor: Tensor) {
    guard tensor.needsGradient else { return }
    let place = gradientPlaces[Int(tensor.node)]
    guard place >= 0 else { return }
    freeGradients.append(((tensor.count + 15) / 16 * 16, place))
    gradientPlaces[Int(tensor.node)] = -1
  }

  private func prepareGradients() {
    require(isRecording, "this tape does not record")
    if gradientCapacity < used {
      UnsafeMutableRawPointer(gradients).deallocate()
      gradientCapacity = capacity
      gradients = Tape.allocate(gradientCapacity)
    }
    for i in gradientPlaces.indices { gradientPlaces[i] = -1 }
    gradientsUsed = 0
    freeGradients.removeAll(keepingCapacity: true)
  }

  private func backward(_ operation: Operation) {
    switch operation {
    case .linear(let operation): linearBackward(operation)
    case .embedding(let operation): embeddingBackward(operation)
    case .parameterRows(let operation): parameterRowsBackward(operation)
    case .rowNorm(let operation): rowNormBackward(operation)
    case .groupNorm(let operation): groupNormBackward(operation)
    case .attention(let operation): attentionBackward(operation)
    case .activation(let operation): activationBackward(operation)
    case .add(let a, let b, let output): addBackward(a, b, output)
    case .addBroadcast(let operation): addBroadcastBackward(operation)
    case .multiply(let a, let b, let output): multiplyBackward(a, b, output)
    case .modulate(let operation): modulateBackward(operation)
    case .concatenate(let operation): concatenateBackward(operation)
    case .slice(let operation): sliceBackward(operation)
    case .convolution(let operation): convolutionBackward(operation)
    case .transposedConvolution(let operation): transposedConvolutionBackward(operation)
    case .softmax(let operation): softmaxBackward(operation)
    case .rotary(let operation): rotaryBackward(operation)
    case .gatedProduct(let operation): gatedProductBackward(operation)
    case .dropout(let operation): dropoutBackward(operation)
    case .maxPool(let operation): maxPoolBackward(operation)
    case .averagePool(let operation): averagePoolBackward(operation)
    case .custom(let operation): customBackward(operation)
    case .loss(let operation): lossBackward(operation)
    case .crossEntropy(let operation): crossEntropyBackward(operation)
    }
  }

  /// The gradient that has reached a tensor, or nil.
  func gradient(of tensor: Tensor) -> UnsafeMutablePointer<Float>? {
    guard tensor.needsGradient else { return nil }
    let place = gradientPlaces[Int(tensor.node)]
    return place < 0 ? nil : gradients + place
  }

  /// A gradient to add to, and whether it is fresh: then it must be assigned, not added to.
  func accumulator(of tensor: Tensor) -> (pointer: UnsafeMutablePointer<Float>, isFresh: Bool)? {
    guard tensor.needsGradient else { return nil }
    let place = gradientPlaces[Int(tensor.node)]
    if place >= 0 { return (gradients + place, false) }
    let fresh = takeGradient(tensor.count)
    gradientPlaces[Int(tensor.node)] = fresh
    return (gradients + fresh, true)
  }

  /// A gradient to add to; a fresh one is set to zero.
  func zeroedAccumulator(of tensor: Tensor) -> UnsafeMutablePointer<Float>? {
    guard let (pointer, isFresh) = accumulator(of: tensor) else { return nil }
    if isFresh { pointer.update(repeating: 0, count: tensor.count) }
    return pointer
  }

  /// Adds the whole gradient of `output` to that of `tensor`. Where `tensor` has none yet it takes over
  /// the storage of `output`'s, which nobody needs any more; do so for one input of an operation only.
  func passOn(_ output: Tensor, to tensor: Tensor) {
    guard tensor.needsGradient, let source = gradient(of: output) else { return }
    if gradientPlaces[Int(tensor.node)] < 0 {
      gradientPlaces[Int(tensor.node)] = gradientPlaces[Int(output.node)]
      gradientPlaces[Int(output.node)] = -1
    } else {
      Kernels.add(source, into: gradients + gradientPlaces[Int(tensor.node)], count: tensor.count)
    }
  }

  /// Where an operation that reads each number of its output's gradient before it writes the same number of
  /// its input's puts the latter: over the former where the input has no gradient yet (`isFresh`: assign),
  /// else on top of what the input has. For one input of an operation only.
  func gradientInPlace(of output: Tensor, for input: Tensor) -> (
    pointer: UnsafeMutablePointer<Float>, isFresh: Bool
  )? {
    guard input.needsGradient else { return nil }
    let place = gradientPlaces[Int(input.node)]
    if place >= 0 { return (gradients + place, false) }
    gradientPlaces[Int(input.node)] = gradientPlaces[Int(output.node)]
    gradientPlaces[Int(output.node)] = -1
    return (gradients + gradientPlaces[Int(input.node)], true)
  }

  /// Adds the whole gradient of `output` to that of `tensor`, never sharing storage.
  func copyGradient(_ output: Tensor, to tensor: Tensor) {
    guard let source = gradient(of: output), let (target, isFresh) = accumulator(of: tensor) else {
      return
    }
    if isFresh {
      target.update(from: source, count: tensor.count)
    } else {
      Kernels.add(source, into: target, count: tensor.count)
    }
  }
}
