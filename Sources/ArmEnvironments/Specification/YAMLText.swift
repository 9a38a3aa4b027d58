// YAML's errors as a person words them, for every kind of file that is written in it.

import PlanarCore
import Yams

/// What a text in YAML holds; nil where it is empty.
///
/// - Parameter file: what errors call the text.
/// - Throws: `UserError` with file and line where it is not valid YAML.
public func yamlNode(_ text: String, file: String) throws -> Node? {
  do { return try Yams.compose(yaml: text) } catch let error as YamlError {
    throw UserError("\(file)\(error.sentence)")
  }
}

extension YamlError {
  /// ":line: what is wrong" in one line.
  fileprivate var sentence: String {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return ":\(mark.line): is not valid YAML: \(problem)"
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
      return ":\(context.mark.line): the key \(keys) stands twice in one mapping"
    default:
      return " is not valid YAML: \(description.split(separator: "\n").first ?? "")"
    }
  }
}
