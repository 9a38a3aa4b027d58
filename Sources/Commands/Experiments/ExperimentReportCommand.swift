// planar experiment report: what came of finished experiments, on one page.

import ArgumentParser
import Foundation
import PlanarCore
import PlanarEvaluation
import PlanarExperiments

struct ExperimentReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "List what came of finished experiments, and write one page that leads to all.",
    discussion: """
      Examples:
        planar experiment report runs/all/*
        planar experiment report runs/covariate-shift runs/delay --output experiments.html
      """)

  @Argument(help: "Folders that 'planar experiment run' has written.")
  var folderNames: [String]

  @Option(help: "An HTML page to write, with a link to each report.")
  var output: String?

  @Flag(help: "Replace --output where it is there.")
  var overwrite = false

  @Flag(help: "Print the verdicts as one JSON array.")
  var json = false

  func run() throws {
    let folders = folderNames.map { URL(fileURLWithPath: $0, isDirectory: true) }
    let found = try folders.map { ($0, try ExperimentVerdict(reading: $0)) }
    for (folder, verdict) in found where verdict == nil {
      warn("\(folder.relativePath) holds no finished experiment (no verdict.json), and is left out")
    }
    let finished = found.compactMap { folder, verdict in verdict.map { (folder, $0) } }
    let verdicts = finished.map(\.1)
    guard !verdicts.isEmpty else {
      throw UserError(
        "none of the folders holds a finished experiment; give those that 'planar experiment run' has written")
    }
    if let output {
      guard overwrite || !FileManager.default.fileExists(atPath: output) else {
        throw UserError("\(output) is there already; give --overwrite to replace it, or another --output")
      }
      var page = HTMLReport(title: "Experiments")
      for (folder, verdict) in finished {
        page.heading(verdict.experiment)
        page.paragraph(verdict.headline)
        page.link("The whole report", to: path(to: folder.appendingPathComponent("report.html"), from: output))
      }
      try page.write(to: URL(fileURLWithPath: output))
    }
    if json { return try printJSON(verdicts) }
    for verdict in verdicts { print("\(verdict.experiment): \(verdict.headline)\n") }
    if let output { print("Page: \(output)") }
  }

  /// A file as a page beside it links to it.
  private func path(to file: URL, from page: String) -> String {
    let target = file.standardizedFileURL.pathComponents
    let base = URL(fileURLWithPath: page).standardizedFileURL.deletingLastPathComponent().pathComponents
    let common = zip(target, base).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: base.count - common)
    return (up + target.dropFirst(common)).joined(separator: "/")
  }
}
