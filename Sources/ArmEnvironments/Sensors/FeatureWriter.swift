// The numbers of a feature, written one by one.

/// Fills an array from the front.
struct FeatureWriter {
  private let buffer: UnsafeMutableBufferPointer<Float>
  private var index = 0

  init(_ buffer: UnsafeMutableBufferPointer<Float>) { self.buffer = buffer }

  mutating func append(_ value: Float) {
    precondition(index < buffer.count, "more numbers than the feature declares")
    buffer.baseAddress!.advanced(by: index).initialize(to: value)
    index += 1
  }

  mutating func append(_ value: Double) { append(Float(value)) }

  /// Zeroes what is left.
  func finish() {
    for rest in index..<buffer.count { buffer.baseAddress!.advanced(by: rest).initialize(to: 0) }
  }
}
