// JSON with the line of every value, which Foundation's decoder does not tell.

extension SettingsNode {
  /// Reads a JSON text (RFC 8259); keys are properties' names as they are.
  ///
  /// - Parameter file: what errors call the text.
  /// - Throws: `UserError` with file and line where it is not valid JSON or a key stands twice in one mapping.
  public init(json text: String, file: String) throws {
    var reader = JSONReader(Array(text.utf8), file: file)
    self = try reader.document()
  }
}

private struct JSONReader {
  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  private var line = 1
  private var depth = 0
  private var count = 0
  /// Mappings and lists within each other at most: nobody writes so many, and the call stack is not endless.
  private static let deepest = 200
  /// Values in a file at most, each of which takes some hundred bytes: several times those of the largest vocabulary.
  private static let mostValues = 250_000
  /// What ends a word that stands without quotes.
  private static let wordEnds = Set(",]}:[{\"\n\r\t ".utf8)
  /// What letters mean behind a backslash.
  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "/"): UInt8(ascii: "/"),
    UInt8(ascii: "b"): 0x8, UInt8(ascii: "f"): 0xC, UInt8(ascii: "n"): UInt8(ascii: "\n"),
    UInt8(ascii: "r"): UInt8(ascii: "\r"), UInt8(ascii: "t"): UInt8(ascii: "\t"),
  ]

  init(_ bytes: [UInt8], file: String) { (self.bytes, self.file) = (bytes, file) }

  mutating func document() throws -> SettingsNode {
    let node = try value(path: "")
    skipSpace()
    guard position == bytes.count else { throw error("something follows its end") }
    return node
  }

  private func error(_ problem: String) -> UserError { UserError("\(file):\(line): is not valid JSON: \(problem)") }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: return
      }
      position += 1
    }
  }

  /// The next byte that is no space, without taking it.
  private mutating func peek() -> UInt8? {
    skipSpace()
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ wanted: Character) -> Bool {
    guard peek() == wanted.asciiValue else { return false }
    position += 1
    return true
  }

  private func node(_ path: String, line: Int, _ content: SettingsNode.Content) -> SettingsNode {
    SettingsNode(file: file, path: path, line: line, style: .camelCase, content: content)
  }

  private mutating func value(path: String) throws -> SettingsNode {
    let first = peek()
    let line = line
    count += 1
    guard count <= Self.mostValues else {
      throw UserError("\(file):\(line): holds more than \(Self.mostValues) values; it is something else")
    }
    switch first {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.deepest else { throw error("it is nested more than \(Self.deepest) deep") }
      return node(
        path, line: line, first == UInt8(ascii: "{") ? .mapping(try mapping(path: path)) : .list(try list(path: path)))
    case UInt8(ascii: "\""):
      let text = try string()
      return node(path, line: line, .scalar(.text, value: text, written: text))
    case nil: throw error("it ends too soon")
    default:
      let word = takeWord()
      return node(path, line: line, .scalar(try kind(of: word), value: word, written: word))
    }
  }

  private mutating func mapping(path: String) throws -> [(key: String, value: SettingsNode)] {
    position += 1
    var entries: [(key: String, value: SettingsNode)] = []
    var known: Set<String> = []
    if take("}") { return entries }
    repeat {
      guard peek() == UInt8(ascii: "\"") else { throw error("a key in quotes is expected") }
      let key = try string()
      guard known.insert(key).inserted else {
        throw UserError("\(file):\(line): the key '\(key)' stands twice in one mapping")
      }
      guard take(":") else { throw error("':' is expected after '\(key)'") }
      entries.append((key, try value(path: SettingsNode.path(of: key, beneath: path))))
    } while take(",")
    guard take("}") else { throw error("',' or '}' is expected") }
    return entries
  }

  private mutating func list(path: String) throws -> [SettingsNode] {
    position += 1
    var values: [SettingsNode] = []
    if take("]") { return values }
    repeat { values.append(try value(path: "\(path)[\(values.count)]")) } while take(",")
    guard take("]") else { throw error("',' or ']' is expected") }
    return values
  }

  /// The bytes up to the next mark or space.
  private mutating func takeWord() -> String {
    let start = position
    while position < bytes.count, !Self.wordEnds.contains(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func kind(of word: String) throws -> SettingsNode.Scalar {
    switch word {
    case "null": return .null
    case "true", "false": return .flag
    default:
      let isNumber = word.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.eE".utf8.contains($0)
      }
      guard isNumber, Double(word) != nil else {
        throw error(word.isEmpty ? "a value is expected" : "'\(word)' is no value")
      }
      return word.utf8.contains { ".eE".utf8.contains($0) } ? .number : .whole
    }
  }

  private mutating func string() throws -> String {
    position += 1
    var units: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"): units += try escape()
      case 0..<0x20: throw error("a text ends at the end of its line")
      default: units.append(byte)
      }
    }
    throw error("it ends too soon")
  }

  private mutating func escape() throws -> [UInt8] {
    guard position < bytes.count else { throw error("it ends too soon") }
    let letter = bytes[position]
    position += 1
    if let plain = Self.escapes[letter] { return [plain] }
    guard letter == UInt8(ascii: "u") else { throw error("'\\\(Character(Unicode.Scalar(letter)))' is no escape") }
    var units = [try codeUnit()]
    if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      units.append(try codeUnit())
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private mutating func codeUnit() throws -> UInt16 {
    let digits = bytes[position..<min(position + 4, bytes.count)]
    guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw error("four hexadecimal digits are expected after '\\u'")
    }
    position += 4
    return unit
  }
}
