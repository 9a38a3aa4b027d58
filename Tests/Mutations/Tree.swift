// A JSON or YAML value as it is written: keys may stand twice, and numbers may be any.

import Yams

/// A value of a structured file.
indirect enum Tree {
  /// A word that is written as it stands: a number, `true`, `null`, or what is none of them.
  case word(String)
  case text(String)
  case list([Tree])
  case map([(key: String, value: Tree)])

  /// How many values it holds, itself included.
  var count: Int {
    switch self {
    case .word, .text: 1
    case .list(let values): values.reduce(1) { $0 + $1.count }
    case .map(let entries): entries.reduce(1) { $0 + $1.value.count }
    }
  }

  /// The value with a number, counted from this one on in the order of the file.
  subscript(number: Int) -> Tree {
    var left = number
    func find(_ tree: Tree) -> Tree? {
      if left == 0 { return tree }
      left -= 1
      switch tree {
      case .word, .text: return nil
      case .list(let values): return values.lazy.compactMap(find).first
      case .map(let entries): return entries.lazy.compactMap { find($0.value) }.first
      }
    }
    return find(self) ?? self
  }

  /// The tree with the value of a number replaced.
  func replacing(_ number: Int, _ change: (Tree) -> Tree) -> Tree {
    var left = number
    func walk(_ tree: Tree) -> Tree {
      defer { left -= 1 }
      if left == 0 { return change(tree) }
      guard left > 0 else { return tree }
      left -= 1
      defer { left += 1 }
      switch tree {
      case .word, .text: return tree
      case .list(let values): return .list(values.map(walk))
      case .map(let entries): return .map(entries.map { ($0.key, walk($0.value)) })
      }
    }
    return walk(self)
  }

  /// Reads a YAML text, of which JSON is one; nil where it is none.
  init?(_ text: String) {
    guard let node = try? Yams.compose(yaml: text) else { return nil }
    self.init(node)
  }

  private init(_ node: Node) {
    switch node {
    case .scalar(let scalar):
      let isWord =
        scalar.style == .plain
        && scalar.string.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-._~".contains($0)) }
      self = isWord && !scalar.string.isEmpty ? .word(scalar.string) : .text(scalar.string)
    case .sequence(let values): self = .list(values.map(Tree.init))
    case .mapping(let entries): self = .map(entries.map { ($0.key.string ?? "", Tree($0.value)) })
    case .alias: self = .word("null")
    }
  }

  /// In JSON, as far as its words are JSON; always in YAML.
  var written: String {
    switch self {
    case .word(let word): word
    case .text(let text): Self.quoted(text)
    case .list(let values): "[" + values.map(\.written).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\(Self.quoted($0.key)): \($0.value.written)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
