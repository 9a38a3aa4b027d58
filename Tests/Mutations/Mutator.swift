// Makes files that are nearly right.

import Foundation
import PlanarCore

/// How a file is written, which decides what can be changed in it besides its bytes.
enum FileForm {
  case json, yaml, lines, tensors, png, text, bytes
}

/// The trees of seed files, each taken apart once.
final class TreeCache {
  private var trees: [Data: Tree?] = [:]

  func tree(of data: Data) -> Tree? {
    if let known = trees[data] { return known }
    let tree = Tree(String(decoding: data, as: UTF8.self))
    if trees.count < 64 { trees[data] = tree }
    return tree
  }
}

/// Draws changes of files; the same seed makes the same file.
struct Mutator {
  var random: RandomStream
  let trees: TreeCache

  /// A changed file.
  mutating func mutated(_ seed: Data, _ form: FileForm) -> Data {
    var data = seed
    if !chance(0.25) || form == .text { data = structured(seed, form) }
    if data == seed || chance(0.05) {
      for _ in 0..<number(1...4) { data = bytewise(data, seed) }
    }
    return data
  }

  private mutating func structured(_ seed: Data, _ form: FileForm) -> Data {
    switch form {
    case .json: return tree(seed)
    case .yaml: return chance(0.6) ? tree(seed) : yamlLines(seed)
    case .lines: return lines(seed)
    case .tensors: return tensors(seed)
    case .png: return png(seed)
    case .text: return Data(text(String(decoding: seed, as: UTF8.self)).utf8)
    case .bytes: return seed
    }
  }

  // MARK: Trees

  private mutating func tree(_ seed: Data) -> Data {
    guard let tree = trees.tree(of: Data(seed)) else { return seed }
    return Data((mutated(tree).written + "\n").utf8)
  }

  private mutating func mutated(_ seed: Tree) -> Tree {
    var tree = seed
    repeat {
      let count = tree.count
      let place = number(0...count - 1)
      let other = tree[number(0...count - 1)]
      var draw = self
      tree = tree.replacing(place) { draw.changed($0, other) }
      self = draw
    } while chance(0.35)
    return tree
  }

  private mutating func changed(_ value: Tree, _ other: Tree) -> Tree {
    if chance(0.06) { return other }
    if chance(0.04) { return nested(value, depth: pick([1, 2, 40, 600, 20_000])) }
    switch value {
    case .word(let word):
      if chance(0.2), let number = Double(word) {
        let near = [number + 1, number - 1, -number, number * 2, number * 1e6, number / 3, number + 0.5]
        return .word("\(pick(near))")
      }
      return extreme()
    case .text(let text):
      if chance(0.3) { return extreme() }
      if chance(0.4), text.hasPrefix("{") || text.hasPrefix("["), let inner = Tree(text) {
        return .text(mutated(inner).written)
      }
      return .text(self.text(text))
    case .list(var values):
      guard !values.isEmpty else { return extreme() }
      let index = number(0...values.count - 1)
      switch number(0...7) {
      case 0: values.remove(at: index)
      case 1: values.insert(values[index], at: index)
      case 2: values = [Tree](repeating: values[index], count: pick([2, 64, 5_000]))
      case 3: values.swapAt(index, number(0...values.count - 1))
      case 4: values = []
      case 5: values[index] = extreme()
      case 6: values.removeLast(number(1...values.count))
      default: return extreme()
      }
      return .list(values)
    case .map(var entries):
      guard !entries.isEmpty else { return extreme() }
      let index = number(0...entries.count - 1)
      switch number(0...8) {
      case 0, 1: entries.remove(at: index)
      case 2: entries.append((entries[index].key, chance(0.5) ? entries[index].value : extreme()))
      case 3: entries[index].key = text(entries[index].key)
      case 4: entries.append((text("key"), extreme()))
      case 5:
        let (key, value) = entries[number(0...entries.count - 1)]
        entries.append((entries[index].key, value))
        entries[index].key = key
      case 6: entries[index].value = extreme()
      case 7: entries = (0..<pick([1, 100, 5_000])).map { ("\(entries[index].key)\($0)", entries[index].value) }
      default: return extreme()
      }
      return .map(entries)
    }
  }

