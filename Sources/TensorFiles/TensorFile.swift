// Reading a safetensors file (https://huggingface.co/docs/safetensors) through a memory map.

import Foundation
import PlanarCore

/// A safetensors file, mapped read-only: opening costs the header, a tensor costs its pages.
///
/// ```
///   8 bytes      n bytes                        the rest
///   n (UInt64)   JSON: name → type, shape,      tensor bytes, row-major, little-endian,
///                data_offsets; __metadata__     without gaps or overlaps
/// ```
///
/// Everything the header claims is checked once, when the file is opened; files are written beside and
/// renamed (`TensorFileWriter`), so a mapped file never shrinks under its reader.
public final class TensorFile: Sendable {
  /// Where the file was when it was opened.
  public let url: URL
  /// The free-form strings of `__metadata__`.
  public let metadata: [String: String]
  private let entries: [String: TensorFileHeader.Entry]
  /// The mapping, held from `init` to `deinit` and never written: safe to share between threads.
  private nonisolated(unsafe) let mapping: UnsafeRawBufferPointer
  private let dataStart: Int

  /// Opens and checks a file.
  ///
  /// - Parameter prefixes: beginnings of tensors' names that are read as others.
  /// - Throws: `UserError` naming the file, and the tensor where one is at fault: a file that cannot be
  ///   read or is truncated, a header that is too long or no JSON or names something twice, offsets that
  ///   overlap or leave gaps, an unknown type, a shape whose size is not the tensor's bytes.
  public init(reading url: URL, renaming prefixes: [String: String] = [:]) throws {
    let mapping = try mapFile(url)
    do {
      let header = try TensorFileHeader(of: mapping, path: url.path)
      self.url = url
      self.mapping = mapping
      metadata = header.metadata
      var entries = header.entries
      for (old, new) in prefixes {
        for name in entries.keys where name.hasPrefix(old) {
          entries[new + name.dropFirst(old.count)] = entries.removeValue(forKey: name)
        }
      }
      self.entries = entries
      dataStart = header.dataStart
    } catch {
      unmap(mapping)
      throw error
    }
  }

  deinit { unmap(mapping) }

  /// The names of all tensors, ascending.
  public var names: [String] { entries.keys.sorted() }

  /// Whether the file has a tensor of this name.
  public func contains(_ name: String) -> Bool { entries[name] != nil }

  /// The type and shape of a tensor.
  ///
  /// - Throws: `UserError` where the file has no such tensor.
  public func tensor(_ name: String) throws -> (type: TensorType, shape: [Int]) {
    let entry = try entry(name)
    return (entry.type, entry.shape)
  }

  /// A copy of a tensor's elements, row-major.
  ///
  /// - Parameter shape: what the shape must be, `nil` for an extent that may be anything.
  /// - Throws: `UserError` where the tensor is missing or has another type or shape.
  public func values<Element: TensorElement>(
    _ name: String, as type: Element.Type = Element.self, shape: [Int?]? = nil
  ) throws -> [Element] {
    let bytes = try bytes(name, of: type, shape: shape)
    return [Element](unsafeUninitializedCapacity: bytes.count / MemoryLayout<Element>.stride) {
      buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
      count = buffer.count
    }
  }

  /// Lends a tensor's elements in place; the pointer is good inside `body` only.
  ///
  /// A foreign file may hold a tensor that is not aligned to its type: that one is copied first.
  ///
  /// - Throws: `UserError` as `values` does, or what `body` throws.
  public func withValues<Element: TensorElement, Result>(
    _ name: String, as type: Element.Type = Element.self, shape: [Int?]? = nil,
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) throws -> Result {
    let bytes = try bytes(name, of: type, shape: shape)
    if let base = bytes.baseAddress, Int(bitPattern: base) % MemoryLayout<Element>.alignment != 0 {
      return try values(name, as: type).withUnsafeBufferPointer(body)
    }
    return try body(bytes.bindMemory(to: type))
  }

  /// `values` of an F32 tensor.
  public func floats(_ name: String, shape: [Int?]? = nil) throws -> [Float] {
    try values(name, shape: shape)
  }

  /// `values` of an I32 tensor.
  public func int32s(_ name: String, shape: [Int?]? = nil) throws -> [Int32] {
    try values(name, shape: shape)
  }

  /// `values` of an I64 tensor.
  public func int64s(_ name: String, shape: [Int?]? = nil) throws -> [Int64] {
    try values(name, shape: shape)
  }

  /// `withValues` of an F32 tensor.
  public func withFloats<Result>(
    _ name: String, shape: [Int?]? = nil, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    try withValues(name, as: Float.self, shape: shape, body)
  }

  private func entry(_ name: String) throws -> TensorFileHeader.Entry {
    if let entry = entries[name] { return entry }
    let near = nearestName(to: name, among: names).map { "; did it mean '\($0)'?" } ?? ""
    throw UserError("\(url.path) holds no tensor '\(name)'\(near)")
  }

  private func bytes<Element: TensorElement>(
    _ name: String, of type: Element.Type, shape: [Int?]?
  ) throws -> UnsafeRawBufferPointer {
    let entry = try entry(name)
    guard entry.type == type.tensorType else {
      throw UserError(
        "\(url.path): tensor '\(name)' has type \(entry.type.rawValue), but \(type.tensorType.rawValue) is needed"
      )
    }
    if let shape {
      let fits =
        shape.count == entry.shape.count
        && zip(shape, entry.shape).allSatisfy { $0 == nil || $0 == $1 }
      guard fits else {
        let needed = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
        throw UserError(
          "\(url.path): tensor '\(name)' has shape \(entry.shape), but [\(needed)] is needed")
      }
    }
    return UnsafeRawBufferPointer(
      rebasing: mapping[dataStart + entry.begin..<dataStart + entry.end])
  }
}

private func mapFile(_ url: URL) throws -> UnsafeRawBufferPointer {
  let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else {
    throw UserError("cannot open \(url.path): \(String(cString: strerror(errno)))")
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw UserError("\(url.path) is not a regular file; give the path of a safetensors file")
  }
  let size = Int(status.st_size)
  guard size >= 8 else {
    throw UserError(
      "\(url.path) is truncated: it has \(size) bytes, and a safetensors file begins with 8 bytes of header length"
    )
  }
  guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
    throw UserError("cannot map \(url.path): \(String(cString: strerror(errno)))")
  }
  return UnsafeRawBufferPointer(start: base, count: size)
}

private func unmap(_ mapping: UnsafeRawBufferPointer) {
  munmap(UnsafeMutableRawPointer(mutating: mapping.baseAddress!), mapping.count)
}
