// The flat storage of weights, gradients and optimizer state: one aligned block, no growth, no copies.

// Sendable without a lock: training writes a buffer only between parallel sections or gives each shard a
// buffer of its own, and a policy's weights are never written after it was made.
/// A fixed block of floats, zero at first, aligned to a cache line.
///
/// A reference: sharing it shares the numbers.
public final class FloatBuffer: @unchecked Sendable {
  /// How many numbers it holds.
  public let count: Int
  let pointer: UnsafeMutablePointer<Float>
  /// The numbers as matrix products read them, where the buffer holds weights.
  let panels = WeightPanels()
  /// Counts changes of the numbers, so that what was made of them (packed copies) knows when it is stale.
  private(set) var version = 0

  /// `count` zeros.
  public init(count: Int) {
    require(count >= 0, "a buffer cannot hold \(count) numbers")
    self.count = count
    // Kernels read whole vectors, so up to 15 numbers beyond the last.
    let bytes = (count + 16) * MemoryLayout<Float>.stride
    pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
    pointer.initialize(repeating: 0, count: count)
  }

  /// A buffer with these numbers.
  public convenience init(_ numbers: [Float]) {
    self.init(count: numbers.count)
    for i in numbers.indices { pointer[i] = numbers[i] }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// One number.
  public subscript(index: Int) -> Float {
    get {
      require(index >= 0 && index < count, "index \(index) is outside 0 ..< \(count)")
      return pointer[index]
    }
    set {
      require(index >= 0 && index < count, "index \(index) is outside 0 ..< \(count)")
      pointer[index] = newValue
      markChanged()
    }
  }

  /// To be called by whoever wrote through `pointer`.
  func markChanged() { version &+= 1 }

  /// Gives all numbers to `body` for the time of the call.
  public func withNumbers<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    defer { markChanged() }
    return try body(UnsafeMutableBufferPointer(start: pointer, count: count))
  }

  /// Sets all numbers.
  public func fill(with value: Float) {
    pointer.update(repeating: value, count: count)
    markChanged()
  }

  /// Takes over another buffer's numbers; both must have the same count.
  public func copy(from other: FloatBuffer) {
    require(other.count == count, "cannot copy \(other.count) numbers into \(count)")
    pointer.update(from: other.pointer, count: count)
    markChanged()
  }

  /// A copy of the numbers.
  public var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// An independent copy.
  public func duplicate() -> FloatBuffer {
    let copy = FloatBuffer(count: count)
    copy.copy(from: self)
    return copy
  }
}
