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

  /// Bytes of a header at most: as many as any JSON file may have.
  static let longestHeader = 16 << 20

  init(of file: UnsafeRawBufferPointer, path: String) throws {
    let length = file.loadUnaligned(as: UInt64.self).littleEndian
    guard length <= UInt64(file.count - 8) else {
      throw UserError(
        "\(path) is truncated or no safetensors file: its header claims \(length) bytes, the file has \(file.count)"
      )
    }
    guard length <= Self.longestHeader else {
      throw UserError(
        "\(path): the header has \(length) bytes, but one has \(Self.longestHeader) at most; it is no file of Planar's")
    }
    dataStart = 8 + Int(length)
    let text = UnsafeRawBufferPointer(rebasing: file[8..<dataStart])
    guard text.first == UInt8(ascii: "{") else {
      throw UserError("\(path) is no safetensors file: its header does not begin with '{'")
    }
    guard String(validating: text, as: UTF8.self) != nil else {
      throw UserError("\(path): the header is not the JSON of a safetensors file (it is no UTF-8 text)")
    }
    var reader = TensorFileHeaderReader(text)
    do { try reader.read() } catch let fault as TensorFileHeaderReader.Fault {
      switch fault {
      case .form(let reason):
        throw UserError("\(path): the header is not the JSON of a safetensors file (\(reason))")
      case .repeated(let name):
        throw UserError("\(path): the header has two entries '\(name)'; the file is damaged")
      }
    }
    metadata = reader.metadata
    let dataCount = file.count - dataStart
    entries.reserveCapacity(reader.tensors.count)
    for (name, description) in reader.tensors {
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

/// What a header says of a tensor, before it is checked.
struct RawTensor {
  var dtype: String
  var shape: [Int]
  var offsets: [Int]

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
