// The JSON of a safetensors header, read in one pass: a decoder of any JSON needs seconds and gigabytes for a long one.

import Foundation

/// Reads the header's object; what its values claim is checked elsewhere.
struct TensorFileHeaderReader {
  /// What is wrong with a header.
  enum Fault: Error {
    /// It is no JSON, or not of a header's form; the reason as a person words it.
    case form(String)
    /// A key that stands twice in one object.
    case repeated(String)
  }

  /// The free-form texts.
  private(set) var metadata: [String: String] = [:]
  /// The tensors in the order of the header.
  private(set) var tensors: [(name: String, tensor: RawTensor)] = []

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// Texts and tensors at most, each of which takes some hundred bytes.
  private static let mostEntries = 250_000
  /// Dimensions of a tensor at most.
  private static let mostDimensions = 64
  /// Objects and lists within each other at most, among what a header may hold besides.
  private static let deepest = 200

  private static let noJSON = Fault.form("it is no valid JSON")

  /// - Parameter bytes: valid UTF-8.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// - Throws: `Fault`.
  mutating func read() throws {
    var names: Set<String> = []
    try object { reader, name in
      guard names.insert(name).inserted else { throw Fault.repeated(name) }
      if name == "__metadata__" {
        try reader.readMetadata()
      } else {
        reader.tensors.append((name, try reader.tensor(name)))
      }
      try reader.requireFew()
    }
    guard peek() == nil else { throw Self.noJSON }
  }

  private mutating func readMetadata() throws {
    guard peek() == UInt8(ascii: "{") else { throw Fault.form("'__metadata__' is of another type") }
    try object { reader, key in
      guard reader.peek() == UInt8(ascii: "\"") else { throw Fault.form("'__metadata__.\(key)' is of another type") }
      let text = try reader.string()
      guard reader.metadata.updateValue(text, forKey: key) == nil else { throw Fault.repeated(key) }
      try reader.requireFew()
    }
  }

  private func requireFew() throws {
    guard tensors.count + metadata.count <= Self.mostEntries else {
      throw Fault.form("it has more than \(Self.mostEntries) entries")
    }
  }

  private mutating func tensor(_ name: String) throws -> RawTensor {
    guard peek() == UInt8(ascii: "{") else { throw Fault.form("'\(name)' is of another type") }
    var keys: Set<String> = []
    var (dtype, shape, offsets) = (String?.none, [Int]?.none, [Int]?.none)
    try object { reader, key in
      guard keys.insert(key).inserted else { throw Fault.repeated(key) }
      switch key {
      case "dtype":
        guard reader.peek() == UInt8(ascii: "\"") else { throw Fault.form("'\(name).dtype' is of another type") }
        dtype = try reader.string()
      case "shape": shape = try reader.wholeNumbers("\(name).shape")
      case "data_offsets": offsets = try reader.wholeNumbers("\(name).data_offsets")
      default: try reader.skipValue()
      }
    }
    guard let dtype else { throw Fault.form("'\(name).dtype' is missing") }
    guard let shape else { throw Fault.form("'\(name).shape' is missing") }
    guard let offsets else { throw Fault.form("'\(name).data_offsets' is missing") }
    return RawTensor(dtype: dtype, shape: shape, offsets: offsets)
  }

  // MARK: JSON

