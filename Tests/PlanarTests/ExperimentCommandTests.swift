// planar experiment: one claim, all of them, and one page that leads to what came out.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct ExperimentCommandTests {
  private let folder: TestFolder
  init() throws { folder = try TestFolder() }

  @Test func aClaimIsRunToldAndFoundAgain() throws {
    let first = try planar(
      "experiment", "run", "language", "--quick", "--episodes", "8", "--threads", "2", "--output",
      folder.path("runs/words"))
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("predictions held") && first.output.contains("predicted: 40 points or more"))
    for name in ["report.html", "verdict.json", "result.json", "cells.jsonl", "plan.json"] {
      #expect(FileManager.default.fileExists(atPath: folder.path("runs/words/\(name)")), "\(name)")
    }
    let page = try String(contentsOf: folder.url("runs/words/report.html"), encoding: .utf8)
    #expect(page.contains("<canvas") && page.contains("planar experiment run language --quick --episodes 8"))
    try FileManager.default.createDirectory(at: folder.url("runs/empty"), withIntermediateDirectories: true)
    let listed = try planar(
      "experiment", "report", folder.path("runs/words"), folder.path("runs/empty"), "--json", "--output",
      folder.path("runs/all.html"))
    #expect(listed.status == 0 && listed.errors.contains("holds no finished experiment"), "\(listed.errors)")
    let verdicts = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
    #expect(verdicts.count == 1 && verdicts[0]["experiment"] as? String == "language")
    #expect(verdicts[0]["arguments"] as? [String] == ["--quick", "--episodes", "8"])
    let all = try String(contentsOf: folder.url("runs/all.html"), encoding: .utf8)
    #expect(all.contains("href=\"words/report.html\""), "links hold where the folders are moved together")
    let again = try planar(
      "experiment", "report", folder.path("runs/words"), "--output", folder.path("runs/all.html"))
    #expect(again.status == 1 && again.errors.contains("is there already"))
  }

  @Test func nothingIsRunUnasked() throws {
    let run = try planar("experiment", "run")
    #expect(
      run.status == 1 && run.errors.contains("name an experiment") && run.errors.contains("--all"), "\(run.errors)")
    let none = try planar("experiment", "report", folder.root.path)
    #expect(none.status == 1 && none.errors.contains("none of the folders holds a finished experiment"))
    let elsewhere = try planar("experiment", "run", "delay", "--environment", "push")
    #expect(elsewhere.status == 64, "an experiment on arms says itself where they run")
    let mixed = try planar(
      "experiment", "run", "evaluation-itself", "--quick", "--first", "push-flow", "--second", "detour-flow",
      "--output",
      folder.path("mixed"))
    #expect(mixed.status == 1 && mixed.errors.contains("give --first and --second two policies of one environment"))
  }

  /// All of them, interrupted in the first, go on in the folder that the suggestion names.
  @Test func allOfThemGoOn() throws {
    let output = folder.path("all")
    let arguments = ["experiment", "run", "--all", "--quick", "--threads", "2", "--output", output]
    let plan = "\(output)/covariate-shift/plan.json"
    let stopped = try run("planar", arguments, interruptingWhen: { FileManager.default.fileExists(atPath: plan) })
    #expect(stopped.status == 130, "\(stopped.errors)")
    #expect(stopped.output.contains("--resume"), "\(stopped.output)")
    #expect(FileManager.default.fileExists(atPath: "\(output)/experiments.json"))
    try FileManager.default.removeItem(atPath: plan)
    let again = try run(
      "planar", arguments + ["--resume"], interruptingWhen: { FileManager.default.fileExists(atPath: plan) })
    #expect(again.status == 130, "it went on: \(again.errors)")
  }
}
