// Every public declaration says what it is for, and every case of a public enumeration; `make lint` checks the
// declarations with swift-format.

import Foundation
import Testing

/// The lines of a source that declare something public without a documentation comment above them.
func undocumented(in source: String) -> [Int] {
  let lines = source.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  let declaration = /^(?:@\w+(?:\([^)]*\))?\s+)*(?:public|open)\s+(?!extension\b|internal\b|import\b)[a-z]/
  let requirement = /^(?:@\w+\s+)*(?:mutating |static )*(?:var|func|init|associatedtype|subscript)\b/
  let enumeration = /^public (?:indirect )?enum\b/
  let enumerationCase = /^(?:indirect )?case\b/
  var isInProtocol = false
  // How far the public enumerations around a line are indented.
  var enumerations: [Int] = []
  return source.components(separatedBy: "\n").enumerated().filter { index, line in
    if line.hasPrefix("public protocol ") { isInProtocol = true }
    if line.hasPrefix("}") { isInProtocol = false }
    let isRequirement = isInProtocol && lines[index].firstMatch(of: requirement) != nil
    let indentation = line.prefix { $0 == " " }.count
    if lines[index].hasPrefix("}"), enumerations.last == indentation { enumerations.removeLast() }
    let isCase = enumerations.last == indentation - 2 && lines[index].firstMatch(of: enumerationCase) != nil
    if lines[index].firstMatch(of: enumeration) != nil, !lines[index].hasSuffix("}") {
      enumerations.append(indentation)
    }
    let isDeclaration = lines[index].firstMatch(of: declaration) != nil && !lines[index].contains(" override ")
    guard isRequirement || isCase || isDeclaration else { return false }
    // Attributes on lines of their own stand between the comment and the declaration.
    var above = index - 1
    while above >= 0, lines[above].hasPrefix("@") { above -= 1 }
    return above < 0 || !lines[above].hasPrefix("///")
  }.map { $0.offset + 1 }
}

@Suite struct DocumentationTests {
  @Test func whatIsUndocumentedIsFound() {
    let source = """
      /// A vector.
      public struct Vector {
        public var x: Double
        /// Along y.
        @inlinable
        public var y: Double
        @inlinable public init() {}
        var length: Double { 0 }
      }
      public extension Vector {}
      /// Can be added.
      public protocol Sum {
        /// Nothing.
        static var zero: Self { get }
        mutating func add(_ other: Self)
      }
      func internalOne() {}
      /// A side.
      public enum Side {
        /// The first.
        case left
        case right
        var sign: Int {
          switch self {
          case .left: -1
          case .right: 1
          }
        }
      }
      """
    #expect(undocumented(in: source) == [3, 7, 15, 22])
  }

  @Test func publicDeclarationsAreDocumented() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    while let url = files?.nextObject() as? URL {
      guard url.pathExtension == "swift" else { continue }
      let lines = undocumented(in: try String(contentsOf: url, encoding: .utf8))
      #expect(lines.isEmpty, "\(url.lastPathComponent): public declarations without documentation in lines \(lines)")
    }
  }
}
