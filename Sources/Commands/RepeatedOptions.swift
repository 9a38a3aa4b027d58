// An option with one value that is given twice: which of the two was meant, only the person knows.

import ArgumentParser
import Foundation
import PlanarCore

/// Finds options that are given more often than they count.
enum RepeatedOptions {
  /// What the parser tells of its commands, as far as it is read here.
  private struct Tool: Decodable {
    struct Command: Decodable {
      var commandName: String
      var subcommands: [Command]?
      var defaultSubcommand: String?
      var arguments: [Argument]?
    }
    struct Argument: Decodable {
      struct Name: Decodable {
        var kind: String
        var name: String
      }
      var kind: String
      var isRepeating: Bool
      var names: [Name]?
    }
    var command: Command
  }

  /// - Throws: `UserError` naming an option with one value that stands twice in a command line.
  static func refuse(in arguments: [String], of root: any ParsableCommand.Type) throws {
    var counts: [String: Int] = [:]
    for word in arguments.prefix(while: { $0 != "--" }) where word.hasPrefix("--") {
      counts[String(word.dropFirst(2).prefix { $0 != "=" }), default: 0] += 1
    }
    let repeated = counts.filter { $0.value > 1 }.map(\.key).sorted()
    // The parser is asked only where it matters: its answer takes a while to read.
    guard !repeated.isEmpty, let tool = try? JSONDecoder().decode(Tool.self, from: Data(root._dumpHelp().utf8)) else {
      return
    }
    var command = tool.command
    for word in arguments {
      guard let next = command.subcommands?.first(where: { $0.commandName == word }) else { break }
      command = next
    }
    while let name = command.defaultSubcommand,
      let next = command.subcommands?.first(where: { $0.commandName == name })
    { command = next }
    if command.commandName == "eval", repeated.contains("policy") {
      try ComparePoliciesCommand.suggest(insteadOf: values(of: "policy", in: arguments))
    }
    for name in repeated {
      let option = command.arguments?.first { $0.names?.contains { $0.kind == "long" && $0.name == name } == true }
      guard let option, option.kind == "option", !option.isRepeating else { continue }
      throw UserError("--\(name) is given \(counts[name]!) times, but has one value; give it once")
    }
  }

  /// What stands behind an option, each time that it is given.
  private static func values(of name: String, in arguments: [String]) -> [String] {
    arguments.indices.compactMap { index in
      if arguments[index] == "--\(name)" { return arguments.dropFirst(index + 1).first }
      return arguments[index].hasPrefix("--\(name)=") ? String(arguments[index].dropFirst(name.count + 3)) : nil
    }
  }
}
