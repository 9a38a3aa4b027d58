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
    let raw: [String: RawEntry]
    do {
      raw = try JSONDecoder().decode([String: RawEntry].self, from: Data(file[8..<dataStart]))
    } catch {
      throw UserError("\(path): the header is not the JSON of a safetensors file (\(reason(error)))")
    }
    let dataCount = file.count - dataStart
    for (name, entry) in raw.sorted(by: { $0.key < $1.key }) {
      switch entry {
      case .metadata(let strings):
        guard name == "__metadata__" else {
          throw UserError("\(path): tensor '\(name)' lacks dtype, shape or data_offsets")
        }
        metadata = strings
      case .tensor(let description):
        entries[name] = try description.checked(name: name, path: path, dataCount: dataCount)
      }
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

/// One value of the header's object, before it is checked.
private enum RawEntry: Decodable {
  case tensor(RawTensor)
  case metadata([String: String])

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: RawTensor.CodingKeys.self)
    self = keys.contains(.dtype)
      ? .tensor(try RawTensor(from: decoder))
      : .metadata(try [String: String](from: decoder))
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
    guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] <= dataCount else {
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

/// The sentence inside a decoding error.
private func reason(_ error: any Error) -> String {
  switch error as? DecodingError {
  case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
    .dataCorrupted(let context):
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return place.isEmpty ? context.debugDescription : "at '\(place)': \(context.debugDescription)"
  default: return "\(error)"
  }
}