  /// The next byte that is no space, without taking it.
  private mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: wanted) else { return false }
    position += 1
    return true
  }

  /// Takes an object, and lets `body` take the value of each key.
  private mutating func object(_ body: (inout Self, String) throws -> Void) throws {
    guard take("{") else { throw Self.noJSON }
    if take("}") { return }
    repeat {
      guard peek() == UInt8(ascii: "\"") else { throw Self.noJSON }
      let key = try string()
      guard take(":") else { throw Self.noJSON }
      try body(&self, key)
    } while take(",")
    guard take("}") else { throw Self.noJSON }
  }

  /// - Parameter place: what errors call the list.
  private mutating func wholeNumbers(_ place: @autoclosure () -> String) throws -> [Int] {
    guard take("[") else { throw Fault.form("'\(place())' is of another type") }
    var numbers: [Int] = []
    if take("]") { return numbers }
    repeat {
      guard let first = peek(), first == UInt8(ascii: "-") || Self.isDigit(first) else {
        throw Fault.form("'\(place())' is of another type")
      }
      guard let number = wholeNumber() else { throw Fault.form("'\(place())' cannot be that") }
      numbers.append(number)
      guard numbers.count <= Self.mostDimensions else {
        throw Fault.form("'\(place())' has more than \(Self.mostDimensions) numbers")
      }
    } while take(",")
    guard take("]") else { throw Self.noJSON }
    return numbers
  }

  /// A number without fraction or exponent that an `Int` holds; nil for others.
  private mutating func wholeNumber() -> Int? {
    let isNegative = take("-")
    var value = 0
    let start = position
    while position < bytes.count, Self.isDigit(bytes[position]) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let digit = Int(bytes[position] - UInt8(ascii: "0"))
      let (sum, overflows) = product.addingReportingOverflow(isNegative ? -digit : digit)
      if overflow || overflows { return nil }
      value = sum
      position += 1
    }
    let hasLeadingZero = position - start > 1 && bytes[start] == UInt8(ascii: "0")
    guard position > start, !hasLeadingZero else { return nil }
    if position < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[position]) {
      return nil
    }
    return value
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Takes a value that a header need not have.
  private mutating func skipValue(depth: Int = 0) throws {
    guard depth <= Self.deepest else { throw Fault.form("it is nested more than \(Self.deepest) deep") }
    switch peek() {
    case UInt8(ascii: "{"):
      var keys: Set<String> = []
      try object { reader, key in
        guard keys.insert(key).inserted else { throw Fault.repeated(key) }
        try reader.skipValue(depth: depth + 1)
      }
    case UInt8(ascii: "["):
      position += 1
      if take("]") { return }
      repeat { try skipValue(depth: depth + 1) } while take(",")
      guard take("]") else { throw Self.noJSON }
    case UInt8(ascii: "\""): _ = try string()
    default:
      let start = position
      while position < bytes.count, Self.isOfWord(bytes[position]) { position += 1 }
      let word = String(decoding: bytes[start..<position], as: UTF8.self)
      let isNumber = word.utf8.first.map { $0 == UInt8(ascii: "-") || Self.isDigit($0) } == true && Double(word) != nil
      guard isNumber || ["null", "true", "false"].contains(word) else { throw Self.noJSON }
    }
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "E")
      || (UInt8(ascii: "+")...UInt8(ascii: ".")).contains(byte) && byte != UInt8(ascii: ",")
  }

  private mutating func string() throws -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: bytes[start..<position - 1], as: UTF8.self)
      case UInt8(ascii: "\\"): return try stringWithEscapes(from: start)
      case 0..<0x20: throw Self.noJSON
      default: position += 1
      }
    }
    throw Self.noJSON
  }

  /// The rest of a text from its first backslash on.
  private mutating func stringWithEscapes(from start: Int) throws -> String {
    var text = [UInt8](bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try takeEscape(into: &text)
      case 0..<0x20: throw Self.noJSON
      default: text.append(byte)
      }
    }
    throw Self.noJSON
  }

  private mutating func takeEscape(into text: inout [UInt8]) throws {
    guard position < bytes.count else { throw Self.noJSON }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x8)
    case UInt8(ascii: "f"): text.append(0xC)
    case UInt8(ascii: "n"): text.append(0xA)
    case UInt8(ascii: "r"): text.append(0xD)
    case UInt8(ascii: "t"): text.append(0x9)
    case UInt8(ascii: "u"):
      var value = UInt32(try codeUnit())
      if UTF16.isLeadSurrogate(UInt16(value)), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw Self.noJSON }
        value = 0x10000 + (value - 0xD800) << 10 + (UInt32(second) - 0xDC00)
      }
      // Half of a pair is no letter.
      guard let scalar = Unicode.Scalar(value) else { throw Self.noJSON }
      text.append(contentsOf: UTF8.encode(scalar)!)
    default: throw Self.noJSON
    }
  }

  private mutating func codeUnit() throws -> UInt16 {
    guard position + 4 <= bytes.count else { throw Self.noJSON }
    var value: UInt16 = 0
    for byte in bytes[position..<position + 4] {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw Self.noJSON
      }
      value = value << 4 | UInt16(digit)
    }
    position += 4
    return value
  }
}
