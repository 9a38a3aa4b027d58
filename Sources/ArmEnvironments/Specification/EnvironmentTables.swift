// The tables of Environments/README.md, made from the keys that the reader knows.

import Foundation

/// Tables in Markdown of every key of environment.yaml.
public enum EnvironmentTables {
  /// Every generated part of the page, by the name that its markers have: `<!-- table: name -->`.
  public static var all: [(name: String, text: String)] {
    var tables = sections.map { (name: $0.name, text: table($0)) }
    for kind in taskRegistry.entries {
      guard let fields = kind.table?.fields, !fields.isEmpty else { continue }
      let own = SpecificationSection("task \(kind.name)", fields)
      tables.append((own.name, table(own)))
      tables += fields.flatMap { field in nested(field.form).map { ($0.name, table($0)) } }
    }
    tables.append(("randomization", randomization))
    tables.append(("units", units))
    return tables
  }

  private static var sections: [SpecificationSection] {
    [.environment, .table, .robot, .gripper, .objects, .shapes, .zones, .obstacle, .success, .features]
  }

  private static func nested(_ form: SpecificationField.Form) -> [SpecificationSection] {
    switch form {
    case .section(let section), .list(let section): section.fields.isEmpty ? [] : [section]
    default: []
    }
  }

  private static func table(_ section: SpecificationSection) -> String {
    var lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
    for field in section.fields {
      let standard = field.standard ?? "**required**"
      lines.append("| `\(field.key)` | \(value(of: field)) | \(standard) | \(field.meaning) |")
    }
    return lines.joined(separator: "\n")
  }

  /// What may stand behind a key: "0.001 to 0.5 m".
  private static func value(of field: SpecificationField) -> String {
    let unit = field.dimension.unit.isEmpty ? "" : " \(field.dimension.unit)"
    let limits = field.limits.map { "\($0.lowerBound.plain) to \($0.upperBound.plain)\(unit)" }
    switch field.form {
    case .text: return "text"
    case .flag: return "`true` or `false`"
    case .word(let words): return words.map { "`\($0)`" }.joined(separator: ", ")
    case .words(let words): return words.map { "`\($0)`" }.joined(separator: ", ") + ", or a list of them"
    case .number: return limits ?? "number\(unit)"
    case .wholeNumber: return "whole number" + (limits.map { ", \($0)" } ?? "")
    case .range: return "`[least, greatest]`" + (limits.map { ", \($0)" } ?? unit)
    case .rangeOrNumber: return "number or `[least, greatest]`" + (limits.map { ", \($0)" } ?? unit)
    case .point: return "`[x, y]`" + (limits.map { ", \($0)" } ?? unit)
    case .values: return "list"
    case .numbers(let count): return "list of \(count.lowerBound) to \(count.upperBound) numbers,\(unit)"
    case .picture:
      return "`[width, height]` in px, \(field.limits!.lowerBound.plain) to \(field.limits!.upperBound.plain); or `off`"
    case .color: return "`0xRRGGBB`"
    case .section(let section): return section.entries.isEmpty ? "section" : "names, each with its value"
    case .list: return "list of sections"
    }
  }

  private static var randomization: String {
    var lines = ["| item | value | unit | nominal | meaning |", "|---|---|---|---|---|"]
    for item in randomizationFactors.entries {
      let form: String
      switch item.kind {
      case .factor(let logarithmic):
        form = "`[least, greatest]` factor" + (logarithmic ? ", evenly in its logarithm" : "")
      case .value: form = "`[least, greatest]`"
      case .spread: form = "number: ± that much"
      case .deviation: form = "number: standard deviation"
      }
      let limits = "\(item.limits.lowerBound.plain) to \(item.limits.upperBound.plain)"
      lines.append(
        "| `\(item.name)` | \(form), \(limits) | \(item.unit.isEmpty ? "–" : item.unit) | \(item.nominal.plain) | \(item.meaning)\(item.isPerObject ? "; each object has its own" : "") |"
      )
    }
    return lines.joined(separator: "\n")
  }

  private static var units: String {
    var lines = ["| what | plain numbers are in | also understood |", "|---|---|---|"]
    for dimension in PhysicalDimension.allCases where !dimension.units.isEmpty {
      let others = dimension.units.dropFirst().map { "`\($0.symbol)`" }.joined(separator: ", ")
      lines.append(
        "| \(dimension.rawValue) | \(dimension.unit.isEmpty ? "–" : dimension.unit) | \(others.isEmpty ? "–" : others) |"
      )
    }
    return lines.joined(separator: "\n")
  }
}
