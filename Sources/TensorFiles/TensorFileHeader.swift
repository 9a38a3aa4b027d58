// Parsing and checking the JSON header of a safetensors file.

import Foundation
import PlanarCore

/// A checked header: every entry lies inside the file, and entries tile the data without gap or overlap.
struct TensorFileHeader {
  struct Entry: Sendable {
    var type: TensorType
    var shape: [Int]
    /// Offsets into the data section, in bytes.
    var begin: Int
    var end: Int
  }

  var metadata: [String: String] = [:]
  var entries: [String: Entry] = [:]
  /// Where the data section begins in the file.
  var dataStart: Int

  /// The format's own limit on the header's length.
  static let longestHeader = 100_000_000

  init(of file: UnsafeRawBufferPointer, path: String) throws {
    let length = file.loadUnaligned(as: UInt64.self).littleEndian
    guard length <= Self.longestHeader, Int(length) <= file.count - 8 else {
      throw UserError(
        "\(path) is truncated or no safetensors file: its header claims \(length) bytes, the file has \(file.count)"
      )
    }
    dataStart = 8 + Int(length)
    let text = Data(file[8..<dataStart])
    guard text.first == UInt8(ascii: "{") else {
      throw UserError("\(path) is no safetensors file: its header does not begin with '{'")
    }
    guard String(validating: text, as: UTF8.self) != nil else {
      throw UserError("\(path): the header is not the JSON of a safetensors file (it is no UTF-8 text)")
    }
    let raw: RawHeader
    do {
      raw = try JSONDecoder().decode(RawHeader.self, from: text)
    } catch {
      throw UserError("\(path): the header is not the JSON of a safetensors file (\(reason(error)))")
    }
    // A decoder keeps one of two equal keys and says nothing.
    if let name = repeatedKey(in: text) {
      throw UserError("\(path): the header has two entries '\(name)'; the file is damaged")
    }
    metadata = raw.metadata
    let dataCount = file.count - dataStart
    for (name, description) in raw.tensors.sorted(by: { $0.key < $1.key }) {
      entries[name] = try description.checked(name: name, path: path, dataCount: dataCount)
    }
    try checkTiling(path: path, dataCount: dataCount)
  }

  private func checkTiling(path: String, dataCount: Int) throws {
    var reached = 0
    for (name, entry) in entries.sorted(by: {
      ($0.value.begin, $0.value.end, $0.key) < ($1.value.begin, $1.value.end, $1.key)
    }) {
      guard entry.begin == reached else {
        let fault = entry.begin < reached ? "overlaps the tensor before it" : "leaves a gap before it"
        throw UserError(
          "\(path): tensor '\(name)' \(fault): it begins at byte \(entry.begin), expected \(reached)")
      }
      reached = entry.end
    }
    guard reached == dataCount else {
      throw UserError(
        "\(path): the tensors end at byte \(reached) of the data, but the data has \(dataCount) bytes; the file is damaged"
      )
    }
  }
}

/// The header's object, before it is checked.
private struct RawHeader: Decodable {
  var metadata: [String: String] = [:]
  var tensors: [String: RawTensor] = [:]

  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for name in container.allKeys {
      if name.stringValue == "__metadata__" {
        metadata = try container.decode([String: String].self, forKey: name)
      } else {
        tensors[name.stringValue] = try container.decode(RawTensor.self, forKey: name)
      }
    }
  }
}

private struct RawTensor: Decodable {
  var dtype: String
  var shape: [Int]
  var offsets: [Int]

  enum CodingKeys: String, CodingKey {
    case dtype
    case shape
    case offsets = "data_offsets"
  }

  func checked(name: String, path: String, dataCount: Int) throws -> TensorFileHeader.Entry {
    guard let type = TensorType(rawValue: dtype) else {
      let known = TensorType.allCases.map(\.rawValue).joined(separator: ", ")
      throw UserError("\(path): tensor '\(name)' has the unknown type '\(dtype)'; known are \(known)")
    }
    guard offsets.count == 2 else {
      throw UserError("\(path): tensor '\(name)' has \(offsets.count) data_offsets, but there are two: begin and end")
    }
    guard offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] <= dataCount else {
      throw UserError(
        "\(path) is truncated or damaged: tensor '\(name)' lies at bytes \(offsets) of \(dataCount) bytes of data; copy or make the file again"
      )
    }
    guard let bytes = byteCount(of: type), bytes == offsets[1] - offsets[0] else {
      throw UserError(
        "\(path): tensor '\(name)' of type \(dtype) and shape \(shape) does not fill its \(offsets[1] - offsets[0]) bytes"
      )
    }
    return TensorFileHeader.Entry(type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// The bytes that the shape claims; nil for a negative extent or an overflow.
  private func byteCount(of type: TensorType) -> Int? {
    var count = type.byteCount
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}

/// A decoding error as a person words it.
private func reason(_ error: any Error) -> String {
  func place(_ path: [any CodingKey]) -> String { "'\(path.map(\.stringValue).joined(separator: "."))'" }
  switch error as? DecodingError {
  case .keyNotFound(let key, let context): return "\(place(context.codingPath + [key])) is missing"
  case .typeMismatch(_, let context), .valueNotFound(_, let context):
    return "\(place(context.codingPath)) is of another type"
  case .dataCorrupted(let context) where !context.codingPath.isEmpty:
    return "\(place(context.codingPath)) cannot be that"
  default: return "it is no valid JSON"
  }
}

/// The first key that stands twice in one object of valid JSON.
private func repeatedKey(in json: Data) -> String? {
  // The keys of each object that is open; nil for an array.
  var open: [Set<String>?] = []
  var expectsKey = false
  var i = json.startIndex
  while i < json.endIndex {
    switch json[i] {
    case UInt8(ascii: "{"):
      open.append([])
      expectsKey = true
    case UInt8(ascii: "["):
      open.append(nil)
      expectsKey = false
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      open.removeLast()
      expectsKey = false
    case UInt8(ascii: ","): expectsKey = open.last.map { $0 != nil } ?? false
    case UInt8(ascii: "\""):
      let start = i
      i += 1
      while json[i] != UInt8(ascii: "\"") { i += json[i] == UInt8(ascii: "\\") ? 2 : 1 }
      if expectsKey {
        let key = (try? JSONDecoder().decode(String.self, from: json[start...i])) ?? ""
        if open[open.count - 1]?.insert(key).inserted == false { return key }
        expectsKey = false
      }
    default: break
    }
    i += 1
  }
  return nil
}
