// models.json: whole networks, their sizes, and what training does to them.

import Foundation

struct ModelFile: Decodable {
  struct Optimizer: Decodable, Sendable {
    var betas: [Double]
    var eps: Double
    var weightDecay: Double
    var steps: Int
  }
  var adamw: Optimizer
  var models: [String: ModelEntry]
}

struct ModelEntry: Decodable, Sendable {
  struct NamedShape: Decodable, Sendable {
    var name: String
    var shape: [Int]
  }
  struct BatchTensor: Decodable, Sendable {
    var shape: [Int]
  }
  struct Losses: Decodable, Sendable {
    var values: [Double]
  }
  struct SampleWeight: Decodable, Sendable {
    var tensor: String
    var index: [Int]
    var before: Double
    var after: Double
  }
  struct Errors: Decodable, Sendable {
    /// Of all losses, absolute.
    var losses: Double
    /// Of the sample weights, absolute.
    var sampleWeights: Double
    /// Of the norms of all tensors' weights and of their changes, relative.
    var weightL2Rel: Double
    var updateL2Rel: Double
  }
  struct Names: Decodable, Sendable {
    var tensors: [String]
  }
  var config: ModelConfiguration
  var parameters: [NamedShape]
  var batch: [String: BatchTensor]
  var outShape: [Int]
  var losses: Losses
  var sampleWeights: [SampleWeight]
  var weightL2After: [String: Double]
  var updateL2: [String: Double]
  /// Tensors whose gradient is exactly 0, of which the file holds the rounding noise.
  var zeroGradient: Names
  /// How far single precision is off in PyTorch.
  var errVsFloat64: Errors?
}

/// The sizes of a network, by the names that its kind has for them.
struct ModelConfiguration: Decodable, Sendable {
  enum Value: Decodable, Sendable {
    case number(Double)
    case list([Double])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .list(try container.decode([Double].self))
      }
    }
  }
  private let values: [String: Value]

  init(from decoder: any Decoder) throws {
    values = try decoder.singleValueContainer().decode([String: Value].self)
  }

  func number(_ key: String) throws -> Double {
    guard case .number(let number)? = values[key] else {
      throw ReferenceError("its config has no number '\(key)'")
    }
    return number
  }

  /// A positive number.
  func positive(_ key: String) throws -> Float {
    let number = try number(key)
    guard number > 0 else { throw ReferenceError("its config has \(key) \(number), which is not positive") }
    return Float(number)
  }

  /// A whole number from `least` to a million.
  func count(_ key: String, least: Int = 1) throws -> Int {
    try count(number(key), key, least: least)
  }

  /// Whole numbers from 1 to a million.
  func counts(_ key: String) throws -> [Int] {
    guard case .list(let list)? = values[key] else {
      throw ReferenceError("its config has no list '\(key)'")
    }
    return try list.map { try count($0, key, least: 1) }
  }

  private func count(_ number: Double, _ key: String, least: Int) throws -> Int {
    guard let count = Int(exactly: number), (least...1_000_000).contains(count) else {
      throw ReferenceError("its config has \(key) \(number), where a whole number from \(least) is expected")
    }
    return count
  }
}