  private func nested(_ value: Tree, depth: Int) -> Tree {
    // Written out at once: a value of that depth is too deep to be walked through.
    depth <= 40
      ? (0..<depth).reduce(value) { inner, level in level.isMultiple(of: 2) ? .list([inner]) : .map([("a", inner)]) }
      : .word(String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth))
  }

  private mutating func extreme() -> Tree {
    switch number(0...9) {
    case 0...5:
      return .word(
        pick([
          "0", "-1", "1", "2", "-0.0", "0.5", "1e-320", "1e308", "-1e308", "1e999", "1e20", "1e6", "65536",
          "2147483647",
          "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
          "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1000000", "1000000000", "0x7f",
          "0o17",
          "010", "1:20", "1_000", ".inf", "-.inf", ".nan", "NaN", "Infinity", "null", "~", "true", "false", "yes", "no",
          "off", "00", "+1", "1.", ".5", "1e", "--1", "2001-12-14t21:59:43.10-05:00",
        ]))
    case 6: return .text(pick(["", " ", "../../..", "/", "\u{0}", "true", "1", "nan", "inf", "-", "expert", "~"]))
    case 7: return .text(text(pick(["a", "빨간 사각형", "e\u{301}", "👨‍👩‍👧", "\u{feff}"])))
    case 8: return pick([.list([]), .map([]), .list([.map([])]), .list([.word("1"), .word("2")])])
    default:
      let count = pick([3, 300, 20_000])
      return .list([Tree](repeating: .word(pick(["0", "1", "1e300", "[]"])), count: count))
    }
  }

  // MARK: Texts

  /// A text with something in it that people seldom write.
  mutating func text(_ seed: String) -> String {
    var scalars = Array(seed.unicodeScalars)
    let strange = [
      "\u{0}", "\u{7}", "\u{1b}[31m", "\u{200b}", "\u{200d}", "\u{202e}", "\u{301}", "\u{3099}", "\u{1100}\u{1161}",
      "힣", "을/를",
      "으로", "👩🏽‍🚀", "🇰🇷", "ﷺ", "İ", "ß", "Σ", "''", "·", "ſ", "Å", "ﬁ", "\u{fffd}", "\u{10ffff}", "\u{e000}", "\u{2028}",
      "\u{feff}", "{", "}", "{color}",
      "{color2}", "{zone", "'", "\"", "\\", "/", "#", ":", "%s", "%@", "1e400", "\t", "\r\n", "\n", " ", "　", "*", "&a",
      "!!binary",
      "빨간", "red", "and then", "그리고", "nearest to", "사각형을", "왼쪽", "every", "not", "1", "0",
    ]
    repeat {
      let place = number(0...scalars.count)
      switch number(0...5) {
      case 0...2: scalars.insert(contentsOf: Array(pick(strange).unicodeScalars), at: place)
      case 3 where !scalars.isEmpty:
        scalars.removeSubrange(min(place, scalars.count - 1)..<min(scalars.count, place + number(1...4)))
      case 4:
        let piece = chance(0.5) ? Array(pick(strange).unicodeScalars) : Array(scalars.prefix(number(0...30)))
        let count = pick([2, 8, 70, 1_500])
        for _ in 0..<count { scalars.insert(contentsOf: piece, at: place) }
      default:
        let words = String(String.UnicodeScalarView(scalars)).split(separator: " ").map(String.init).shuffled(
          using: &random)
        scalars = Array(words.joined(separator: " ").unicodeScalars)
      }
    } while chance(0.6) && scalars.count < 20_000
    if chance(0.01) {
      let piece = Array(pick(strange).unicodeScalars)
      while scalars.count < 200_000 { scalars += piece }
    }
    return String(String.UnicodeScalarView(scalars))
  }

  // MARK: Lines

  private mutating func yamlLines(_ seed: Data) -> Data {
    var lines = String(decoding: seed, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    repeat {
      let index = number(0...lines.count - 1)
      let line = lines[index]
      let key = line.firstIndex(of: ":").map { String(line[...$0]) } ?? "a:"
      switch number(0...12) {
      case 0: lines.remove(at: index)
      case 1: lines.insert(line, at: number(0...lines.count))
      case 2: lines[index] = String(repeating: " ", count: number(0...9)) + line.drop { $0 == " " }
      case 3: lines[index] = key + " " + extreme().written
      case 4: lines[index] = key + " &a [" + String(repeating: "*a, ", count: number(0...20)) + "1]"
      case 5: lines[index] = key + " *a"
      case 6:
        lines[index] =
          key + " "
          + String(repeating: pick(["[", "{a: ", "- ", "? ", "!", "&a ", "|"]), count: pick([1, 50, 30_000]))
      case 7:
        lines.insert(
          pick(["---", "...", "%YAML 1.1", "<<: *a", "? [a, b]", "\t- a", "- a", "a: &a b", "!!set {a, b}"]), at: index)
      case 8:
        lines[index] = line.replacing(
          ": ", with: pick([":", " : ", ": !!str ", ": !!int ", ": |\n", ": >\n", ": \"", ": '"]))
      case 9:
        let bomb = (1..<number(2...24)).map {
          "b\($0): &b\($0) [" + [String](repeating: "*b\($0 - 1)", count: 9).joined(separator: ",") + "]"
        }
        lines.insert(contentsOf: ["b0: &b0 [x, x]"] + bomb, at: index)
      case 10: lines[index] = text(line)
      case 11: lines.swapAt(index, number(0...lines.count - 1))
      default: lines[index] = line + pick([" # comment", " x", "\r", "\u{85}", "\u{2028}", "\0", ","])
      }
      if lines.isEmpty { lines = [""] }
    } while chance(0.4)
    return Data(lines.joined(separator: "\n").utf8)
  }

  private mutating func lines(_ seed: Data) -> Data {
    var lines = seed.split(separator: UInt8(ascii: "\n")).map { Data($0) }
    guard !lines.isEmpty else { return bytewise(seed, seed) }
    repeat {
      let index = number(0...lines.count - 1)
      switch number(0...7) {
      case 0: lines.remove(at: index)
      case 1: lines.insert(lines[index], at: number(0...lines.count))
      case 2: lines.swapAt(index, number(0...lines.count - 1))
      case 3: lines[index] = bytewise(lines[index], seed)
      case 4: lines.insert(Data(pick(["", "{}", "null", "[]", " ", "\r"]).utf8), at: index)
      default: lines[index] = Data(tree(lines[index]).dropLast())
      }
      if lines.isEmpty { break }
    } while chance(0.4)
    return Data(lines.joined(separator: [UInt8(ascii: "\n")])) + Data("\n".utf8)
  }

  // MARK: Formats with lengths and checksums of their own

  private mutating func tensors(_ seed: Data) -> Data {
    guard seed.count > 8 else { return bytewise(seed, seed) }
    let length = seed.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    guard (0...seed.count - 8).contains(length) else { return bytewise(seed, seed) }
    var header = seed.dropFirst(8).prefix(length)
    var body = seed.dropFirst(8 + length)
    if chance(0.6) || body.count < 4 {
      header = Data(tree(header).dropLast())
      if chance(0.1) {
        header = Data(String(decoding: header, as: UTF8.self).utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
      }
    } else {
      let patterns: [UInt32] = [
        0x7fc0_0000, 0x7f80_0000, 0xff80_0000, 0x7f7f_ffff, 1, 0, 0x8000_0000, 0x4b00_0000, .max, 0x7149_f2ca,
      ]
      for _ in 0..<pick([1, 3, 50]) {
        let start = body.startIndex + 4 * number(0...body.count / 4 - 1)
        let pattern = chance(0.3) ? UInt32(truncatingIfNeeded: random.next()) : pick(patterns)
        for byte in 0..<4 { body[start + byte] = UInt8(truncatingIfNeeded: pattern >> (8 * UInt32(byte))) }
      }
    }
    var claimed = UInt64(header.count)
    if chance(0.03) { claimed = pick([0, 1, .max, 1 << 63, claimed + 8, 100_000_001, UInt64(seed.count)]) }
    return Data((0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * UInt64($0))) }) + header + body
  }

  private mutating func png(_ seed: Data) -> Data {
    var chunks: [(name: Data, content: Data)] = []
    var rest = seed.dropFirst(8)
    while rest.count >= 12 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      guard length <= rest.count - 12 else { break }
      chunks.append((Data(rest.dropFirst(4).prefix(4)), Data(rest.dropFirst(8).prefix(length))))
      rest = rest.dropFirst(12 + length)
    }
    guard !chunks.isEmpty else { return bytewise(seed, seed) }
    for _ in 0..<number(1...3) {
      let index = number(0...chunks.count - 1)
      switch number(0...5) {
      case 0 where chunks[0].content.count >= 8:
        let side: UInt32 = pick([0, 1, 7, 4_096, 30_000, 65_535, 1_000_000, 1 << 31, .max])
        let start = pick([0, 4])
        for byte in 0..<4 {
          chunks[0].content[start + byte] = UInt8(truncatingIfNeeded: side >> (8 * UInt32(3 - byte)))
        }
      case 1: chunks.remove(at: index)
      case 2: chunks.insert(chunks[index], at: number(0...chunks.count))
      case 3: chunks[index].name = Data(pick(["IHDR", "IDAT", "IEND", "PLTE", "tRNS", "zTXt", "iCCP", "eXIf"]).utf8)
      default: chunks[index].content = bytewise(chunks[index].content, seed)
      }
      if chunks.isEmpty { break }
    }
    var data = seed.prefix(8)
    for (name, content) in chunks {
      func big(_ value: UInt32) -> Data {
        Data((0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) })
      }
      data += big(UInt32(content.count)) + name + content + big((name + content).withUnsafeBytes(Checksum.crc32))
    }
    return Data(data)
  }

  // MARK: Bytes

  private mutating func bytewise(_ seed: Data, _ other: Data) -> Data {
    var bytes = [UInt8](seed)
    let place = number(0...bytes.count)
    switch number(0...10) {
    case 0...2 where !bytes.isEmpty: bytes[min(place, bytes.count - 1)] ^= 1 << UInt8(number(0...7))
    case 3: bytes.removeLast(bytes.count - place)
    case 4:
      bytes.insert(
        contentsOf: (0..<pick([1, 4, 100])).map { _ in UInt8(truncatingIfNeeded: random.next()) }, at: place)
    case 5: bytes.removeSubrange(place..<min(bytes.count, place + pick([1, 2, 50, 5_000])))
    case 6:
      bytes.insert(
        contentsOf: [[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff], [0, 0, 0xfe, 0xff]][number(0...3)], at: 0)
    case 7:
      let isLittle = chance(0.5)
      let units = (chance(0.7) ? [0xfeff] : []) + Array(String(decoding: bytes, as: UTF8.self).utf16)
      bytes = units.flatMap { isLittle ? [UInt8($0 & 0xff), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xff)] }
    case 8:
      bytes.insert(
        contentsOf: other.dropFirst(number(0...max(0, other.count - 1))).prefix(pick([8, 64, 4_096])), at: place)
    case 9:
      bytes.insert(
        contentsOf: [UInt8](repeating: pick([0, 0x20, 0x0a, 0xff, 0x5b, 0x22]), count: pick([1, 64, 100_000])),
        at: place)
    default:
      bytes = pick([[], [0], Array("{}".utf8), Array("[]".utf8), Array("null".utf8), Array("\n".utf8), bytes + bytes])
    }
    return Data(bytes)
  }

  // MARK: Draws

  private mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }
  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }
}
