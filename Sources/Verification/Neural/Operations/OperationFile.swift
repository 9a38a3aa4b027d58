// ops.json: which operations there are, with their attributes and the shapes of their tensors.

import Foundation

struct OperationFile: Decodable {
  var ops: [OperationEntry]
}

struct OperationEntry: Decodable, Sendable {
  var name: String
  var kind: String
  var attrs: [String: AttributeValue]
  /// `in.NAME`, `param.NAME`, `grad_out`, `out`, `grad.NAME`, `mid.NAME`.
  var tensors: [String: [Int]]
  /// Gradients that are exactly 0, of which the file holds the rounding noise.
  var zeroGradient: [String]?
  /// How far single precision is off in PyTorch, by tensor.
  var errVsFloat64: [String: Double]?
}

/// A hyper-parameter.
enum AttributeValue: Decodable, Equatable, Sendable {
  case flag(Bool)
  case number(Double)
  case word(String)

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .word(try container.decode(String.self))
    }
  }
}
