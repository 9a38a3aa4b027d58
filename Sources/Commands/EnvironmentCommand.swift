// planar environment: what environments there are, what is in them, and whether one's own is sound.

import ArgumentParser
import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface

struct EnvironmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "environment",
    abstract: "List, describe and check environments, or draw what their resets look like.",
    discussion: """
      An environment is a folder with two files: environment.yaml (robot, table,
      objects, zones, task, domain randomization) and commands.yaml (the wordings of
      its commands). Environments/README.md explains every key.

      Make one of your own in four steps:
        cp -r Environments/push Environments/mine          begin with one that works
        (edit name: and whatever you like in Environments/mine/environment.yaml)
        planar environment check Environments/mine         one line for everything that is wrong
        planar environment render mine                     a picture of 16 resets at every level
      Then it works everywhere, and elsewhere on the disk by its path:
        planar eval --environment mine --policy expert
        planar eval --environment ~/elsewhere/mine --policy expert

      Examples:
        planar environment list
        planar environment show push
        planar environment check ~/elsewhere/mine.yaml
        planar environment render push --level wide --output push-wide.png
      """,
    subcommands: [
      EnvironmentListCommand.self, EnvironmentShowCommand.self, EnvironmentCheckCommand.self,
      EnvironmentRenderCommand.self,
    ])
}

