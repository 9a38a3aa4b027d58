// What earlier versions of the program wrote is read: Tests/Golden has a folder for each version.

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct GoldenFilesTests {
  private static let golden = projectFolder.appendingPathComponent("Tests/Golden")
  /// The versions that have left files.
  static let versions =
    ((try? FileManager.default.contentsOfDirectory(atPath: golden.path)) ?? []).filter { $0 != "README.md" }.sorted()

  @Test func thereAreSome() { #expect(Self.versions.contains("0.9.0")) }

  /// Every kind of folder, by the commands that read it.
  @Test(arguments: versions)
  func allFilesOfAVersionAreRead(version: String) throws {
    let folder = try TestFolder()
    try FileManager.default.copyItem(at: Self.golden.appendingPathComponent(version), to: folder.url("old"))
    func planar(_ arguments: String...) throws -> String {
      let run = try run("planar", arguments, in: folder.url("old"))
      #expect(run.status == 0, "\(arguments): \(run.errors)")
      return run.output
    }
    let runs = try planar("runs", ".")
    for kind in ["data set", "comparison", "sweep", "evaluation", "checkpoint"] {
      #expect(runs.contains(kind), "\(kind): \(runs)")
    }
    #expect(!runs.contains("unreadable"), "\(runs)")
    #expect(try planar("dataset", "check", "dataset").contains("nothing is wrong"))
    #expect(try planar("table", "evaluation").contains("`checkpoint`"))
    #expect(try planar("eval", "--policy", "checkpoint", "--episodes", "2", "--json").contains("\"episodes\" : 2"))
    // What is finished is known again.
    _ = try planar("eval", "--policy", "checkpoint", "--episodes", "6", "--output", "evaluation", "--resume")
    _ = try planar(
      "eval", "--policy", "expert", "--environment", "reach", "--episodes", "3", "--sweep", "friction=0.1:0.5:2",
      "--output", "sweep", "--resume")
  }
}
