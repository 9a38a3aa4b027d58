// Reading reference files: rows of numbers whose length is checked, and errors in one sentence.

import Foundation
import PlanarCore

/// What is wrong with a reference file.
struct ReferenceError: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

/// Decodes a reference file; keys are written with underscores there.
func decodeReference<Content: Decodable>(_ type: Content.Type, from data: Data) throws -> Content {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(type, from: data)
}

/// A row of exactly as many finite numbers as `Width` says.
struct Row<Width: RowWidth>: Decodable, Sendable {
  private let values: [Double]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    values = try container.decode([Double].self)
    guard values.count == Width.count else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected \(Width.count) numbers, found \(values.count)")
    }
  }

  subscript(i: Int) -> Double { values[i] }
  /// Two numbers that follow each other, as a vector.
  func vector(at i: Int) -> Vec2 { Vec2(values[i], values[i + 1]) }
}

protocol RowWidth: Sendable { static var count: Int { get } }
enum Two: RowWidth { static let count = 2 }
enum Three: RowWidth { static let count = 3 }
enum Four: RowWidth { static let count = 4 }
enum Five: RowWidth { static let count = 5 }
enum Six: RowWidth { static let count = 6 }
enum Seven: RowWidth { static let count = 7 }
enum Nine: RowWidth { static let count = 9 }
enum Eleven: RowWidth { static let count = 11 }
enum Fourteen: RowWidth { static let count = 14 }

extension Row<Two> {
  var vector: Vec2 { vector(at: 0) }
}

/// A row of one number a joint.
struct JointRow: Decodable, Sendable {
  let count: Int
  /// Zero beyond the last joint.
  let values: SIMD4<Double>

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let numbers = try container.decode([Double].self)
    guard (1...4).contains(numbers.count) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected one to four numbers, found \(numbers.count)")
    }
    count = numbers.count
    var values = SIMD4<Double>.zero
    for i in numbers.indices { values[i] = numbers[i] }
    self.values = values
  }
}

/// Says where `rows` do not have one number a joint.
func requireJoints(_ rows: [JointRow], _ count: Int, of name: String) throws {
  guard rows.allSatisfy({ $0.count == count }) else {
    throw ReferenceError("'\(name)' has rows that do not fit its \(count) joints")
  }
}

/// Says where a list is not as long as the one it belongs to.
func requireCount(_ found: Int, _ expected: Int, _ what: String, of name: String) throws {
  guard found == expected else {
    throw ReferenceError("'\(name)' has \(found) \(what) where \(expected) are expected")
  }
}

/// Says where something that must be positive is not.
func requirePositive(_ values: [Double], _ what: String, of name: String) throws {
  guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
    throw ReferenceError("'\(name)' has \(what) that is not positive")
  }
}

/// Says where a time is not one that a case can be replayed to.
func requireTimes(_ times: [Double], of name: String) throws {
  guard times.allSatisfy({ (0...1000).contains($0) }) else {
    throw ReferenceError("'\(name)' has a time outside of 0 to 1000 s")
  }
}

/// The greatest size of the entries.
func greatest(_ v: SIMD4<Double>) -> Double {
  max(max(abs(v.x), abs(v.y)), max(abs(v.z), abs(v.w)))
}

extension DecodingError {
  /// What is wrong and where, without the machinery.
  var sentence: String {
    func location(_ path: [any CodingKey]) -> String {
      let names = path.map { key in
        key.intValue.map { "[\($0)]" }
          ?? key.stringValue.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
      }
      return names.isEmpty ? "at its top" : "at " + names.joined(separator: ".")
    }
    switch self {
    case .keyNotFound(let key, let context):
      return "\(location(context.codingPath + [key])) there is nothing"
    case .valueNotFound(_, let context), .typeMismatch(_, let context):
      return "\(location(context.codingPath)) there is another kind of value than expected"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "it is not valid JSON" : "\(location(context.codingPath)): \(context.debugDescription)"
    @unknown default:
      return "it is not as expected"
    }
  }
}