struct EnvironmentListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name, task, robot, rungs, description and purpose of every environment.",
    discussion: """
      Description, purpose and rungs are keys of environment.yaml. A rung is a number
      that makes the task harder, for --rung, without changing what is observed or
      commanded: rung 1 is the file as it stands.

      Example:
        planar environment list --json
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Entry: Encodable {
      var name: String
      var task: String
      var robot: String
      var rungs: Int
      var description: String
      var purpose: String
    }
    var environments: [Entry]
  }

  func run() throws {
    let entries = try EnvironmentLibrary.names().map { name in
      let summary = try EnvironmentSummary(folder: EnvironmentLibrary.folder(of: name))
      return Report.Entry(
        name: name, task: summary.task, robot: summary.robot, rungs: summary.rungs, description: summary.description,
        purpose: summary.purpose)
    }
    if json { return try printJSON(Report(environments: entries)) }
    let width = entries.map(\.name.count).max() ?? 0
    let taskWidth = entries.map(\.task.count).max() ?? 0
    let robotWidth = entries.map(\.robot.count).max() ?? 0
    for entry in entries {
      let rungs = entry.rungs == 1 ? "1 rung " : "\(entry.rungs) rungs"
      let names = "\(padded(entry.name, width))  \(padded(entry.task, taskWidth))  \(padded(entry.robot, robotWidth))"
      print("\(names)  \(rungs)  \(entry.description)")
      if !entry.purpose.isEmpty { print("\(String(repeating: " ", count: width))  for: \(entry.purpose)") }
    }
  }
}

struct EnvironmentShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Everything about one environment: features, randomization, commands.",
    discussion: """
      Shows what the file comes to: what is observed, by name, shape, unit and
      range; what each level of domain randomization draws; example commands in
      every language; and how many commands each split has.

      Examples:
        planar environment show push
        planar environment show push --robot gantry
        planar environment show push --json
      """)

  @Argument(help: "The environment, a folder under Environments/, or a path.")
  var name: String

  @Option(help: "A robot of Environments/robots in place of the environment's own.")
  var robot: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let description = try EnvironmentDescription(folder: EnvironmentLibrary.folder(of: name), robot: robot)
    if json { return try printJSON(description) }
    print(EnvironmentPage(description: description).text)
  }
}

struct EnvironmentCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Whether an environment is sound; one line for everything that is not.",
    discussion: """
      Reads the files as loading does (unknown keys, types, units, impossible places
      and sizes: file, line, what was expected), then resets the environment 200
      times at every randomization level and looks at every scene: that observations
      lie within the declared bounds, that no episode begins obeyed, that every
      command is understood, that objects had room. Where the task has a scripted
      expert, it works through 20 episodes a level. Rungs above the first are tried the
      same way at the level that comes first.

      The exit code is 0 where nothing was found, else 1.

      Examples:
        planar environment check Environments/push
        planar environment check ~/elsewhere/mine.yaml        read with the commands.yaml beside it
        planar environment check Environments/robots/arm3.yaml
      """)

  @Argument(help: "A folder or file, anywhere; or the name of an environment.")
  var path: String

  @Option(within: 1...1_000_000, help: "Resets at every level.")
  var resets = 200

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    var url = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
    if !FileManager.default.fileExists(atPath: url.path), !path.contains("/"), !path.hasSuffix(".yaml") {
      url = try EnvironmentLibrary.folder(of: path)
    }
    let check = EnvironmentCheck(url, resets: resets, threads: threads.threads)
    if json {
      try printJSON(check)
    } else if check.isSound {
      print("\(url.relativePath) is sound: \(check.tried.joined(separator: "; ")).")
    } else {
      for finding in check.findings {
        print(finding.level.isEmpty ? finding.message : "at \(finding.level): \(finding.message)")
      }
    }
    if !check.isSound { throw ExitCode.failure }
  }
}

/// `planar environment show` for people.
private struct EnvironmentPage {
  let description: EnvironmentDescription

  var text: String { [head, features, randomization, commands].joined(separator: "\n") }

  private var head: String {
    let seconds = Double(description.maximumSteps) / description.controlRate
    var lines = [description.name + (description.description.isEmpty ? "" : ": \(description.description)")]
    if !description.purpose.isEmpty { lines.append("for: \(description.purpose)") }
    lines += [
      "",
      "task      \(description.task)", "robot     \(description.robot)",
      "control   \(plain(description.controlRate)) actions/s, episodes of up to \(description.maximumSteps) actions (\(plain(seconds)) s)",
    ]
    if !description.objects.isEmpty { lines.append("objects   \(description.objects)") }
    if !description.zones.isEmpty { lines.append("zones     \(description.zones.joined(separator: ", "))") }
    if description.rungs > 1 { lines.append("rungs     1 to \(description.rungs): \(description.rungValues)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var features: String {
    var lines = ["Features"]
    for feature in description.features {
      lines.append("  \(feature.name) \(feature.shape)")
      for (index, element) in feature.elements.enumerated() {
        let range = feature.bounds.map { "\(plain($0[index].least)) to \(plain($0[index].greatest))" } ?? ""
        lines.append("    \(padded(element, 30)) \(range)".trimmingTrailingSpaces)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var randomization: String {
    let names = randomizationFactors.entries.filter { item in
      description.levels.contains { $0.items.contains { $0.name == item.name } }
    }
    var lines = ["Randomization"]
    let columns = description.levels.map { level -> [String] in
      [level.name]
        + names.map { item in
          level.items.first { $0.name == item.name }
            .map { item.text($0.least...$0.greatest, unit: $0.unit) } ?? "–"
        }
    }
    let widths = columns.map { $0.map(\.count).max()! }
    let titles = ["item"] + names.map { item -> String in item.alias.map { "\(item.name), \($0)" } ?? item.name }
    let width = titles.map(\.count).max()!
    for row in 0...names.count {
      let cells = zip(columns, widths).map { padded($0[row], $1) }.joined(separator: "  ")
      lines.append(
        "  \(padded(titles[row], width))  \(cells)  \(row == 0 ? "" : names[row - 1].meaning)".trimmingTrailingSpaces)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var commands: String {
    var lines = ["Commands"]
    for language in description.commands {
      lines.append("  \(language.language == .korean ? "Korean" : "English")")
      lines += language.examples.map { "    \($0)" }
      for split in language.splits {
        lines.append(
          "    \(padded(split.name, 14)) \(split.commands) commands: \(split.templates) templates, \(split.instructions) instructions"
        )
      }
    }
    return lines.joined(separator: "\n")
  }

  private func plain(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(format: "%.4g", value)
  }
  private func plain(_ value: Float) -> String { plain(Double(value)) }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
