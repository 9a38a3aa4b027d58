// planar verify: do physics, networks and text encoders do what they should, by cases that others have computed?

import ArgumentParser
import PlanarEvaluation
import Foundation
import PlanarCore
import PlanarVerification

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Replay reference cases and compare.",
    subcommands: [
      VerifyPhysicsCommand.self, VerifyNetworksCommand.self, VerifySchedulersCommand.self,
      VerifyLanguageCommand.self,
    ])
}

struct VerifyPhysicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "physics",
    abstract: "Replay reference trajectories, closed forms and gym-pusht's episodes in our physics.",
    discussion: """
      Prints each case's error and tolerance; a case with several quantities shows
      the one nearest to its tolerance. Ends with exit code 1 if a case fails.

      Example:
        planar verify physics --cases reference/physics
      """)

  @Option(
    help: ArgumentHelp(
      "Folder of reference files, as make_physics.py writes them.", valueName: "folder"))
  var cases: String

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let report = try PhysicsVerification.run(
      directory: URL(fileURLWithPath: cases, isDirectory: true), threads: threads.threads,
      progress: ConsoleProgress())
    try show(report, json: json)
  }
}

struct VerifyNetworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nn",
    abstract: "Compare operations, optimizers and whole networks with PyTorch's numbers.",
    discussion: """
      Prints the output, every gradient and whatever else a case compares: its
      largest absolute error, that error's ratio to the largest number of the
      reference, and which of the two (or of other measures) is held to the
      tolerance; --brief prints only the quantity of each case that is nearest to
      its tolerance. Ends with exit code 1 if a case fails.

      Example:
        planar verify nn --cases reference/nn
      """)

  @OptionGroup var options: ReferenceOptions

  func run() throws {
    let report = try NeuralVerification.run(
      directory: options.directory, threads: options.threads.threads, progress: ConsoleProgress())
    try show(report, json: options.json, brief: options.brief)
  }
}

struct VerifySchedulersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedulers",
    abstract: "Compare noise schedulers with diffusers' numbers, and flow integrators.",
    discussion: """
      Prints every quantity with its largest absolute and relative error; --brief
      prints only the one of each case that is nearest to its tolerance. Ends with
      exit code 1 if a case fails.

      Example:
        planar verify schedulers --cases reference/nn
      """)

  @OptionGroup var options: ReferenceOptions

  func run() throws {
    let report = try SchedulerVerification.run(
      directory: options.directory, threads: options.threads.threads, progress: ConsoleProgress())
    try show(report, json: options.json, brief: options.brief)
  }
}

struct VerifyLanguageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "language",
    abstract: "Compare MiniLM's identifiers and sentence embeddings with PyTorch's numbers.",
    discussion: """
      Needs the model, which 'make minilm' fetches. Prints for every text how many
      identifiers differ, the largest error of an element of its embedding, and
      how far its cosine to the reference is from 1; --brief prints only the one
      of these that is nearest to its tolerance. Ends with exit code 1 if a case
      fails.

      Example:
        planar verify language --cases reference/language
      """)

  @Option(
    help: ArgumentHelp("Folder of reference files, as make_language.py writes them.", valueName: "folder"))
  var cases: String

  @Option(help: ArgumentHelp("Folder of MiniLM's files. (default: Assets/minilm)", valueName: "folder"))
  var model: String?

  @Flag(help: "Print one JSON object, with every quantity of each case.")
  var json = false

  @Flag(help: "Print one line a case, and one for each quantity that failed.")
  var brief = false

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let report = try LanguageVerification.run(
      directory: URL(fileURLWithPath: cases, isDirectory: true),
      model: model.map { URL(fileURLWithPath: $0, isDirectory: true) }, threads: threads.threads,
      progress: ConsoleProgress())
    try show(report, json: json, brief: brief)
  }
}

struct ReferenceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Folder of reference files, as make_nn.py writes them.", valueName: "folder"))
  var cases: String

  @Flag(help: "Print one JSON object, with every quantity of each case.")
  var json = false

  @Flag(help: "Print one line a case, and one for each quantity that failed.")
  var brief = false

  @OptionGroup var threads: ThreadOptions

  var directory: URL { URL(fileURLWithPath: cases, isDirectory: true) }
}

/// Prints a report.
///
/// - Parameter brief: only the quantity of a case that is nearest to its tolerance, and those that failed.
/// - Throws: exit code 1 where a case failed.
private func show(_ report: VerificationReport, json: Bool, brief: Bool = true) throws {
  if json {
    try printJSON(report)
  } else {
    print(table(of: report, brief: brief).text, terminator: "")
    for file in report.absent { print("absent: \(file)") }
    let passed = report.cases.count - report.failed
    print(
      "\(report.cases.count) cases: \(passed) passed, \(report.failed) failed, \(report.skipped) skipped")
  }
  if report.failed > 0 { throw ExitCode(1) }
}

/// One row a case; where arrays were compared, one a quantity, with absolute and relative errors.
private func table(of report: VerificationReport, brief: Bool) -> TextTable {
  func row(
    _ name: String, _ errors: [Double?], _ passed: Bool
  ) -> [String] {
    [name] + errors.map { $0.map { String(format: "%.2e", $0) } ?? "" } + [passed ? "pass" : "FAIL"]
  }
  guard report.cases.contains(where: { $0.checks != nil }) else {
    var table = TextTable(header: ["case: quantity", "error", "tolerance", "result"])
    table.rows = report.cases.map {
      row("\($0.name): \($0.quantity)", [$0.error, $0.tolerance], $0.passed)
    }
    return table
  }
  var table = TextTable(
    header: ["case: quantity", "absolute", "relative", "error", "tolerance", "result"])
  for result in report.cases {
    let checks = result.checks ?? []
    let shown = checks.filter { !brief || !$0.passed || $0.quantity == result.quantity }
    for check in shown {
      table.rows.append(
        row(
          "\(result.name): \(check.quantity)",
          [check.absolute, check.relative, check.error, check.tolerance], check.passed))
    }
    // A case of nothing that could be compared.
    if shown.isEmpty {
      table.rows.append(
        row("\(result.name): \(result.quantity)", [nil, nil, result.error, result.tolerance], result.passed))
    }
  }
  return table
}
