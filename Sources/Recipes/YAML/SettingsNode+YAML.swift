// YAML as a settings file: what the parser tells, with the lines of keys.

import PlanarArmEnvironments
import PlanarCore
import Yams

extension SettingsNode {
  /// Reads a YAML text whose keys are in snake case.
  ///
  /// - Parameter file: what errors call the text.
  /// - Returns: nil where the text is empty.
  /// - Throws: `UserError` with file and line where it is not valid YAML.
  init?(yaml text: String, file: String) throws {
    guard let node = try yamlNode(text, file: file) else { return nil }
    try self.init(node, file: file, path: "", line: 1)
  }

  private init(_ node: Node, file: String, path: String, line: Int) throws {
    let line = node.mark?.line ?? line
    let content: Content
    switch node {
    case .mapping(let mapping):
      content = .mapping(
        try mapping.map { key, value in
          guard let name = key.string else {
            throw UserError("\(file):\(key.mark?.line ?? line): a key of the file is no text")
          }
          let path = SettingsNode.path(of: name, beneath: path)
          return (name, try SettingsNode(value, file: file, path: path, line: key.mark?.line ?? line, isEntry: true))
        })
    case .sequence(let sequence):
      content = .list(
        try sequence.enumerated().map { try SettingsNode($1, file: file, path: "\(path)[\($0)]", line: line) })
    case .scalar(let scalar): content = node.content(of: scalar)
    case .alias: throw UserError("\(file):\(line): '\(path)' is an alias, which recipes do not know")
    }
    self.init(file: file, path: path, line: line, style: .snakeCase, content: content)
  }

  /// The value of a key, whose line is where errors point.
  private init(_ node: Node, file: String, path: String, line: Int, isEntry: Bool) throws {
    let value = try SettingsNode(node, file: file, path: path, line: line)
    self.init(file: file, path: path, line: line, style: .snakeCase, content: value.content)
  }
}

extension Node {
  /// A scalar by what YAML takes it for.
  fileprivate func content(of scalar: Scalar) -> SettingsNode.Content {
    let (text, name) = (scalar.string, tag.description)
    func made(_ kind: SettingsNode.Scalar, _ value: String?) -> SettingsNode.Content {
      .scalar(value == nil ? .text : kind, value: value ?? text, written: text)
    }
    guard scalar.isPlainNumber || !["tag:yaml.org,2002:int", "tag:yaml.org,2002:float"].contains(name) else {
      return made(.text, text)
    }
    switch name {
    case "tag:yaml.org,2002:null": return made(.null, "null")
    case "tag:yaml.org,2002:bool": return made(.flag, bool.map { "\($0)" })
    case "tag:yaml.org,2002:int":
      let digits = text.replacing("_", with: "")
      return made(.whole, UInt64(digits) != nil || Int64(digits) != nil ? digits : int.map { "\($0)" })
    case "tag:yaml.org,2002:float": return made(.number, float.map { "\($0)" })
    default: return made(.text, text)
    }
  }
}
