// As much of JSON Schema (draft 2020-12) as the environments' schema uses.

import Foundation

/// Says what of a value does not fit a schema.
struct JSONSchema {
  let root: [String: Any]

  init(root: [String: Any]) { self.root = root }

  init(_ data: Data) throws {
    root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// Complaints with the places they are about; empty where the value fits.
  func complaints(about value: Any) -> [String] { check(value, root, "$") }

  private static let understood: Set<String> = [
    "$schema", "$defs", "$ref", "title", "description", "type", "properties", "required", "additionalProperties",
    "minProperties", "enum", "const", "minimum", "maximum", "minLength", "pattern", "items", "minItems", "maxItems",
    "anyOf", "allOf", "if", "then", "else",
  ]

  private func check(_ value: Any, _ schema: Any, _ path: String) -> [String] {
    if let flag = schema as? Bool { return flag ? [] : ["\(path): nothing may stand here"] }
    guard let schema = schema as? [String: Any] else { return ["\(path): no schema"] }
    var wrong = schema.keys.filter { !Self.understood.contains($0) }.map { "\(path): the test does not know '\($0)'" }
    if let reference = schema["$ref"] as? String {
      let name = reference.replacingOccurrences(of: "#/$defs/", with: "")
      wrong += check(value, (root["$defs"] as? [String: Any])?[name] ?? false, path)
    }
    if let type = schema["type"] as? String, !Self.fits(value, type) {
      return wrong + ["\(path): is no \(type)"]
    }
    if let all = schema["enum"] as? [Any], !all.contains(where: { Self.equal($0, value) }) {
      wrong.append("\(path): is none of \(all)")
    }
    if let constant = schema["const"], !Self.equal(constant, value) { wrong.append("\(path): is not \(constant)") }
    if let number = value as? Double {
      if let least = schema["minimum"] as? Double, number < least { wrong.append("\(path): below \(least)") }
      if let most = schema["maximum"] as? Double, number > most { wrong.append("\(path): above \(most)") }
    }
    if let text = value as? String {
      if let least = schema["minLength"] as? Int, text.count < least { wrong.append("\(path): too short") }
      if let pattern = schema["pattern"] as? String,
        text.range(of: pattern, options: .regularExpression) == nil
      {
        wrong.append("\(path): '\(text)' does not match \(pattern)")
      }
    }
    if let array = value as? [Any] {
      if let least = schema["minItems"] as? Int, array.count < least { wrong.append("\(path): too few") }
      if let most = schema["maxItems"] as? Int, array.count > most { wrong.append("\(path): too many") }
      if let items = schema["items"] {
        for (index, entry) in array.enumerated() { wrong += check(entry, items, "\(path)[\(index)]") }
      }
    }
    if let object = value as? [String: Any] { wrong += checkObject(object, schema, path) }
    if let any = schema["anyOf"] as? [Any] {
      let tries = any.map { check(value, $0, path) }
      if !tries.contains([]) { wrong += tries.min { $0.count < $1.count } ?? [] }
    }
    for rule in schema["allOf"] as? [Any] ?? [] { wrong += check(value, rule, path) }
    if let condition = schema["if"] {
      let branch = check(value, condition, path).isEmpty ? "then" : "else"
      if let rule = schema[branch] { wrong += check(value, rule, path) }
    }
    return wrong
  }

  private func checkObject(_ object: [String: Any], _ schema: [String: Any], _ path: String) -> [String] {
    var wrong: [String] = []
    for key in schema["required"] as? [String] ?? [] where object[key] == nil {
      wrong.append("\(path).\(key): is missing")
    }
    if let least = schema["minProperties"] as? Int, object.count < least { wrong.append("\(path): is empty") }
    let properties = schema["properties"] as? [String: Any] ?? [:]
    for (key, value) in object.sorted(by: { $0.key < $1.key }) {
      if let known = properties[key] {
        wrong += check(value, known, "\(path).\(key)")
      } else if let others = schema["additionalProperties"] {
        wrong += check(value, others, "\(path).\(key)")
      }
    }
    return wrong
  }

  private static func isBool(_ value: Any) -> Bool {
    type(of: value) == Bool.self || "\(type(of: value))" == "__NSCFBoolean"
  }

  private static func fits(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": return value is [String: Any]
    case "array": return value is [Any]
    case "string": return value is String
    case "boolean": return value is Bool
    case "number": return value is Double
    case "integer": return (value as? Double).map { $0 == $0.rounded() } ?? false
    default: return false
    }
  }

  private static func equal(_ a: Any, _ b: Any) -> Bool {
    if let a = a as? String { return a == b as? String }
    if let b = b as? Bool { return a as? Bool == b }
    return false
  }
}
