// Commands that the program suggests: each can be pasted into a shell as it is printed.

import PlanarArmEnvironments
import PlanarPolicies

/// A command of this program, called as it was called.
struct NextCommand: CustomStringConvertible {
  /// Without the program.
  var arguments: [String]

  init(_ arguments: [String]) { self.arguments = arguments }

  /// The command under way, as it is repeated from the beginning.
  static var fromTheBeginning: NextCommand {
    NextCommand(CommandLine.arguments.dropFirst().filter { !["--resume", "--overwrite"].contains($0) })
  }

  /// The command with other options.
  ///
  /// - Parameters:
  ///   - changes: options with the values that they are to have.
  ///   - dropped: options that have no place in it, with their values.
  ///   - flags: flags that have no place in it.
  ///   - flag: is added where it is not there; nil for none.
  func again(
    setting changes: KeyValuePairs<String, String> = [:], dropping dropped: [String] = [], without flags: [String] = [],
    flag: String? = nil
  ) -> NextCommand {
    let leftOut = Set(changes.map(\.key) + dropped)
    var arguments: [String] = []
    var rest = self.arguments[...]
    while let word = rest.popFirst() {
      if leftOut.contains(word) {
        rest = rest.dropFirst()
      } else if !leftOut.contains(where: { word.hasPrefix($0 + "=") }), word != flag, !flags.contains(word) {
        arguments.append(word)
      }
    }
    if let flag { arguments.append(flag) }
    for (option, value) in changes { arguments += [option, value] }
    return NextCommand(arguments)
  }

  /// The command as it goes on in a folder.
  func resumed(in folder: String) -> NextCommand {
    again(setting: ["--output": folder], flag: "--resume")
  }

  /// Training on a dataset, into a folder beside it.
  ///
  /// - Parameter environment: the dataset's, by name or path.
  static func training(on dataset: String, in environment: String) -> NextCommand {
    let folder = dataset.hasSuffix("/") ? String(dataset.dropLast()) : dataset
    let isElsewhere = EnvironmentLibrary.isPath(environment)
    return NextCommand(
      ["train", HeadChoice.suggested.name, "--data", dataset] + (isElsewhere ? ["--environment", environment] : [])
        + ["--output", "\(folder)-\(HeadChoice.suggested.name)"])
  }

  var description: String {
    ([CommandLine.arguments[0]] + arguments).map(Self.quoted).joined(separator: " ")
  }

  /// A word as a shell reads it whole.
  static func quoted(_ word: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%".utf8)
    if !word.isEmpty, word.utf8.allSatisfy({ plain.contains($0) || $0 >= 0x80 }) { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

/// Prints commands, each on a line of its own.
func suggest(_ commands: [NextCommand], saying sentence: String = "Next:") {
  if commands.isEmpty { return }
  print(([sentence] + commands.map { "  \($0)" }).joined(separator: "\n"))
}
