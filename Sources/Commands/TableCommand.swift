// planar table: many evaluations as one page.

import ArgumentParser
import PlanarEvaluation
import Foundation
import PlanarCore

struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Write tables of many evaluations: success, samplers, execution under delay.",
    discussion: """
      Reads every summary.json in the folders and below them, as 'planar eval
      --output' leaves them. What a run was, its summary says: no name of a folder
      matters.

      The table of samplers holds the runs that were given --sampling-steps, and
      other runs of the same policies on the same episodes. With --reference, each
      is held against that run episode by episode.

      Examples:
        planar table runs/measured
        planar table runs/measured --reference push-diffusion:100 --latency runs/latency.json --output Assets/ZOO.md
      """)

  @Argument(help: "Folders of evaluations, or of folders of evaluations.")
  var folders: [String]

  @Option(help: "What samplers are held against: a policy, or a policy and its steps, such as push-diffusion:100.")
  var reference: String?

  @Option(help: "What 'planar bench policies --json' has printed.")
  var latency: String?

  @Option(help: "A file whose text comes first, such as a title.")
  var introduction: String?

  @Option(help: "The page to write. Default: it is printed.")
  var output: String?

  @Flag(help: "Print the tables as one JSON object.")
  var json = false

  func run() throws {
    // The page is claimed before the work; it gets its place when it is whole.
    if let output, !json {
      var page = try PartialFile(replacing: URL(fileURLWithPath: output))
      let (text, count) = try markdown()
      try page.write(Data(text.utf8))
      try page.commit()
      return print("\(count) evaluations: \(output)")
    }
    if json { return try printJSON(try tables().tables) }
    print(try markdown().text, terminator: "")
  }

  private func tables() throws -> (tables: EvaluationTables, count: Int) {
    let runs = try folders.flatMap {
      try EvaluationRun.all(below: URL(fileURLWithPath: $0, isDirectory: true))
    }
    return (try EvaluationTables(of: runs, reference: reference, latencies: latencies()), runs.count)
  }

  private func markdown() throws -> (text: String, count: Int) {
    let (tables, count) = try tables()
    var text = tables.markdown
    if let introduction {
      text = try settingsText(URL(fileURLWithPath: introduction)) + "\n" + text
    }
    while text.hasSuffix("\n\n") { text.removeLast() }
    return (text, count)
  }

  private func latencies() throws -> [PolicyLatency] {
    guard let latency else { return [] }
    let text = try settingsText(URL(fileURLWithPath: latency))
    return try SettingsNode(json: text, file: latency).decode(PolicyLatencyReport.self).policies
  }
}
