// planar runs: what is in a folder of runs.

import ArgumentParser
import Foundation
import PlanarCore
import PlanarEvaluation

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs in a folder, newest first: what each is, what came of it, how to go on.",
    discussion: """
      Evaluations, sweeps, comparisons, experiments, trainings, checkpoints and data
      sets, in the folder or below it. Under each stands the command that opens it,
      or, where it was stopped, the one that goes on with it, to be pasted in the
      folder in which it was begun. What cannot be read is listed with the reason.

      Examples:
        planar runs
        planar runs runs/all
        planar runs --json
      """)

  @Argument(
    help: "A folder of runs, or the folder of one run. Default: runs, where commands write unless told otherwise.")
  var folder: String?

  @Flag(help: "Print the runs as one JSON array.")
  var json = false

  func run() throws {
    let place = URL(fileURLWithPath: folder ?? "runs", isDirectory: true)
    guard folder != nil || FileManager.default.fileExists(atPath: place.path) else { return tellNone() }
    let runs = try RunFolder.all(below: place)
    if json { return try printJSON(runs) }
    if runs.isEmpty { return tellNone() }
    for run in runs { print(text(of: run)) }
    print("\(runs.count) run\(runs.count == 1 ? "" : "s"), \(size(runs.reduce(0) { $0 + $1.bytes }))")
  }

  private func tellNone() {
    if json { return print("[]") }
    print("There are no runs in \(folder ?? "runs").")
    suggest([NextCommand(["eval", "--policy", "push-flow"])], saying: "To make one:")
  }

  private func text(of run: RunFolder) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyy-MM-dd HH:mm"
    let kind = padded(run.kind, 11)
    let date = run.date == .distantPast ? "no files        " : formatter.string(from: run.date)
    var lines = [
      "\(date)  \(kind)  \(run.folder)  (\(run.state.rawValue), \(size(run.bytes)))", "  \(run.headline)",
    ]
    if let command = run.command {
      lines.append("  \(command)")
    } else if run.state == .resumable {
      lines.append("  Its folder does not say how it was begun: repeat that command with --resume and this --output.")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Such as `1.2 MB`.
  private func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: "\(fixed(Double(bytes) / 1e3, 1)) kB"
    case ..<1_000_000_000: "\(fixed(Double(bytes) / 1e6, 1)) MB"
    default: "\(fixed(Double(bytes) / 1e9, 1)) GB"
    }
  }
}
