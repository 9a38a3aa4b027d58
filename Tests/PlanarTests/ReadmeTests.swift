// The README and the guide: what they tell to type works, and their pages hang together.

import ArgumentParser
import Foundation
import PlanarCommands
import PlanarProgramTesting
import Testing

/// The commands of a page's `sh` blocks, without comments, each as its words.
private func commands(in page: String) -> [[String]] {
  page.components(separatedBy: "```sh\n").dropFirst().flatMap { block in
    block.components(separatedBy: "```")[0].split(separator: "\n").map(words).filter { !$0.isEmpty }
  }
}

/// A line as a shell reads it, as far as quotation marks and comments go.
private func words(of line: Substring) -> [String] {
  var words: [String] = []
  var word: String?
  var isQuoted = false
  for character in line {
    switch character {
    case "\"":
      isQuoted.toggle()
      word = word ?? ""
    case " " where !isQuoted:
      if let finished = word { words.append(finished) }
      word = nil
    case "#" where !isQuoted && word == nil: return words
    default: word = (word ?? "") + String(character)
    }
  }
  return words + (word.map { [$0] } ?? [])
}

/// The options with which a command takes seconds; they replace its own.
private let quickForms: [String: [(String, String)]] = [
  "demo": [("--headless", ""), ("--episodes", "1")],
  "eval": [("--episodes", "10")],
  "compare": [("--budgets", "200,400"), ("--seeds", "1"), ("--steps", "20"), ("--episodes", "4")],
  "record": [("--episodes", "20")],
  "train": [("--steps", "20"), ("--no-evaluation", "")],
]

/// What learns in a second.
private let quickRecipe = """
  name: quick
  description: Nothing that could be used.
  environment: push
  data: {episodes: 20, label_stride: 8}
  head: {name: regression}
  method: {name: dagger, options: {budgets: [100, 150], round_steps: 2}}
  training: {steps: 4, batch_size: 16}
  evaluation: {conditions: []}
  """

/// A command with the options of its quick form.
private func quick(_ arguments: [String], recipe: String) -> [String] {
  if arguments.contains("--tour") { return arguments + ["--headless"] }
  if arguments.contains("--learn") { return arguments + ["--headless", "--recipe", recipe] }
  return quickForms[arguments[0], default: []].reduce(into: arguments) { arguments, option in
    let (name, value) = option
    if let index = arguments.firstIndex(of: name) {
      if !value.isEmpty { arguments[index + 1] = value }
    } else {
      arguments += value.isEmpty ? [name] : [name, value]
    }
  }
}

private func page(_ path: String) throws -> String {
  try String(contentsOf: projectFolder.appendingPathComponent(path), encoding: .utf8)
}

private let guide = "Sources/Planar/Planar.docc"

private func guidePages() throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: projectFolder.appendingPathComponent(guide).path)
    .filter { $0.hasSuffix(".md") }.sorted()
}

@Suite(.serialized) struct ReadmeTests {
  @Test func isOnePage() throws {
    #expect(try page("README.md").split(separator: "\n", omittingEmptySubsequences: false).count <= 200)
  }

  @Test func hasAMovingPicture() throws {
    let picture = try #require(
      try page("README.md").firstMatch(of: /!\[[^\]]+\]\((?<path>[^)]+)\)/).map { String($0.output.path) })
    let bytes = [UInt8](try Data(contentsOf: projectFolder.appendingPathComponent(picture)))
    #expect(bytes.count < 1_500_000)
    #expect(bytes.starts(with: Array("GIF89a".utf8)))
    // Each picture of a GIF has an extension that says how long it is shown.
    #expect(bytes.ranges(of: [0x21, 0xf9, 0x04]).count > 100)
  }

  @Test func linksLeadSomewhere() throws {
    for name in ["README.md", "CONTRIBUTING.md"] {
      for match in try page(name).matches(of: /\]\((?<path>[^)]+)\)/) where !match.output.path.hasPrefix("http") {
        let path = projectFolder.appendingPathComponent(String(match.output.path)).path
        #expect(FileManager.default.fileExists(atPath: path), "\(name) links to \(match.output.path)")
      }
    }
  }

  /// Every command in order, in a folder that has the project's files, with fewer episodes and steps.
  @Test func commandsWork() throws {
    let folder = try TestFolder()
    for name in ["Assets", "Environments"] {
      try FileManager.default.createSymbolicLink(
        at: folder.url(name), withDestinationURL: projectFolder.appendingPathComponent(name))
    }
    let commands = commands(in: try page("README.md"))
    #expect(commands.count >= 10)
    try Data(quickRecipe.utf8).write(to: folder.url("quick.yaml"))
    for command in commands {
      switch command[0] {
      case "make":
        let targets = try page("Makefile").split(separator: "\n").filter { $0.hasPrefix(command[1] + ":") }
        #expect(targets.count == 1, "make has no target \(command[1])")
      case ".build/release/planar":
        let run = try run(
          "planar", quick(Array(command.dropFirst()), recipe: folder.path("quick.yaml")), in: folder.root,
          hiding: ["DISPLAY", "WAYLAND_DISPLAY"])
        #expect(run.status == 0, "\(command.joined(separator: " ")): \(run.errors)")
        #expect(!run.output.isEmpty)
      default: Issue.record("nobody tests '\(command.joined(separator: " "))'")
      }
    }
  }
}

@Suite struct GuideTests {
  /// Options, commands and values exist; nothing is run.
  @Test func commandsAreUnderstood() throws {
    var count = 0
    for name in try guidePages() {
      for command in commands(in: try page("\(guide)/\(name)")) where command[0] == "planar" {
        count += 1
        #expect(throws: Never.self, "\(name): \(command.joined(separator: " "))") {
          _ = try PlanarCommand.parseAsRoot(Array(command.dropFirst()))
        }
      }
    }
    #expect(count > 30)
  }

  /// Every page can be reached from the first, and no link is dead.
  @Test func pagesAreLinked() throws {
    let names = Set(try guidePages().map { String($0.dropLast(3)) })
    var linked: Set = ["Planar"]
    for name in names {
      for match in try page("\(guide)/\(name).md").matches(of: /<doc:(?<page>\w+)>/) {
        let target = String(match.output.page)
        #expect(names.contains(target), "\(name).md links to \(target)")
        if name == "Planar" { linked.insert(target) }
      }
    }
    #expect(linked == names)
  }
}
