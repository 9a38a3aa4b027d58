// The JSON Schema of environment.yaml, for editors that complete and check while one types.

import Foundation

/// Makes `Environments/environment.schema.json` from the keys that the reader knows.
public enum EnvironmentSchema {
  /// JSON Schema, draft 2020-12, with sorted keys.
  public static func text() -> String {
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try! JSONSerialization.data(withJSONObject: schema, options: options)
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static var schema: [String: Any] {
    var definitions: [String: Any] = [:]
    for dimension in PhysicalDimension.allCases where !dimension.units.isEmpty {
      let symbols = dimension.units.map(\.symbol).filter { !$0.isEmpty }
        .map { NSRegularExpression.escapedPattern(for: $0).replacingOccurrences(of: "\\/", with: "/") }
      definitions[key(of: dimension)] = [
        "type": "string",
        "description":
          "A number and its unit: \(dimension.units.map(\.symbol).filter { !$0.isEmpty }.joined(separator: ", ")).",
        "pattern": "^[-+]?[0-9.]+([eE][-+]?[0-9]+)? *(\(symbols.joined(separator: "|")))$",
      ]
    }
    definitions["environment"] = environment
    for form in ownForms.flatMap(\.forms) { definitions[form.name] = object(form.section) }
    var schema: [String: Any] = [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "environment.yaml",
      "description":
        "An environment of Planar. Numbers are in SI units unless a unit follows them: 25 and '25 s' are the same.",
      "type": "object",
      "$defs": definitions,
    ]
    schema.merge(choice) { $1 }
    return schema
  }

  /// Tasks with a world of their own, and what their files may say.
  private static var ownForms: [(task: String, forms: [TaskKind.Form])] {
    taskRegistry.entries.compactMap { kind in
      if case .own(let forms, _) = kind.world { (kind.name, forms) } else { nil }
    }
  }

  /// Which definition a file must fit.
  private static var choice: [String: Any] {
    var schema: [String: Any] = ["$ref": "#/$defs/environment"]
    for (task, forms) in ownForms {
      var own: [String: Any] = ["$ref": "#/$defs/\(forms[forms.count - 1].name)"]
      for form in forms.reversed() {
        guard let (key, value) = form.choice else { continue }
        own = either(key, value, then: ["$ref": "#/$defs/\(form.name)"], else: own)
      }
      schema = either("task", task, then: own, else: schema)
    }
    return schema
  }

  private static func either(
    _ key: String, _ value: String, then yes: [String: Any], else no: [String: Any]
  ) -> [String: Any] {
    [
      "if": ["properties": [key: ["const": value]], "required": [key]] as [String: Any], "then": yes, "else": no,
    ]
  }

  /// The common keys and those of every task; a task's own are refused with any other task.
  private static var environment: [String: Any] {
    var section = SpecificationSection.environment
    var rules: [[String: Any]] = []
    let tables = taskRegistry.entries.compactMap { kind in kind.table.map { (name: kind.name, table: $0) } }
    for (name, table) in tables {
      rules.append(timeLimit(of: name, isNeeded: table.hasTimeLimit))
      section.fields += table.fields.filter { field in !section.keys.contains(field.key) }
    }
    let own = Set(tables.flatMap { $0.table.fields.map(\.key) })
    for key in own.sorted() {
      let tasks = tables.filter { $0.table.fields.contains { $0.key == key } }
      let isOptional = tasks.allSatisfy { $0.table.fields.first { $0.key == key }?.standard != nil }
      var rule: [String: Any] = [
        "if": ["properties": ["task": ["enum": tasks.map(\.name)]], "required": ["task"]] as [String: Any],
        "else": ["properties": [key: false]],
      ]
      if !isOptional { rule["then"] = ["required": [key]] }
      rules.append(rule)
    }
    var object = object(section)
    // What only some tasks need is told by the rules.
    object["required"] = SpecificationSection.environment.fields.filter { $0.standard == nil }.map(\.key)
    object["allOf"] = rules
    return object
  }

  /// Tasks that take as long as they take have no time limit; all others need one.
  private static func timeLimit(of task: String, isNeeded: Bool) -> [String: Any] {
    // A file without a task is one of the first.
    let properties: [String: Any] = ["task": ["const": task]]
    let needed: [String] = task == taskRegistry.standard ? [] : ["task"]
    let isKind: [String: Any] = ["properties": properties, "required": needed]
    let refusal: [String: Any] = ["properties": ["time_limit": false]]
    let demand: [String: Any] = ["required": ["time_limit"]]
    return ["if": isKind, "then": isNeeded ? demand : refusal]
  }

  private static func key(of dimension: PhysicalDimension) -> String {
    dimension.rawValue.replacingOccurrences(of: " ", with: "_")
  }

  private static func object(_ section: SpecificationSection) -> [String: Any] {
    if let entry = section.entries.first {
      var names: [String: Any] = ["type": "object", "additionalProperties": described(entry), "minProperties": 1]
      if !section.fields.isEmpty {
        names["properties"] = Dictionary(uniqueKeysWithValues: section.fields.map { ($0.key, described($0)) })
      }
      return names
    }
    return [
      "type": "object",
      "properties": Dictionary(uniqueKeysWithValues: section.fields.map { ($0.key, described($0)) }),
      "required": section.fields.filter { $0.standard == nil }.map(\.key),
      "additionalProperties": false,
    ]
  }

  private static func described(_ field: SpecificationField) -> [String: Any] {
    var schema = form(field)
    if field.canBeOff { schema = ["anyOf": [schema, off]] }
    var description = field.meaning.prefix(1).uppercased() + field.meaning.dropFirst()
    if !field.dimension.unit.isEmpty { description += ", \(field.dimension.unit)" }
    if let standard = field.standard { description += ". Default: \(standard)" }
    schema["description"] = description + "."
    return schema
  }

  private static func form(_ field: SpecificationField) -> [String: Any] {
    switch field.form {
    case .text: return ["type": "string", "minLength": 1]
    case .flag: return ["type": "boolean"]
    case .word(let words): return ["type": "string", "enum": words]
    case .words(let words):
      let word: [String: Any] = ["type": "string", "enum": words]
      return ["anyOf": [word, ["type": "array", "items": word, "minItems": 1]]]
    case .number: return number(field)
    case .wholeNumber: return plainNumber(field, type: "integer")
    case .range: return pair(number(field))
    case .rangeOrNumber:
      return ["anyOf": [number(field), pair(number(field))]]
    case .point: return pair(number(field))
    case .values: return ["type": "array", "minItems": 1]
    case .numbers(let count):
      return [
        "type": "array", "items": number(field), "minItems": count.lowerBound, "maxItems": count.upperBound,
      ]
    case .picture: return ["anyOf": [pair(plainNumber(field, type: "integer")), off]]
    case .color: return ["type": "integer", "minimum": 0, "maximum": 0xffffff]
    case .section(let section): return object(section)
    case .list(let section): return ["type": "array", "items": object(section)]
    }
  }

  private static var off: [String: Any] { ["enum": ["off", false]] }

  private static func pair(_ item: [String: Any]) -> [String: Any] {
    ["type": "array", "items": item, "minItems": 2, "maxItems": 2]
  }

  private static func plainNumber(_ field: SpecificationField, type: String = "number") -> [String: Any] {
    var schema: [String: Any] = ["type": type]
    if let limits = field.limits {
      schema["minimum"] = limits.lowerBound
      schema["maximum"] = limits.upperBound
    }
    return schema
  }

  private static func number(_ field: SpecificationField) -> [String: Any] {
    let plain = plainNumber(field)
    guard !field.dimension.units.isEmpty else { return plain }
    return ["anyOf": [plain, ["$ref": "#/$defs/\(key(of: field.dimension))"]]]
  }
}
