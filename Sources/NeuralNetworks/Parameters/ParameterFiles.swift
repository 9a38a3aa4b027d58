// Flat buffers as named tensors in safetensors files, which anybody's loader can read.

import Foundation
import PlanarCore
import PlanarTensorFiles

extension ParameterLayout {
  /// Adds every parameter's part of `buffer` to a file, each named `prefix` + its name.
  public func add(_ buffer: FloatBuffer, prefix: String = "", to file: inout TensorFileWriter) {
    require(buffer.count == bufferCount, "the buffer does not have this layout")
    for parameter in parameters {
      file.add(
        prefix + parameter.name, shape: parameter.shape,
        values: parameter.fileOrder(buffer.pointer + parameter.offset))
    }
  }

  /// Reads what `add` wrote, bit for bit.
  ///
  /// Nothing is allocated before every tensor is known to be there in its shape.
  ///
  /// - Parameters:
  ///   - exclusive: refuse tensors of the prefix that the layout does not have.
  ///   - largest: the largest magnitude that a number may have.
  /// - Throws: `UserError` that names the file and the tensor: one that is missing, superfluous, of the
  ///   wrong shape, not finite or too large.
  public func read(
    prefix: String = "", from file: TensorFile, exclusive: Bool = true, largest: Float = .greatestFiniteMagnitude
  ) throws -> FloatBuffer {
    for parameter in parameters {
      let name = prefix + parameter.name
      guard file.contains(name) else {
        throw UserError(
          "\(file.url.path): tensor '\(name)' is missing; the file and its config.json are not of one checkpoint"
        )
      }
      try file.withFloats(name, shape: parameter.shape.map { $0 }) { _ in }
    }
    let buffer = FloatBuffer(count: bufferCount)
    for parameter in parameters {
      let name = prefix + parameter.name
      try file.withFloats(name, shape: parameter.shape.map { $0 }) { numbers in
        for i in 0..<numbers.count {
          guard numbers[i].isFinite else {
            throw UserError(
              "\(file.url.path): tensor '\(name)' holds \(numbers[i]) at element \(i); the file is damaged or its training diverged, use another checkpoint"
            )
          }
          guard abs(numbers[i]) <= largest else {
            throw UserError(
              "\(file.url.path): tensor '\(name)' holds \(numbers[i]) at element \(i), and no training leads beyond ±\(largest); the file is damaged or its training diverged, use another checkpoint"
            )
          }
        }
        parameter.fill(buffer.pointer + parameter.offset, with: numbers)
      }
    }
    if exclusive {
      let known = Set(parameters.map { prefix + $0.name })
      if let other = file.names.first(where: { $0.hasPrefix(prefix) && !known.contains($0) }) {
        throw UserError(
          "\(file.url.path): tensor '\(other)' does not belong to this model; the file and its config.json are not of one checkpoint"
        )
      }
    }
    return buffer
  }
}
