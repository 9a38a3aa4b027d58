// Writing a safetensors file that any loader reads, whole or not at all.

import Foundation
import PlanarCore

/// Collects tensors and metadata, and writes them as one safetensors file.
///
/// The same content gives the same bytes, in whatever order it was added: tensors stand by descending
/// element size (which keeps each aligned), then by name; JSON keys are sorted.
public struct TensorFileWriter: Sendable {
  private struct Tensor {
    var type: TensorType
    var shape: [Int]
    var bytes: Data
  }

  /// Free-form strings, stored as `__metadata__`.
  public var metadata: [String: String]
  private var tensors: [String: Tensor] = [:]

  /// A file without tensors.
  ///
  /// - Parameter metadata: strings for the header's `__metadata__`.
  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// Adds a tensor; a name already there is replaced.
  ///
  /// - Parameters:
  ///   - values: the elements, row-major; as many as `shape` has.
  ///   - shape: extents, outermost first; empty for a scalar.
  public mutating func add<Element: TensorElement>(
    _ name: String, shape: [Int], values: [Element]
  ) {
    add(name, shape: shape, values: values[...])
  }

  /// The same with a part of an array.
  public mutating func add<Element: TensorElement>(
    _ name: String, shape: [Int], values: ArraySlice<Element>
  ) {
    precondition(
      values.count == shape.reduce(1, *) && shape.allSatisfy { $0 >= 0 },
      "tensor '\(name)' of shape \(shape) was given \(values.count) elements")
    precondition(name != "__metadata__", "'__metadata__' is no tensor's name")
    tensors[name] = Tensor(
      type: Element.tensorType, shape: shape, bytes: values.withUnsafeBytes { Data($0) })
  }

  /// Writes the file: beside its path as `<name>.partial`, flushed to disk, then renamed.
  ///
  /// - Throws: `UserError` where the folder is missing or the disk refuses; an older file then stays whole.
  public func write(to url: URL) throws {
    let order = tensors.sorted {
      (-$0.value.type.byteCount, $0.key) < (-$1.value.type.byteCount, $1.key)
    }
    var file = try PartialFile(replacing: url)
    try file.write(header(order))
    for (_, tensor) in order { try file.write(tensor.bytes) }
    try file.commit()
  }

  /// The length word and the JSON, padded with spaces so that the data begins at a multiple of 8.
  private func header(_ order: [(key: String, value: Tensor)]) throws -> Data {
    var object: [String: HeaderValue] = [:]
    if !metadata.isEmpty { object["__metadata__"] = .metadata(metadata) }
    var offset = 0
    for (name, tensor) in order {
      let end = offset + tensor.bytes.count
      object[name] = .tensor(dtype: tensor.type.rawValue, shape: tensor.shape, offsets: [offset, end])
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(object)
    while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json
  }
}

private enum HeaderValue: Encodable {
  case metadata([String: String])
  case tensor(dtype: String, shape: [Int], offsets: [Int])

  enum CodingKeys: String, CodingKey {
    case dtype
    case shape
    case offsets = "data_offsets"
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .metadata(let strings): try strings.encode(to: encoder)
    case .tensor(let dtype, let shape, let offsets):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(dtype, forKey: .dtype)
      try container.encode(shape, forKey: .shape)
      try container.encode(offsets, forKey: .offsets)
    }
  }
}
