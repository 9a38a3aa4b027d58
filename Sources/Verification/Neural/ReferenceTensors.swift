// The tensors of a reference file, each checked against the shape that its JSON file or its use asks for.

import Foundation
import PlanarCore
import PlanarTensorFiles

/// Numbers with their extents, row-major.
struct ReferenceTensor: Sendable {
  var shape: [Int]
  var numbers: [Float]
  var count: Int { numbers.count }
}

/// A safetensors file beside a JSON file of the same name.
struct ReferenceTensors {
  let file: TensorFile

  init(_ url: URL) throws { file = try TensorFile(reading: url) }

  /// An F32 tensor of finite numbers.
  ///
  /// - Parameter shape: what its shape must be; nil for an extent that may be anything.
  /// - Throws: `UserError` naming file and tensor.
  func floats(_ name: String, shape: [Int?]? = nil) throws -> ReferenceTensor {
    let numbers = try file.floats(name, shape: shape)
    if let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw UserError(
        "\(file.url.path): tensor '\(name)' holds \(numbers[index]) at element \(index); make the file again with make_nn.py"
      )
    }
    return ReferenceTensor(shape: try file.tensor(name).shape, numbers: numbers)
  }

  /// An I32 tensor of numbers in 0 ..< `limit`.
  ///
  /// - Throws: `UserError` naming file and tensor.
  func indices(_ name: String, below limit: Int, shape: [Int?]? = nil) throws -> [Int32] {
    let numbers = try file.int32s(name, shape: shape)
    if let index = numbers.firstIndex(where: { $0 < 0 || $0 >= limit }) {
      throw UserError(
        "\(file.url.path): tensor '\(name)' holds \(numbers[index]) at element \(index), outside 0 ..< \(limit)"
      )
    }
    return numbers
  }
}

/// Another order of axes, and the shape in which a tape wants the result.
struct Arrangement: Sendable {
  /// Axis i of the result is axis `order[i]` of the original.
  var order: [Int]
  /// The extents on the tape, where these are not just the reordered ones.
  var shape: [Int]?

  /// Channels from the second axis to the last: [N, C, …] → [N, …, C].
  static func channelsLast(rank: Int) -> Arrangement {
    Arrangement(order: [0] + (2..<rank) + [1])
  }

  func extents(of original: [Int]) -> [Int] { shape ?? order.map { original[$0] } }

  /// The numbers of a tensor of the extents `original`, in the new order.
  func apply(_ numbers: [Float], original: [Int]) -> [Float] {
    indices(original).map { numbers[$0] }
  }

  /// The inverse of `apply`.
  func undo(_ numbers: [Float], original: [Int]) -> [Float] {
    var result = numbers
    for (i, index) in indices(original).enumerated() { result[index] = numbers[i] }
    return result
  }

  /// Where each number of the result lies in the original.
  private func indices(_ original: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: original.count)
    for axis in original.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * original[axis + 1]
    }
    var indices = [0]
    for axis in order {
      indices = indices.flatMap { index in (0..<original[axis]).map { index + $0 * strides[axis] } }
    }
    return indices
  }
}
