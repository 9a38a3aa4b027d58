// Rungs: the same task, made harder by numbers of its file.

import PlanarCore
import PlanarPolicyInterface
import Yams

/// What an environment's file lists under `rungs`.
///
/// ```yaml
/// rungs: # the first is the file as it stands
///   zones.radius: [0.05, 0.035, 0.02]
/// ```
///
/// Neither what is observed nor what can be commanded changes with the rung, so that a policy of one rung runs on all.
struct EnvironmentRungs {
  /// A key of the file with its value on every rung but the first.
  struct Key {
    /// Such as `zones.radius`.
    var path: String
    var values: [Node]
    var line: Int
  }

  let keys: [Key]
  /// How many rungs there are, the file as it stands among them.
  let count: Int

  /// - Throws: `UserError` where the lists are none or not of one length.
  init(_ file: SpecReader) throws {
    guard file.has("rungs") else {
      (keys, count) = ([], 1)
      return
    }
    let section = try file.section("rungs")
    keys = try section.mapping.map { key, value in
      let path = key.string ?? ""
      guard let values = value.sequence, !values.isEmpty else {
        throw section.error(at: path, "must be a list with a value for each rung above the first")
      }
      return Key(path: path, values: Array(values), line: section.line(of: path))
    }
    guard let first = keys.first else { throw file.error(at: "rungs", "holds no key; leave it out, or name one") }
    count = first.values.count + 1
    guard EnvironmentSettings.rungs.contains(count) else {
      throw file.error(
        at: "rungs", "has \(count) rungs with the first; there may be \(EnvironmentSettings.rungs.upperBound)")
    }
    for key in keys where key.values.count != first.values.count {
      throw section.error(
        at: key.path,
        "has \(key.values.count) values, but '\(first.path)' has \(first.values.count); each rung needs both")
    }
  }

  /// A file as it is on a rung.
  ///
  /// - Throws: `UserError` where there is no such rung, or a key leads nowhere.
  func file(_ file: SpecReader, at rung: Int) throws -> SpecReader {
    guard (1...count).contains(rung) else {
      throw UserError(
        "\(file.file): there is no rung \(rung): the environment has \(count == 1 ? "one, the file as it stands" : "the rungs 1 to \(count)")"
      )
    }
    guard rung > 1 else { return file }
    var top = Node.mapping(file.mapping)
    for key in keys {
      var steps = key.path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)[...]
      guard let changed = Self.setting(&steps, of: top, to: key.values[rung - 2]) else {
        throw file.error(
          line: key.line,
          "'rungs.\(key.path)' names no key of this file; write the sections with full stops between, such as zones.radius"
        )
      }
      top = changed
    }
    return try SpecReader(file: file.file, path: "", node: top, line: 1, known: file.known)
  }

  private static func setting(_ steps: inout ArraySlice<String>, of node: Node, to value: Node) -> Node? {
    guard let step = steps.popFirst() else { return value }
    let isLast = steps.isEmpty
    guard let mapping = node.mapping, let inner = mapping[step] else { return nil }
    guard let changed = setting(&steps, of: inner, to: value) else { return nil }
    // What is wrong with the value is told at the rung's line.
    let pairs = mapping.map { key, old in
      guard key.string == step else { return (key, old) }
      return (isLast ? .scalar(Node.Scalar(step, .implicit, .any, value.mark)) : key, changed)
    }
    return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
  }

  /// What changes from rung to rung, such as `zones.radius 0.07, 0.05, 0.035`; empty where there is one rung.
  func text(_ file: SpecReader) -> String {
    keys.map { key in
      let first = Self.value(at: key.path, of: .mapping(file.mapping)).map { [$0] } ?? []
      return "\(key.path) \((first + key.values).map(Self.text).joined(separator: ", "))"
    }.joined(separator: "; ")
  }

  private static func value(at path: String, of node: Node) -> Node? {
    path.split(separator: ".").reduce(Optional(node)) { node, step in node?.mapping?[String(step)] }
  }

  private static func text(_ node: Node) -> String {
    if let sequence = node.sequence { return "[" + sequence.map(text).joined(separator: ", ") + "]" }
    return node.scalar?.string ?? "…"
  }
}
