// Options of tasks as flags: `--segments 8` for `--task-option segments=8`, whatever tasks there are.

import PlanarArmEnvironments

/// Rewrites a command line before it is parsed.
enum TaskOptionFlags {
  /// What `--help` says of the options that tasks have.
  static var help: String {
    let options = taskRegistry.entries.flatMap(\.options).map { "--\(flag($0)): \($0.meaning)." }
    return "An option of the task, such as segments=8; each is a flag of its own too."
      + options.map { "\n" + $0 }.joined()
  }

  private static func flag(_ option: TaskOption) -> String { option.name.replacing("_", with: "-") }

  /// The arguments with every flag of a task as `--task-option name=value`.
  static func rewritten(_ arguments: [String]) -> [String] {
    let options = taskRegistry.entries.flatMap(\.options)
    var result: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" { return result + [word] + rest }
      let option = options.first { word == "--\(flag($0))" || word.hasPrefix("--\(flag($0))=") }
      guard let option else {
        result.append(word)
        continue
      }
      let value = word.contains("=") ? String(word.split(separator: "=", maxSplits: 1)[1]) : rest.popFirst()
      // Without a value, the parser says what is missing.
      result += ["--task-option"] + (value.map { ["\(option.name)=\($0)"] } ?? [])
    }
    return result
  }
}
