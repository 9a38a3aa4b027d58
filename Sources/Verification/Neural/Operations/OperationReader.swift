// What a kind of operation reads of its case: attributes, shapes and numbers, all checked, so that the
// operation itself cannot be given anything it refuses.

import PlanarNeuralNetworks

struct OperationReader {
  let entry: OperationEntry
  let tensors: ReferenceTensors

  func failure(_ message: String) -> ReferenceError { ReferenceError("'\(entry.name)' \(message)") }

  func has(_ tensor: String) -> Bool { entry.tensors[tensor] != nil }

  /// The extents of a tensor.
  ///
  /// - Parameters:
  ///   - extents: what they must be; nil for one that may be anything positive.
  func shape(_ tensor: String, _ extents: [Int?]? = nil) throws -> [Int] {
    guard let shape = entry.tensors[tensor] else { throw failure("has no tensor '\(tensor)'") }
    guard (1...4).contains(shape.count), shape.allSatisfy({ $0 > 0 && $0 < 1 << 24 }),
      shape.reduce(1, *) < 1 << 30
    else {
      throw failure("has tensor '\(tensor)' of shape \(shape), where one to four positive extents are expected")
    }
    if let extents {
      guard extents.count == shape.count, zip(extents, shape).allSatisfy({ $0 == nil || $0 == $1 }) else {
        let expected = extents.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
        throw failure("has tensor '\(tensor)' of shape \(shape), where [\(expected)] is expected")
      }
    }
    return shape
  }

  func number(_ attribute: String) throws -> Double {
    guard case .number(let number)? = entry.attrs[attribute] else {
      throw failure("has no number '\(attribute)' among its attrs")
    }
    return number
  }

  /// A whole number in `range`.
  func count(_ attribute: String, _ range: ClosedRange<Int>) throws -> Int {
    let number = try number(attribute)
    guard let count = Int(exactly: number), range.contains(count) else {
      throw failure(
        "has \(attribute) \(number), where a whole number from \(range.lowerBound) to \(range.upperBound) is expected")
    }
    return count
  }

  func flag(_ attribute: String) throws -> Bool {
    guard case .flag(let flag)? = entry.attrs[attribute] else {
      throw failure("has neither true nor false as '\(attribute)' among its attrs")
    }
    return flag
  }

  func word(_ attribute: String) throws -> String {
    guard case .word(let word)? = entry.attrs[attribute] else {
      throw failure("has no word '\(attribute)' among its attrs")
    }
    return word
  }

  /// A number above 0.
  func positive(_ attribute: String) throws -> Float {
    let number = try number(attribute)
    guard number > 0 else { throw failure("has \(attribute) \(number), where a positive number is expected") }
    return Float(number)
  }

  func floats(_ tensor: String) throws -> ReferenceTensor {
    try tensors.floats("\(entry.name).\(tensor)", shape: shape(tensor).map { $0 })
  }

  func indices(_ tensor: String, below limit: Int) throws -> [Int32] {
    try tensors.indices("\(entry.name).\(tensor)", below: limit, shape: shape(tensor).map { $0 })
  }
}
