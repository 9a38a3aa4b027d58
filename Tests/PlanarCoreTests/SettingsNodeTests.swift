// Settings files: what they leave out has its default, and what is wrong is said with its line.

import Foundation
import PlanarCore
import Testing

private struct Inner: Defaulted, Equatable {
  static var standard: Inner { Inner() }
  static var renamedKeys: [String: String] { ["old": "number"] }
  var number = 3
  var share: Float = 0.25
}

private struct Outer: Defaulted, Equatable {
  static var standard: Outer { Outer() }
  var inner = Inner()
  var list = [Inner()]
  var optional: Inner?
  var words: [String: Double] = [:]
  var text = "plain"
}

private func refusal(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "accepted"
  } catch { return "\(error)" }
}

@Suite struct SettingsNodeTests {
  private func decode(_ json: String) throws -> Outer {
    let node = try SettingsNode(json: json, file: "x.json")
    let value = try node.decode(Outer.self)
    try node.refuseUnknownKeys()
    return value
  }

  @Test func whatIsLeftOutHasItsDefaultAtEveryDepth() throws {
    #expect(try decode("{}") == Outer())
    var wanted = Outer()
    wanted.inner.share = 0.5
    wanted.list = [Inner(number: 1), Inner(share: 1)]
    wanted.optional = Inner(number: 7)
    wanted.words = ["Some.Key": 2, "b_c": 0.5]
    wanted.text = "a \"quoted\" line\n한 😀"
    let json = #"""
      {"inner": {"share": 0.5}, "list": [{"number": 1}, {"share": 1}], "optional": {"number": 7},
       "words": {"Some.Key": 2, "b_c": 5e-1}, "text": "a \"quoted\" line\n\ud55c \ud83d\ude00"}
      """#
    #expect(try decode(json) == wanted)
    // What is written whole is read whole.
    #expect(try decode(String(decoding: JSONEncoder().encode(wanted), as: UTF8.self)) == wanted)
  }

  /// Thousands of keys, in a mapping of any and in one that is laid over defaults.
  @Test func manyKeysAreReadAndTheUnknownOneIsFound() throws {
    let words = (0..<20_000).map { "\"key\($0)\": \($0)" }.joined(separator: ", ")
    let outer = try decode("{\"words\": {\(words)}, \"text\": \"x\"}")
    #expect(outer.words.count == 20_000 && outer.words["key19999"] == 19_999 && outer.text == "x")
    let message = refusal { _ = try decode("{\"inner\": {\"number\": 4, \(words)}}") }
    #expect(message.hasPrefix("x.json:1: unknown key 'inner.key0'"), "\(message)")
  }

  /// A long key is told in short, and not by each of the values within.
  /// A value takes some hundred bytes of memory, two of the file.
  @Test func aFileOfMillionsOfValuesIsRefused() throws {
    func list(_ count: Int) -> String { "[" + [String](repeating: "0", count: count).joined(separator: ",") + "]" }
    _ = try SettingsNode(json: list(200_000), file: "x.json")
    for text in [list(250_000), "{\"a\": [\n\(list(125_000)), \(list(125_000))]}"] {
      let said = refusal { _ = try SettingsNode(json: text, file: "x.json") }
      #expect(said.contains("holds more than 250000 values; it is something else"), "\(said)")
    }
  }

  @Test func aLongKeyIsShortenedInPaths() throws {
    let key = String(repeating: "k", count: 100_000)
    let entries = (0..<2_000).map { "\"a\($0)\": 1" }.joined(separator: ", ")
    let node = try SettingsNode(json: "{\"\(key)\": {\(entries)}}", file: "x.json")
    let paths = node.leaves.keys
    #expect(paths.count == 2_000 && paths.allSatisfy { $0.count < 300 })
    let message = refusal { try node.refuseUnknownKeys() }
    #expect(message.contains("kkk…kkk") && message.count < 600, "\(message)")
  }

  @Test func floatsAreReadToTheLastBit() throws {
    for bits in stride(from: UInt32(1), to: 0x7F00_0000, by: 7_654_321) {
      let inner = Inner(share: Float(bitPattern: bits))
      let json = String(decoding: try JSONEncoder().encode(inner), as: UTF8.self)
      #expect(try SettingsNode(json: json, file: "x.json").decode(Inner.self).share.bitPattern == bits)
    }
  }

  @Test(arguments: [
    ("{\n\"inner\": {\n\"number\": \"3\"}}", "x.json:3: 'inner.number' must be a whole number, not '3'"),
    ("{\"list\": 3}", "x.json:1: 'list' must be a list, not '3'"),
    ("{\"inner\": {\"numer\": 3}}", "x.json:1: unknown key 'inner.numer'; did you mean 'number'?"),
    ("{\"list\": [{},\n{\"share\": true}]}", "x.json:2: 'list[1].share' must be a number, not 'true'"),
    ("{\"text\": null, \"text\": 1}", "x.json:1: the key 'text' stands twice in one mapping"),
    ("{\"text\": \"a\"", "x.json:1: is not valid JSON: ',' or '}' is expected"),
    ("{\"text\" \"a\"}", "x.json:1: is not valid JSON: ':' is expected after 'text'"),
    ("{\n\"text\": }", "x.json:2: is not valid JSON: a value is expected"),
    ("[1, 2", "x.json:1: is not valid JSON: ',' or ']' is expected"),
    ("", "x.json:1: is not valid JSON: it ends too soon"),
    ("{} {}", "x.json:1: is not valid JSON: something follows its end"),
  ])
  func mistakesAreNamedWithTheirLine(json: String, message: String) {
    let error = #expect(throws: UserError.self) { try decode(json) }
    #expect(error?.message == message)
  }

  @Test func aRenamedKeyIsReadWithANote() throws {
    let node = try SettingsNode(json: "{\"inner\": {\n\"old\": 9}}", file: "x.json")
    #expect(try node.decode(Outer.self).inner == Inner(number: 9))
    try node.refuseUnknownKeys()
    #expect(node.notes == ["x.json:2: 'inner.old' is now called 'inner.number'"])
  }

  @Test func leavesAreNamedByTheirPaths() throws {
    let leaves = try SettingsNode(encoding: Outer(words: ["friction": 0.5])).leaves
    #expect(leaves["inner.number"] == "3" && leaves["list[0].share"] == "0.25" && leaves["words.friction"] == "0.5")
    #expect(leaves["text"] == "plain" && leaves["optional"] == nil)
  }
}
