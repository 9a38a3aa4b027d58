// The schema and the page about environment.yaml say what the reader does.
//
// Both are made from the reader's own table of keys. After a change, `make pages` writes them again.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import Testing
import Yams

private let writesPages = ProcessInfo.processInfo.environment["PLANAR_WRITE_PAGES"] != nil

private func environments() throws -> URL {
  try EnvironmentLibrary.home().appendingPathComponent("Environments")
}

/// The value of a YAML file in plain types: every number a Double.
private func plain(_ node: Node) -> Any {
  if let mapping = node.mapping {
    return Dictionary(uniqueKeysWithValues: mapping.map { ($0.key.string ?? "?", plain($0.value)) })
  }
  if let sequence = node.sequence { return sequence.map(plain) as [Any] }
  switch node.tag.description {
  case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float": return node.float ?? .nan
  case "tag:yaml.org,2002:bool": return node.bool ?? false
  default: return node.string ?? ""
  }
}

private func value(of url: URL) throws -> Any {
  plain(try #require(try Yams.compose(yaml: String(contentsOf: url, encoding: .utf8))))
}

private func schema() throws -> JSONSchema { try JSONSchema(Data(EnvironmentSchema.text().utf8)) }

@Suite struct SpecificationPageTests {
  @Test func theSchemaFileIsUpToDate() throws {
    let file = try environments().appendingPathComponent("environment.schema.json")
    if writesPages { try Data(EnvironmentSchema.text().utf8).write(to: file) }
    #expect(try String(contentsOf: file, encoding: .utf8) == EnvironmentSchema.text())
  }

  @Test func theSharedLevelsFitTheSchema() throws {
    let definitions = try #require(try schema().root["$defs"] as? [String: Any])
    let top = try #require((definitions["environment"] as? [String: Any])?["properties"] as? [String: Any])
    let levels = try JSONSchema(JSONSerialization.data(withJSONObject: try #require(top["randomization"])))
    var whole = levels.root
    whole["$defs"] = definitions
    let file = try environments().appendingPathComponent("randomization.yaml")
    #expect(try JSONSchema(root: whole).complaints(about: value(of: file)) == [])
  }

  @Test func thePageIsUpToDate() throws {
    let file = try environments().appendingPathComponent("README.md")
    var page = try String(contentsOf: file, encoding: .utf8)
    for table in EnvironmentTables.all {
      let start = "<!-- table: \(table.name) -->\n"
      let end = "<!-- end -->"
      guard let from = page.range(of: start), let to = page.range(of: end, range: from.upperBound..<page.endIndex)
      else {
        guard writesPages, let place = page.range(of: "<!-- tasks -->\n") else {
          Issue.record("Environments/README.md has no table '\(table.name)'")
          continue
        }
        page.insert(contentsOf: "### `\(table.name)`\n\n\(start)\(table.text)\n\(end)\n\n", at: place.lowerBound)
        continue
      }
      if writesPages {
        page.replaceSubrange(from.upperBound..<to.lowerBound, with: table.text + "\n")
      } else {
        #expect(page[from.upperBound..<to.lowerBound] == table.text + "\n", "table '\(table.name)' is stale")
      }
    }
    if writesPages { try Data(page.utf8).write(to: file) }
    for factor in randomizationFactors.entries { #expect(page.contains(factor.meaning)) }
  }

  @Test(arguments: try EnvironmentLibrary.names())
  func shippedFilesFitTheSchema(name: String) throws {
    let file = try environments().appendingPathComponent("\(name)/environment.yaml")
    #expect(try schema().complaints(about: value(of: file)) == [])
    let first = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")[0]
    #expect(first == "# yaml-language-server: $schema=../environment.schema.json")
  }

  /// Every key that the schema has at a place, and that push's file does not use, is known to the reader there; and a
  /// key that it does not have is refused by both.
  @Test func readerAndSchemaKnowTheSameKeys() throws {
    let schema = try schema()
    let definitions = try #require(schema.root["$defs"] as? [String: Any])
    let top = try #require((definitions["environment"] as? [String: Any])?["properties"] as? [String: Any])
    for (section, anchor) in [
      ("", "control_rate: 10"), ("table", "  wall_friction: 0.2"), ("robot", "  start_x: [-0.1, 0.1]"),
      ("objects", "  count: 3"), ("zones", "  radius: 0.07"), ("success", "  rest_time: 0.5"),
      ("randomization.train", "    angle_noise: 0.01\n"),
    ] {
      let indentation = anchor.prefix { $0 == " " }
      let copy = try EnvironmentCopy()
      try copy.edit(anchor, to: "\(indentation)qqqqqqqqqqqqqqqqqq: 1\n\(anchor)")
      let refusal = try #require(copy.refusal())
      let known = try #require(refusal.components(separatedBy: "known keys are ").last).components(separatedBy: ", ")
      let properties: [String: Any]
      switch section {
      case "": properties = top
      case "randomization.train":
        let levels = (top["randomization"] as? [String: Any])?["additionalProperties"] as? [String: Any]
        properties = levels?["properties"] as? [String: Any] ?? [:]
      default: properties = (top[section] as? [String: Any])?["properties"] as? [String: Any] ?? [:]
      }
      // At the top the schema has the keys of every task, the reader those of the file's.
      if section.isEmpty {
        #expect(Set(known).isSubset(of: properties.keys))
      } else {
        #expect(Set(known) == Set(properties.keys), "in '\(section)'")
      }
      #expect(try !schema.complaints(about: value(of: copy.folder.appendingPathComponent("environment.yaml"))).isEmpty)
    }
  }

  /// Numbers just outside of a limit are refused by both, and for the same key.
  @Test func readerAndSchemaHaveTheSameLimits() throws {
    for (old, key, values) in [
      ("time_limit: 25", "time_limit", ["0.9", "601"]), ("control_rate: 10", "control_rate", ["0.5", "101"]),
      ("  mass: 0.2", "objects.mass", ["0.0009", "101"]), ("  clearance: 0.025", "objects.clearance", ["-0.1", "1.1"]),
      ("  wall_friction: 0.2", "table.wall_friction", ["-0.1", "10.1"]),
      ("  radius: 0.07", "zones.radius", ["0.001", "1.1"]),
      ("  rest_time: 0.5", "success.rest_time", ["-1", "61"]),
      ("    position_noise: 0.001", "randomization.train.position_noise", ["-0.1", "1.1"]),
      ("    size: [0.7, 1.3]", "randomization.train.size", ["[0.1, 1]", "[1, 6]"]),
    ] {
      for value in values {
        let copy = try EnvironmentCopy()
        let start = old.components(separatedBy: ":")[0]
        try copy.edit(old, to: "\(start): \(value)")
        let refusal = try #require(copy.refusal(), "\(key): \(value)")
        #expect(refusal.contains("'\(key)' is") && refusal.contains("must lie between"), "\(refusal)")
        let complaints = try schema().complaints(about: specValue(copy))
        #expect(complaints.contains { $0.hasPrefix("$.\(key)") }, "\(key): \(value)")
      }
    }
  }

  private func specValue(_ copy: EnvironmentCopy) throws -> Any {
    try value(of: copy.folder.appendingPathComponent("environment.yaml"))
  }

  @Test func theSchemaTakesUnitsAndRefusesOthers() throws {
    let copy = try EnvironmentCopy()
    try copy.edit("time_limit: 25", to: "time_limit: 25000 ms")
    try copy.edit("  count: 3", to: "  count: [2, 4]")
    try copy.edit("    color: 0.1\n    background: 0.1", to: "    color: off\n    background: 10 %")
    #expect(copy.refusal() == nil)
    #expect(try schema().complaints(about: specValue(copy)) == [])
    try copy.edit("time_limit: 25000 ms", to: "time_limit: 25 m")
    #expect(try !schema().complaints(about: specValue(copy)).isEmpty)
  }
}
