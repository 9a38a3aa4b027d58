// planar verify: does the engine do what it should, by cases that others have computed?

import ArgumentParser
import Evaluation
import Foundation
import PlanarCore
import Verification

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Replay reference cases and compare.",
    subcommands: [VerifyPhysicsCommand.self])
}

struct VerifyPhysicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "physics",
    abstract: "Replay reference trajectories, closed forms and gym-pusht's episodes in our physics.",
    discussion: """
      Prints each case's error and tolerance; a case with several quantities shows the one nearest to its tolerance.
      Ends with exit code 1 if a case fails.

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

/// Prints a report.
///
/// - Throws: exit code 1 where a case failed.
private func show(_ report: VerificationReport, json: Bool) throws {
  if json {
    try printJSON(report)
  } else {
    var table = TextTable(header: ["case: quantity", "error", "tolerance", "result"])
    table.rows = report.cases.map {
      [
        "\($0.name): \($0.quantity)", String(format: "%.2e", $0.error),
        String(format: "%.2e", $0.tolerance), $0.passed ? "pass" : "FAIL",
      ]
    }
    print(table.text, terminator: "")
    for file in report.absent { print("absent: \(file)") }
    let passed = report.cases.count - report.failed
    print(
      "\(report.cases.count) cases: \(passed) passed, \(report.failed) failed, \(report.skipped) skipped")
  }
  if report.failed > 0 { throw ExitCode(1) }
}
